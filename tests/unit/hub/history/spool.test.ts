/** The spool by itself: what it gives back after closing, tearing, flipping and filling. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BatchBuilder } from '../../../../hub/history/batch.ts';
import { Spool } from '../../../../hub/history/spool.ts';

let directory: string;
let troubles: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-spool-'));
  troubles = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(maxBytes = 64 * 1024 * 1024): Spool {
  return new Spool({ directory, maxBytes, onTrouble: (message) => troubles.push(message) }, undefined);
}

test('records come back in order, once, over a close', () => {
  const spool = open();
  for (const at of [1, 2, 3]) spool.write(record(at, 2), 2);
  const chunk = spool.read(3);
  expect(chunk?.points).toBe(2);
  if (chunk !== undefined) spool.advance(chunk, false);
  spool.close();
  const again = open();
  expect(again.points).toBe(4);
  expect(drain(again)).toEqual([2, 2, 3, 3]);
  expect(again.read(100)).toBeUndefined();
  again.close();
  expect(open().points).toBe(0);
  expect(troubles).toEqual([]);
});

test('a drained segment is deleted', () => {
  const spool = open(512 * 1024);
  for (let at = 0; at < 40; at++) spool.write(record(at, 200), 200);
  expect(readdirSync(directory).filter((name) => name.endsWith('.spool')).length).toBeGreaterThan(1);
  expect(drain(spool)).toHaveLength(8_000);
  expect(readdirSync(directory).filter((name) => name.endsWith('.spool'))).toHaveLength(1);
  expect(spool.waitingBytes).toBe(0);
});

test('a tail torn at any byte costs the last record only', () => {
  const spool = open();
  for (const at of [1, 2, 3]) spool.write(record(at, 1), 1);
  spool.close();
  const file = onlySegment();
  const size = readFileSync(file).length;
  for (let cut = 1; cut < size / 3; cut++) {
    truncateSync(file, size - cut);
    const copy = readFileSync(file);
    const torn = open();
    expect(drain(torn, true)).toEqual([1, 2]);
    torn.close();
    writeFileSync(file, copy);
  }
  expect(troubles.length).toBeGreaterThan(0);
});

test('a flipped bit anywhere in a record costs that record only, and its points are counted', () => {
  const spool = open();
  for (const at of [1, 2, 3]) spool.write(record(at, 1), 1);
  spool.close();
  const file = onlySegment();
  const whole = readFileSync(file);
  const third = whole.length / 3;
  for (let byte = third; byte < 2 * third; byte++) {
    const flipped = Buffer.from(whole);
    flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (byte % 8));
    writeFileSync(file, flipped);
    const spoiled = open();
    const known = spoiled.points;
    expect(drain(spoiled, true)).toEqual([1, 3]);
    expect(spoiled.points).toBe(0);
    expect(spoiled.takeLost()).toBe(known - 2);
    spoiled.close();
  }
});

test('garbage before, between and behind records is passed over and reported', () => {
  const spool = open();
  spool.write(record(1, 1), 1);
  spool.close();
  const one = readFileSync(onlySegment());
  writeFileSync(onlySegment(), Buffer.concat([Buffer.alloc(64, 0x41), one, Buffer.alloc(3 * 1024 * 1024, 0x5a), one]));
  appendFileSync(onlySegment(), 'tail');
  writeFileSync(join(directory, '0000000009.spool'), 'nothing like a record');
  writeFileSync(join(directory, 'cursor'), 'nonsense');
  writeFileSync(join(directory, 'README'), 'not ours');
  const found = open();
  expect(drain(found)).toEqual([1, 1]);
  expect(troubles).toContain('a part of the spool is not readable');
});

test('at the bound the oldest segment goes, its points are counted, the order stays', () => {
  const spool = open(512 * 1024);
  for (let at = 0; at < 200; at++) spool.write(record(at, 200), 200);
  const lost = spool.takeLost();
  const left = drain(spool);
  expect(lost).toBeGreaterThan(0);
  expect(lost + left.length).toBe(40_000);
  expect(left).toEqual([...left].sort((one, other) => one - other));
  expect(left.at(-1)).toBe(199);
});

test('points under way when their segment is shed are not counted twice', () => {
  const spool = open(512 * 1024);
  for (let at = 0; at < 20; at++) spool.write(record(at, 200), 200);
  const chunk = spool.read(400);
  for (let at = 20; at < 200; at++) spool.write(record(at, 200), 200);
  if (chunk !== undefined) spool.advance(chunk, false);
  expect(400 + spool.takeLost() + drain(spool).length).toBe(40_000);
});

test('a store that keeps the cursor itself is believed, also when the folder is new', () => {
  const options = { directory, maxBytes: 1024 * 1024, onTrouble: () => undefined };
  const spool = new Spool(options, { segment: 7, offset: 480 });
  spool.write(record(1, 1), 1);
  expect(spool.end.segment).toBe(8);
  expect(drain(spool, true)).toEqual([1]);
  spool.close();
  const again = new Spool(options, { segment: 7, offset: 480 });
  expect(drain(again, true)).toEqual([1]);
});

/** A record of points that are all at one time. */
function record(at: number, points: number): ArrayBuffer {
  const builder = new BatchBuilder('bus.position', { lat: 'number', lon: 'number', route: 'string' });
  for (let index = 0; index < points; index++) {
    builder.add({
      measurement: 'bus.position',
      subject: `bus-${index}`,
      at,
      fields: { lat: 21, lon: 105, route: '01' },
    });
  }
  return builder.take();
}

/** The times of all points, in the order in which the spool gives them. */
function drain(spool: Spool, isNoted = false): number[] {
  const times: number[] = [];
  for (let chunk = spool.read(1_000); chunk !== undefined; chunk = spool.read(1_000)) {
    for (const batch of chunk.batches) times.push(...batch.at);
    spool.advance(chunk, isNoted);
  }
  return times;
}

function onlySegment(): string {
  const [name, ...others] = readdirSync(directory)
    .filter((one) => one.endsWith('.spool'))
    .filter((one) => readFileSync(join(directory, one)).length > 0);
  if (name === undefined || others.length > 0) throw new Error('expected one segment');
  return join(directory, name);
}
