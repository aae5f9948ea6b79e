import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secondsOf } from '../../../../hub/registry/gtfs-time.ts';
import { parseGtfs } from '../../../../hub/registry/import-gtfs.ts';
import { runsOn } from '../../../../hub/registry/network.ts';
import { type FeedFiles, smallFeed, writeFeedFolder, writeFeedZip } from '../../../support/gtfs.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const folder = temporaryFolder();
let feeds = 0;

function parse(changes: FeedFiles = {}) {
  return parseGtfs(writeFeedFolder(join(folder, `feed-${feeds++}`), { ...smallFeed, ...changes }));
}

test('a pattern is each sequence of stops of a route and direction', async () => {
  const { network } = await parse();
  expect(
    network.patterns.map(({ routeId, directionId, stopIds, headsign }) => [routeId, directionId, stopIds, headsign]),
  ).toEqual([
    ['01_1', 0, ['A1', 'B1', 'C1'], 'Long Biên'],
    ['01_2', 1, ['C2', 'B2', 'A2'], 'Hàng Bài'],
    ['02', 0, ['A1', 'C1'], 'Long Biên'],
    ['02', 1, ['C1', 'A1'], 'Hàng Bài'],
  ]);
});

test('trips with the same run share one profile, whatever the order of their rows', async () => {
  const { network } = await parse();
  const [first, second, third] = network.trips;
  expect(first).toMatchObject({ id: 't1', startSeconds: 28_800 });
  expect(second).toMatchObject({
    id: 't2',
    startSeconds: 32_400,
    patternId: first?.patternId,
    profileId: first?.profileId,
  });
  const profile = network.profiles.find(({ id }) => id === first?.profileId);
  expect(profile?.arrivals).toEqual(Int32Array.from([0, 300, 600]));
  expect(profile?.departures).toEqual(Int32Array.from([0, 330, 600]));
  // Where a bus leaves when it arrives, one list serves for both.
  expect(network.profiles.find(({ id }) => id === third?.profileId)).not.toHaveProperty('departures');
});

test('a trip may run past midnight', async () => {
  const { network } = await parse();
  const trip = network.trips.find(({ id }) => id === 't4');
  expect(trip?.startSeconds).toBe(85_800);
  expect(network.profiles.find(({ id }) => id === trip?.profileId)?.arrivals).toEqual(Int32Array.from([0, 1_200]));
});

test('without shapes a line goes from stop to stop, with shapes it follows the road', async () => {
  const plain = await parse();
  expect(plain.network.patterns[2]).toMatchObject({
    shapeSource: 'stops',
    shape: Int32Array.from([105_850_000, 21_020_000, 105_850_000, 21_040_000]),
  });
  expect(plain.notes).toContain('4 of 4 patterns have no shape; lines were drawn from stop to stop');
  const shaped = await parse({
    'shapes.txt':
      'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nS,21.04,105.85,30\nS,21.02,105.85,10\nS,21.03,105.86,20\n',
    'trips.txt': 'route_id,service_id,trip_id,shape_id\n02,WEEK,t4,S\n',
    'stop_times.txt':
      'trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt4,1:00:00,1:00:00,A1,1\nt4,1:09:00,1:09:00,C1,2\n',
  });
  expect(shaped.network.patterns).toMatchObject([
    {
      shapeSource: 'gtfs',
      shape: Int32Array.from([105_850_000, 21_020_000, 105_860_000, 21_030_000, 105_850_000, 21_040_000]),
    },
  ]);
});

test('stops within 30 m with one name or one heading are one cluster; stations are no stops', async () => {
  const { network } = await parse();
  const cluster = Object.fromEntries(network.stops.map(({ id, clusterId }) => [id, clusterId]));
  // A1 and A2 share a name. B1 and B2, C1 and C2 have other names, and their buses go opposite ways.
  expect(cluster).toEqual({ A1: 'A1', A2: 'A1', B1: 'B1', B2: 'B2', C1: 'C1', C2: 'C2' });
});

test('two routes of one short name that go opposite ways are one line; a route with both ways stays alone', async () => {
  const { network, notes } = await parse();
  expect(network.routes).toEqual([
    {
      id: '01_1',
      shortName: '01',
      longName: 'Gia Lâm - Yên Nghĩa',
      type: 3,
      color: '00AA55',
      lineName: '01',
      oppositeId: '01_2',
    },
    { id: '01_2', shortName: '01', longName: 'Yên Nghĩa - Gia Lâm', type: 3, lineName: '01', oppositeId: '01_1' },
    { id: '02', shortName: '02', longName: 'Bờ Hồ - Hà Đông', type: 3 },
  ]);
  expect(notes).toContain('2 routes are the two directions of 1 lines');
});

test('times left open are filled in by distance', async () => {
  const { network } = await parse({
    'stop_times.txt':
      'trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,08:00:00,A1,1\nt1,,,B1,2\nt1,08:10:00,08:10:00,C1,3\n',
  });
  const [middle] = network.profiles.map(({ arrivals }) => arrivals[1] ?? 0);
  // 913 m of 2,263 m.
  expect(middle).toBe(242);
});

test('a service runs on its weekdays within its dates, and single dates stand above that', async () => {
  const { network } = await parse();
  const [week, tet] = network.calendars;
  if (week === undefined || tet === undefined) throw new Error('two services are expected');
  expect(runsOn(week, 20260216)).toBe(true);
  expect(runsOn(week, 20260215)).toBe(false);
  expect(runsOn(week, 20260902)).toBe(false);
  expect(runsOn(week, 20270104)).toBe(false);
  expect(runsOn(tet, 20260217)).toBe(true);
  expect(runsOn(tet, 20260218)).toBe(false);
  expect(network.facts).toEqual([{ id: 'timeZone', value: 'Asia/Ho_Chi_Minh' }]);
});

const times = 'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n';
test.each([
  ['stop_times.txt', `${times}nix,08:00:00,08:00:00,A1,1\n`, 2, 'trip "nix" is not in trips.txt'],
  ['stop_times.txt', `${times}t1,08:00:00,08:00:00,nix,1\n`, 2, 'stop "nix" is not in stops.txt'],
  ['stop_times.txt', `${times}t1,8h,08:00:00,A1,1\n`, 2, 'time "8h" is not HH:MM:SS'],
  ['stop_times.txt', `${times}t1,08:01:00,08:00:00,A1,1\n`, 2, 'departure 08:00:00 is before arrival 08:01:00'],
  [
    'stop_times.txt',
    `${times}t1,08:01:00,08:01:00,A1,1\nt1,08:00:00,08:00:00,B1,2\n`,
    3,
    'arrival is before the departure from the stop before',
  ],
  [
    'stop_times.txt',
    `${times}t1,08:00:00,08:00:00,A1,1\nt1,08:01:00,08:01:00,B1,1\n`,
    3,
    'stop_sequence stands twice in the trip',
  ],
  [
    'stop_times.txt',
    `${times}t1,08:00:00,08:00:00,A1,1\nt1,,,B1,2\n`,
    3,
    'the first and the last stop of a trip need a time',
  ],
  ['stop_times.txt', `${times}t1,08:00:00,08:00:00,A1,x\n`, 2, 'stop_sequence "x" is no whole number'],
  [
    'calendar_dates.txt',
    'service_id,date,exception_type\nTET,20260230,1\nTET,20260217,1\n',
    2,
    'date "20260230" is not YYYYMMDD',
  ],
  [
    'calendar_dates.txt',
    'service_id,date,exception_type\nTET,20260217,1\nTET,20260218,3\n',
    3,
    'exception_type "3" is neither 1 (added) nor 2 (removed)',
  ],
])('a broken row of %s is refused by file and line', async (file, text, line, reason) => {
  const { refusals } = await parse({ [file]: text });
  expect(refusals.list).toEqual([{ file, line, reason }]);
});

test('a stop nowhere and a trip on no route are refused, and what hangs on them', async () => {
  const { refusals } = await parse({
    'stops.txt': smallFeed['stops.txt']?.replace('21.02800,105.85200', ',') ?? '',
    'trips.txt': smallFeed['trips.txt']?.replace('02,WEEK,t4', '03,WEEK,t4') ?? '',
  });
  expect(refusals.list).toEqual([
    { file: 'stops.txt', line: 3, reason: 'stop "B1" has no usable position (, )' },
    { file: 'trips.txt', line: 5, reason: 'trip "t4" is on route "03", which is not in routes.txt' },
    { file: 'stop_times.txt', line: 3, reason: 'stop "B1" is not in stops.txt' },
    { file: 'stop_times.txt', line: 6, reason: 'stop "B1" is not in stops.txt' },
    { file: 'stop_times.txt', line: 11, reason: 'trip "t4" is not in trips.txt' },
    { file: 'stop_times.txt', line: 12, reason: 'trip "t4" is not in trips.txt' },
  ]);
});

test('a trip without stops is left out with a note', async () => {
  const { network, notes, refusals } = await parse({ 'stop_times.txt': times });
  expect(network.trips).toEqual([]);
  expect(refusals.count).toBe(0);
  expect(notes).toContain('5 trips have fewer than two stops and were left out');
});

test('a zip reads as the folder does, also with a folder in it', async () => {
  const { network } = await parse();
  const zip = await parseGtfs(writeFeedZip(join(folder, 'plain.zip'), smallFeed));
  const nested = await parseGtfs(writeFeedZip(join(folder, 'nested.zip'), smallFeed, { folder: 'hanoi/' }));
  expect(zip.network).toEqual(network);
  expect(nested.network).toEqual(network);
});

test('a zip that unpacks to more than it says is refused', async () => {
  const path = writeFeedZip(join(folder, 'liar.zip'), smallFeed, { declaredSize: 50 });
  await expect(parseGtfs(path)).rejects.toThrow(/cannot be unpacked: too many bytes/);
});

test('a zip that says it unpacks to gigabytes is refused before any is unpacked', async () => {
  const path = writeFeedZip(join(folder, 'bomb.zip'), smallFeed, { declaredSize: 3_000_000_000 });
  await expect(parseGtfs(path)).rejects.toThrow(/makes the feed too large: at most 1 GiB a file/);
});

test('a zip of thousands of entries is refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}.txt`, '']));
  const path = writeFeedZip(join(folder, 'many.zip'), many);
  await expect(parseGtfs(path)).rejects.toThrow('the zip has 1001 entries, at most 1000 are read');
});

test('what is no feed is answered with why', async () => {
  const garbage = join(folder, 'garbage.zip');
  writeFileSync(garbage, 'not a zip at all, but long enough to be searched for its end record');
  await expect(parseGtfs(garbage)).rejects.toThrow(/garbage.zip is no readable zip file/);
  mkdirSync(join(folder, 'empty'));
  await expect(parseGtfs(join(folder, 'empty'))).rejects.toThrow(/no GTFS feed: stops.txt and stop_times.txt/);
  await expect(parse({ 'stops.txt': 'id,lat\n' })).rejects.toThrow(
    'stops.txt: the header has no column stop_id, stop_lat, stop_lon',
  );
  await expect(parse({ 'trips.txt': 'route_id,service_id,trip_id\n"a' })).rejects.toThrow(
    /^trips.txt: line \d+ is not CSV/,
  );
});

test.each([
  ['25:10:00', 90_600],
  ['8:05:07', 29_107],
  ['', -1],
  ['8:60:00', Number.NaN],
])('the time %s is %d s', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
