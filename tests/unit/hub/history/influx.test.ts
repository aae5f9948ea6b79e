/** The history in front of an InfluxDB that is down, slow, full or wrong: a scripted server answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHistory } from '../../../../hub/history/open.ts';
import type { History, Point } from '../../../../hub/ports.ts';
import { type InfluxFake, startInfluxFake } from '../../../support/influx-fake.ts';
import { until } from '../../../support/until.ts';

const limits = { pendingPoints: 100_000, spoolBytes: 64 * 1024 * 1024 };
const measurements = { 'bus.position': { lat: 'number', route: 'string' } } as const;

let folder: string;
let fake: InfluxFake;
let history: History;
let logged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhip-history-'));
  fake = await startInfluxFake();
  logged = [];
  history = await open();
});
afterEach(async () => {
  await history.close();
  await fake.stop();
  await rm(folder, { recursive: true, force: true });
});

function open(changes: { token?: string; spoolBytes?: number } = {}): Promise<History> {
  return openHistory({
    directory: folder,
    config: { influx: { url: fake.url, token: changes.token ?? fake.token, org: 'nhip', bucket: 'telemetry' } },
    measurements,
    limits: { ...limits, spoolBytes: changes.spoolBytes ?? limits.spoolBytes },
    log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
  });
}

test('a point becomes one line with its subject as the tag and its time in milliseconds', async () => {
  history.append([
    {
      measurement: 'bus.position',
      subject: 'bus 1,\\x=',
      at: 1_750_000_000_123,
      fields: { lat: 21.5, route: 'a"b\\' },
    },
  ]);
  expect(await history.flush(5_000)).toBe(true);
  expect(fake.lines).toEqual(['bus.position,subject=bus\\ 1\\,%5Cx\\= lat=21.5,route="a\\"b\\\\" 1750000000123']);
});

test('a server that is down: points wait on disk, through a restart of the hub, and drain in order and once', async () => {
  await fake.stop();
  await history.appendSafely(numbered(0, 3_000));
  history.append(numbered(3_000, 6_000));
  await until('the fault is shown', () => history.stats().fault);
  expect(history.stats().fault).toContain('does not answer');
  expect(history.stats()).toMatchObject({ offered: 6_000, written: 0, pending: 6_000, shed: 0 });
  await until('all is in the spool', () => history.stats().spoolBytes > 6_000 * 12);
  await history.close();

  history = await open();
  expect(history.stats()).toMatchObject({ offered: 6_000, written: 0, pending: 6_000 });
  await history.appendSafely(numbered(6_000, 7_000));
  expect(await history.flush(100)).toBe(false);

  await fake.start();
  await until('the spool is drained', () => history.stats().pending === 0, 20_000);
  expect(fake.lines.map(numberOf)).toEqual(Array.from({ length: 7_000 }, (_, index) => index));
  const { fault, ...counts } = history.stats();
  expect(fault).toBeUndefined();
  expect(counts).toEqual({ offered: 7_000, written: 7_000, pending: 0, shed: 0, refused: 0, spoolBytes: 0 });
});

test.each([500, 503])('a %i is tried again after a while, with the same lines', async (status) => {
  fake.respond = (_lines, write) => (write <= 2 ? { status, body: { message: 'not now' } } : undefined);
  await history.appendSafely(numbered(0, 10));
  await until('the fault is shown', () => history.stats().fault);
  expect(history.stats().fault).toContain(`answers ${status} (not now)`);
  await until('the points are written', () => history.stats().written === 10, 15_000);
  expect(fake.writes.map((write) => write.lines)).toEqual([10, 10, 10]);
  expect(fake.lines.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a Retry-After of 2 means two seconds', async () => {
  fake.respond = (_lines, write) =>
    write === 1 ? { status: 429, headers: { 'retry-after': '2' }, body: { message: 'slow down' } } : undefined;
  await history.appendSafely(numbered(0, 10));
  await until('the points are written', () => history.stats().written === 10, 15_000);
  const [first, second] = fake.writes;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
});

test('one poison line of 1,000 costs one point: it is found, counted and named', async () => {
  const isPoison = (line: string): boolean => numberOf(line) === 617;
  fake.respond = (lines) =>
    lines.some(isPoison) ? { status: 400, body: { code: 'invalid', message: 'unable to parse' } } : undefined;
  await history.appendSafely(numbered(0, 1_000));
  expect(await history.flush(10_000)).toBe(true);
  expect(history.stats()).toEqual({ offered: 1_000, written: 999, pending: 0, shed: 0, refused: 1, spoolBytes: 0 });
  expect(fake.lines.map(numberOf)).toEqual(Array.from({ length: 1_000 }, (_, index) => index).filter((n) => n !== 617));
  expect(logged.filter((line) => line.includes('InfluxDB will never take this line'))).toHaveLength(1);
  expect(logged.join()).toContain(' 617');
});

test('when no line at all is taken the server is at fault, not the points: they stay', async () => {
  fake.respond = () => ({ status: 400, body: { message: 'this is no line protocol endpoint' } });
  await history.appendSafely(numbered(0, 500));
  await until('the fault is shown', () => history.stats().fault);
  expect(history.stats()).toMatchObject({ written: 0, refused: 0, pending: 500 });
  expect(history.stats().fault).toMatch(/refuses every line/);
});

test('a 422 tells how many points it dropped; the others are stored', async () => {
  const message = 'failure writing points to database: partial write: field type conflict: input field "lat" dropped=3';
  fake.respond = () => ({ status: 422, body: { code: 'unprocessable entity', message } });
  await history.appendSafely(numbered(0, 100));
  await until('the points are settled', () => history.stats().pending === 0);
  expect(history.stats()).toMatchObject({ written: 97, refused: 3 });
  expect(fake.writes).toHaveLength(1);
});

test('a request that is too large is halved', async () => {
  fake.respond = (lines) => (lines.length > 100 ? { status: 413, body: { message: 'too large' } } : undefined);
  await history.appendSafely(numbered(0, 400));
  expect(await history.flush(5_000)).toBe(true);
  expect(history.stats()).toMatchObject({ written: 400, refused: 0 });
  expect(fake.lines.map(numberOf)).toEqual(Array.from({ length: 400 }, (_, index) => index));
});

test('a token that is not accepted keeps the points and names the setting', async () => {
  await history.close();
  history = await open({ token: 'wrong' });
  await history.appendSafely(numbered(0, 10));
  await until('the fault is shown', () => history.stats().fault);
  expect(history.stats().fault).toContain('HUB_INFLUX_TOKEN');
  expect(history.stats()).toMatchObject({ pending: 10, refused: 0, shed: 0 });
});

test('a bucket that does not exist keeps the points and names the bucket', async () => {
  fake.respond = () => ({ status: 404, body: { code: 'not found', message: 'bucket "telemetry" not found' } });
  await history.appendSafely(numbered(0, 10));
  await until('the fault is shown', () => history.stats().fault);
  expect(history.stats().fault).toMatch(/bucket "telemetry".*HUB_INFLUX_BUCKET/);
  expect(history.stats()).toMatchObject({ pending: 10, refused: 0, shed: 0 });
});

test('a slow server holds up neither the callers nor the disk', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  fake.respond = async () => {
    await held;
    return undefined;
  };
  await history.appendSafely(numbered(0, 10));
  await until('the server has the first write', () => fake.writes.length === 1);
  await history.appendSafely(numbered(10, 20));
  expect(history.stats()).toMatchObject({ offered: 20, pending: 20 });
  release();
  expect(await history.flush(5_000)).toBe(true);
  expect(fake.lines.map(numberOf)).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('at its bound the spool sheds its oldest points, counted, and the newest are written', async () => {
  await history.close();
  await fake.stop();
  history = await open({ spoolBytes: 1024 * 1024 });
  for (let from = 0; from < 120_000; from += 2_000) await history.appendSafely(numbered(from, from + 2_000));
  const { shed, pending, spoolBytes } = history.stats();
  expect(shed).toBeGreaterThan(10_000);
  expect(shed + pending).toBe(120_000);
  expect(spoolBytes).toBeLessThanOrEqual(1024 * 1024);
  await fake.start();
  await until('the rest is written', () => history.stats().pending === 0, 25_000);
  const stats = history.stats();
  expect(stats.written + stats.shed).toBe(120_000);
  expect(fake.lines).toHaveLength(stats.written);
  expect(fake.lines.map(numberOf).at(-1)).toBe(119_999);
  expect(logged.join()).toContain('the spool is full');
});

test('stopping while the server is away is quick and loses nothing', async () => {
  await fake.stop();
  history.append(numbered(0, 100));
  await history.close();
  await fake.start();
  history = await open();
  expect(await history.flush(10_000)).toBe(true);
  expect(fake.lines).toHaveLength(100);
});

/** Points whose time is their number. */
function numbered(from: number, to: number): Point[] {
  return Array.from({ length: to - from }, (_, index) => ({
    measurement: 'bus.position',
    subject: `bus-${(from + index) % 50}`,
    at: from + index,
    fields: { lat: 21 },
  }));
}

function numberOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}
