/** The embedded time-series store: one DuckDB table a measurement, appended by the column, in the history's worker. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { HistoryQuery, HistoryRow, MeasurementTable } from '../ports.ts';
import type { Batch } from './batch.ts';
import { appendBatch, type ColumnType, makeTable, type Table } from './duckdb-append.ts';
import { queryDuckdb, quoted } from './duckdb-query.ts';
import type { SpoolCursor } from './spool.ts';
import { checkQuery, type Store, StoreFault } from './store.ts';

export type DuckdbOptions = { readonly path: string; readonly measurements: MeasurementTable };

/**
 * Opens the database, and makes its tables fit the measurements.
 *
 * @throws Error with one sentence for the person at the console when the file is damaged, locked or not writable.
 */
export async function openDuckdb({ path, measurements }: DuckdbOptions): Promise<Store> {
  const instance = await open(path);
  const writer = await instance.connect();
  const reader = await instance.connect();
  const tables = new Map<string, Table>();
  await writer.run('CREATE TABLE IF NOT EXISTS nhip_spool (segment BIGINT, "offset" BIGINT)');
  for (const [name, columns] of Object.entries(measurements)) tables.set(name, await fitTable(writer, name, columns));
  const appenders = new Map<string, DuckDBAppender>();

  async function put(batch: Batch): Promise<void> {
    const known = tables.get(batch.measurement);
    const fits = known !== undefined && isFitting(known, batch);
    if (!fits) closeAppender(appenders, batch.measurement);
    // A batch of an older hub in the spool may name what today's measurements have no word for.
    const table = fits ? known : await fitTable(writer, batch.measurement, columnsOf(batch));
    tables.set(batch.measurement, table);
    const appender = appenders.get(batch.measurement) ?? (await writer.createAppender(batch.measurement));
    appenders.set(batch.measurement, appender);
    appendBatch(appender, table, batch);
  }

  return {
    chunkPoints: 20_000,
    needsSpool: false,
    gatherMs: 400,
    async cursor() {
      const row = (await writer.runAndReadAll('SELECT segment, "offset" FROM nhip_spool')).getRows()[0];
      return row === undefined ? undefined : { segment: Number(row[0]), offset: Number(row[1]) };
    },
    async write(batches, cursor) {
      try {
        await writer.run('BEGIN');
        for (const batch of batches) await put(batch);
        for (const appender of appenders.values()) appender.flushSync();
        if (cursor !== undefined) await noteCursor(writer, cursor);
        await writer.run('COMMIT');
      } catch (cause) {
        for (const name of [...appenders.keys()]) closeAppender(appenders, name);
        await writer.run('ROLLBACK').catch(() => undefined);
        throw asFault(path, cause);
      }
      return { written: batches.reduce((sum, batch) => sum + batch.points, 0), refused: 0 };
    },
    query: (query: HistoryQuery): Promise<readonly HistoryRow[]> =>
      queryDuckdb(reader, checkQuery(query, measurements)),
    async forget(measurement, before) {
      if (!tables.has(measurement)) return 0;
      const result = await writer.run(`DELETE FROM ${quoted(measurement)} WHERE "at" < ?`, [BigInt(Math.ceil(before))]);
      return result.rowsChanged;
    },
    async close() {
      for (const name of [...appenders.keys()]) closeAppender(appenders, name);
      await writer.run('CHECKPOINT').catch(() => undefined);
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** DuckDB grows to its limit and stays there; one thread, because the hub and the broker need the other cores. */
const settings = { memory_limit: '96MB', threads: '1', preserve_insertion_order: 'false' };

async function open(path: string): Promise<DuckDBInstance> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return await DuckDBInstance.create(path, settings);
  } catch (cause) {
    throw new Error(explain(path, messageOf(cause)));
  }
}

function explain(path: string, reason: string): string {
  if (reason.includes('Could not set lock')) {
    return `The history ${path} is open in another process. Stop the other hub, or set HUB_DATA_DIR to another folder.`;
  }
  if (/permission denied|EACCES|EROFS|ENOTDIR|EEXIST|read-only/i.test(reason)) {
    return `The history ${path} cannot be opened for writing (${reason}). Give the hub's user the right to write to it and to its folder, or set HUB_DATA_DIR to another folder.`;
  }
  return `The history ${path} is not a whole DuckDB database: ${reason}. Restore a backup with "npx nhip restore <file>", or move the file away (with its .wal) to start empty.`;
}

/** Makes the table, or adds the columns that it has not; answers how it stands then. */
async function fitTable(
  connection: DuckDBConnection,
  name: string,
  columns: Readonly<Record<string, ColumnType>>,
): Promise<Table> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${quoted(name)} (subject VARCHAR NOT NULL, "at" BIGINT NOT NULL)`);
  for (const [field, type] of Object.entries(columns)) {
    const sqlType = type === 'number' ? 'DOUBLE' : 'VARCHAR';
    await connection.run(`ALTER TABLE ${quoted(name)} ADD COLUMN IF NOT EXISTS ${quoted(field)} ${sqlType}`);
  }
  const found = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index`,
    [name],
  );
  const fields = new Map<string, ColumnType>();
  for (const [field, type] of found.getRows().slice(2)) {
    fields.set(String(field), type === 'DOUBLE' ? 'number' : 'string');
  }
  return makeTable(fields);
}

function isFitting(table: Table, batch: Batch): boolean {
  for (const name of batch.numbers.keys()) if (!table.columns.has(name)) return false;
  for (const name of batch.strings.keys()) if (!table.columns.has(name)) return false;
  return true;
}

function columnsOf(batch: Batch): Record<string, ColumnType> {
  const columns: Record<string, ColumnType> = {};
  for (const name of batch.numbers.keys()) columns[name] = 'number';
  for (const name of batch.strings.keys()) columns[name] = 'string';
  return columns;
}

async function noteCursor(connection: DuckDBConnection, { segment, offset }: SpoolCursor): Promise<void> {
  await connection.run('DELETE FROM nhip_spool');
  await connection.run('INSERT INTO nhip_spool VALUES (?, ?)', [BigInt(segment), BigInt(offset)]);
}

/** An appender of a failed or changed table is good for nothing; what it still holds has been rolled back. */
function closeAppender(appenders: Map<string, DuckDBAppender>, name: string): void {
  try {
    appenders.get(name)?.clear();
    appenders.get(name)?.closeSync();
  } catch {
    // It failed before; the failure has been reported with the write.
  }
  appenders.delete(name);
}

/** DuckDB takes no more after an internal error: only a new instance, so a new thread, helps. */
function asFault(path: string, cause: unknown): Error {
  const reason = messageOf(cause);
  if (/invalidated|INTERNAL Error|FATAL Error/i.test(reason)) return new Error(`DuckDB stopped: ${reason}`);
  return new StoreFault(`The history ${path} cannot be written (${reason}). Check the disk's free space.`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replaceAll('\n', ' ') : String(cause);
}
