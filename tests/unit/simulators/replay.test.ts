import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPosition } from '../../../hub/cli/recorded-position.ts';
import { devicesIn, replayPositions } from '../../../hub/cli/replay.ts';

const washington = join(
  import.meta.dirname,
  '../../../../shared/data/transit/wmata-d40/vehicle-positions-2026-02-16.csv',
);
const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const heard: { readonly topic: string; readonly body: unknown }[] = [];
let url = '';
let stop: () => Promise<void>;

beforeAll(async () => {
  const broker = await Aedes.createBroker();
  broker.on('publish', (packet, client) => {
    if (client === null || !packet.topic.endsWith('/position')) return;
    heard.push({ topic: packet.topic, body: JSON.parse(packet.payload.toString()) });
  });
  const server = createServer(broker.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `mqtt://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  stop = async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  };
});

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

function recording(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const small = `device,ts,lat,lon,speed,bearing,route,trip
29B-1,1700000000,21.03,105.85,5,90,01,t1
29B 2,1700000001,21.04,105.86,,,,
29B-1,not a time,21.03,105.85,5,90,01,t1
29B-1,1700000006,21.031,105.851,6,91,01,t1
`;

test('a recording is played in order with its times moved to now', async () => {
  const file = recording('small.csv', small);
  const before = Date.now();
  const options = { file, url, speed: 60, credentials: (id: string) => ({ username: id, password: 'p' }) };
  const seen: number[] = [];
  const result = await replayPositions({ ...options, progress: ({ sent }) => seen.push(sent) });
  expect(result.devices).toBe(2);
  expect(result.badRows).toBe(1);
  expect(result.sent).toBe(3);
  expect(result.skipped).toBe(0);
  expect(seen.at(-1)).toBe(result.sent);
  const first = heard.filter(({ topic }) => topic === 'city/v1/bus/bus-29B-1/position');
  expect(first.at(-1)?.body).toMatchObject({
    lat: 21.031,
    lon: 105.851,
    speed: 6,
    bearing: 91,
    route: '01',
    trip: 't1',
  });
  const times = heard.map(({ body }) => Number(Reflect.get(Object(body), 'ts')));
  expect(times.every((time) => time >= before && time <= Date.now())).toBe(true);
});

test('the vehicles of a recording are listed with ids that fit topics', async () => {
  expect(await devicesIn(recording('list.csv', small))).toEqual([
    { id: 'bus-29B-1', label: '29B-1' },
    { id: 'bus-29B-2', label: '29B 2' },
  ]);
});

test('a replay ends when told to', async () => {
  const long = recording('long.csv', 'device,ts,lat,lon\na,1700000000,21,105\na,1700009999,21,105\n');
  const end = new AbortController();
  const options = { file: long, url, speed: 1, loop: true, credentials: () => ({ username: 'a', password: 'p' }) };
  const progress = ({ sent }: { readonly sent: number }): void => expect(sent).toBeLessThan(2);
  setImmediate(() => end.abort());
  const result = await replayPositions({ ...options, signal: end.signal, progress });
  expect(result.sent).toBeLessThan(2);
});

test('a file without positions, a wrong speed and missing credentials are refused in words', async () => {
  const empty = recording('empty.csv', 'a,b\n1,2\n');
  const options = { file: empty, url, speed: 1, credentials: () => undefined };
  await expect(replayPositions(options)).rejects.toThrow('holds no position; it needs the columns device,ts,lat,lon');
  await expect(replayPositions({ ...options, speed: 99 })).rejects.toThrow('speed is 99; expected 1 to 60');
  const file = recording('alone.csv', small);
  await expect(replayPositions({ ...options, file })).rejects.toThrow('no device of the recording has credentials');
});

test('a row of a flattened GTFS-Realtime feed is a position', () => {
  const row = {
    'vehicle.vehicle.id': '7220',
    'vehicle.timestamp': '1771257501',
    'vehicle.position.latitude': '38.906',
    'vehicle.position.longitude': '-77.021',
    'vehicle.position.speed': '11.5',
    'vehicle.trip.route_id': 'D40',
    'vehicle.trip.direction_id': '0.0',
    'vehicle.occupancy_status': '1',
  };
  const position = { lat: 38.906, lon: -77.021, speed: 11.5, route: 'D40', direction: 0, occupancy: 1 };
  expect(readPosition(row)).toEqual({ deviceId: 'bus-7220', label: '7220', at: 1_771_257_501_000, position });
  expect(readPosition({ ...row, 'vehicle.timestamp': '' })).toBeUndefined();
  expect(readPosition({ device: 'x', ts: '2026-02-16T10:00:00Z', lat: '0', lon: '0' })).toBeUndefined();
});

test.skipIf(!existsSync(washington))(
  'the recorded Washington day has ten vehicles (skipped where ../shared/data is absent)',
  async () => {
    const devices = await devicesIn(washington);
    expect(devices.length).toBe(10);
    expect(devices[0]).toEqual({ id: 'bus-7223', label: '7223' });
  },
);
