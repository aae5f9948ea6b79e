/**
 * Cuts a stream of bytes into SIA DC-09 frames: `LF CRC 0LLL body CR`. Kind to what real panels do: no LF, several
 * frames in a segment, a frame over several segments, trailing NULs, no CR, a CRC of two binary bytes, a wrong length. Pure.
 */
import { crc16 } from './crc.ts';

/** One frame as it was cut out; nothing in it is believed yet. */
export type RawFrame = {
  /** From the opening quote to the byte before CR, one character a byte. */
  readonly body: string;
  readonly crcOk: boolean;
  readonly lengthOk: boolean;
  /** The CRC that the body really has, four hex digits. */
  readonly trueCrc: string;
  /** A line of the older protocol, without CRC and length. */
  readonly isLegacy: boolean;
};

/** A body has at most 0xFFF bytes by its own header; panels that count wrongly get the double. */
export const maxFrameBytes = 8 * 1024;

const lf = 0x0a;
const cr = 0x0d;
const quote = 0x22;
const nul = 0x00;

/** Bytes in, frames out; keeps at most `maxFrameBytes` of an unfinished frame. */
export class FrameSplitter {
  #buffer: Buffer = Buffer.alloc(0);
  /** Bytes that belonged to no frame. */
  skipped = 0;

  /** Takes what came and answers the frames that are complete with it. */
  push(chunk: Uint8Array): RawFrame[] {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#buffer, chunk]);
    return this.#cut(false);
  }

  /** The end of the bytes (a datagram's): an unfinished last frame is taken as it stands. */
  flush(): RawFrame[] {
    return this.#cut(true);
  }

  #cut(isEnd: boolean): RawFrame[] {
    const frames: RawFrame[] = [];
    let from = 0;
    while (from < this.#buffer.length) {
      const next = nextFrame(this.#buffer, from, isEnd);
      if (next === 'more') break;
      if (next.frame !== undefined) frames.push(next.frame);
      else this.skipped += next.end - from;
      from = next.end;
    }
    this.#buffer = this.#buffer.subarray(from);
    if (this.#buffer.length > maxFrameBytes) {
      // No frame is that long: whatever it is, the next one begins after it.
      this.skipped += this.#buffer.length;
      this.#buffer = Buffer.alloc(0);
    }
    if (isEnd) this.#buffer = Buffer.alloc(0);
    return frames;
  }
}

type Next = { readonly end: number; readonly frame?: RawFrame };

function nextFrame(bytes: Buffer, from: number, isEnd: boolean): Next | 'more' {
  const header = headerAt(bytes, from);
  if (header === 'more') return isEnd ? { end: bytes.length } : 'more';
  if (header === 'none') return legacyAt(bytes, from) ?? { end: from + 1 };
  // Where the length is right and the CRC proves it, a panel that never sends CR is not kept waiting.
  const declaredEnd = header.bodyStart + header.length;
  if (header.length > 0 && bytes.length >= declaredEnd) {
    const frame = frameOf(bytes, header, declaredEnd);
    if (frame.crcOk) return { end: declaredEnd + (bytes[declaredEnd] === cr ? 1 : 0), frame };
  }
  const end = endOf(bytes, header.bodyStart);
  if (end !== -1) return { end: end + (bytes[end] === cr ? 1 : 0), frame: frameOf(bytes, header, end) };
  return isEnd ? { end: bytes.length, frame: frameOf(bytes, header, bytes.length) } : 'more';
}

type Header = { readonly bodyStart: number; readonly crc: number; readonly length: number };

function headerAt(bytes: Buffer, at: number): Header | 'more' | 'none' {
  const isAscii = fits(bytes, at, asciiHeader);
  if (isAscii === 'yes') return { bodyStart: at + 8, crc: hexAt(bytes, at), length: hexAt(bytes, at + 4) };
  const isBinary = fits(bytes, at, binaryHeader);
  if (isBinary === 'yes') return { bodyStart: at + 6, crc: bytes.readUInt16BE(at), length: hexAt(bytes, at + 2) };
  return isAscii === 'more' || isBinary === 'more' ? 'more' : 'none';
}

type Rule = (byte: number) => boolean;
const any: Rule = () => true;
const hex: Rule = (byte) =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
const zero: Rule = (byte) => byte === 0x30;
const opening: Rule = (byte) => byte === quote;
const asciiHeader: readonly Rule[] = [hex, hex, hex, hex, hex, hex, hex, hex, opening];
const binaryHeader: readonly Rule[] = [any, any, zero, hex, hex, hex, opening];

function fits(bytes: Buffer, at: number, rules: readonly Rule[]): 'yes' | 'more' | 'no' {
  for (const [index, rule] of rules.entries()) {
    const byte = bytes[at + index];
    if (byte === undefined) return 'more';
    if (!rule(byte)) return 'no';
  }
  return 'yes';
}

function hexAt(bytes: Buffer, at: number): number {
  return Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
}

/** CR ends a frame; an LF does too, because then the rest of this one was lost. */
function endOf(bytes: Buffer, from: number): number {
  for (let index = from; index < bytes.length; index++) if (bytes[index] === cr || bytes[index] === lf) return index;
  return -1;
}

function frameOf(bytes: Buffer, { bodyStart, crc, length }: Header, end: number): RawFrame {
  let last = end;
  while (last > bodyStart && bytes[last - 1] === nul) last--;
  const body = bytes.subarray(bodyStart, last);
  const trueCrc = crc16(body);
  return {
    body: body.toString('latin1'),
    crcOk: trueCrc === crc,
    lengthOk: length === body.length,
    trueCrc: trueCrc.toString(16).toUpperCase().padStart(4, '0'),
    isLegacy: false,
  };
}

/** `SR0001L0001    006969XX    [ID00000000]`: the line of older receivers, without CRC and length. */
function legacyAt(bytes: Buffer, from: number): Next | undefined {
  if (bytes.toString('latin1', from, from + 2) !== 'SR') return undefined;
  const line = /^SR\d{1,6}L\d{1,6} {1,8}[0-9A-Fa-f]{3,16}X{0,4} {1,8}\[[^\]\r\n]{0,64}\]/.exec(
    bytes.toString('latin1', from, from + 128),
  );
  if (line === null) return undefined;
  const frame = { body: line[0], crcOk: true, lengthOk: true, trueCrc: '', isLegacy: true };
  return { end: from + line[0].length, frame };
}
