/** What the history's worker asks of a time-series store; DuckDB and InfluxDB fill it in. */
import { HubError } from '../errors.ts';
import type { HistoryQuery, HistoryRow, MeasurementTable } from '../ports.ts';
import type { Batch } from './batch.ts';
import type { SpoolCursor } from './spool.ts';

export type Store = {
  /** Points in one write. */
  readonly chunkPoints: number;
  /** Everything must pass the spool: the store is far away, or forgets what it was told before it answered. */
  readonly needsSpool: boolean;
  /** How long points gather before a write, ms. */
  readonly gatherMs: number;
  /** Where the store stands in the spool, kept in the same transaction as the points; absent when it cannot. */
  cursor?(): Promise<SpoolCursor | undefined>;
  /**
   * Writes the batches, and notes the cursor if it can. Idempotent: after a failure the same batches come again.
   *
   * @throws StoreFault when the store is not able to now.
   */
  write(batches: readonly Batch[], cursor: SpoolCursor | undefined): Promise<Written>;
  query(query: HistoryQuery): Promise<readonly HistoryRow[]>;
  /** Removes points older than this; answers how many. */
  forget(measurement: string, before: number): Promise<number>;
  close(): Promise<void>;
};

/** How many points of a write are in the store, and how many it will never take. */
export type Written = { readonly written: number; readonly refused: number };

/** The store cannot write now; the points wait. The message says what a person can do. */
export class StoreFault extends Error {
  /** The store's own wish how long to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'StoreFault';
    this.retryAfterMs = retryAfterMs;
  }
}

/** At most this many rows an answer, whatever is asked for. */
const maxRows = 100_000;

/** A query checked against the table: the fields that it means, numeric ones when it aggregates. */
export type CheckedQuery = HistoryQuery & { readonly fields: readonly string[]; readonly limit: number };

/**
 * Checks a query. No fields named: all of them (raw), or all numeric ones (buckets).
 *
 * @throws HubError `invalid` naming what does not exist or does not fit.
 */
export function checkQuery(query: HistoryQuery, measurements: MeasurementTable): CheckedQuery {
  const columns = measurements[query.measurement];
  if (columns === undefined || !Object.hasOwn(measurements, query.measurement)) {
    throw new HubError('invalid', `There is no measurement "${query.measurement}"`);
  }
  const isAggregate = query.everyMs !== undefined;
  const able = Object.keys(columns).filter((field) => !isAggregate || columns[field] === 'number');
  for (const field of query.fields) {
    if (able.includes(field)) continue;
    const what = isAggregate ? 'numeric field' : 'field';
    throw new HubError('invalid', `"${query.measurement}" has no ${what} "${field}"; it has ${able.join(', ')}`);
  }
  if (isAggregate && !(Number.isSafeInteger(query.everyMs) && query.everyMs > 0)) {
    throw new HubError('invalid', 'The width of a bucket is a whole number of milliseconds above 0');
  }
  if (!Number.isFinite(query.from) || !Number.isFinite(query.to)) {
    throw new HubError('invalid', 'A history query needs a time to begin and a time to end');
  }
  const limit = Math.max(1, Math.min(maxRows, Math.trunc(query.limit) || 1));
  return { ...query, fields: query.fields.length > 0 ? query.fields : able, limit };
}

const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const fieldPattern = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** @throws Error when a name could not stand in every store: they fold case, and keep `subject` and `at` for themselves. */
export function checkMeasurements(measurements: MeasurementTable): void {
  refuseDoubles(Object.keys(measurements), namePattern, []);
  for (const columns of Object.values(measurements)) {
    refuseDoubles(Object.keys(columns), fieldPattern, ['subject', 'at', 'rowid']);
  }
}

function refuseDoubles(names: readonly string[], pattern: RegExp, taken: readonly string[]): void {
  const seen = new Set(taken);
  for (const name of names) {
    if (!pattern.test(name)) throw new Error(`"${name}" cannot name a measurement or a field of one`);
    if (seen.has(name.toLowerCase())) throw new Error(`the name "${name}" is taken already`);
    seen.add(name.toLowerCase());
  }
}
