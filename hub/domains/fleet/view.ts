/** What the app sees of devices' health. */
import type { Millis } from '../../../devices/wire.ts';

/** `online`: heard within 1.5 heartbeats. `late`: within 2 heartbeats + 10 s. `lost`: longer, or its will came. */
export type Link = 'never' | 'online' | 'late' | 'lost';

/** REST `/devices`. */
export type DeviceView = {
  readonly id: string;
  readonly domain: string;
  readonly model: string;
  readonly name: string;
  readonly link: Link;
  readonly since: string | null;
  readonly lastMessageAt: string | null;
  readonly ageSeconds: number | null;
  readonly messages: number;
  readonly refused: number;
  readonly battery: number | null;
  readonly firmware: string | null;
  readonly binding: { readonly kind: string; readonly target: string; readonly state: string } | null;
  readonly synthetic: boolean;
};

/** Counts by domain. */
export type FleetCounts = Readonly<Record<string, Readonly<Record<Link, number>>>>;

/** Answer to `subscribe` on `/ops`. */
export type OpsSnapshot = { readonly at: Millis; readonly fleet: FleetCounts; readonly pulse: Pulse };

/** The hub's own health, once a second on `/ops`; also drives `/healthz/ready`. */
export type Pulse = {
  readonly at: Millis;
  readonly startedAt: Millis;
  /** Since the start. `received = stored + dead + shed + pending` at every moment. */
  readonly messages: {
    readonly received: number;
    readonly stored: number;
    readonly dead: number;
    readonly shed: number;
    readonly pending: number;
  };
  /** Messages in the last second. */
  readonly perSecond: number;
  readonly connections: number;
  readonly liveClients: number;
  /** Worst delay of the event loop in the last second, ms. */
  readonly loopDelayMs: number;
  readonly memoryBytes: number;
  readonly journal: { readonly cursor: number; readonly pending: number; readonly lastCommitMs: number };
  readonly history: { readonly pending: number; readonly spoolBytes: number; readonly fault?: string };
  /** Hub time of the newest message of each domain. */
  readonly newest: Readonly<Record<string, Millis>>;
  readonly fleet: FleetCounts;
  /** Frames of other dialects since the start, by gateway and outcome, and `connections` now. Absent: no such door is open. */
  readonly gateways?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The hub's own test alarm, device to screen: the last that came through, and how many in a row did not. Absent: off. */
  readonly watchdog?: { readonly lastAt: Millis | null; readonly roundTripMs: number | null; readonly missed: number };
};
