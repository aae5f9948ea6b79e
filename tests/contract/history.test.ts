/** What every history promises. Each store runs this suite: the embedded one always, InfluxDB where one can be had. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHistory } from '../../hub/history/open.ts';
import type { History, HistoryQuery, Point } from '../../hub/ports.ts';
import { findInflux, type InfluxServer, startInflux } from '../support/influx-server.ts';

const log = pino({ level: 'silent' });
const limits = { pendingPoints: 100_000, spoolBytes: 64 * 1024 * 1024 };
const measurements = {
  'bus.position': { lat: 'number', lon: 'number', route: 'string' },
  'parking.count': { occupied: 'number', capacity: 'number' },
} as const;

const influxSource = findInflux(process.env);
let influx: InfluxServer | undefined;

const stores = [
  { name: 'DuckDB', isInflux: false, skip: false },
  {
    name:
      influxSource.kind === 'none'
        ? 'InfluxDB (skipped: no HUB_TEST_INFLUX_URL, no influxd on the PATH, no Docker engine)'
        : `InfluxDB (${influxSource.kind})`,
    isInflux: true,
    skip: influxSource.kind === 'none',
  },
] as const;

let folder: string;
let history: History;
/** Subjects of one test are its own, because a server keeps what the tests before wrote. */
let mark = 0;
let bus: string;

describe.each(stores)('the history on $name', ({ isInflux, skip }) => {
  beforeAll(async () => {
    if (isInflux && !skip) influx = await startInflux(influxSource, process.env);
  }, 120_000);
  afterAll(async () => {
    if (isInflux) await influx?.stop();
  });

  const open = (): Promise<History> =>
    openHistory({ directory: folder, config: isInflux && influx ? { influx } : {}, measurements, limits, log });

  beforeEach(async () => {
    if (skip) return;
    folder = await mkdtemp(join(tmpdir(), 'nhip-history-'));
    bus = `bus-${++mark}`;
    history = await open();
  });
  afterEach(async () => {
    if (skip) return;
    await history.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.skipIf(skip)('points come back raw, in order of time, with null for what a point did not have', async () => {
    history.append([
      position(3_000, { lat: 21.03, lon: 105.85, route: '01' }),
      position(1_000, { lat: 21.01, lon: 105.81 }),
      position(2_000, { route: 'số 2' }),
    ]);
    expect(await history.flush(5_000)).toBe(true);
    expect(await history.query(raw())).toEqual([
      { at: 1_000, values: { lat: 21.01, lon: 105.81, route: null } },
      { at: 2_000, values: { lat: null, lon: null, route: 'số 2' } },
      { at: 3_000, values: { lat: 21.03, lon: 105.85, route: '01' } },
    ]);
  });

  test.skipIf(skip)(
    'a query has its beginning in and its end out, only its fields, and at most its limit',
    async () => {
      history.append([1_000, 2_000, 3_000, 4_000].map((at) => position(at, { lat: at / 1_000, lon: 1 })));
      await history.flush(5_000);
      expect(await history.query({ ...raw(), fields: ['lat'], from: 2_000, to: 4_000 })).toEqual([
        { at: 2_000, values: { lat: 2 } },
        { at: 3_000, values: { lat: 3 } },
      ]);
      expect(await history.query({ ...raw(), fields: ['lat'], limit: 2 })).toEqual([
        { at: 1_000, values: { lat: 1 } },
        { at: 2_000, values: { lat: 2 } },
      ]);
      expect(await history.query({ ...raw(), from: 5_000, to: 5_000 })).toEqual([]);
      expect(await history.query({ ...raw(), subject: 'nobody' })).toEqual([]);
    },
  );

  test.skipIf(skip)('of two points at one time the later one stands, field by field', async () => {
    history.append([position(1_000, { lat: 1, lon: 5 }), position(1_000, { lat: 2 })]);
    await history.flush(5_000);
    history.append([position(1_000, { route: '09' }), position(2_000, { lat: 7 })]);
    await history.flush(5_000);
    history.append([position(1_000, { lat: 3 })]);
    await history.flush(5_000);
    expect(await history.query(raw())).toEqual([
      { at: 1_000, values: { lat: 3, lon: 5, route: '09' } },
      { at: 2_000, values: { lat: 7, lon: null, route: null } },
    ]);
    expect(await history.query({ ...raw(), fields: ['lat'], everyMs: 10_000 })).toEqual([
      { at: 0, buckets: { lat: { mean: 5, min: 3, max: 7, count: 2 } } },
    ]);
  });

  test.skipIf(skip)(
    'buckets begin at multiples of their width and carry mean, minimum, maximum and count',
    async () => {
      history.append([
        position(61_000, { lat: 1, lon: 10 }),
        position(119_999, { lat: 4 }),
        position(120_000, { lat: 8, lon: 20, route: 'x' }),
        position(300_000, { route: 'only text' }),
        position(360_000, { lon: 30 }),
      ]);
      await history.flush(5_000);
      expect(await history.query({ ...raw(), from: 61_000, to: 400_000, everyMs: 60_000 })).toEqual([
        {
          at: 60_000,
          buckets: { lat: { mean: 2.5, min: 1, max: 4, count: 2 }, lon: { mean: 10, min: 10, max: 10, count: 1 } },
        },
        {
          at: 120_000,
          buckets: { lat: { mean: 8, min: 8, max: 8, count: 1 }, lon: { mean: 20, min: 20, max: 20, count: 1 } },
        },
        { at: 360_000, buckets: { lon: { mean: 30, min: 30, max: 30, count: 1 } } },
      ]);
      expect(await history.query({ ...raw(), fields: ['lat'], everyMs: 60_000, limit: 1 })).toHaveLength(1);
    },
  );

  test.skipIf(skip)('hostile subjects and texts are stored and found as they are', async () => {
    const words = [
      'end\\',
      'a\\,role=admin',
      'two\nlines',
      'quote"s',
      'q\\"',
      'a=b,c d',
      '%5C',
      "x' OR 1=1 --",
      '$' + '{1}',
      'Hà Nội 🚌',
      '',
    ];
    const subjects = words.filter((word) => word !== '').map((word) => `${bus}-${word}`);
    history.append(subjects.map((subject, index) => ({ ...position(1_000, { lat: index }), subject })));
    history.append(words.map((route, index) => position(1_000 + index, { route })));
    expect(await history.flush(5_000)).toBe(true);
    for (const [index, subject] of subjects.entries()) {
      expect(await history.query({ ...raw(), subject, fields: ['lat'] })).toEqual([
        { at: 1_000, values: { lat: index } },
      ]);
    }
    const rows = await history.query({ ...raw(), fields: ['route'] });
    expect(rows.map((row) => ('values' in row ? row.values.route : undefined))).toEqual(words);
    expect(history.stats()).toMatchObject({ offered: 21, written: 21, refused: 0 });
  });

  test.skipIf(skip)('what no store could keep is refused and counted, the rest is written', async () => {
    history.append([
      position(1_000, { lat: 1 }),
      position(2_000, {}),
      position(3_000, { lat: Number.NaN, lon: Number.POSITIVE_INFINITY }),
      { ...position(4_000, { lat: 1 }), subject: '' },
      { ...position(5_000, { lat: 1 }), measurement: 'no.such' },
      position(Number.NaN, { lat: 1 }),
      position(1e16, { lat: 1 }),
      { ...position(8_000, {}), fields: { lat: 'text', lon: 2, unknown: 3 } },
    ]);
    await history.flush(5_000);
    expect(history.stats()).toEqual({ offered: 8, written: 2, pending: 0, shed: 0, refused: 6, spoolBytes: 0 });
    expect(await history.query(raw())).toEqual([
      { at: 1_000, values: { lat: 1, lon: null, route: null } },
      { at: 8_000, values: { lat: null, lon: 2, route: null } },
    ]);
  });

  test.skipIf(skip)('a question about what does not exist is answered with what does', async () => {
    await expect(history.query({ ...raw(), measurement: 'no.such' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(history.query({ ...raw(), fields: ['height'] })).rejects.toThrow(/it has lat, lon, route/);
    await expect(history.query({ ...raw(), fields: ['route'], everyMs: 1_000 })).rejects.toThrow(/numeric field/);
    await expect(history.query({ ...raw(), everyMs: 0.5 })).rejects.toMatchObject({ code: 'invalid' });
  });

  test.skipIf(skip)('safe points survive a close, are written after the next start, and once', async () => {
    await history.appendSafely([position(1_000, { lat: 1 }), position(2_000, { lat: 2 })]);
    await history.close();
    history = await open();
    await history.flush(5_000);
    expect(await history.query({ ...raw(), fields: ['lat'] })).toEqual([
      { at: 1_000, values: { lat: 1 } },
      { at: 2_000, values: { lat: 2 } },
    ]);
    const { pending, shed } = history.stats();
    expect({ pending, shed }).toEqual({ pending: 0, shed: 0 });
  });

  test.skipIf(skip)('at every moment: offered = written + pending + shed + refused', async () => {
    let offered = 0;
    for (let batch = 0; batch < 60; batch++) {
      const points = Array.from({ length: 500 }, (_, index) => position(batch * 500 + index, { lat: index }));
      if (batch % 3 === 0) await history.appendSafely(points);
      else history.append(points);
      offered += 500;
      const { written, pending, shed, refused, ...rest } = history.stats();
      expect(rest.offered).toBe(offered);
      expect(written + pending + shed + refused).toBe(offered);
      expect(pending).toBeGreaterThanOrEqual(0);
    }
    expect(await history.flush(20_000)).toBe(true);
    expect(history.stats()).toEqual({
      offered: 30_000,
      written: 30_000,
      pending: 0,
      shed: 0,
      refused: 0,
      spoolBytes: 0,
    });
    const [row] = await history.query({ ...raw(), fields: ['lat'], from: 0, to: 30_000, everyMs: 30_000 });
    expect(row).toEqual({ at: 0, buckets: { lat: { mean: 249.5, min: 0, max: 499, count: 30_000 } } });
  });

  test.skipIf(skip)('forgetting takes one measurement before a time, and says how many', async () => {
    const old = 1_000_000_000_000 + mark * 1_000_000;
    history.append([
      { measurement: 'parking.count', subject: bus, at: old, fields: { occupied: 5, capacity: 9 } },
      { measurement: 'parking.count', subject: bus, at: old + 1_000, fields: { occupied: 6, capacity: 9 } },
      { measurement: 'parking.count', subject: bus, at: old + 2_000, fields: { occupied: 7, capacity: 9 } },
      position(old, { lat: 1 }),
    ]);
    await history.flush(5_000);
    expect(await history.forget('parking.count', old + 2_000)).toBe(2);
    expect(await history.query({ ...raw(), measurement: 'parking.count', fields: ['occupied'], to: 2e12 })).toEqual([
      { at: old + 2_000, values: { occupied: 7 } },
    ]);
    expect(await history.query({ ...raw(), fields: ['lat'], to: 2e12 })).toHaveLength(1);
  });
});

function position(at: number, fields: Point['fields']): Point {
  return { measurement: 'bus.position', subject: bus, at, fields };
}

function raw(): HistoryQuery {
  return { measurement: 'bus.position', subject: bus, fields: [], from: 0, to: 1_000_000, limit: 1_000 };
}
