/** Reading CSV as a stream: lines counted, nothing kept. */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { HubError } from '../errors.ts';

/** One line's cells by column name; '' where there is no such column or nothing in it. Valid during the call only. */
export type CsvRow = { get(column: string): string; readonly line: number };

export type CsvOptions = {
  readonly delimiter?: string;
  /** Turns a header cell into the column's name. */
  readonly nameOf?: (header: string) => string;
  /** Called once with the columns' names. Throw to refuse the file. */
  readonly onHeader?: (columns: readonly string[]) => void;
  /** A line whose number of cells is not the header's. By default it is read as far as it goes. */
  readonly onRagged?: (line: number, cells: number, columns: number) => void;
};

/** A longer line is no table: the limit bounds memory when a quote is never closed. */
const maxRecordBytes = 128 * 1024;

/**
 * Calls `onRow` for each line after the header.
 *
 * @returns how many lines were read.
 * @throws HubError `invalid` naming the line when the file is no CSV; whatever the callbacks throw.
 */
export async function readCsv(
  source: Readable,
  onRow: (row: CsvRow) => void,
  { delimiter = ',', nameOf = (header) => header.trim(), onHeader, onRagged }: CsvOptions = {},
): Promise<number> {
  let columns: ReadonlyMap<string, number> | undefined;
  let cells: readonly string[] = [];
  let width = 0;
  let line = 0;
  let count = 0;
  const row: CsvRow = {
    get: (column) => cells[columns?.get(column) ?? -1]?.trim() ?? '',
    get line() {
      return line;
    },
  };
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    // The record is handled here and not passed on: no object stream, no queue.
    on_record: (record: readonly string[], context) => {
      cells = record;
      line = context.lines;
      if (columns === undefined) {
        const names = record.map(nameOf);
        onHeader?.(names);
        width = names.length;
        columns = new Map(names.map((name, index) => [name, index]));
        return null;
      }
      if (record.every((cell) => cell.trim() === '')) return null;
      if (record.length !== width && onRagged !== undefined) {
        onRagged(line, record.length, width);
        return null;
      }
      count++;
      onRow(row);
      return null;
    },
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser).resume();
  try {
    await finished(parser);
  } catch (cause) {
    source.destroy();
    if (cause instanceof CsvError) throw new HubError('invalid', `line ${line + 1} is not CSV: ${cause.message}`);
    throw cause;
  }
  return count;
}
