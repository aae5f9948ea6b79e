/** What the hub's thread and the history's thread say to each other. */
import type { ErrorCode } from '../errors.ts';
import type { HistoryQuery, HistoryRow, MeasurementTable } from '../ports.ts';

export type InfluxConfig = {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
};

/** What the worker needs to open the store. */
export type WorkerData = {
  readonly directory: string;
  readonly influx?: InfluxConfig;
  readonly measurements: MeasurementTable;
  readonly spoolBytes: number;
};

/** A batch under way, known by its number. */
export type Parcel = {
  readonly number: number;
  readonly points: number;
  readonly record: ArrayBuffer;
  /** Goes into the spool's file before anything else. */
  readonly isSpooled: boolean;
};

export type ToWorker =
  | { readonly kind: 'parcels'; readonly parcels: readonly Parcel[] }
  | { readonly kind: 'query'; readonly ticket: number; readonly query: HistoryQuery }
  | { readonly kind: 'forget'; readonly ticket: number; readonly measurement: string; readonly before: number }
  /** Answered once everything sent before is in the store. */
  | { readonly kind: 'flush'; readonly ticket: number }
  /** What waits in memory is still written, or put into the spool. */
  | { readonly kind: 'close' };

/** What moved since the last report. */
export type Moved = {
  readonly written: number;
  readonly refused: number;
  readonly shed: number;
  /** Of these three, the points that came out of the spool. */
  readonly drained: number;
  /** Parcels that are in the spool's file now. */
  readonly spooled: readonly number[];
  /** Parcels that should have been, but the disk refused; they are in memory only. */
  readonly unsafe: readonly { readonly number: number; readonly reason: string }[];
  /** Parcels from memory that the store has now. */
  readonly done: readonly number[];
  readonly spoolBytes: number;
  readonly fault?: string;
};

export type FromWorker =
  | {
      readonly kind: 'ready';
      readonly spooledPoints: number;
      readonly spoolBytes: number;
      readonly needsSpool: boolean;
    }
  | { readonly kind: 'cannot'; readonly reason: string }
  | ({ readonly kind: 'moved' } & Moved)
  | { readonly kind: 'log'; readonly level: 'warn' | 'error'; readonly message: string; readonly facts: object }
  | { readonly kind: 'rows'; readonly ticket: number; readonly rows: readonly HistoryRow[] }
  | { readonly kind: 'count'; readonly ticket: number; readonly count: number }
  | { readonly kind: 'failed'; readonly ticket: number; readonly message: string; readonly code?: ErrorCode };
