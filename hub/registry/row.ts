/** The cells of a registry's row, read with their types checked: the file may have been edited by hand. */
import type { SQLOutputValue } from 'node:sqlite';
import type { Position } from './records.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export function position(row: Row): Position {
  return { lat: number(row, 'lat'), lon: number(row, 'lon') };
}

export function maybePosition(row: Row, latColumn: string, lonColumn: string): Position | undefined {
  const lat = maybeNumber(row, latColumn);
  const lon = maybeNumber(row, lonColumn);
  return lat === undefined || lon === undefined ? undefined : { lat, lon };
}

export function list(row: Row, column: string): readonly unknown[] {
  const value: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(value)) throw new Error(`registry: column ${column} holds no list`);
  return value;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`registry: column ${column} holds no text`);
  return value;
}

export function maybeText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`registry: column ${column} holds no number`);
  return value;
}

export function maybeNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`registry: column ${column} holds no bytes`);
  return value;
}

/** `{ [key]: value }`, or nothing when there is no value: the types ask for absent, not undefined. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V };
export function optional(key: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [key]: value };
}
