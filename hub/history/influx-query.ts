/** Reading from InfluxDB by Flux; every value is a parameter of the client's template. */
import {
  type FluxTableMetaData,
  flux,
  fluxDateTime,
  fluxDuration,
  fluxExpression,
  type QueryApi,
} from '@influxdata/influxdb-client';
import type { HistoryRow } from '../ports.ts';
import { encodeSubject, subjectTag } from './line-protocol.ts';
import type { CheckedQuery } from './store.ts';

/** Points or buckets in ascending time, the same as the embedded store answers. */
export async function queryInflux(api: QueryApi, bucket: string, query: CheckedQuery): Promise<readonly HistoryRow[]> {
  if (!(query.from < query.to)) return [];
  return query.everyMs === undefined ? rawRows(api, bucket, query) : bucketRows(api, bucket, query, query.everyMs);
}

/**
 * How many points are older than this. InfluxDB counts by field: the most of any field of a subject, which is exact
 * when one field stands in every point of it.
 */
export async function countInflux(api: QueryApi, bucket: string, measurement: string, before: number): Promise<number> {
  const rows = await collect(
    api,
    flux`from(bucket: ${bucket})
      |> range(start: ${time(-9_223_372_036_854)}, stop: ${time(before)})
      |> filter(fn: (r) => r._measurement == ${measurement})
      |> count()`,
    (row, meta) => ({ subject: String(meta.get(row, subjectTag)), count: Number(meta.get(row, '_value')) }),
  );
  const most = new Map<string, number>();
  for (const { subject, count } of rows) most.set(subject, Math.max(count, most.get(subject) ?? 0));
  return [...most.values()].reduce((sum, count) => sum + count, 0);
}

async function rawRows(api: QueryApi, bucket: string, query: CheckedQuery): Promise<readonly HistoryRow[]> {
  const cells = await collect(api, flux`${selection(bucket, query)} |> limit(n: ${query.limit})`, (row, meta) => ({
    at: Date.parse(String(meta.get(row, '_time'))),
    field: String(meta.get(row, '_field')),
    value: cellOf(meta.get(row, '_value')),
  }));
  const rows = new Map<number, Record<string, number | string | null>>();
  for (const { at, field, value } of cells) {
    const values = rows.get(at) ?? Object.fromEntries(query.fields.map((name) => [name, null]));
    values[field] = value;
    rows.set(at, values);
  }
  return ascending(rows, query.limit).map(([at, values]) => ({ at, values }));
}

const aggregates = ['mean', 'min', 'max', 'count'] as const;
type Bucket = { mean: number; min: number; max: number; count: number };

async function bucketRows(
  api: QueryApi,
  bucket: string,
  query: CheckedQuery,
  everyMs: number,
): Promise<readonly HistoryRow[]> {
  const every = fluxDuration(`${everyMs}ms`);
  const parts = aggregates.map(
    (name) => flux`
      points |> aggregateWindow(every: ${every}, fn: ${fluxExpression(name)}, createEmpty: false, timeSrc: "_start")
        |> yield(name: ${name})`,
  );
  const source = flux`points = ${selection(bucket, query)}`;
  const cells = await collect(api, flux`${fluxExpression([source, ...parts].join('\n'))}`, (row, meta) => ({
    // The first window begins at `from`; its bucket begins where all its others would.
    at: Math.floor(Date.parse(String(meta.get(row, '_time'))) / everyMs) * everyMs,
    field: String(meta.get(row, '_field')),
    aggregate: String(meta.get(row, 'result')),
    value: Number(meta.get(row, '_value')),
  }));
  const rows = new Map<number, Record<string, Bucket>>();
  for (const { at, field, aggregate, value } of cells) {
    const buckets = rows.get(at) ?? {};
    const one = buckets[field] ?? { mean: 0, min: 0, max: 0, count: 0 };
    for (const name of aggregates) if (name === aggregate) one[name] = value;
    buckets[field] = one;
    rows.set(at, buckets);
  }
  return ascending(rows, query.limit).map(([at, buckets]) => ({ at, buckets }));
}

/** The filters stay plain comparisons: these, and `limit` and the aggregates behind them, run inside the storage. */
function selection(bucket: string, { measurement, subject, fields, from, to }: CheckedQuery) {
  const anyField = fields.map((field) => flux`r._field == ${field}`).join(' or ');
  const selected = flux`from(bucket: ${bucket})
    |> range(start: ${time(from)}, stop: ${time(to)})
    |> filter(fn: (r) => r._measurement == ${measurement} and r.subject == ${encodeSubject(subject)})
    |> filter(fn: (r) => ${fluxExpression(anyField)})`;
  return fluxExpression(selected);
}

function collect<T>(
  api: QueryApi,
  query: ReturnType<typeof flux>,
  decode: (row: string[], meta: FluxTableMetaData) => T,
): Promise<T[]> {
  return api.collectRows<T>(query, decode);
}

function time(at: number) {
  const inRange = Math.max(-9_223_372_036_854, Math.min(9_223_372_036_854, Math.ceil(at)));
  return fluxDateTime(new Date(inRange).toISOString());
}

function cellOf(value: unknown): number | string | null {
  // InfluxDB's CSV ends every line by CR LF, also those within a text (RFC 4180); what was stored had LF.
  if (typeof value === 'string') return value.replaceAll('\r\n', '\n');
  return typeof value === 'number' ? value : null;
}

function ascending<T>(rows: ReadonlyMap<number, T>, limit: number): [number, T][] {
  return [...rows].sort(([one], [other]) => one - other).slice(0, limit);
}
