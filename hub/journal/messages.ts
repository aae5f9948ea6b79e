/** What the journal's threads say to each other. Rows travel as flat arrays: the cheapest thing to clone. */
import type { SQLOutputValue } from 'node:sqlite';
import type { Millis } from '../../devices/wire.ts';
import type { EventQuery, EventsOfDevice } from '../ports.ts';

/** id, domain, subject, type, at, data as JSON, deviceId, by. */
export type EventRow = readonly [string, string, string, string, Millis, string, string | null, string | null];
/** event, hop, by, at. */
export type ReceiptRow = readonly [string, string, string, Millis];
/** at, topic, deviceId, reason, detail, bytes, head. */
export type LetterRow = readonly [Millis, string, string, string, string, number, string];

/** To the writing thread. Appends go first, all else waits for a quiet moment. */
export type WriteRequest =
  | { readonly kind: 'append'; readonly rows: readonly EventRow[] }
  | { readonly kind: 'receipts'; readonly rows: readonly ReceiptRow[] }
  | { readonly kind: 'letters'; readonly rows: readonly LetterRow[]; readonly keep: number }
  | { readonly kind: 'snapshot'; readonly domain: string; readonly cursor: number; readonly text: string }
  | {
      readonly kind: 'forget';
      readonly before: Millis;
      readonly keepTypes: readonly string[];
      readonly only: EventsOfDevice | null;
    };

/** To the reading thread. */
export type ReadRequest =
  | { readonly kind: 'events'; readonly query: EventQuery }
  | { readonly kind: 'event'; readonly id: string }
  | { readonly kind: 'receipts'; readonly event: string }
  | { readonly kind: 'letters'; readonly before?: number; readonly deviceId?: string; readonly limit: number }
  | { readonly kind: 'snapshot'; readonly domain: string }
  | { readonly kind: 'backup'; readonly path: string };

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A request with the number by which its answer is known. */
export type Asked<Request> = { readonly ticket: number; readonly request: Request };

export type Settled<Answer> =
  | { readonly ticket: number; readonly answer: Answer }
  | { readonly ticket: number; readonly fault: string };

/** From a thread: its start, then answers, several at once. `head` is the highest cursor on disk. */
export type Reply<Answer> =
  | { readonly kind: 'ready'; readonly head: number }
  | { readonly kind: 'cannot'; readonly reason: string }
  | {
      readonly kind: 'settled';
      readonly settled: readonly Settled<Answer>[];
      readonly head: number;
      /** Present when a commit of events is reported: how long it took. */
      readonly commitMs?: number;
      readonly events?: number;
    };
