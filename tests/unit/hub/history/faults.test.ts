/** The history when the process is killed, or its files are not what they should be. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../../../hub/errors.ts';
import { type HistoryOptions, openHistory } from '../../../../hub/history/open.ts';
import type { History, Point } from '../../../../hub/ports.ts';
import { startInfluxFake } from '../../../support/influx-fake.ts';
import { until } from '../../../support/until.ts';

const measurements = { 'bus.position': { lat: 'number' } } as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhip-history-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(changes: Partial<HistoryOptions> = {}): Promise<History> {
  const limits = { pendingPoints: 100_000, spoolBytes: 64 * 1024 * 1024 };
  const log = pino({ level: 'silent' });
  return openHistory({ directory: folder, config: {}, measurements, limits, log, ...changes });
}

describe('ten kills at random moments', () => {
  test('DuckDB: every safe point is stored, and none twice', { timeout: 120_000 }, async () => {
    const safe = await tenKills([]);
    const history = await open();
    expect(await history.flush(10_000)).toBe(true);
    const rows = await history.query({ ...everything, fields: ['lat'] });
    const kept = await history.forget('bus.position', 1e9);
    await history.close();
    const stored = new Set(rows.map((row) => row.at));
    expect(safe.length).toBeGreaterThan(100);
    expect(safe.filter((at) => !stored.has(at))).toEqual([]);
    expect(kept).toBe(rows.length);
  });

  test('InfluxDB: every safe point arrives', { timeout: 120_000 }, async () => {
    const fake = await startInfluxFake();
    const safe = await tenKills([fake.url, fake.token]);
    const influx = { url: fake.url, token: fake.token, org: 'nhip', bucket: 'telemetry' };
    const history = await open({ config: { influx } });
    expect(await history.flush(10_000)).toBe(true);
    await history.close();
    await fake.stop();
    const stored = new Set(fake.lines.map((line) => Number(line.slice(line.lastIndexOf(' ') + 1))));
    expect(safe.length).toBeGreaterThan(100);
    expect(safe.filter((at) => !stored.has(at))).toEqual([]);
  });
});

describe('a start that cannot be says what to do', () => {
  test('the database is another kind of file', async () => {
    await writeFile(join(folder, 'history.duckdb'), 'x'.repeat(20_000));
    const cause = await failureOf(open());
    expect(cause).toBeInstanceOf(StartError);
    expect(cause.message).toMatch(/not a whole DuckDB database/);
    expect(cause.message).toContain(join(folder, 'history.duckdb'));
    expect(cause.message).toContain('npx nhip restore <file>');
  });

  test('the database has lost its end', async () => {
    const history = await open();
    history.append(Array.from({ length: 20_000 }, (_, at) => point(at)));
    await history.flush(10_000);
    await history.close();
    await truncate(join(folder, 'history.duckdb'), 9_000);
    const cause = await failureOf(open());
    expect(cause).toBeInstanceOf(StartError);
    expect(cause.message).toContain('npx nhip restore <file>');
  });

  test('the database is open in another process', async () => {
    const other = startWriter([]);
    await until('the other process writes', () => other.safe.length > 0, 20_000);
    const cause = await failureOf(open());
    await other.kill();
    expect(cause).toBeInstanceOf(StartError);
    expect(cause.message).toMatch(/open in another process\. Stop the other hub/);
  });

  test('the folder is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const cause = await failureOf(open({ directory: join(folder, 'file', 'history') }));
    expect(cause).toBeInstanceOf(StartError);
    expect(cause.message).toContain('HUB_DATA_DIR');
  });

  test('the spool is a file', async () => {
    await writeFile(join(folder, 'spool'), '');
    const cause = await failureOf(open());
    expect(cause).toBeInstanceOf(StartError);
    expect(cause.message).toMatch(/spool.*cannot be used/);
  });

  test('a name that not every store can hold is our own mistake', async () => {
    await expect(open({ measurements: { 'bad name': { lat: 'number' } } })).rejects.toThrow(/cannot name/);
    await expect(open({ measurements: { position: { at: 'number' } } })).rejects.toThrow(/taken already/);
    await expect(open({ measurements: { position: { lat: 'number', LAT: 'number' } } })).rejects.toThrow(
      /taken already/,
    );
  });
});

test('a measurement that has grown a field keeps its old points', async () => {
  const before = await open();
  before.append([point(1_000)]);
  await before.close();
  const after = await open({ measurements: { 'bus.position': { lat: 'number', route: 'string' } } });
  after.append([{ ...point(2_000), fields: { lat: 5, route: '09' } }]);
  await after.flush(5_000);
  const rows = await after.query(everything);
  await after.close();
  expect(rows).toEqual([
    { at: 1_000, values: { lat: 21, route: null } },
    { at: 2_000, values: { lat: 5, route: '09' } },
  ]);
});

test('points that wait in memory beyond the bound are shed, oldest first, and counted', async () => {
  const fake = await startInfluxFake();
  const influx = { url: fake.url, token: fake.token, org: 'nhip', bucket: 'telemetry' };
  const history = await open({ config: { influx }, limits: { pendingPoints: 10_000, spoolBytes: 64 * 1024 * 1024 } });
  // In one turn of the loop the worker cannot answer: what is beyond the bound has nowhere to go.
  history.append(Array.from({ length: 50_000 }, (_, at) => point(at)));
  const { offered, pending, shed } = history.stats();
  expect({ offered, sum: pending + shed }).toEqual({ offered: 50_000, sum: 50_000 });
  expect(pending).toBeLessThanOrEqual(12_048);
  expect(await history.flush(10_000)).toBe(true);
  expect(history.stats()).toMatchObject({ written: 50_000 - shed, pending: 0 });
  await history.close();
  await fake.stop();
  expect(Number(fake.lines.at(-1)?.split(' ').at(-1))).toBe(49_999);
});

test('when the disk refuses the spool, a safe append is rejected and the points are kept in memory', async () => {
  const fake = await startInfluxFake();
  const influx = { url: fake.url, token: fake.token, org: 'nhip', bucket: 'telemetry' };
  const history = await open({ config: { influx } });
  await history.appendSafely([point(1)]);
  await history.flush(5_000);
  await rm(join(folder, 'spool'), { recursive: true });
  await mkdir(join(folder, 'spool-moved'));
  // The open segment can still be written; the next one, after 8 MiB, cannot be made.
  const outcomes = await Promise.allSettled(Array.from({ length: 25 }, (_, round) => bigAppend(history, round)));
  expect(outcomes.map((outcome) => outcome.status)).toContain('rejected');
  const { offered, written, pending, shed, refused } = history.stats();
  expect(written + pending + shed + refused).toBe(offered);
  await history.close();
  await fake.stop();
});

test.skipIf(process.platform === 'win32')(
  'a disk that takes no more: the fault is shown, the process lives, every point is accounted for',
  { timeout: 60_000 },
  async () => {
    // A limit on the size of a file stands in for the disk: 3 MiB here, in a process of its own.
    const script = new URL('./full-disk.ts', import.meta.url).pathname;
    const command = 'ulimit -f 3072; exec "$0" "$1" "$2"';
    const output = await run('bash', ['-c', command, process.execPath, script, folder]);
    const report: { offered: number; written: number; shed: number; isExact: boolean; faults: string[] } =
      JSON.parse(output);
    expect(report).toMatchObject({ offered: 150_000, isExact: true });
    expect(report.shed).toBeGreaterThan(0);
    expect(report.faults.join()).toMatch(/cannot be written|stopped/);
  },
);

const everything = {
  measurement: 'bus.position',
  subject: 'bus-1',
  fields: [],
  from: 0,
  to: 1e9,
  limit: 100_000,
} as const;

function point(at: number): Point {
  return { measurement: 'bus.position', subject: 'bus-1', at, fields: { lat: 21 } };
}

async function bigAppend(history: History, round: number): Promise<void> {
  await history.appendSafely(Array.from({ length: 20_000 }, (_, index) => point(round * 20_000 + index)));
}

/** A process that appends safely without pause and says which times are safe. */
function startWriter(influx: readonly string[], from = 0) {
  const script = new URL('./writer.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder, String(from), ...influx], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const safe: number[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => safe.push(...line.split(' ').map(Number)));
  const closed = new Promise((resolve) => lines.once('close', resolve));
  return {
    safe,
    async kill(): Promise<void> {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await closed;
    },
  };
}

async function tenKills(influx: readonly string[]): Promise<number[]> {
  const safe: number[] = [];
  for (let round = 0; round < 10; round++) {
    const writer = startWriter(influx, round * 10_000);
    await until('the first point is safe', () => writer.safe.length > 0, 20_000);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
    await writer.kill();
    safe.push(...writer.safe);
  }
  return safe;
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { encoding: 'utf8' }, (cause, stdout) => {
      if (cause === null) resolve(stdout);
      else reject(cause);
    });
  });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const cause: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (cause instanceof Error) return cause;
  throw new Error('it did not fail');
}
