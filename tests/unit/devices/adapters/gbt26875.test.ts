/** GB/T 26875.3-2011: frames both ways, and what parts report. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildConfirm,
  buildGbFrame,
  GbSplitter,
  readTime,
  writeTime,
} from '../../../../devices/adapters/gbt26875/frame.ts';
import { understandGbFrame } from '../../../../devices/adapters/gbt26875/understand.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';

const fireHex =
  '404001000101051e020f031a010000000000020000000000300002020101012805000000030000000000000000000000000000000000000000000000000000000000000000051e020f031a0f2323';
const confirmHex = '404001000101051e020f031a0100000000000200000000000000035a2323';
// 2026-03-15 02:30:05 in UTC+8.
const time = Date.parse('2026-03-14T18:30:05Z');

function only(hex: string) {
  const [raw, ...others] = new GbSplitter().push(Buffer.from(hex, 'hex'));
  if (raw === undefined || others.length > 0) throw new Error('not one frame');
  return raw;
}

/** The fire frame with other data. */
const withData = (data: readonly number[]) => {
  const { frame } = only(fireHex);
  return { frame: { ...frame, data: Uint8Array.from(data) }, sumOk: true };
};
const part = (type: number, status: number): readonly number[] => [
  2,
  1,
  1,
  1,
  type,
  5,
  0,
  0,
  0,
  status & 0xff,
  status >> 8,
  ...Array.from({ length: 31 }, () => 0),
  5,
  30,
  2,
  15,
  3,
  26,
];

describe('frames', () => {
  test('a fire frame is taken apart', () => {
    const { frame, sumOk } = only(fireHex);
    expect(sumOk).toBe(true);
    expect(frame).toMatchObject({ serial: 1, version: [1, 1], command: 2 });
    expect([frame.data.length, readTime(frame.time)]).toEqual([48, time]);
  });

  test('a frame that is put together again is the same, byte for byte', () => {
    for (const hex of [fireHex, confirmHex]) expect(buildGbFrame(only(hex).frame).toString('hex')).toBe(hex);
  });

  test('a confirmation goes back to the sender with its number and our time', () => {
    expect(buildConfirm(only(fireHex).frame, time + 1_000).toString('hex')).toBe(
      '404001000101061e020f031a0200000000000100000000000000035b2323',
    );
  });

  test('a wrong sum is seen and not answered', () => {
    const raw = only(fireHex.replace('0f2323', '102323'));
    expect(raw.sumOk).toBe(false);
    expect(understandGbFrame(raw, undefined, time)).toMatchObject({ answer: 'none', messages: [] });
  });

  test('any cut of any stream with noise between gives the same frames', () => {
    const frames = fc.array(fc.constantFrom(fireHex, confirmHex), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.nat(60), { maxLength: 30 }),
        fc.constantFrom('', '00', '41ff', '40'),
        (list, cuts, noise) => {
          const bytes = Buffer.from(list.map((hex) => noise + hex).join(''), 'hex');
          const splitter = new GbSplitter();
          const found = [];
          let from = 0;
          for (const size of cuts) {
            found.push(...splitter.push(bytes.subarray(from, from + size)));
            from += size;
          }
          found.push(...splitter.push(bytes.subarray(from)));
          expect(found.map(({ frame }) => buildGbFrame(frame).toString('hex'))).toEqual(list);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('bytes at random crash nothing, and whatever comes out fits our schema', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(255), (data, type) => {
        const raw = withData([type, ...data]);
        for (const { message, body } of understandGbFrame(raw, undefined, time).messages) {
          fireMessages[message === 'event' ? 'event' : 'heartbeat'].parse(Buffer.from(JSON.stringify(body)));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('a time that names no moment is none', () => {
    expect(readTime(Uint8Array.from([61, 0, 0, 1, 1, 26]))).toBeUndefined();
    expect(readTime(writeTime(time))).toBe(time);
  });
});

describe('what parts report', () => {
  const alarmsOf = (raw: ReturnType<typeof withData>, flags = understandGbFrame(raw, undefined, time)) =>
    flags.messages.flatMap((one) =>
      one.message === 'event' && ['alarm', 'restore', 'trouble', 'test'].includes(one.body.kind)
        ? [[one.body.kind, one.body.class, one.body.point]]
        : [],
    );

  test('smoke detector 5 burns, and recovers', () => {
    const burning = understandGbFrame(only(fireHex), undefined, time);
    expect(burning).toMatchObject({ answer: 'confirm', deviceId: 'gbt-000000000001' });
    expect(burning.messages[0]?.body).toMatchObject({ kind: 'alarm', class: 'smoke', point: '1.1.5', ts: time });
    const well = understandGbFrame(withData(part(40, 1)), burning.flags, time + 60_000);
    expect(well.messages.map(({ message, body }) => ('kind' in body ? body.kind : message))).toEqual([
      'restore',
      'heartbeat',
    ]);
  });

  test.each([
    [23, 'callPoint'],
    [31, 'heat'],
    [42, 'smoke'],
    [62, 'flame'],
    [10, 'gas'],
    [200, 'other'],
  ])('a fire of part type %i is of class %s', (type, sensor) => {
    expect(alarmsOf(withData(part(type, 3)))[0]).toEqual(['alarm', sensor, '1.1.5']);
  });

  test('fault and shielding are troubles, a cleared bit 0 is a test', () => {
    expect(alarmsOf(withData(part(40, 0b1101))).slice(1, 3)).toEqual([
      ['trouble', 'other', 'fault 1.1.5'],
      ['trouble', 'other', 'bypass 1.1.5'],
    ]);
    expect(alarmsOf(withData(part(40, 0))).at(-1)).toEqual(['test', 'smoke', '1.1.5']);
  });

  test('the transmitter’s button is a call point', () => {
    expect(alarmsOf(withData([24, 1, 0b100, 7, 5, 30, 2, 15, 3, 26]))).toEqual([
      ['alarm', 'callPoint', 'transmitter button'],
    ]);
  });

  test('a type that nobody knows, or a cut object, goes to a person', () => {
    for (const data of [
      [200, 1, 9, 9],
      [2, 1, 1, 1],
    ]) {
      const [message] = understandGbFrame(withData(data), undefined, time).messages;
      expect(message).toMatchObject({ body: { kind: 'alarm', class: 'other' }, quality: ['unknownCode'] });
    }
  });
});
