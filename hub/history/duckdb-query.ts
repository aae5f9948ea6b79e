/** Reading from the embedded store. Rows of one subject and time are one point: each field's last value stands. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { HistoryRow } from '../ports.ts';
import type { CheckedQuery } from './store.ts';

/** Points or buckets in ascending time; names are checked before, values are parameters. */
export async function queryDuckdb(connection: DuckDBConnection, query: CheckedQuery): Promise<readonly HistoryRow[]> {
  const { fields, everyMs } = query;
  const sql = everyMs === undefined ? rawSql(query) : bucketSql(query, everyMs);
  const values = [query.subject, toBigInt(query.from), toBigInt(query.to), BigInt(query.limit)];
  const rows = (await connection.runAndReadAll(sql, values)).getRows();
  return rows.map((row) => (everyMs === undefined ? rawRow(row, fields) : bucketRow(row, fields)));
}

/** A name as SQL's identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function rawSql({ measurement, fields }: CheckedQuery): string {
  const columns = fields.map((field) => `, arg_max(${quoted(field)}, rowid)`).join('');
  return `SELECT "at"${columns} FROM ${quoted(measurement)} WHERE subject = ? AND "at" >= ? AND "at" < ?
    GROUP BY "at" ORDER BY "at" LIMIT ?`;
}

function bucketSql({ measurement, fields }: CheckedQuery, everyMs: number): string {
  const columns = fields.map((field) => `, arg_max(${quoted(field)}, rowid) AS ${quoted(field)}`).join('');
  const sums = fields
    .map((field) => quoted(field))
    .map((field) => `, avg(${field}), min(${field}), max(${field}), count(${field})`)
    .join('');
  return `WITH points AS (
      SELECT "at"${columns} FROM ${quoted(measurement)} WHERE subject = ? AND "at" >= ? AND "at" < ? GROUP BY "at"
    )
    SELECT CAST(floor("at" / ${everyMs}) AS BIGINT) * ${everyMs} AS bucket${sums} FROM points
    GROUP BY bucket HAVING ${fields.map((field) => `count(${quoted(field)})`).join(' + ')} > 0
    ORDER BY bucket LIMIT ?`;
}

function rawRow(row: readonly DuckDBValue[], fields: readonly string[]): HistoryRow {
  const values: Record<string, number | string | null> = {};
  fields.forEach((field, index) => {
    const value = row[index + 1];
    values[field] = typeof value === 'number' || typeof value === 'string' ? value : null;
  });
  return { at: Number(row[0]), values };
}

type Bucket = { mean: number; min: number; max: number; count: number };

function bucketRow(row: readonly DuckDBValue[], fields: readonly string[]): HistoryRow {
  const buckets: Record<string, Bucket> = {};
  fields.forEach((field, index) => {
    const [mean, min, max, count] = row.slice(1 + index * 4, 5 + index * 4).map(Number);
    if (mean === undefined || min === undefined || max === undefined || !count) return;
    buckets[field] = { mean, min, max, count };
  });
  return { at: Number(row[0]), buckets };
}

function toBigInt(at: number): bigint {
  return BigInt(Math.ceil(Math.max(-8.64e15, Math.min(8.64e15, at))));
}
