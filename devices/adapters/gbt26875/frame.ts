/**
 * GB/T 26875.3-2011 frames, both directions: `40 40 | control unit (25 bytes) | data | sum | 23 23`, whole numbers with the
 * low byte first. Pure.
 */
import type { Millis } from '../../wire.ts';

/** What the byte before the data asks for. */
export const command = { control: 1, send: 2, confirm: 3, request: 4, answer: 5, deny: 6 } as const;

export type GbFrame = {
  readonly serial: number;
  readonly version: readonly [main: number, user: number];
  /** The sender's clock, UTC+8 on the wire, six bytes as they came. */
  readonly time: Uint8Array;
  /** Six bytes, low byte first. */
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly command: number;
  readonly data: Uint8Array;
};

/** A frame that was cut out; its content is to be believed only when the sum is right. */
export type RawGbFrame = { readonly frame: GbFrame; readonly sumOk: boolean };

/** The standard's bound of the data. */
export const maxDataBytes = 1024;

const start = 0x40;
const end = 0x23;
const controlBytes = 25;
const overheadBytes = 2 + controlBytes + 1 + 2;

/** Bytes in, frames out; keeps at most one unfinished frame. */
export class GbSplitter {
  #buffer: Buffer = Buffer.alloc(0);
  /** Bytes that belonged to no frame. */
  skipped = 0;

  push(chunk: Uint8Array): RawGbFrame[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const frames: RawGbFrame[] = [];
    let from = 0;
    while (from < this.#buffer.length) {
      const next = nextFrame(this.#buffer, from);
      if (next === 'more') break;
      if (next.raw === undefined) this.skipped += next.end - from;
      else frames.push(next.raw);
      from = next.end;
    }
    this.#buffer = this.#buffer.subarray(from);
    return frames;
  }
}

function nextFrame(bytes: Buffer, from: number): { readonly end: number; readonly raw?: RawGbFrame } | 'more' {
  if (bytes[from] !== start) return { end: from + 1 };
  if (bytes.length < from + 2) return 'more';
  if (bytes[from + 1] !== start) return { end: from + 1 };
  if (bytes.length < from + overheadBytes) return 'more';
  const length = bytes.readUInt16LE(from + 24);
  // Not a frame, or a damaged length: look for the next start, wait for nothing.
  if (length > maxDataBytes) return { end: from + 1 };
  const size = overheadBytes + length;
  if (bytes.length < from + size) return 'more';
  if (bytes[from + size - 1] !== end || bytes[from + size - 2] !== end) return { end: from + 1 };
  return { end: from + size, raw: readFrame(bytes.subarray(from, from + size)) };
}

function readFrame(bytes: Buffer): RawGbFrame {
  const data = Buffer.from(bytes.subarray(27, bytes.length - 3));
  const frame: GbFrame = {
    serial: bytes.readUInt16LE(2),
    version: [bytes[4] ?? 0, bytes[5] ?? 0],
    time: Buffer.from(bytes.subarray(6, 12)),
    source: Buffer.from(bytes.subarray(12, 18)),
    target: Buffer.from(bytes.subarray(18, 24)),
    command: bytes[26] ?? 0,
    data,
  };
  return { frame, sumOk: sumOf(bytes.subarray(2, bytes.length - 3)) === bytes[bytes.length - 3] };
}

/** Puts a frame together. @throws RangeError when the data is longer than the standard allows. */
export function buildGbFrame(frame: GbFrame): Buffer {
  if (frame.data.length > maxDataBytes) throw new RangeError(`at most ${maxDataBytes} bytes of data`);
  const numbers = Buffer.alloc(4);
  numbers.writeUInt16LE(frame.serial, 0);
  numbers.writeUInt16LE(frame.data.length, 2);
  const inside = Buffer.concat([
    numbers.subarray(0, 2),
    Buffer.from(frame.version),
    frame.time,
    frame.source,
    frame.target,
    numbers.subarray(2, 4),
    Buffer.from([frame.command]),
    frame.data,
  ]);
  return Buffer.concat([Buffer.from([start, start]), inside, Buffer.from([sumOf(inside), end, end])]);
}

/** "Stored": the same serial number back to the sender, with our time. */
export function buildConfirm(frame: GbFrame, at: Millis): Buffer {
  return reply(frame, command.confirm, at);
}

/** "Not taken": the sender tries again. */
export function buildDeny(frame: GbFrame, at: Millis): Buffer {
  return reply(frame, command.deny, at);
}

function reply(frame: GbFrame, word: number, at: Millis): Buffer {
  const { source, target } = frame;
  return buildGbFrame({
    ...frame,
    time: writeTime(at),
    source: target,
    target: source,
    command: word,
    data: Buffer.alloc(0),
  });
}

const hoursAhead = 8;

/** Six bytes (second, minute, hour, day, month, year of the century), UTC+8; `undefined` when they name no moment. */
export function readTime(bytes: Uint8Array): Millis | undefined {
  const [second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = bytes;
  const time = Date.UTC(2000 + year, month - 1, day, hour - hoursAhead, minute, second);
  const isReal = bytes.length === 6 && Buffer.from(writeTime(time)).equals(Buffer.from(bytes));
  return isReal ? time : undefined;
}

/** The other way. */
export function writeTime(time: Millis): Uint8Array {
  const local = new Date(time + hoursAhead * 3_600_000);
  return Uint8Array.from([
    local.getUTCSeconds(),
    local.getUTCMinutes(),
    local.getUTCHours(),
    local.getUTCDate(),
    local.getUTCMonth() + 1,
    local.getUTCFullYear() % 100,
  ]);
}

/** An address as people write it: twelve hex digits, high byte first. */
export function addressText(address: Uint8Array): string {
  return Buffer.from(address).reverse().toString('hex');
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}
