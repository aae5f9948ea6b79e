import { expect, test } from 'vitest';
import { BatchBuilder, decodeBatch, isWhole, maxBatchPoints, readHeader, seal } from '../../../../hub/history/batch.ts';
import { toLines } from '../../../../hub/history/line-protocol.ts';
import type { Point } from '../../../../hub/ports.ts';

const columns = { lat: 'number', lon: 'number', route: 'string', trip: 'string' } as const;

test('a batch gives back what was added; columns that nobody used are left out', () => {
  const builder = new BatchBuilder('bus.position', columns);
  expect(builder.add(point('a', 1_000, { lat: 1.5, route: '01' }))).toBe(true);
  expect(builder.add(point('b', 2_000.9, { lat: -2, route: '' }))).toBe(true);
  expect(builder.add(point('a', -3_000, { route: '01' }))).toBe(true);
  const batch = decodeBatch(new Uint8Array(builder.take()));
  expect(batch).toEqual({
    measurement: 'bus.position',
    points: 3,
    at: Float64Array.of(1_000, 2_000, -3_000),
    subjects: ['a', 'b'],
    subjectCodes: Uint32Array.of(1, 2, 1),
    numbers: new Map([['lat', Float64Array.of(1.5, -2, Number.NaN)]]),
    strings: new Map([['route', { words: ['01', ''], codes: Uint32Array.of(1, 2, 1) }]]),
  });
  expect(builder.points).toBe(0);
});

test('nothing of one batch is left in the next', () => {
  const builder = new BatchBuilder('bus.position', columns);
  builder.add(point('a', 1, { lat: 1, lon: 2, route: 'r', trip: 't' }));
  builder.take();
  builder.add(point('b', 2, { lon: 3 }));
  const batch = decodeBatch(new Uint8Array(builder.take()));
  expect([batch.subjects, [...batch.numbers], [...batch.strings]]).toEqual([['b'], [['lon', Float64Array.of(3)]], []]);
});

test.each<[string, Point]>([
  ['no subject', point('', 1, { lat: 1 })],
  ['no value', point('a', 1, {})],
  ['only values that are none', point('a', 1, { lat: Number.NaN, lon: Number.NEGATIVE_INFINITY, route: undefined })],
  ['only fields of the wrong type', point('a', 1, { lat: 'x', route: 5 })],
  ['a time that is none', point('a', Number.NaN, { lat: 1 })],
  ['a time before 1677', point('a', -9_223_372_036_855, { lat: 1 })],
  ['a time after 2262', point('a', 9_223_372_036_855, { lat: 1 })],
])('a point with %s is refused and takes no room', (_what, refused) => {
  const builder = new BatchBuilder('bus.position', columns);
  expect(builder.add(refused)).toBe(false);
  expect(builder.points).toBe(0);
});

test('fields named like parts of an object are only fields', () => {
  const builder = new BatchBuilder('bus.position', columns);
  const fields: Point['fields'] = JSON.parse('{"__proto__": 5, "constructor": 6, "lat": 1}');
  expect(builder.add(point('__proto__', 1, fields))).toBe(true);
  expect(decodeBatch(new Uint8Array(builder.take())).subjects).toEqual(['__proto__']);
});

test('a full batch knows it, and its header says so', () => {
  const builder = new BatchBuilder('bus.position', columns);
  for (let at = 0; at < maxBatchPoints; at++) builder.add(point(`bus-${at}`, at, { lat: at }));
  expect(builder.isFull).toBe(true);
  const record = builder.take();
  expect(readHeader(new DataView(record))).toEqual({ length: record.byteLength, points: 2_048 });
});

test('a sealed record is whole until a bit flips', () => {
  const builder = new BatchBuilder('bus.position', columns);
  builder.add(point('a', 1, { lat: 1 }));
  const record = builder.take();
  seal(record);
  const bytes = new Uint8Array(record);
  expect(isWhole(bytes)).toBe(true);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(isWhole(bytes)).toBe(false);
});

test.each([
  ['plain', 'bus-1', '01', 'bus.position,subject=bus-1 lat=1,route="01" 5'],
  ['comma, space, equals sign', 'a,b c=d', 'a,b c=d', 'bus.position,subject=a\\,b\\ c\\=d lat=1,route="a,b c=d" 5'],
  ['a backslash at the end', 'a\\', 'a\\', 'bus.position,subject=a%5C lat=1,route="a\\\\" 5'],
  ['a newline in the id', 'a\nb', 'x', 'bus.position,subject=a%0Ab lat=1,route="x" 5'],
  ['a quote', 'a"b', 'a"b', 'bus.position,subject=a"b lat=1,route="a\\"b" 5'],
  ['an empty text', 'a', '', 'bus.position,subject=a lat=1,route="" 5'],
  ['a percent sign', '100%', '100%', 'bus.position,subject=100%25 lat=1,route="100%" 5'],
])('line protocol: %s', (_what, subject, route, line) => {
  const builder = new BatchBuilder('bus.position', columns);
  builder.add(point(subject, 5, { lat: 1, route }));
  expect(toLines(decodeBatch(new Uint8Array(builder.take())))).toEqual([line]);
});

function point(subject: string, at: number, fields: Point['fields']): Point {
  return { measurement: 'bus.position', subject, at, fields };
}
