/** Records on disk until the store has them: append-only segments, drained in order, the oldest shed at the bound. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Batch, decodeBatch, isWhole, readHeader, seal } from './batch.ts';
import { readRange } from './read-range.ts';

/** A place in the spool: everything before it is in the store. */
export type SpoolCursor = { readonly segment: number; readonly offset: number };

/** Batches read together, and where the spool stands once they are in the store. */
export type Chunk = { readonly batches: readonly Batch[]; readonly points: number; readonly end: SpoolCursor };

export type SpoolOptions = {
  readonly directory: string;
  /** All segments together; at the bound the oldest is shed. */
  readonly maxBytes: number;
  /** Told of records that cannot be read, and of shed segments. */
  readonly onTrouble: (message: string, facts: object) => void;
};

type Segment = { readonly number: number; readonly path: string; bytes: number; points: number };

/** Bytes of a chunk read from a segment at once. */
const readBytes = 2 * 1024 * 1024;

export class Spool {
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  readonly #segments: Segment[] = [];
  #cursor: SpoolCursor;
  #file: number | undefined;
  #lost = 0;

  /**
   * Opens the folder. `stored`: where the store stands, when it keeps that itself; else the spool's own note counts.
   *
   * @throws Error of the file system when the folder cannot be used.
   */
  constructor(options: SpoolOptions, stored: SpoolCursor | undefined) {
    this.#options = options;
    this.#segmentBytes = Math.max(64 * 1024, Math.min(8 * 1024 * 1024, Math.floor(options.maxBytes / 8)));
    mkdirSync(options.directory, { recursive: true });
    this.#cursor = stored ?? this.#readNote() ?? { segment: 0, offset: 0 };
    const found = readdirSync(options.directory)
      .map((name) => /^(\d{10})\.spool$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((one, other) => one - other);
    for (const number of found) this.#adopt(number);
    // Never on with an old segment: its tail may be torn, and its number may be below the store's cursor.
    this.#begin(Math.max(this.#cursor.segment, found.at(-1) ?? 0) + 1);
  }

  /** Points that wait to be drained. */
  get points(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.points, 0);
  }

  /** Bytes that wait to be drained. */
  get waitingBytes(): number {
    const drained = this.#segments[0]?.number === this.#cursor.segment ? this.#cursor.offset : 0;
    return this.#bytes() - drained;
  }

  /** Points shed or unreadable since the last call. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** The place behind the last record. */
  get end(): SpoolCursor {
    const last = this.#segments.at(-1);
    return { segment: last?.number ?? 0, offset: last?.bytes ?? 0 };
  }

  isDrainedTo(place: SpoolCursor): boolean {
    this.#skipDrained();
    return !isBefore(this.#cursor, place);
  }

  /**
   * Writes a record; when this returns it survives the end of the process.
   *
   * @throws Error of the file system; nothing of the record is left then.
   */
  write(record: ArrayBuffer, points: number): void {
    const { segment, file } = this.#current();
    seal(record);
    const bytes = new Uint8Array(record);
    try {
      // A full disk writes a part and says nothing until the next call.
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, segment.bytes + done);
      }
    } catch (cause) {
      ftruncateSync(file, segment.bytes);
      throw cause;
    }
    segment.bytes += bytes.length;
    segment.points += points;
    this.#shedToBound();
  }

  /** The next batches after the cursor, up to `maxPoints`; `undefined` when all is drained. */
  read(maxPoints: number): Chunk | undefined {
    for (;;) {
      const segment = this.#skipDrained();
      if (segment === undefined || this.#cursor.offset >= segment.bytes) return undefined;
      const chunk = this.#readSegment(segment, this.#cursor.offset, maxPoints);
      if (chunk.points > 0) return chunk;
      this.#cursor = chunk.end;
    }
  }

  /** The chunk is in the store: its place is noted, and segments that are done are deleted. */
  advance(chunk: Chunk, isNoted: boolean): void {
    if (isBefore(this.#cursor, chunk.end)) this.#cursor = chunk.end;
    if (!isNoted) this.#writeNote();
    this.#removeDrained();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    const last = this.#segments.at(-1);
    if (last !== undefined && last.bytes === 0) rmSync(last.path, { force: true });
  }

  /** Moves the cursor over the ends of segments, and answers the one it stands in. */
  #skipDrained(): Segment | undefined {
    for (;;) {
      const segment = this.#segments.find((one) => one.number >= this.#cursor.segment);
      if (segment === undefined) return undefined;
      if (segment.number > this.#cursor.segment) this.#cursor = { segment: segment.number, offset: 0 };
      if (this.#cursor.offset < segment.bytes || segment === this.#segments.at(-1)) return segment;
      this.#lose(segment, segment.points);
      this.#cursor = { segment: segment.number + 1, offset: 0 };
      this.#removeDrained();
    }
  }

  #current(): { readonly segment: Segment; readonly file: number } {
    const segment = this.#segments.at(-1);
    if (segment !== undefined && this.#file !== undefined && segment.bytes < this.#segmentBytes) {
      return { segment, file: this.#file };
    }
    return this.#begin(Math.max(segment?.number ?? 0, this.#cursor.segment) + 1);
  }

  #adopt(number: number): void {
    const path = this.#path(number);
    if (number < this.#cursor.segment) {
      rmSync(path, { force: true });
      return;
    }
    const bytes = readFileSync(path);
    const segment: Segment = { number, path, bytes: bytes.length, points: 0 };
    let skipped = 0;
    for (let offset = number === this.#cursor.segment ? this.#cursor.offset : 0; offset < bytes.length; ) {
      const header = readHeader(new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset));
      const isInside = header !== undefined && offset + header.length <= bytes.length;
      if (isInside) segment.points += header.points;
      else skipped += 8;
      offset += isInside ? header.length : 8;
    }
    if (segment.points > 0) this.#segments.push(segment);
    else rmSync(path, { force: true });
    // A torn tail is what a kill in the middle of a write leaves: nobody was told that it is safe.
    if (skipped > 0) this.#options.onTrouble('a part of the spool is not readable', { file: path, skipped });
  }

  /** Reads whole records; the cursor of the chunk stands behind the last one taken or given up. */
  #readSegment(segment: Segment, from: number, maxPoints: number): Chunk {
    let bytes = readRange(segment.path, from, Math.min(readBytes, segment.bytes - from));
    const first = readHeader(new DataView(bytes.buffer, 0, bytes.length));
    if (first !== undefined && first.length > bytes.length && from + first.length <= segment.bytes) {
      bytes = readRange(segment.path, from, first.length);
    }
    const isLast = from + bytes.length >= segment.bytes;
    const batches: Batch[] = [];
    let points = 0;
    let offset = 0;
    while (offset < bytes.length) {
      const header = readHeader(new DataView(bytes.buffer, offset, bytes.length - offset));
      const isInside = header !== undefined && offset + header.length <= bytes.length;
      if (header !== undefined && !isInside && !isLast && offset > 0) break;
      if (!isInside) {
        offset += 8;
        continue;
      }
      if (points > 0 && points + header.points > maxPoints) break;
      const batch = this.#decode(segment, bytes.subarray(offset, offset + header.length), header.points);
      offset += header.length;
      if (batch === undefined) continue;
      batches.push(batch);
      points += header.points;
    }
    segment.points -= points;
    return { batches, points, end: { segment: segment.number, offset: Math.min(from + offset, segment.bytes) } };
  }

  #decode(segment: Segment, record: Uint8Array, points: number): Batch | undefined {
    try {
      if (isWhole(record)) return decodeBatch(record);
    } catch (cause) {
      this.#options.onTrouble('a record of the spool cannot be decoded', { file: segment.path, cause });
    }
    this.#options.onTrouble('a record of the spool is damaged; its points are lost', { file: segment.path, points });
    this.#lose(segment, points);
    return undefined;
  }

  #lose(segment: Segment, points: number): void {
    segment.points -= points;
    this.#lost += points;
  }

  #shedToBound(): void {
    while (this.#bytes() > this.#options.maxBytes && this.#segments.length > 1) {
      const oldest = this.#segments[0];
      if (oldest === undefined) return;
      this.#options.onTrouble('the spool is full; its oldest segment is shed', { points: oldest.points });
      this.#lose(oldest, oldest.points);
      if (this.#cursor.segment <= oldest.number) this.#cursor = { segment: oldest.number + 1, offset: 0 };
      this.#segments.shift();
      rmSync(oldest.path, { force: true });
    }
  }

  #removeDrained(): void {
    for (;;) {
      const first = this.#segments[0];
      if (first === undefined || first === this.#segments.at(-1)) return;
      const isDone = isBefore({ segment: first.number, offset: first.bytes - 1 }, this.#cursor);
      if (!isDone) return;
      this.#segments.shift();
      rmSync(first.path, { force: true });
    }
  }

  #begin(number: number): { readonly segment: Segment; readonly file: number } {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    const segment: Segment = { number, path: this.#path(number), bytes: 0, points: 0 };
    const file = openSync(segment.path, 'w');
    this.#file = file;
    this.#segments.push(segment);
    this.#removeDrained();
    return { segment, file };
  }

  #bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  #path(number: number): string {
    return join(this.#options.directory, `${String(number).padStart(10, '0')}.spool`);
  }

  #readNote(): SpoolCursor | undefined {
    try {
      const [segment, offset] = readFileSync(join(this.#options.directory, 'cursor'), 'utf8').split(' ').map(Number);
      return segment !== undefined && offset !== undefined && Number.isSafeInteger(segment + offset)
        ? { segment, offset }
        : undefined;
    } catch {
      // No note yet, or none that can be read: the store gets some points a second time, which it does not mind.
      return undefined;
    }
  }

  #writeNote(): void {
    const path = join(this.#options.directory, 'cursor');
    writeFileSync(`${path}.new`, `${this.#cursor.segment} ${this.#cursor.offset}`);
    renameSync(`${path}.new`, path);
  }
}

function isBefore(one: SpoolCursor, other: SpoolCursor): boolean {
  return one.segment < other.segment || (one.segment === other.segment && one.offset < other.offset);
}
