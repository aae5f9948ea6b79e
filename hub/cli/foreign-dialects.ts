/** `nhip decode` for the languages of other makers' devices. */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { decodeGs524n } from '../../devices/adapters/chirpstack/gs524n.ts';
import { GbSplitter } from '../../devices/adapters/gbt26875/frame.ts';
import { understandGbFrame } from '../../devices/adapters/gbt26875/understand.ts';
import { readKey } from '../../devices/adapters/sia-dc09/cipher.ts';
import { FrameSplitter } from '../../devices/adapters/sia-dc09/frame.ts';
import { understandFrame } from '../../devices/adapters/sia-dc09/understand.ts';
import { fireMessages } from '../../devices/fire/message.ts';
import { BadMessage } from '../../devices/wire.ts';
import { bridgeDialects } from '../gateways/mqtt-bridge.ts';
import type { Decoded, DecodeOptions, Decoding, Dialect } from './dialects.ts';
import { UsageError } from './io.ts';

/** One entry a language. */
export const foreignDialects: readonly Dialect[] = [
  { name: 'sia-dc09', frame: '<frame as text or hex> [--key <hex or 16, 24, 32 characters>]', decode: decodeDc09 },
  { name: 'gbt26875', frame: '<hex>', decode: decodeGb },
  { name: 'gs524n', frame: '<hex of a Milesight uplink>', decode: decodeMilesight },
  ...Object.entries(bridgeDialects).map(
    ([name, { adapt }]): Dialect => ({
      name,
      frame: '<topic> <payload>',
      decode: (frame, { at }) => decodeTopic(adapt, frame, at),
    }),
  ),
];

function decodeDc09(text: string, { at, key }: DecodeOptions): Decoding {
  const secret = key === undefined ? undefined : readKey(key);
  if (key !== undefined && secret === undefined) {
    throw new UsageError('--key has 32, 48 or 64 hex digits, or 16, 24 or 32 characters');
  }
  const splitter = new FrameSplitter();
  const bytes = text.includes('"') || text.startsWith('SR') ? Buffer.from(text) : readHex(text);
  const frames = [...splitter.push(bytes), ...splitter.flush()];
  if (frames.length === 0) throw new BadMessage('json', 'there is no SIA DC-09 frame in it: CRC, 0LLL, "id"…');
  const understood = frames.map((frame) => ({ frame, ...understandFrame(frame, { at, keyOf: () => secret }) }));
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
    isRefused: understood.some(({ why }) => why === 'crc' || why === 'grammar' || why === 'decrypt'),
  };
}

function decodeGb(text: string, { at }: DecodeOptions): Decoding {
  const frames = new GbSplitter().push(readHex(text));
  if (frames.length === 0) throw new BadMessage('json', 'there is no GB/T 26875.3 frame in it: 4040 … 2323');
  const understood = frames.map((frame) => ({ frame, ...understandGbFrame(frame, undefined, at) }));
  return {
    messages: understood.flatMap(({ messages }) => messages.map(shown)),
    about: {
      frames: understood.map(({ frame, answer, deviceId }) => ({
        answer,
        sum: frame.sumOk ? 'right' : 'wrong',
        deviceId,
        serial: frame.frame.serial,
        command: frame.frame.command,
      })),
    },
    isRefused: frames.some(({ sumOk }) => !sumOk),
  };
}

function decodeMilesight(text: string): Decoding {
  const uplink = decodeGs524n(readHex(text));
  if (uplink === undefined)
    throw new BadMessage('schema', 'not the six bytes of a GS524N: length, type or sum is wrong');
  return { messages: [], about: { uplink } };
}

type Adapt = (typeof bridgeDialects)[keyof typeof bridgeDialects]['adapt'];

function decodeTopic(adapt: Adapt, frame: string, at: number): Decoding {
  const blank = frame.search(/\s/);
  const [topic, payload] = blank < 0 ? [frame, ''] : [frame.slice(0, blank), frame.slice(blank).trim()];
  const adapted = adapt(topic, Buffer.from(payload), { at, retained: false, flagsOf: () => undefined });
  if (adapted === undefined) throw new BadMessage('topic', `"${topic}" with this payload says nothing to the hub`);
  return { messages: adapted.messages.map(shown) };
}

function shown({ deviceId, message, body, quality }: Adapted): Decoded {
  const lane = message === 'event' ? fireMessages.event.lane : 'stream';
  return { domain: 'fire', deviceId, message, lane, body, quality };
}

/** @throws BadMessage when it is no hex. */
function readHex(text: string): Buffer {
  const digits = text.replace(/[\s:]+/g, '');
  if (digits.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(digits)) throw new BadMessage('json', 'it is not hex');
  return Buffer.from(digits, 'hex');
}
