import { expect, test } from 'vitest';
import { capacityIn } from '../../../../hub/registry/geojson-mapping.ts';
import { type GeoJsonKind, parseGeoJson } from '../../../../hub/registry/import-geojson.ts';
import { placeIdRules } from '../../../../hub/registry/place-id.ts';

const point = { type: 'Point', coordinates: [105.8524, 21.0287] };

function feature(properties: object, geometry: unknown = point, id?: unknown): object {
  return { type: 'Feature', ...(id === undefined ? {} : { id }), properties, geometry };
}

function parse(features: readonly unknown[], kind?: GeoJsonKind, more: object = {}) {
  const text = JSON.stringify({ type: 'FeatureCollection', ...more, features });
  return parseGeoJson(text, { ...(kind === undefined ? {} : { kind }), placeIdRule: placeIdRules.vn12 });
}

test('a point of interest with house number and street is a place, one without is none', () => {
  const parsed = parse([
    feature(
      {
        'addr:housenumber': '21',
        'addr:street': 'Phố Hàng Gai',
        amenity: 'restaurant',
        name: 'Little Hanoi',
        phone: '024 1',
      },
      point,
      'node/721788305',
    ),
    feature({ amenity: 'cafe', name: 'Gecko' }, point, 'node/2'),
  ]);
  expect(parsed).toMatchObject({ kind: 'places', read: 2, ignored: 1 });
  expect(parsed.records).toEqual([
    {
      id: 'osm-node-721788305',
      name: 'Little Hanoi',
      address: '21 Phố Hàng Gai',
      position: { lat: 21.0287, lon: 105.8524 },
      use: 'restaurant',
      contacts: [{ name: 'Little Hanoi', phone: '024 1' }],
    },
  ]);
  expect(parsed.notes).toEqual(['1 features have no house number and street, so they are no places']);
});

test('a place without an id gets one that stays as long as its name and position do', () => {
  const house = feature({ address: '12 ngõ 34 Hàng Bạc' });
  const [first] = parse([house]).records;
  const [again] = parse([feature({ address: 'x' }), house]).records.slice(1);
  expect(first).toMatchObject({ id: expect.stringMatching(/^h[0-9a-f]{16}$/) });
  expect(again).toEqual(first);
});

test.each([
  ['not an object', 7, 'a feature must be an object'],
  ['not a feature', { type: 'Point', coordinates: [1, 2] }, '"type" must be "Feature"'],
  ['without geometry', { type: 'Feature', properties: { address: 'a' }, geometry: null }, 'a geometry is needed'],
  ['without properties', { type: 'Feature', geometry: point }, 'must have a member with the name "properties"'],
  [
    'with an id against the rule',
    feature({ place_id: 'a b', address: 'a' }),
    'id "a b" must be 12 digits (did a spreadsheet drop leading zeros?), or a local id of 1 to 64 of A-Z a-z 0-9 . _ : -',
  ],
  [
    'with a text for a number',
    feature({ address: 'a' }, { type: 'Point', coordinates: ['x', 1] }),
    /Position must only contain numbers/,
  ],
  [
    'with latitude first',
    feature({ address: 'a' }, { type: 'Point', coordinates: [21.0287, 105.8524] }),
    'latitude 105.8524 is outside ±90; GeoJSON wants [longitude, latitude]',
  ],
  [
    'beyond the date line',
    feature({ address: 'a' }, { type: 'Point', coordinates: [190, 1] }),
    'longitude 190 is outside ±180',
  ],
  [
    'with an open ring',
    feature(
      { address: 'a' },
      {
        type: 'Polygon',
        coordinates: [
          [
            [1, 1],
            [2, 1],
            [2, 2],
            [1, 2],
          ],
        ],
      },
    ),
    /first and last positions must be equivalent/,
  ],
  ['with an empty ring', feature({ address: 'a' }, { type: 'Polygon', coordinates: [[]] }), /malformed/],
  [
    'with no coordinates',
    feature({ address: 'a' }, { type: 'Polygon', coordinates: [] }),
    'the geometry has no coordinates',
  ],
  ['of an unknown type', feature({ address: 'a' }, { type: '__proto__', coordinates: [] }), /./],
  [
    'with too many vertices',
    feature({ address: 'a' }, { type: 'LineString', coordinates: Array.from({ length: 50_001 }, () => [1, 1]) }),
    'more than 50,000 vertices; simplify the geometry',
  ],
])('a feature %s is refused by its index and the reason', (_what, wrong, reason) => {
  const parsed = parse([feature({ id: 'ok', address: 'a' }), wrong], 'places');
  expect(parsed.records).toHaveLength(1);
  expect(parsed.refusals.list).toEqual([
    { index: 1, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
  ]);
});

test('a number beyond what a double holds is no coordinate', () => {
  const text =
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"address":"a"},' +
    '"geometry":{"type":"Point","coordinates":[1e999,21]}}]}';
  expect(parseGeoJson(text, { placeIdRule: placeIdRules.vn12 }).refusals.list).toEqual([
    { index: 0, reason: 'a coordinate is not a finite number' },
  ]);
});

test('an id of the properties may not repeat, a repeated row number gets one of its own', () => {
  const parsed = parse([
    feature({ place_id: 'A', address: 'a' }),
    feature({ place_id: 'A', address: 'b' }),
    feature({ address: 'c' }, point, 7),
    feature({ address: 'd' }, point, 7),
  ]);
  expect(parsed.records).toMatchObject([{ id: 'A', address: 'a' }, { id: '7' }, { id: '7-2', address: 'd' }]);
  expect(parsed.refusals.list).toEqual([{ index: 1, reason: 'id "A" stands in the file twice' }]);
  expect(parsed.notes).toEqual(['1 features repeat an id and go in with one of their own: feature 3 as 7-2']);
});

test('a ward is its code, its full name and its rings', () => {
  const ring = [
    [105, 21],
    [105.1, 21],
    [105.1, 21.1],
    [105, 21],
  ];
  const parsed = parse([
    feature(
      { code: '00070', name: 'Hoàn Kiếm', fullName: 'Phường Hoàn Kiếm' },
      { type: 'MultiPolygon', coordinates: [[ring]] },
    ),
  ]);
  expect(parsed.kind).toBe('wards');
  expect(parsed.records).toEqual([
    {
      code: '00070',
      name: 'Phường Hoàn Kiếm',
      kind: 'phường',
      rings: [
        Int32Array.from([
          105_000_000, 21_000_000, 105_100_000, 21_000_000, 105_100_000, 21_100_000, 105_000_000, 21_000_000,
        ]),
      ],
    },
  ]);
});

test('a ward needs a five-digit code and an area', () => {
  const parsed = parse([feature({ code: '7', name: 'x' }), feature({ code: '00070', name: 'x' })], 'wards');
  expect(parsed.refusals.list).toEqual([
    { index: 0, reason: 'a ward needs a Polygon or MultiPolygon' },
    { index: 1, reason: 'a ward needs a Polygon or MultiPolygon' },
  ]);
});

test('lots that share a name are told apart by their address, and the capacity is read from the sentence', () => {
  const lot = (id: number, address: string, capacityText: string) =>
    feature(
      { name: 'BÃI ĐỖ XE MIỄN PHÍ', address, capacityText, ward: { code: '00166', name: 'Cầu Giấy' } },
      point,
      id,
    );
  const parsed = parse([lot(1, 'Đề pô Phú Lương', 'Khoảng 150 xe 45 chỗ'), lot(2, 'Phố Duy Tân', '')]);
  expect(parsed.kind).toBe('lots');
  expect(parsed.records).toEqual([
    {
      id: '1',
      name: 'Đề pô Phú Lương',
      address: 'Đề pô Phú Lương',
      wardCode: '00166',
      position: { lat: 21.0287, lon: 105.8524 },
      capacity: 150,
    },
    {
      id: '2',
      name: 'Phố Duy Tân',
      address: 'Phố Duy Tân',
      wardCode: '00166',
      position: { lat: 21.0287, lon: 105.8524 },
    },
  ]);
});

test.each([
  ['Khoảng 700 xe ô tô con', 700],
  ['Khoảng 200 xe ô tô 45 chỗ', 200],
  ['Khoảng 1.200 xe máy', 1_200],
  ['80 spaces', 80],
  ['Để xe 45 chỗ', undefined],
  ['', undefined],
])('the capacity in "%s" is %s', (text, capacity) => {
  expect(capacityIn(text)).toBe(capacity);
});

test('a capacity that is no number is refused', () => {
  const parsed = parse([feature({ name: 'x', capacity: 'nhiều' })]);
  expect(parsed.refusals.list).toEqual([
    { index: 0, reason: 'capacity "nhiều" is not a whole number from 0 to 100,000' },
  ]);
});

test('stations of a file that calls itself approximate are approximate', () => {
  const station = feature({ name: 'Đội PCCC & CNCH Hoàn Kiếm', address: 'Số 2 Chợ Gạo' }, point, 'ST-01');
  expect(parse([station], undefined, { note: 'positions approximate' }).records).toEqual([
    {
      id: 'ST-01',
      kind: 'fireStation',
      name: 'Đội PCCC & CNCH Hoàn Kiếm',
      position: { lat: 21.0287, lon: 105.8524 },
      approximate: true,
    },
  ]);
  expect(parse([station]).records).toMatchObject([{ approximate: false }]);
});

test('a river keeps its bank with a point every 55 m, a hydrant is a point', () => {
  const line = {
    type: 'LineString',
    coordinates: [
      [105.8, 21],
      [105.8009, 21],
    ],
  };
  const parsed = parse([
    feature({ name: 'Sông Tô Lịch', waterway: 'river' }, line, 'way/1'),
    feature({ emergency: 'fire_hydrant' }, point, 'node/9'),
  ]);
  expect(parsed.kind).toBe('water');
  expect(parsed.records).toEqual([
    {
      id: 'osm-way-1',
      kind: 'water',
      name: 'Sông Tô Lịch',
      position: { lat: 21, lon: 105.8009 },
      approximate: false,
      outline: [
        [105.8, 21],
        [105.80045, 21],
        [105.8009, 21],
      ],
    },
    {
      id: 'osm-node-9',
      kind: 'water',
      name: 'fire_hydrant',
      position: { lat: 21.0287, lon: 105.8524 },
      approximate: false,
    },
  ]);
});

test('asked for lots, a file of mixed points gives its car parks only', () => {
  const parsed = parse([feature({ amenity: 'cafe', name: 'a' }), feature({ amenity: 'parking', name: 'b' })], 'lots');
  expect(parsed).toMatchObject({ ignored: 1, records: [{ name: 'b' }] });
});

test.each([
  [{ kind: 'water', name: 'Hồ Hoàn Kiếm' }, 'water'],
  [{ kind: 'fireStation', name: 'Đội 1' }, 'stations'],
  [{ amenity: 'fire_station' }, 'stations'],
  [{ name: 'Đội PCCC & CNCH Cầu Giấy', address: '17 Duy Tân' }, 'stations'],
  [{ amenity: 'parking', name: 'Ngọc Khánh' }, 'lots'],
  [{ emergency: 'fire_hydrant' }, 'water'],
  [{ dia_chi: '12 Hàng Bạc' }, 'places'],
])('a file of points with %j holds %s', (properties, kind) => {
  expect(parse([feature(properties)]).kind).toBe(kind);
});

test.each([
  ['{', /not JSON/],
  ['[]', /not a GeoJSON FeatureCollection/],
  ['{"type":"FeatureCollection","features":{}}', /not a GeoJSON FeatureCollection/],
  ['{"type":"FeatureCollection","features":[]}', /cannot tell what this GeoJSON holds.*--kind/],
])('the file %s is answered with what is wrong', (text, message) => {
  expect(() => parseGeoJson(text, { placeIdRule: placeIdRules.vn12 })).toThrow(message);
});

test('a place brings its names, doors, hazards and contacts', () => {
  const { records } = parse([
    feature({
      ...{ place_id: 'HN-1', address: '12 Hàng Bạc', barredBalcony: false, hazards: ['bình gas'] },
      entrances: [{ name: 'Cổng chính', lat: 21.03, lon: 105.85 }, { name: 'Cửa sau' }],
      contacts: [{ name: 'Ông Tư', phone: '2', role: 'keyHolder' }],
      aliases: [
        { kind: 'alleyChain', value: 'ngõ 34' },
        { kind: 'oldWard', value: 'Hàng Bạc', validTo: '2025-06-30', source: 'NQ 1656' },
      ],
    }),
  ]);
  expect(records).toMatchObject([
    {
      access: {
        entrances: [{ name: 'Cổng chính', position: { lat: 21.03, lon: 105.85 } }, { name: 'Cửa sau' }],
        barredBalcony: false,
      },
      hazards: ['bình gas'],
      contacts: [{ name: 'Ông Tư', phone: '2', role: 'keyHolder' }],
      aliases: [
        { kind: 'alleyChain', value: 'ngõ 34' },
        { kind: 'oldWard', value: 'Hàng Bạc', validTo: Date.UTC(2025, 5, 30, 17), source: 'NQ 1656' },
      ],
    },
  ]);
});

test.each([
  [{ hazards: 'gas' }, 'hazards is not a list of words'],
  [{ entrances: [{ lat: 1 }] }, 'entrances is not a list of { name, lat?, lon? }'],
  [{ contacts: [{ name: 'a', phone: '1', role: 'cat' }] }, /contacts is not a list of .* keyHolder, manager/],
  [{ aliases: [{ kind: 'nick', value: 'a' }] }, /aliases is not a list of .* oldWard/],
  [
    { aliases: [{ kind: 'other', value: 'a', validTo: '2025-02-30' }] },
    'aliases: "2025-02-30" is no day, e.g. 2025-06-30',
  ],
  [
    { aliases: [{ kind: 'other', value: 'a', validFrom: '2025-07-01', validTo: '2025-06-30' }] },
    'aliases: validTo 2025-06-30 is before validFrom 2025-07-01',
  ],
])('a place with %j is refused', (wrong, reason) => {
  expect(parse([feature({ place_id: 'HN-1', address: 'a', ...wrong })]).refusals.list).toEqual([
    { index: 0, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
  ]);
});

test('water says whether it can be taken', () => {
  const hydrant = (state?: string) => feature({ name: 'Trụ', emergency: 'fire_hydrant', ...(state ? { state } : {}) });
  expect(parse([hydrant('broken')], 'water').records).toMatchObject([{ state: 'broken' }]);
  expect(parse([hydrant()], 'water').records[0]).not.toHaveProperty('state');
  expect(parse([hydrant('rusty')], 'water').refusals.list).toEqual([
    { index: 0, reason: 'state "rusty" is not one of working, broken, dry, blocked' },
  ]);
});
