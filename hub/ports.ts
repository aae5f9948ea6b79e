/** The doors to storage and the outside, as types. Adapters are named by their technology and never known to callers. */
import type { Millis } from '../devices/wire.ts';
import type { JournalledEvent } from './domain.ts';
import type {
  DeviceRecord,
  Facility,
  Lot,
  Pattern,
  Place,
  Position,
  Route,
  Stop,
  Trip,
  Vehicle,
  Ward,
} from './registry/records.ts';

/* ---------- journal: facts ---------- */

/** A fact on its way into the journal. `id` is a UUID made by the engine. */
export type NewEvent = {
  readonly id: string;
  readonly domain: string;
  readonly subject: string;
  readonly type: string;
  readonly at: Millis;
  readonly data: unknown;
  /** The device whose message caused it, for `/devices/:id/events`. */
  readonly deviceId?: string;
  /** Who gave the command that caused it. */
  readonly by?: string;
};

/** What was stored: the event, its cursor, and who caused it. */
export type StoredEvent = JournalledEvent & {
  readonly deviceId?: string;
  readonly by?: string;
  /** When it was written in the group whose fsync followed, where the journal keeps it. */
  readonly storedAt?: Millis;
};

export type EventQuery = {
  /** Only cursors above this; ascending order. */
  readonly after?: number;
  /** Only cursors below this; descending order (newest first) when given without `after`. */
  readonly before?: number;
  readonly domain?: string;
  readonly subject?: string;
  readonly deviceId?: string;
  readonly types?: readonly string[];
  /** At most 1,000. */
  readonly limit: number;
};

/** One hop of one event to one receiver. */
export type Receipt = {
  readonly event: string;
  readonly hop: 'emitted' | 'received';
  readonly by: string;
  readonly at: Millis;
};

/** A refused message: enough to see what was wrong, never more than the first KiB of it. */
export type DeadLetter = {
  readonly id: number;
  readonly at: Millis;
  readonly topic: string;
  readonly deviceId: string;
  readonly reason: string;
  readonly detail: string;
  readonly bytes: number;
  /** First KiB, base64. */
  readonly head: string;
};

/** Events of these types that a device's messages caused. */
export type EventsOfDevice = { readonly deviceId: string; readonly types: readonly string[] };

/** Reading the facts. */
export type JournalReader = {
  read(query: EventQuery): Promise<readonly StoredEvent[]>;
  event(id: string): Promise<StoredEvent | undefined>;
  receipts(event: string): Promise<readonly Receipt[]>;
  deadLetters(query: {
    readonly before?: number;
    readonly deviceId?: string;
    readonly limit: number;
  }): Promise<readonly DeadLetter[]>;
};

/** The facts. `append` resolves after the commit is on disk (fsync); commits are grouped. */
export type Journal = JournalReader & {
  /** All or none, in order; answers one cursor an event, ascending over the whole journal. Rejects when not on disk. */
  append(events: readonly NewEvent[]): Promise<readonly number[]>;
  /** The highest cursor on disk; 0 when empty. */
  head(): number;
  /** Kept in the next group, not waited for. */
  addReceipts(receipts: readonly Receipt[]): Promise<void>;
  /** Bounded ring; the oldest go. */
  addDeadLetters(letters: readonly Omit<DeadLetter, 'id'>[]): Promise<void>;
  /** Snapshot of a domain's states as of a cursor, for a quick start; `undefined` when none is kept. */
  loadSnapshot(domain: string): Promise<{ readonly cursor: number; readonly data: unknown } | undefined>;
  saveSnapshot(domain: string, cursor: number, data: unknown): Promise<void>;
  /**
   * Removes events older than this with their receipts, except the types named; with `only`, no others than these of one
   * device. Answers how many. Cursors keep their places: a reader passes over what is gone.
   */
  forget(before: Millis, keepTypes: readonly string[], only?: EventsOfDevice): Promise<number>;
  /** A consistent copy of the database at this path, while running. */
  backup(path: string): Promise<void>;
  stats(): {
    readonly pending: number;
    readonly commits: number;
    readonly events: number;
    readonly lastCommitMs: number;
    /** Why nothing can be stored now, if so. */
    readonly fault?: string;
  };
  close(): Promise<void>;
};

/* ---------- history: measurements ---------- */

/** The columns of each measurement: `{ position: { lat: 'number', route: 'string' } }`. */
export type MeasurementTable = Readonly<Record<string, Readonly<Record<string, 'number' | 'string'>>>>;

/** One measurement of one subject at one time. Same measurement, subject and time: the later one stands. */
export type Point = {
  readonly measurement: string;
  readonly subject: string;
  readonly at: Millis;
  readonly fields: Readonly<Record<string, number | string | undefined>>;
};

export type HistoryQuery = {
  readonly measurement: string;
  readonly subject: string;
  /** Numeric field to aggregate; all fields, raw, when `every` is absent. */
  readonly fields: readonly string[];
  readonly from: Millis;
  readonly to: Millis;
  /** Width of a bucket in ms: mean, minimum, maximum and count a bucket. */
  readonly everyMs?: number;
  readonly limit: number;
};

export type HistoryRow =
  | { readonly at: Millis; readonly values: Readonly<Record<string, number | string | null>> }
  | {
      readonly at: Millis;
      readonly buckets: Readonly<
        Record<string, { readonly mean: number; readonly min: number; readonly max: number; readonly count: number }>
      >;
    };

export type HistoryReader = { query(query: HistoryQuery): Promise<readonly HistoryRow[]> };

/** Where points went since the start: `offered = written + pending + shed + refused` at every moment. */
export type HistoryStats = {
  readonly offered: number;
  readonly written: number;
  readonly pending: number;
  readonly shed: number;
  /** Points the store will never take (poison), each named in the log. */
  readonly refused: number;
  readonly spoolBytes: number;
  /** Why the store cannot be reached now, if so. */
  readonly fault?: string;
};

/** Time series: a spool on disk in front of a store. */
export type History = HistoryReader & {
  /** Takes points for the next batch. At the bound the oldest batch not yet safe is shed and counted. Never throws, never waits. */
  append(points: readonly Point[]): void;
  /** The same, and resolves once the points survive a kill -9 (they are in the spool's file). */
  appendSafely(points: readonly Point[]): Promise<void>;
  stats(): HistoryStats;
  /** Everything offered before this call is in the store, or the time is over. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Removes points older than this; answers how many. */
  forget(measurement: string, before: Millis): Promise<number>;
  close(): Promise<void>;
};

/* ---------- broker ---------- */

/** A device's publish, as the broker hands it on. */
export type Delivery = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** The authenticated device; for an external broker the id in the topic. */
  readonly deviceId: string;
  readonly at: Millis;
};

/**
 * Takes a delivery. `undefined`: acknowledge now. A promise: acknowledge when it resolves; when it rejects, do not
 * acknowledge (the device will send again). Never throws.
 */
export type Receive = (delivery: Delivery) => Promise<void> | undefined;

/** Who may connect, asked by the embedded broker; fast, from memory. `first`: the alarm lane of the guard. */
export type Authenticate = (
  username: string,
  password: string,
  remote: string,
) => { readonly deviceId: string; readonly domain: string; readonly first: boolean } | undefined;

export type BrokerStats = {
  readonly connections: number;
  readonly received: number;
  readonly bytes: number;
  /** Connections refused or cut, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly waitingBytes: number;
};

export type Broker = {
  /** Bound port of plain MQTT; 0 when the broker is not ours. */
  readonly port: number;
  readonly tlsPort?: number;
  /** To a device's own topic, QoS 1. Resolves when handed to the network or queued for the session. */
  publish(topic: string, payload: Buffer): Promise<void>;
  /** Ends a device's session, e.g. after its credential was revoked. */
  disconnect(deviceId: string): void;
  stats(): BrokerStats;
  stop(): Promise<void>;
};

/* ---------- registry ---------- */

/** The city's standing facts, in memory; every call is synchronous and quick. */
export type RegistryReader = {
  device(id: string): DeviceRecord | undefined;
  devices(): Iterable<DeviceRecord>;
  place(id: string): Place | undefined;
  places(): Iterable<Place>;
  lot(id: string): Lot | undefined;
  lots(): Iterable<Lot>;
  vehicle(id: string): Vehicle | undefined;
  ward(code: string): Ward | undefined;
  wards(): Iterable<Ward>;
  wardAt(position: Position): Ward | undefined;
  /** The nearest of a kind, with the distance as the crow flies in metres, nearest first. */
  nearest(
    kind: Facility['kind'],
    position: Position,
    count: number,
  ): readonly { readonly facility: Facility; readonly distanceMeters: number }[];
  placesNear(position: Position, radiusMeters: number): readonly Place[];
  route(id: string): Route | undefined;
  routes(): Iterable<Route>;
  patterns(routeId: string): readonly Pattern[];
  stop(id: string): Stop | undefined;
  stops(): Iterable<Stop>;
  trip(id: string): Trip | undefined;
  trips(routeId: string): readonly Trip[];
  /** When a device was last heard of since the hub started, of any message, and how many. `battery` in %, when it was said. */
  presence(deviceId: string):
    | {
        readonly lastAt: Millis;
        readonly messages: number;
        readonly refused: number;
        readonly battery?: number;
      }
    | undefined;
};
