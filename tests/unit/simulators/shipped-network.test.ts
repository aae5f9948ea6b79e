import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { buildGtfs } from '../../../simulators/city/make-gtfs.ts';
import { cityFolder } from '../../../simulators/city.ts';
import { parseTimeOfDay } from '../../../simulators/clock.ts';
import { loadNetwork } from '../../../simulators/gtfs.ts';

const table = (name: string): Record<string, string>[] =>
  parse<Record<string, string>>(readFileSync(join(cityFolder, 'gtfs', name), 'utf8'), { columns: true });
const column = (name: string, field: string): Set<string> => new Set(table(name).map((row) => row[field] ?? ''));

test('the shipped GTFS files are what the generator writes', () => {
  for (const [name, text] of buildGtfs()) {
    expect(readFileSync(join(cityFolder, 'gtfs', name), 'utf8') === text, name).toBe(true);
  }
});

test('the network has thirteen lines, says that it is approximate, and each file is under 1 MiB', () => {
  expect([...column('routes.txt', 'route_id')]).toEqual([
    '01',
    '02',
    '03A',
    '09A',
    '14',
    '16',
    '22A',
    '26',
    '32',
    '34',
    '55A',
    '86',
    'BRT01',
  ]);
  expect(table('agency.txt')[0]?.agency_name).toContain('approximate');
  for (const text of buildGtfs().values()) expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
});

test('every id that the feed mentions exists', () => {
  const routes = column('routes.txt', 'route_id');
  const shapes = column('shapes.txt', 'shape_id');
  const services = column('calendar.txt', 'service_id');
  const stops = column('stops.txt', 'stop_id');
  const trips = column('trips.txt', 'trip_id');
  for (const trip of table('trips.txt')) {
    expect(
      routes.has(trip.route_id ?? '') && shapes.has(trip.shape_id ?? '') && services.has(trip.service_id ?? ''),
    ).toBe(true);
  }
  const faults = table('stop_times.txt').filter(
    (row) => !trips.has(row.trip_id ?? '') || !stops.has(row.stop_id ?? ''),
  );
  expect(faults).toEqual([]);
  expect(new Set(table('stop_times.txt').map((row) => row.trip_id))).toEqual(trips);
});

test('every stop and shape point lies in the Hanoi box and every shape has at least 30 points', () => {
  const inBox = (lat: number, lon: number): boolean => lat > 20.5 && lat < 21.4 && lon > 105.3 && lon < 106.1;
  const outside = [
    ...table('stops.txt').filter((row) => !inBox(Number(row.stop_lat), Number(row.stop_lon))),
    ...table('shapes.txt').filter((row) => !inBox(Number(row.shape_pt_lat), Number(row.shape_pt_lon))),
  ];
  expect(outside).toEqual([]);
  const points = Map.groupBy(table('shapes.txt'), (row) => row.shape_id);
  expect(points.size).toBe(26);
  expect(Math.min(...[...points.values()].map((rows) => rows.length))).toBeGreaterThanOrEqual(30);
});

test('times rise along every trip and trips have 10 to 30 stops', () => {
  for (const rows of Map.groupBy(table('stop_times.txt'), (row) => row.trip_id).values()) {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    expect(rows.length).toBeLessThanOrEqual(30);
    const times = rows.map((row) => parseTimeOfDay(row.arrival_time ?? '') ?? Number.NaN);
    const rising = times.every((time, index) => index === 0 || time > (times[index - 1] ?? Number.NaN));
    expect(rising, rows[0]?.trip_id).toBe(true);
  }
});

test('a loaded network gives every trip its stops in order along its shape', async () => {
  const network = await loadNetwork(join(cityFolder, 'gtfs'), 3);
  expect(network.trips.length).toBe(column('trips.txt', 'trip_id').size);
  for (const { pattern } of network.trips) {
    const rising = pattern.stopDistances.every(
      (along, index) => index === 0 || along > (pattern.stopDistances[index - 1] ?? 0),
    );
    expect(rising, `${pattern.routeId} ${pattern.direction}`).toBe(true);
  }
});

test('a path without a feed is named in the error', async () => {
  await expect(loadNetwork('/nowhere/feed.zip', 3)).rejects.toThrow(
    'there is no GTFS folder or zip at /nowhere/feed.zip',
  );
  await expect(loadNetwork(join(cityFolder, '..', 'scenarios'), 3)).rejects.toThrow('the GTFS feed has no stops.txt');
});
