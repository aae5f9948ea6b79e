/** The bounds of the doors for other dialects, each with its reason and what happens there. */
import type { Millis } from '../../devices/wire.ts';

export type GatewayLimits = Readonly<typeof gatewayLimits>;

export const gatewayLimits = {
  /** Panels of a city keep one connection each; more than this is not a city. The next is cut at once. */
  connections: 20_000,
  /** Panels behind one NAT are many. The next of that address is cut. */
  connectionsPerAddress: 2_000,
  /** A panel that says nothing for so long is cut; it comes again when it has something to say. */
  idleMs: 15 * 60_000,
  /** Answers that a peer does not read; then it is cut. */
  unreadBytes: 64 * 1024,
  /** Frames that wait for their commit; a further one is not taken, and its panel sends again. */
  openFrames: 1_000,
  /** Of these, frames of devices that nobody has registered: whoever forges them must leave room for the known ones. */
  openStrangers: 100,
  /** Their frames that leave something behind, at once and then one each so often: 0.1 GB a day. A further one is not taken. */
  strangerFrames: 500,
  strangerFrameMs: 1_000,
  /** A panel that gives no time and says the same within this says it again (fire.md §5.10). */
  repeatMs: 600_000,
  /** Panels send again after 5 to 20 s, some with a new time on it: the last words within this are the same event. */
  retimedMs: 60_000,
  /** Words, doubts and stored ids that are remembered; the oldest go, and their repetition is then caught by the fire domain. */
  remembered: 20_000,
  /** A frame with a wrong time waits this long for the panel to send it again with ours; then it is an event as it is. */
  holdMs: 30_000,
  /** Frames that wait so; a further one is an event at once. */
  held: 1_000,
  /** Devices of the bridge and transmitters whose last states are remembered; the longest silent tells all its states anew. */
  states: 50_000,
  /** How long a bridged message that could not be stored waits before it is tried again. Meanwhile nothing more is read. */
  retryMs: 1_000,
} satisfies Readonly<Record<string, number | Millis>>;
