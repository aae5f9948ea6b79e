/** Points of one measurement, gathered by the column and packed into one buffer: the message to the worker and the record in the spool. */
import { crc32 } from 'node:zlib';
import type { MeasurementTable, Point } from '../ports.ts';

/** The columns of one measurement. */
export type Columns = MeasurementTable[string];

/** Rows in a batch: DuckDB's vector holds as many, and a batch never needs two requests to InfluxDB. */
export const maxBatchPoints = 2_048;

/** Before the body: magic, length of the whole record, CRC-32 of all after the CRC's own field, points. */
export const headerBytes = 16;
const magic = 0x3150_484e;

/** The range of InfluxDB's nanosecond clock, in ms: 1677 to 2262. Both stores refuse what lies outside. */
const maxAt = 9_223_372_036_854;

/** A batch taken apart; the arrays are views into its buffer. NaN and code 0 mean absent. */
export type Batch = {
  readonly measurement: string;
  readonly points: number;
  readonly at: Float64Array;
  readonly subjects: readonly string[];
  readonly subjectCodes: Uint32Array;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly strings: ReadonlyMap<string, { readonly words: readonly string[]; readonly codes: Uint32Array }>;
};

/** Gathers points of one measurement. Made once and used for every batch of it. */
export class BatchBuilder {
  readonly #measurement: string;
  readonly #at = new Float64Array(maxBatchPoints);
  readonly #subjects = new Dictionary();
  readonly #numbers: { readonly name: string; readonly values: Float64Array; isUsed: boolean }[] = [];
  readonly #strings: { readonly name: string; readonly words: Dictionary; isUsed: boolean }[] = [];
  #points = 0;

  constructor(measurement: string, columns: Columns) {
    this.#measurement = measurement;
    for (const [name, type] of Object.entries(columns)) {
      if (type === 'number') this.#numbers.push({ name, values: new Float64Array(maxBatchPoints), isUsed: false });
      else this.#strings.push({ name, words: new Dictionary(), isUsed: false });
    }
  }

  get points(): number {
    return this.#points;
  }

  get isFull(): boolean {
    return this.#points === maxBatchPoints;
  }

  /** False when no store could keep the point: no subject, a time out of range, or no value of a known field. */
  add({ subject, at, fields }: Point): boolean {
    if (subject === '' || !(Math.abs(at) <= maxAt)) return false;
    const row = this.#points;
    let hasValue = false;
    for (const column of this.#numbers) {
      const value = fields[column.name];
      const isValue = typeof value === 'number' && Number.isFinite(value);
      column.values[row] = isValue ? value : Number.NaN;
      if (isValue) hasValue = column.isUsed = true;
    }
    for (const column of this.#strings) {
      const value = fields[column.name];
      if (typeof value !== 'string') column.words.codes[row] = 0;
      else {
        column.words.put(row, value);
        hasValue = column.isUsed = true;
      }
    }
    if (!hasValue) return false;
    this.#subjects.put(row, subject);
    this.#at[row] = Math.trunc(at);
    this.#points++;
    return true;
  }

  /** The batch as a record without its CRC; the builder is empty afterwards. */
  take(): ArrayBuffer {
    const points = this.#points;
    const numbers = this.#numbers.filter((column) => column.isUsed);
    const strings = this.#strings.filter((column) => column.isUsed);
    const description: Description = {
      measurement: this.#measurement,
      subjects: this.#subjects.words,
      numbers: numbers.map((column) => column.name),
      strings: strings.map((column) => ({ name: column.name, words: column.words.words })),
    };
    const text = Buffer.from(JSON.stringify(description));
    const textEnd = padded(headerBytes + 8 + text.length);
    const codesAt = textEnd + (1 + numbers.length) * points * 8;
    const codeBytes = padded(points * 4);
    const buffer = new ArrayBuffer(codesAt + (1 + strings.length) * codeBytes);
    new Uint32Array(buffer, 0, 6).set([magic, buffer.byteLength, 0, points, text.length, 0]);
    new Uint8Array(buffer).set(text, headerBytes + 8);
    new Float64Array(buffer, textEnd, points).set(this.#at.subarray(0, points));
    numbers.forEach((column, index) => {
      new Float64Array(buffer, textEnd + (index + 1) * points * 8, points).set(column.values.subarray(0, points));
    });
    [this.#subjects, ...strings.map((column) => column.words)].forEach((dictionary, index) => {
      new Uint32Array(buffer, codesAt + index * codeBytes, points).set(dictionary.codes.subarray(0, points));
    });
    this.#reset();
    return buffer;
  }

  #reset(): void {
    this.#points = 0;
    this.#subjects.reset();
    for (const column of this.#numbers) column.isUsed = false;
    for (const column of this.#strings) {
      column.isUsed = false;
      column.words.reset();
    }
  }
}

/** Written once into the record's CRC field, by whoever puts it on disk. */
export function seal(record: ArrayBuffer): void {
  new Uint32Array(record, 0, 3)[2] = checksum(new Uint8Array(record));
}

/** What a record's header says; `undefined` when no record can begin with these bytes. */
export function readHeader(bytes: DataView): { readonly length: number; readonly points: number } | undefined {
  if (bytes.byteLength < headerBytes || bytes.getUint32(0, true) !== magic) return undefined;
  const length = bytes.getUint32(4, true);
  const points = bytes.getUint32(12, true);
  const isPossible = length % 8 === 0 && length >= headerBytes + 8 && points <= maxBatchPoints;
  return isPossible ? { length, points } : undefined;
}

/** True when the record's bytes are those that were written. */
export function isWhole(record: Uint8Array): boolean {
  return new DataView(record.buffer, record.byteOffset).getUint32(8, true) === checksum(record);
}

/**
 * Takes a record apart; it must begin at a multiple of 8 in its buffer.
 *
 * @throws Error when the bytes are not a batch.
 */
export function decodeBatch(record: Uint8Array): Batch {
  const { buffer, byteOffset } = record;
  const [, , , points = 0, textBytes = 0] = new Uint32Array(buffer, byteOffset, 6);
  const textStart = headerBytes + 8;
  const description = parseDescription(Buffer.from(buffer, byteOffset + textStart, textBytes).toString());
  let offset = byteOffset + padded(textStart + textBytes);
  const floats = (): Float64Array => {
    const view = new Float64Array(buffer, offset, points);
    offset += points * 8;
    return view;
  };
  const codes = (): Uint32Array => {
    const view = new Uint32Array(buffer, offset, points);
    offset += padded(points * 4);
    return view;
  };
  const at = floats();
  const numbers = new Map(description.numbers.map((name) => [name, floats()]));
  const subjectCodes = codes();
  const strings = new Map(description.strings.map(({ name, words }) => [name, { words, codes: codes() }]));
  return {
    measurement: description.measurement,
    points,
    at,
    subjects: description.subjects,
    subjectCodes,
    numbers,
    strings,
  };
}

type Description = {
  readonly measurement: string;
  readonly subjects: readonly string[];
  readonly numbers: readonly string[];
  readonly strings: readonly { readonly name: string; readonly words: readonly string[] }[];
};

/** The CRC vouches that these are our own words. */
function parseDescription(text: string): Description {
  return JSON.parse(text);
}

function checksum(record: Uint8Array): number {
  return crc32(record.subarray(12));
}

function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Words by number from 1; 0 is absent. */
class Dictionary {
  readonly codes = new Uint32Array(maxBatchPoints);
  words: string[] = [];
  readonly #codeOf = new Map<string, number>();

  put(row: number, word: string): void {
    let code = this.#codeOf.get(word);
    if (code === undefined) {
      this.words.push(word);
      code = this.words.length;
      this.#codeOf.set(word, code);
    }
    this.codes[row] = code;
  }

  reset(): void {
    this.words = [];
    this.#codeOf.clear();
  }
}
