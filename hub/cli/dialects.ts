/** What `nhip decode` understands: one entry a device language. */
import { fleetMessages } from '../../devices/fleet/message.ts';
import type { MessageTable } from '../../devices/message.ts';
import { BadMessage, type Millis, parseTopic } from '../../devices/wire.ts';
import { foreignDialects } from './foreign-dialects.ts';

/** One message as the hub would take it in. */
export type Decoded = {
  readonly domain: string;
  readonly deviceId: string;
  readonly message: string;
  readonly lane: 'durable' | 'stream';
  readonly body: unknown;
  /** What the hub doubts about it. */
  readonly quality?: readonly string[];
};

export type Decoding = {
  readonly messages: readonly Decoded[];
  /** What else can be said of the frame: the answer it would get, its checks, its number. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** What a person may want to know or do, a sentence each. */
  readonly advice?: readonly string[];
  /** The hub would not believe it. */
  readonly isRefused?: boolean;
};

export type DecodeOptions = {
  /** Time of reception. */
  readonly at: Millis;
  /** As it was given on the command line. */
  readonly key?: string;
};

export type Dialect = {
  readonly name: string;
  /** How a frame is written on the command line. */
  readonly frame: string;
  /** @throws BadMessage with the reason that the hub would count. */
  decode(frame: string, options: DecodeOptions): Decoding | Promise<Decoding>;
};

/** All dialects by name. */
export const dialects: readonly Dialect[] = [
  { name: 'nhip', frame: '<topic> <json>', decode: async (frame) => ({ messages: await decodeNhip(frame) }) },
  ...foreignDialects,
];

/** The hub's own language: the topic, a blank, the payload. */
async function decodeNhip(frame: string): Promise<readonly Decoded[]> {
  const blank = frame.search(/\s/);
  const [topicText, payload] = blank < 0 ? [frame, ''] : [frame.slice(0, blank), frame.slice(blank).trim()];
  const topic = parseTopic(topicText);
  if (topic === undefined) {
    throw new BadMessage('topic', `"${topicText}" is not city/v1/<domain>/<deviceId>/<message>`);
  }
  const { domain, deviceId, message } = topic;
  // Loading every domain takes a tenth of a second, which other commands need not wait for.
  const { domains } = await import('../domains/index.ts');
  const entry = domains.find(({ name }) => name === domain);
  if (entry === undefined) {
    throw new BadMessage(
      'topic',
      `there is no domain "${domain}"; known are ${domains.map(({ name }) => name).join(', ')}`,
    );
  }
  const messages: MessageTable = { ...fleetMessages, ...entry.messages };
  const kind = Object.hasOwn(messages, message) ? messages[message] : undefined;
  if (kind === undefined) {
    throw new BadMessage(
      'unknownMessage',
      `${domain} has no message "${message}"; known are ${Object.keys(messages).join(', ')}`,
    );
  }
  return [{ domain, deviceId, message, lane: kind.lane, body: kind.parse(Buffer.from(payload)) }];
}
