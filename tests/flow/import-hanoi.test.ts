/** Real files of Hanoi and Washington, which lie beside the repository where they are at hand; skipped elsewhere. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { importFile } from '../../hub/cli/import.ts';
import { openRegistry } from '../../hub/registry/registry.ts';
import { registryPath } from '../../hub/registry/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

const data = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
const isAbsent = !existsSync(data);
const folder = temporaryFolder();
const log = { info: () => undefined, error: () => undefined };
const city = (name: string) => join(data, 'city', name);
const transit = (name: string) => join(data, 'transit', name);
const open = (dataDirectory: string) => openRegistry(registryPath(dataDirectory), { log });

describe.skipIf(isAbsent)('with the real files (skipped where ../shared/data is absent)', () => {
  test("Hanoi's standing facts go in whole, and again without a change", async () => {
    const dataDirectory = join(folder, 'facts');
    const files = [
      ['hanoi-wards-2025.geojson', 'wards', 126],
      ['hanoi-parking-a80.geojson', 'lots', 120],
      ['hanoi-poi-osm.geojson', 'places', 363],
      ['hanoi-fire-stations-approx.geojson', 'stations', 9],
      ['hanoi-water-partial-osm.geojson', 'water', 3],
    ] as const;
    for (const [name, kind, added] of files) {
      expect(await importFile(city(name), { dataDirectory })).toMatchObject({
        kind,
        added,
        refusedCount: 0,
        written: true,
      });
      const again = await importFile(city(name), { dataDirectory });
      expect(again).toMatchObject({ added: 0, changed: 0, unchanged: added, removed: 0 });
    }
    const registry = open(dataDirectory);
    expect([...registry.wards()]).toHaveLength(126);
    expect([...registry.lots()]).toHaveLength(120);
    expect([...registry.lots()].filter((lot) => lot.capacity !== undefined)).toHaveLength(39);
    expect([...registry.places()]).toHaveLength(363);
    // Seven lie across the border, in Hải Dương, Hưng Yên, Bắc Ninh and Vĩnh Yên.
    expect([...registry.places()].filter((place) => place.wardCode === undefined)).toHaveLength(7);
    expect(registry.place('osm-node-721788305')).toMatchObject({ address: '21 Phố Hàng Gai', wardCode: '00070' });
    // Hoàn Kiếm lake, Hồ Chí Minh's mausoleum, and the sea.
    expect(registry.wardAt({ lat: 21.0287, lon: 105.8524 })).toEqual({
      code: '00070',
      name: 'Phường Hoàn Kiếm',
      kind: 'phường',
    });
    expect(registry.wardAt({ lat: 21.0367, lon: 105.8346 })?.name).toBe('Phường Ba Đình');
    expect(registry.wardAt({ lat: 20.0, lon: 107.0 })).toBeUndefined();
    const stations = registry.nearest('fireStation', { lat: 21.0287, lon: 105.8524 }, 2);
    expect(stations.map(({ facility }) => facility.id)).toEqual(['ST-01', 'ST-04']);
    expect(stations[0]?.facility.approximate).toBe(true);
    // From Quán Thánh temple the lake is across the road, though its middle is 2 km away.
    const [water] = registry.nearest('water', { lat: 21.0431, lon: 105.8365 }, 1);
    expect(water?.facility.name).toBe('Hồ Tây');
    expect(water?.distanceMeters).toBeLessThan(150);
    registry.close();
  });

  test("Hanoi's bus network: 224 routes, 7,670 stops, 6,713 trips, in 500 MB and twice the same", async () => {
    const dataDirectory = join(folder, 'hanoi');
    const { summary, peakBytes } = await importInChild(transit('hanoi-gtfs-2018-midday.zip'), dataDirectory);
    expect(summary).toMatchObject({
      kind: 'gtfs',
      refusedCount: 0,
      parts: {
        routes: { added: 224 },
        stops: { added: 7_670 },
        patterns: { added: 224 },
        trips: { added: 6_713 },
        calendars: { added: 1 },
      },
    });
    expect(peakBytes).toBeLessThan(500_000_000);
    const again = await importFile(transit('hanoi-gtfs-2018-midday.zip'), { dataDirectory });
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 14_832, removed: 0 });

    const registry = open(dataDirectory);
    const trips = [...registry.routes()].flatMap(({ id }) => registry.trips(id));
    expect(trips).toHaveLength(6_713);
    expect(trips.reduce((sum, trip) => sum + trip.arrivalOffsets.length, 0)).toBe(224_166);
    expect([...registry.routes()].filter(({ oppositeId }) => oppositeId !== undefined)).toHaveLength(224);
    expect(registry.route('01_1')).toMatchObject({ lineName: '01', oppositeId: '01_2' });
    expect(registry.trip('01_1_MD_1')).toMatchObject({ startSeconds: 34_200, serviceId: 'FULLW' });
    expect(registry.trip('01_1_MD_1')?.arrivalOffsets.slice(0, 3)).toEqual([0, 267, 497]);
    const [pattern] = registry.patterns('01_1');
    expect(pattern).toMatchObject({ directionId: 0, shapeSource: 'stops' });
    expect(pattern?.shape[0]).toEqual([105.878335, 21.048408]);
    expect(registry.timeZone()).toBe('Asia/Ho_Chi_Minh');
    registry.close();
  });

  test("Washington's route comes with its shapes, from a folder", async () => {
    const dataDirectory = join(folder, 'washington');
    expect(await importFile(transit('wmata-d40/gtfs'), { dataDirectory })).toMatchObject({
      refusedCount: 0,
      parts: { routes: { added: 1 }, stops: { added: 104 }, patterns: { added: 5 }, trips: { added: 1_609 } },
    });
    const registry = open(dataDirectory);
    expect(registry.patterns('D40').map(({ shapeSource }) => shapeSource)).toEqual([
      'gtfs',
      'gtfs',
      'gtfs',
      'gtfs',
      'gtfs',
    ]);
    expect(registry.route('D40')).toEqual({
      id: 'D40',
      shortName: 'D40',
      longName: '7 ST-GEORGIA AV',
      type: 3,
      color: '003594',
    });
    registry.close();
  });

  test('a third feed, with fares and transfers that are of no use here, goes in as well', async () => {
    const summary = await importFile(transit('gtfsrt/maglev_raba.zip'), { dataDirectory: join(folder, 'raba') });
    expect(summary).toMatchObject({
      refusedCount: 0,
      written: true,
      parts: { routes: { added: 13 }, trips: { added: 282 } },
    });
  });

  test('what holds no facts of ours asks for its kind', async () => {
    const file = city('hanoi-led-screens-a80.geojson');
    await expect(importFile(file, { dataDirectory: join(folder, 'none') })).rejects.toThrow(/--kind places/);
  });
});

/** Imports in a process of its own, so that its memory is the import's alone. */
async function importInChild(file: string, dataDirectory: string) {
  const module = join(import.meta.dirname, '..', '..', 'hub', 'cli', 'import.ts');
  const script = `
    const { importFile } = await import(process.argv[1]);
    const summary = await importFile(process.argv[2], { dataDirectory: process.argv[3] });
    console.log(JSON.stringify({ summary, peakBytes: process.resourceUsage().maxRSS * 1024 }));`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, module, file, dataDirectory]);
  const answer: { readonly summary: unknown; readonly peakBytes: number } = JSON.parse(stdout);
  return answer;
}
