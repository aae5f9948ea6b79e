/** From a batch's columns to DuckDB's: one data chunk a table, filled and appended again and again. */
import { BIGINT, DOUBLE, type DuckDBAppender, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Batch } from './batch.ts';

export type ColumnType = 'number' | 'string';

/** A table as it stands: its fields in order, after `subject` and `at`. */
export type Table = {
  readonly columns: ReadonlyMap<string, ColumnType>;
  readonly chunk: DuckDBDataChunk;
};

/** A table's description with a chunk of its own. */
export function makeTable(columns: ReadonlyMap<string, ColumnType>): Table {
  const fields = [...columns.values()].map((type) => (type === 'number' ? DOUBLE : VARCHAR));
  return { columns, chunk: DuckDBDataChunk.create([VARCHAR, BIGINT, ...fields]) };
}

/** A field whose type has changed since the table was made has no place in it and stays out. */
export function appendBatch(appender: DuckDBAppender, { columns, chunk }: Table, batch: Batch): void {
  chunk.reset();
  chunk.rowCount = batch.points;
  fillWords(chunk, 0, batch.points, { words: batch.subjects, codes: batch.subjectCodes });
  fillTimes(chunk, 1, batch);
  let index = 2;
  for (const [name, type] of columns) {
    if (type === 'number') fillNumbers(chunk, index, batch.points, batch.numbers.get(name));
    else fillWords(chunk, index, batch.points, batch.strings.get(name));
    index++;
  }
  appender.appendDataChunk(chunk);
}

function fillTimes(chunk: DuckDBDataChunk, index: number, { at, points }: Batch): void {
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < points; row++) vector.setItem(row, BigInt(at[row] ?? 0));
  vector.flush();
}

function fillNumbers(chunk: DuckDBDataChunk, index: number, points: number, values: Float64Array | undefined): void {
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < points; row++) {
    const value = values?.[row];
    vector.setItem(row, value === undefined || Number.isNaN(value) ? null : value);
  }
  vector.flush();
}

type Words = { readonly words: readonly string[]; readonly codes: Uint32Array };

function fillWords(chunk: DuckDBDataChunk, index: number, points: number, column: Words | undefined): void {
  const vector = chunk.getColumnVector(index);
  for (let row = 0; row < points; row++) {
    const code = column?.codes[row] ?? 0;
    vector.setItem(row, code === 0 ? null : (column?.words[code - 1] ?? null));
  }
  vector.flush();
}
