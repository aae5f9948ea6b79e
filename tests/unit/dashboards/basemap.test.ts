/** The hand-drawn schematic: in its place, closed, and nothing of the sea. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import gjv from 'geojson-validation';
import { describe, expect, test } from 'vitest';
import { cityBounds } from '../../../dashboards/src/map/mercator.ts';

const path = join(import.meta.dirname, '../../../dashboards/basemap/hanoi-schematic.geojson');

type Feature = {
  readonly properties: { readonly kind: string; readonly name?: string };
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
};
const drawing: { readonly features: readonly Feature[] } = JSON.parse(readFileSync(path, 'utf8'));

/** Every [lon, lat] of a geometry. */
function positions(coordinates: unknown): readonly (readonly [number, number])[] {
  if (!Array.isArray(coordinates)) return [];
  const [lon, lat] = coordinates;
  if (typeof lon === 'number' && typeof lat === 'number') return [[lon, lat]];
  return coordinates.flatMap(positions);
}

const named = (name: string): readonly (readonly [number, number])[] =>
  drawing.features
    .filter(({ properties }) => properties.name === name)
    .flatMap(({ geometry }) => positions(geometry.coordinates));

/** Metres, flat: good enough over a city. */
function metersBetween(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot((a[0] - b[0]) * 103_900, (a[1] - b[1]) * 110_900);
}

test('it is valid GeoJSON below 80 KB', () => {
  expect(gjv.valid(drawing, true)).toEqual([]);
  expect(statSync(path).size).toBeLessThan(80_000);
});

test('every position lies in the city and its margin: no sea, no border', () => {
  const [west, south, east, north] = cityBounds;
  for (const [lon, lat] of drawing.features.flatMap(({ geometry }) => positions(geometry.coordinates))) {
    expect(lon).toBeGreaterThan(west - 0.05);
    expect(lon).toBeLessThan(east + 0.05);
    expect(lat).toBeGreaterThan(south - 0.05);
    expect(lat).toBeLessThan(north + 0.05);
  }
});

test.each([
  'Sông Hồng',
  'Sông Đuống',
  'Sông Tô Lịch',
  'Hồ Tây',
  'Hồ Hoàn Kiếm',
  'Hồ Bảy Mẫu',
  'Hồ Trúc Bạch',
  'Hồ Linh Đàm',
  'Hồ Yên Sở',
  'Hồ Thủ Lệ',
  'Vành đai 1',
  'Vành đai 2',
  'Vành đai 3',
  'Cầu Nhật Tân',
  'Cầu Thăng Long',
  'Cầu Long Biên',
  'Cầu Chương Dương',
  'Cầu Vĩnh Tuy',
  'Cầu Thanh Trì',
])('%s is drawn', (name) => {
  expect(named(name).length).toBeGreaterThan(0);
});

describe('landmarks stand where they are', () => {
  test.each([
    { name: 'Cầu Long Biên', at: [105.8586, 21.0436] as const, within: 500 },
    { name: 'Hồ Hoàn Kiếm', at: [105.8525, 21.0288] as const, within: 200 },
    { name: 'Hồ Linh Đàm', at: [105.8305, 20.9672] as const, within: 500 },
    { name: 'Cầu Thăng Long', at: [105.7845, 21.0998] as const, within: 500 },
  ])('$name within $within m', ({ name, at, within }) => {
    const all = named(name);
    const middle = [
      all.reduce((sum, [lon]) => sum + lon, 0) / all.length,
      all.reduce((sum, [, lat]) => sum + lat, 0) / all.length,
    ] as const;
    expect(metersBetween(middle, at)).toBeLessThan(within);
  });
});
