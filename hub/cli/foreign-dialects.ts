/** `nhip decode` for the languages of other makers' devices. */

import { command, GbSplitter } from '../../devices/adapters/gbt26875/frame.ts';
import { understandGbFrame } from '../../devices/adapters/gbt26875/understand.ts';
import { decodeGs524n } from '../../devices/adapters/lorawan/gs524n.ts';
import { BadMessage } from '../../devices/wire.ts';
import { bridgeDialects } from '../gateways/mqtt-bridge.ts';
import { decodeDc09 } from './dc09-dialect.ts';
import type { DecodeOptions, Decoding, Dialect } from './dialects.ts';
import { readHex, readHexOrBase64 } from './frame-text.ts';
import { shown } from './shown.ts';

/** One entry a language. */
export const foreignDialects: readonly Dialect[] = [
  { name: 'sia-dc09', frame: '<frame as text or hex> [--key <hex or 16, 24, 32 characters>]', decode: decodeDc09 },
  { name: 'gbt26875', frame: '<hex>', decode: decodeGb },
  { name: 'gs524n', frame: '<a Milesight uplink as hex or Base64>', decode: decodeMilesight },
  ...Object.entries(bridgeDialects).map(
    ([name, { adapt, topics }]): Dialect => ({
      name,
      frame: '<topic> <payload>',
      decode: (frame, { at }) => decodeTopic(adapt, topics, frame, at),
    }),
  ),
];

function decodeGb(text: string, { at }: DecodeOptions): Decoding {
  const frames = new GbSplitter().push(readHex(text, 'a frame as hex: 4040 … 2323'));
  if (frames.length === 0) {
    throw new BadMessage(
      'schema',
      'there is no whole GB/T 26875.3 frame in it: 4040 … 2323, as long as its length says',
    );
  }
  const understood = frames.map((frame) => ({ frame, ...understandGbFrame(frame, undefined, at) }));
  return {
    messages: understood.flatMap(({ messages }) => messages.map(shown)),
    about: {
      frames: understood.map(({ frame, answer, deviceId }) => ({
        answer,
        sum: frame.sumOk ? 'right' : 'wrong',
        deviceId,
        serial: frame.frame.serial,
        command: nameOf(frame.frame.command),
      })),
    },
    isRefused: frames.some(({ sumOk }) => !sumOk),
  };
}

function nameOf(word: number): string {
  return Object.entries(command).find(([, value]) => value === word)?.[0] ?? `${word}`;
}

function decodeMilesight(text: string): Decoding {
  const uplink = decodeGs524n(readHexOrBase64(text, 'six bytes as hex or Base64'));
  if (uplink === undefined)
    throw new BadMessage('schema', 'not the six bytes of a GS524N: length, type or sum is wrong');
  return { messages: [], about: { uplink } };
}

type Adapt = (typeof bridgeDialects)[keyof typeof bridgeDialects]['adapt'];

function decodeTopic(adapt: Adapt, topics: readonly string[], frame: string, at: number): Decoding {
  const blank = frame.search(/\s/);
  const [topic, payload] = blank < 0 ? [frame, ''] : [frame.slice(0, blank), frame.slice(blank).trim()];
  const adapted = adapt(topic, Buffer.from(payload), { at, retained: false, flagsOf: () => undefined });
  if (adapted === undefined) {
    const hint = topic.startsWith('{')
      ? 'the topic is missing in front of it'
      : `"${topic}" with this payload says nothing to the hub`;
    throw new BadMessage('topic', `${hint}; it listens to ${topics.join(', ')}`);
  }
  return { messages: adapted.messages.map(shown) };
}
