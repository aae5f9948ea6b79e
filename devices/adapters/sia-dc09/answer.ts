/** What a receiver answers, and frames in general: built, with CRC and length. Pure. */
import type { Millis } from '../../wire.ts';
import type { Header } from './body.ts';
import { encrypt } from './cipher.ts';
import { crc16 } from './crc.ts';
import { formatTime } from './timestamp.ts';

/** A whole frame around a body. */
export function buildFrame(body: string): Buffer {
  const bytes = Buffer.from(body, 'latin1');
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
  return Buffer.concat([Buffer.from(`\n${hex(crc16(bytes))}${hex(bytes.length)}`), bytes, Buffer.from('\r')]);
}

/** "Stored": echoes number, receiver, line and account. */
export function buildAck(header: Header): Buffer {
  return buildFrame(`"ACK"${echo(header)}[]`);
}

/** The same for an encrypted frame: encrypted with its key, with the time. `pad` gives random characters. */
export function buildEncryptedAck(header: Header, key: Buffer, at: Millis, pad: (count: number) => string): Buffer {
  return buildFrame(`"*ACK"${echo(header)}[${encrypt(`|]${formatTime(at)}`, key, pad)}`);
}

/** "Not this way": fixed but for the time, which the panel sets its clock by. Never encrypted. */
export function buildNak(at: Millis): Buffer {
  return buildFrame(`"NAK"0000R0L0A0[]${formatTime(at)}`);
}

/** "Whole, but not understood". Never encrypted. */
export function buildDuh(header: Header): Buffer {
  return buildFrame(`"DUH"${echo(header)}[]`);
}

function echo({ seq, receiver, line, account }: Header): string {
  const field = (letter: string, value: string | undefined): string => (value === undefined ? '' : `${letter}${value}`);
  // L is mandatory in the standard: an answer has it even where the panel left it out.
  return `${seq}${field('R', receiver)}L${line ?? '0'}${field('#', account)}`;
}
