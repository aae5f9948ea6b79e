/** The import command's road from a file to the registry that a hub holds open. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DeviceSecret, formatSummary, importFile } from '../../hub/cli/import.ts';
import { placeIdRules } from '../../hub/registry/place-id.ts';
import { openRegistry } from '../../hub/registry/registry.ts';
import { registryPath } from '../../hub/registry/store.ts';
import { smallFeed, writeFeedFolder, writeFeedZip } from '../support/gtfs.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const folder = temporaryFolder();
const log = { info: () => undefined, error: () => undefined };
let count = 0;
const newData = () => join(folder, `data-${count++}`);
const open = (dataDirectory: string, pollMs = 60_000) => openRegistry(registryPath(dataDirectory), { log, pollMs });

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const places = file(
  'places.csv',
  'id,address,lat,lon\nP1,12 Hàng Bạc,21.034,105.852\nP2,14 Hàng Bạc,21.0341,105.852\n',
);
const halfBad = file('half-bad.csv', 'id,address,lat,lon\nP1,12 Hàng Bạc,21.034,105.852\nP2,14 Hàng Bạc,121,105.852\n');

test('the same file again changes nothing, a changed line changes one record', async () => {
  const dataDirectory = newData();
  expect(await importFile(places, { dataDirectory })).toMatchObject({
    kind: 'places',
    read: 2,
    added: 2,
    written: true,
  });
  const again = await importFile(places, { dataDirectory });
  expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 2, removed: 0 });
  expect(formatSummary(again)).toContain('0 new, 0 changed, 2 unchanged');
  const edited = file('edited.csv', readFileSync(places, 'utf8').replace('14 Hàng Bạc', '14A Hàng Bạc'));
  expect(await importFile(edited, { dataDirectory })).toMatchObject({ added: 0, changed: 1, unchanged: 1 });
  const registry = open(dataDirectory);
  expect(registry.place('P2')?.address).toBe('14A Hàng Bạc');
  registry.close();
});

test('a dry run says the same and writes nothing, not even a file', async () => {
  const dataDirectory = newData();
  const dry = await importFile(places, { dataDirectory, dryRun: true });
  expect(dry).toMatchObject({ added: 2, unchanged: 0, dryRun: true, written: false });
  expect(formatSummary(dry)).toContain('Dry run: nothing was written.');
  expect(existsSync(dataDirectory)).toBe(false);
  await importFile(places, { dataDirectory });
  const before = readFileSync(registryPath(dataDirectory));
  const zip = writeFeedZip(join(folder, 'dry.zip'), smallFeed);
  expect(await importFile(zip, { dataDirectory, dryRun: true })).toMatchObject({
    kind: 'gtfs',
    added: 20,
    written: false,
  });
  expect(readFileSync(registryPath(dataDirectory))).toEqual(before);
});

test('one wrong line keeps the whole file out, unless wrong ones are to be skipped', async () => {
  const dataDirectory = newData();
  const refused = await importFile(halfBad, { dataDirectory });
  expect(refused).toMatchObject({ written: false, refusedCount: 1 });
  expect(refused.refused).toEqual([{ line: 3, reason: 'lat "121" is not a number from -90 to 90' }]);
  expect(formatSummary(refused)).toMatch(/line 3: lat "121".*\n.*Nothing was written: 1 wrong.*--skip-bad/);
  const registry = open(dataDirectory);
  expect([...registry.places()]).toEqual([]);
  registry.close();
  expect(await importFile(halfBad, { dataDirectory, skipBad: true })).toMatchObject({
    written: true,
    added: 1,
    refusedCount: 1,
  });
});

test('device secrets go to the caller after the commit and never into the registry', async () => {
  const dataDirectory = newData();
  const devices = file('devices.csv', 'id,domain,place,secret\nfd-1,fire,P1,correct horse battery\nfd-2,fire,P2,\n');
  await importFile(places, { dataDirectory });
  await expect(importFile(devices, { dataDirectory })).rejects.toThrow(/holds device secrets/);
  const secrets: DeviceSecret[] = [];
  const onSecrets = (found: readonly DeviceSecret[]) => void secrets.push(...found);
  const summary = await importFile(devices, { dataDirectory, onSecrets });
  expect(summary).toMatchObject({ kind: 'devices', added: 2, secrets: 1 });
  expect(JSON.stringify(summary)).not.toContain('correct horse');
  expect(secrets).toEqual([{ deviceId: 'fd-1', domain: 'fire', secret: 'correct horse battery' }]);
  expect(readFileSync(registryPath(dataDirectory)).includes('correct horse')).toBe(false);
  secrets.length = 0;
  await importFile(devices, { dataDirectory, onSecrets, dryRun: true });
  expect(secrets).toEqual([]);
});

test('a device bound to nothing known is refused; a binding that was verified by hand stays so', async () => {
  const dataDirectory = newData();
  const devices = file('bound.csv', 'id,domain,place\nfd-1,fire,P1\n');
  const orphan = await importFile(devices, { dataDirectory, now: () => 1_000 });
  expect(orphan.refused).toEqual([{ line: 2, reason: 'there is no place "P1"; import places first' }]);
  expect(orphan.written).toBe(false);
  await importFile(places, { dataDirectory });
  await importFile(devices, { dataDirectory, now: () => 1_000 });
  const registry = open(dataDirectory);
  expect(registry.device('fd-1')?.binding).toEqual({
    kind: 'place',
    target: 'P1',
    state: 'claimed',
    since: 1_000,
    by: 'import',
    how: 'import',
  });
  registry.bindDevice('fd-1', { kind: 'place', target: 'P1', state: 'verified', since: 2_000, by: 'lan' });
  expect(await importFile(devices, { dataDirectory, now: () => 3_000 })).toMatchObject({ changed: 0, unchanged: 1 });
  const moved = file('moved.csv', 'id,domain,place\nfd-1,fire,P2\n');
  expect(await importFile(moved, { dataDirectory, now: () => 4_000 })).toMatchObject({ changed: 1 });
  await registry.reload();
  expect(registry.device('fd-1')?.binding).toEqual({
    kind: 'place',
    target: 'P2',
    state: 'claimed',
    since: 4_000,
    by: 'import',
    how: 'import',
  });
  expect(registry.bindingChanges('fd-1').map(({ target, from, to, by }) => [target, from, to, by])).toEqual([
    ['P2', 'none', 'claimed', 'import'],
    ['P1', 'verified', 'superseded', 'import'],
    ['P1', 'claimed', 'verified', 'lan'],
    ['P1', 'none', 'claimed', 'import'],
  ]);
  registry.close();
});

test('a running hub sees an import by itself, and a new network replaces the old one whole', async () => {
  const dataDirectory = newData();
  const hub = open(dataDirectory, 5);
  await importFile(writeFeedFolder(join(folder, 'feed'), smallFeed), { dataDirectory });
  await until('the hub knows the trips', () => hub.trip('t1'));
  expect(hub.trip('t1')).toMatchObject({
    routeId: '01_1',
    startSeconds: 28_800,
    arrivalOffsets: [0, 300, 600],
    departureOffsets: [0, 330, 600],
  });
  expect(hub.trips('02').map(({ id }) => id)).toEqual(['t5', 't4']);
  expect(hub.patterns('02').map(({ shape }) => shape)).toEqual([
    [
      [105.85, 21.02],
      [105.85, 21.04],
    ],
    [
      [105.85, 21.04],
      [105.85, 21.02],
    ],
  ]);
  expect(hub.stopsNear({ lat: 21.02, lon: 105.85 }, 50).map(({ id }) => id)).toEqual(['A1', 'A2']);
  expect(hub.timeZone()).toBe('Asia/Ho_Chi_Minh');
  expect(hub.runsOn('WEEK', 20260216)).toBe(true);
  const smaller = { ...smallFeed, 'trips.txt': 'route_id,service_id,trip_id\n02,WEEK,t4\n' };
  const summary = await importFile(writeFeedFolder(join(folder, 'smaller'), smaller), { dataDirectory, skipBad: true });
  expect(summary.parts?.trips).toEqual({ added: 0, changed: 0, unchanged: 1, removed: 4 });
  await until('the old trips are gone', () => hub.trip('t1') === undefined);
  expect(hub.trips('02').map(({ id }) => id)).toEqual(['t4']);
  hub.close();
});

test('progress names the phases and ends at 100', async () => {
  const seen: string[] = [];
  const zip = writeFeedZip(join(folder, 'progress.zip'), smallFeed);
  await importFile(zip, {
    dataDirectory: newData(),
    progress: ({ phase, percent }) => seen.push(`${phase} ${percent > 0 && percent < 100 ? '…' : percent}`),
  });
  expect(seen).toEqual([
    ...['reading 0', 'reading agency.txt 0', 'reading calendar.txt …', 'reading calendar_dates.txt …'],
    ...['reading routes.txt …', 'reading stops.txt …', 'reading trips.txt …', 'reading stop_times.txt …'],
    ...['writing …', 'done 100'],
  ]);
});

test('the rule for house-number IDs can be made stricter', async () => {
  const dataDirectory = newData();
  const summary = await importFile(places, { dataDirectory, placeIdRule: placeIdRules['vn12-only'] });
  expect(summary.refused[0]).toEqual({ line: 2, reason: 'id "P1" must be 12 digits' });
});

test('a file that is missing, of the wrong kind or not UTF-8 is answered with what to do', async () => {
  const dataDirectory = newData();
  await expect(importFile(join(folder, 'none.csv'), { dataDirectory })).rejects.toThrow(/there is no file/);
  await expect(importFile(places, { dataDirectory, kind: 'wards' })).rejects.toThrow('wards cannot be read from CSV');
  const latin = join(folder, 'latin.csv');
  writeFileSync(latin, Buffer.from('id,address,lat,lon\nP1,H\xe0ng B\xf4ng,21,105\n', 'latin1'));
  await expect(importFile(latin, { dataDirectory })).rejects.toThrow(/not UTF-8 text; save it as "CSV UTF-8"/);
  expect(existsSync(dataDirectory)).toBe(false);
});

test('the format is seen from the first bytes where the name does not tell', async () => {
  const dataDirectory = newData();
  const zip = writeFeedZip(join(folder, 'feed.bin'), smallFeed);
  expect((await importFile(zip, { dataDirectory, dryRun: true })).kind).toBe('gtfs');
  const json = file(
    'wards',
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"address":"a"},"geometry":{"type":"Point","coordinates":[105,21]}}]}',
  );
  expect((await importFile(json, { dataDirectory, dryRun: true })).kind).toBe('places');
  const plain = file('places.txt', readFileSync(places, 'utf8'));
  expect((await importFile(plain, { dataDirectory, dryRun: true })).kind).toBe('places');
});
