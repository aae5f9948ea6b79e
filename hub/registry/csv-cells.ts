/** Reading one cell at a time: text, numbers, positions. A fault is thrown and becomes the line's reason. */
import type { CsvRow } from './csv-reader.ts';
import type { IdRule } from './place-id.ts';
import type { Position } from './records.ts';

/** A cell that cannot be used: what stands there and what was expected. */
export class CellFault extends Error {}

const maxText = 300;

/**
 * A text cell, `undefined` when empty. A spreadsheet would run a cell that begins with = + - @ when the registry is
 * exported again, so such text is refused; numbers and telephone numbers are let through, `="00012"` is the text 00012,
 * and a leading apostrophe says that the rest is meant as text.
 */
export function textCell(row: CsvRow, column: string): string | undefined {
  const cell = row.get(column);
  if (cell === '') return undefined;
  const wrapped = /^="([^"]*)"$/.exec(cell)?.[1];
  const text = wrapped ?? (/^'[=+\-@]/.test(cell) ? cell.slice(1) : cell);
  if (text === cell && /^[=+\-@]/.test(text) && !/^[+-][\d\s().-]*$/.test(text)) {
    throw new CellFault(
      `${column} "${text.slice(0, 40)}" is a formula; put an apostrophe before it if it is meant as text`,
    );
  }
  if (/\p{Cc}/u.test(text)) throw new CellFault(`${column} holds a line break or control character`);
  if (text.length > maxText)
    throw new CellFault(`${column} has ${text.length} characters, at most ${maxText} are kept`);
  return text.normalize('NFC');
}

/** A text cell that must not be empty. */
export function neededText(row: CsvRow, column: string): string {
  const text = textCell(row, column);
  if (text === undefined) throw new CellFault(`${column} is empty`);
  return text;
}

/** A number; a decimal comma is understood. */
export function numberCell(row: CsvRow, column: string, least: number, most: number): number | undefined {
  const cell = row.get(column);
  if (cell === '') return undefined;
  const value = /^[+-]?\d+([.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new CellFault(`${column} "${cell.slice(0, 40)}" is not a number from ${least} to ${most}`);
  }
  return value;
}

/** A position of two columns, `undefined` when both are empty. */
export function positionCell(row: CsvRow, latColumn = 'lat', lonColumn = 'lon'): Position | undefined {
  const lat = numberCell(row, latColumn, -90, 90);
  const lon = numberCell(row, lonColumn, -180, 180);
  if (lat === undefined && lon === undefined) return undefined;
  if (lat === undefined || lon === undefined) throw new CellFault(`${latColumn} and ${lonColumn} are needed together`);
  if (lat === 0 && lon === 0) throw new CellFault(`${latColumn}, ${lonColumn} 0, 0 is no place of a city`);
  return { lat, lon };
}

/** One of these words, `undefined` when empty. */
export function wordCell<const W extends string>(row: CsvRow, column: string, words: readonly W[]): W | undefined {
  const cell = row.get(column).toLowerCase();
  if (cell === '') return undefined;
  const word = words.find((candidate) => candidate.toLowerCase() === cell);
  if (word === undefined) throw new CellFault(`${column} "${cell.slice(0, 40)}" is not one of ${words.join(', ')}`);
  return word;
}

/** Yes or no, `undefined` when empty. */
export function flagCell(row: CsvRow, column: string): boolean | undefined {
  const cell = row.get(column).normalize('NFC').toLowerCase();
  if (cell === '') return undefined;
  if (['1', 'true', 'yes', 'x', 'có', 'đúng'].includes(cell)) return true;
  if (['0', 'false', 'no', 'không', 'sai'].includes(cell)) return false;
  throw new CellFault(`${column} "${cell.slice(0, 40)}" is neither yes nor no`);
}

/** The id; what it must look like is said when it does not. */
export function idCell(row: CsvRow, rule: IdRule): string {
  const id = neededText(row, 'id');
  if (!rule.test(id)) throw new CellFault(`id "${id}" must be ${rule}`);
  return id;
}

/** A ward's code, `undefined` when empty. */
export function wardCell(row: CsvRow): string | undefined {
  const ward = textCell(row, 'ward');
  if (ward !== undefined && !/^\d{5}$/.test(ward)) throw new CellFault(`ward "${ward}" is not a 5-digit code`);
  return ward;
}

/** Several texts with `|` or `;` between, `undefined` when empty; at most 20. */
export function listCell(row: CsvRow, column: string): readonly string[] | undefined {
  const parts = (textCell(row, column) ?? '')
    .split(/[|;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > 20) throw new CellFault(`${column} names ${parts.length}, at most 20 are kept`);
  return parts.length === 0 ? undefined : parts;
}
