/** `nhip decode sia-dc09`: a panel's frame, what the hub would understand and answer, and what to do about it. */
import { buildFrame } from '../../devices/adapters/sia-dc09/answer.ts';
import { readKey } from '../../devices/adapters/sia-dc09/cipher.ts';
import { FrameSplitter, type RawFrame } from '../../devices/adapters/sia-dc09/frame.ts';
import { aheadMs, behindMs } from '../../devices/adapters/sia-dc09/timestamp.ts';
import { type Understood, understandFrame } from '../../devices/adapters/sia-dc09/understand.ts';
import { BadMessage, type Millis } from '../../devices/wire.ts';
import type { DecodeOptions, Decoding } from './dialects.ts';
import { readEscapes, readHex } from './frame-text.ts';
import { UsageError } from './io.ts';
import { shown } from './shown.ts';

/** @throws BadMessage with what is missing, or UsageError when the key is none. */
export function decodeDc09(text: string, { at, key }: DecodeOptions): Decoding {
  const secret = key === undefined ? undefined : readKey(key);
  if (key !== undefined && secret === undefined) {
    throw new UsageError('--key has 32, 48 or 64 hex digits, or 16, 24 or 32 characters');
  }
  const keyOf = () => secret;
  const frames = cutFrames(text);
  const understood = frames.map((frame) => ({ frame, ...understandFrame(frame, { at, keyOf }) }));
  return {
    messages: understood.flatMap(({ messages }) => messages.map(shown)),
    about: {
      frames: understood.map(({ frame, answer, why, header, content, quality }) => ({
        answer,
        why,
        quality,
        crc: frame.crcOk ? 'right' : `wrong, it is ${frame.trueCrc}`,
        ...header,
        ...(content === undefined ? {} : { data: content.data }),
      })),
    },
    advice: understood.map((one) => adviceOn(one, one.frame, { at, keyOf })),
    isRefused: understood.some(({ why }) => why === 'crc' || why === 'grammar' || why === 'decrypt'),
  };
}

/** @throws BadMessage when there is no frame in it. */
function cutFrames(text: string): readonly RawFrame[] {
  const plain = readEscapes(text);
  if (plain.startsWith('"')) {
    const whole = buildFrame(plain).toString('latin1').trim();
    throw new BadMessage('schema', `the CRC and the length are missing in front of it; whole it would be ${whole}`);
  }
  if (!plain.includes('"') && !/^\s*SR\d/.test(plain)) {
    const bytes = readHex(text, 'a frame as text (CRC, 0LLL, "id"…) or as hex');
    return orNone(cut(bytes));
  }
  // Names in it are UTF-8 or single bytes; the right one of the two has the right sum.
  const inUtf8 = cut(Buffer.from(plain));
  const inLatin1 = cut(Buffer.from(plain, 'latin1'));
  const isLatin1 = !inUtf8.every(({ crcOk }) => crcOk) && inLatin1.some(({ crcOk }) => crcOk);
  return orNone(isLatin1 ? inLatin1 : inUtf8);
}

function cut(bytes: Uint8Array): readonly RawFrame[] {
  const splitter = new FrameSplitter();
  return [...splitter.push(bytes), ...splitter.flush()];
}

function orNone(frames: readonly RawFrame[]): readonly RawFrame[] {
  if (frames.length > 0) return frames;
  throw new BadMessage('schema', 'there is no SIA DC-09 frame in it: CRC, 0LLL, "id"…');
}

type Known = { readonly at: Millis; keyOf(): Buffer | undefined };

/** One sentence: what the hub answers and what a person may do about it. */
function adviceOn(understood: Understood, frame: RawFrame, known: Known): string {
  const { why, answer, isLinkTest, content, deviceId } = understood;
  switch (why) {
    case 'crc': {
      const inside = understandFrame({ ...frame, crcOk: true }, known);
      const said = inside.messages.map((one) =>
        one.message === 'event' ? `${one.body.kind} ${one.body.point}` : one.message,
      );
      return `No answer, the panel sends again: the CRC is wrong, it is ${frame.trueCrc}. Were it right, it would say: ${said.join(', ')}.`;
    }
    case 'decrypt':
      return known.keyOf() === undefined
        ? 'NAK: it is encrypted. Give its key with --key, and to the hub in HUB_DC09_KEYS.'
        : 'NAK: this key does not open it.';
    case 'time':
      return `NAK with the hub's time: ${timeAdvice(content?.time, known.at)}`;
    case 'answer':
      return 'No answer: it is an answer itself.';
    case 'grammar':
      return answer === 'duh' ? 'DUH: it names no account, or is no DC-09.' : 'ACK: a link test of nobody.';
    case 'whole':
      return isLinkTest
        ? `ACK at once: a link test of ${deviceId}.`
        : `ACK, once it is on disk: ${deviceId} must be registered.`;
  }
}

function timeAdvice(time: Millis | undefined, at: Millis): string {
  const limits = `at most ${aheadMs / 1_000} s ahead or ${behindMs / 1_000} s behind`;
  if (time === undefined || !Number.isFinite(time)) return `the frame's time names no moment (${limits}).`;
  const own = new Date(time).toISOString();
  const hubs = new Date(at).toISOString();
  return `the frame says ${own}, the hub ${hubs} (${limits}). Old frames are judged at their time with --at ${own}.`;
}
