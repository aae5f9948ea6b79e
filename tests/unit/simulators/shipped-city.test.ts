import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { isDeviceId } from '../../../devices/wire.ts';
import { buildCity } from '../../../simulators/city/make-city.ts';
import { oldQuarterAlley } from '../../../simulators/city/street-table.ts';
import { cityFolder, loadCity } from '../../../simulators/city.ts';

const files = buildCity();
const table = (name: string): Record<string, string>[] =>
  parse<Record<string, string>>(files.get(name) ?? '', { columns: true });

type Feature = { properties: Record<string, unknown>; geometry: { coordinates: unknown } };
const features = (name: string): Feature[] => JSON.parse(files.get(name) ?? '').features;

test('the shipped files are what the generator writes', () => {
  for (const [name, text] of files) {
    expect(readFileSync(join(cityFolder, name), 'utf8') === text, name).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  }
});

test('everything shipped is marked synthetic', () => {
  for (const name of ['wards', 'places', 'lots', 'stations', 'water']) {
    expect(
      features(`${name}.geojson`).every((feature) => feature.properties.synthetic === true),
      name,
    ).toBe(true);
  }
  expect([...table('devices.csv'), ...table('vehicles.csv')].every((row) => row.synthetic === 'true')).toBe(true);
});

test('device ids fit topics, are unique, and each device is bound to something that exists', () => {
  const city = loadCity();
  const devices = table('devices.csv');
  expect(new Set(devices.map((device) => device.id)).size).toBe(devices.length);
  for (const device of devices) {
    expect(isDeviceId(device.id ?? ''), device.id).toBe(true);
    const bound = {
      fire: city.places.has(device.place ?? ''),
      bus: city.routes.has(device.vehicle ?? ''),
      parking: city.lots.has(device.lot ?? ''),
    };
    expect(Reflect.get(bound, device.domain ?? ''), device.id).toBe(true);
  }
});

test('the city has about three hundred places, as many fire devices, 150 buses and 40 lots', () => {
  const count = (domain: string) => table('devices.csv').filter((device) => device.domain === domain).length;
  expect(features('places.geojson').length).toBeGreaterThan(280);
  expect(features('lots.geojson').length).toBe(40);
  expect(features('stations.geojson').length).toBe(8);
  expect(features('water.geojson').length).toBeGreaterThanOrEqual(55);
  expect(count('fire')).toBeGreaterThan(280);
  expect(count('bus')).toBeGreaterThan(130);
  expect(count('parking')).toBeGreaterThan(40);
});

test('every place has a twelve-digit id, a known ward and a fictional telephone number', () => {
  const wards = new Set(features('wards.geojson').map((ward) => ward.properties.code));
  for (const { properties } of features('places.geojson')) {
    expect(properties.id).toMatch(/^99\d{10}$/);
    expect(wards.has(properties.wardCode), String(properties.address)).toBe(true);
    expect(JSON.stringify(properties.contacts)).toMatch(/"0900 000 \d{3}"/);
  }
});

test('the old-quarter alley has 22 close houses that no truck reaches', () => {
  const alley = features('places.geojson').filter(({ properties }) =>
    String(properties.address).endsWith(oldQuarterAlley),
  );
  expect(alley.length).toBe(22);
  expect(alley.every(({ properties }) => properties.alleyWidthMeters === 1.6 && properties.wardCode === '00070')).toBe(
    true,
  );
});
