import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import bindings from 'gtfs-realtime-bindings';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anonymous } from '../../../../../hub/access/policy.ts';
import type { Api, DomainKit } from '../../../../../hub/domain.ts';
import { registerBusRoutes } from '../../../../../hub/domains/bus/routes.ts';
import { stepPosition, unknownVehicle, type VehicleState } from '../../../../../hub/domains/bus/vehicle.ts';
import { HubError } from '../../../../../hub/errors.ts';
import { city, eight } from './city.ts';

let api: Api;
let now: number;
let states: Map<string, VehicleState>;

beforeEach(async () => {
  now = eight + 5_000;
  states = new Map();
  const unused = () => Promise.resolve([]);
  const kit: DomainKit<VehicleState> = {
    states,
    registry: city,
    journal: { read: unused, event: () => Promise.resolve(undefined), receipts: unused, deadLetters: unused },
    history: { query: unused },
    now: () => now,
    principal: () => anonymous,
    command: () => Promise.resolve(),
  };
  api = fastify().withTypeProvider<TypeBoxTypeProvider>();
  api.setErrorHandler((error, _request, reply) => {
    const isOurs = error instanceof HubError;
    return reply.code(isOurs ? error.status : 400).send({ detail: String(error) });
  });
  registerBusRoutes(api, kit);
  for (const [id, lat, route] of [
    ['bus-1', 20.985, undefined],
    ['bus-2', 21.05, '01'],
    ['bus-3', 21.1, '32'],
  ] as const) {
    const position = { ts: eight, lat, lon: 105.84, direction: 0 as const, ...(route === undefined ? {} : { route }) };
    states.set(id, stepPosition(unknownVehicle, id, position, eight, city).state);
  }
  await api.ready();
});

afterEach(() => api.close());

const get = async (url: string, headers = {}) => {
  const response = await api.inject({ url, headers });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
};

test('a vehicle as the app sees it', async () => {
  expect((await get('/api/v1/vehicles/bus-1')).body).toEqual({
    id: 'bus-1',
    lat: 20.985,
    lon: 105.84,
    bearing: null,
    speed: null,
    routeId: 'r32',
    routeShortName: '32',
    tripId: null,
    directionId: 0,
    occupancy: null,
    routeSource: 'table',
    at: '2026-02-16T01:00:00.000Z',
    ageSeconds: 5,
  });
  expect((await get('/api/v1/vehicles/none')).status).toBe(404);
});

test.each([
  ['all', '', ['bus-1', 'bus-2', 'bus-3']],
  ['of a route', '?route=32', ['bus-1', 'bus-3']],
  ['in a box', '?bbox=105.8,21.0,105.9,21.06', ['bus-2']],
  ['of an unknown route', '?route=99', []],
])('vehicles: %s', async (_name, query, ids) => {
  const { body } = await get(`/api/v1/vehicles${query}`);
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids);
});

test('vehicles are paged, and leave the list after 90 s', async () => {
  const first = await get('/api/v1/vehicles?limit=2');
  expect(first.body.items).toHaveLength(2);
  const second = await get(`/api/v1/vehicles?limit=2&cursor=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ id: 'bus-3' }], next: null });
  now = eight + 90_001;
  expect((await get('/api/v1/vehicles')).body.items).toEqual([]);
  expect((await get('/api/v1/vehicles/bus-1')).body.ageSeconds).toBe(90);
});

test.each(['1,2,3', '105,21,104,22', 'a,b,c,d', '100,10,110,20', '1e9,0,1,1'])(
  'a box "%s" is refused',
  async (bbox) => {
    expect((await get(`/api/v1/vehicles?bbox=${bbox}`)).status).toBe(400);
  },
);

test('routes, with their lines as GeoJSON and their stops', async () => {
  const list = await get('/api/v1/routes');
  expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual(['01_1', '01_2', 'r32']);
  const { body } = await get('/api/v1/routes/r32');
  expect(body).toMatchObject({ shortName: '32', color: 'D52B1E', type: 3 });
  expect(body.patterns[0]).toEqual({
    id: 'p32n',
    directionId: 0,
    headsign: 'Nhổn',
    shapeSource: 'stops',
    shape: {
      type: 'LineString',
      coordinates: [
        [105.84, 20.98],
        [105.84, 20.99],
        [105.84, 21],
      ],
    },
    stops: [
      { id: 's0', name: 'Bến xe Giáp Bát', lat: 20.98, lon: 105.84 },
      { id: 's1', name: 'Phố Vọng', lat: 20.99, lon: 105.84 },
      { id: 's2', name: 'Đại Cồ Việt', lat: 21, lon: 105.84 },
    ],
  });
  expect((await get('/api/v1/routes/none')).status).toBe(404);
});

test.each([
  ['dai co', ['s2']],
  ['Phố', ['s1']],
  [' ', ['s0', 's1', 's2']],
])('stops are found by "%s"', async (words, ids) => {
  const { body } = await get(`/api/v1/stops?q=${encodeURIComponent(words)}`);
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids);
});

test('arrivals say that they come from positions and predict nothing', async () => {
  expect((await get('/api/v1/stops/s2/arrivals')).body).toEqual({
    items: [
      {
        vehicleId: 'bus-1',
        routeId: 'r32',
        routeShortName: '32',
        headsign: 'Nhổn',
        directionId: 0,
        distanceMeters: 1668,
        stopsAway: 2,
        arrivesAt: null,
        source: 'position',
        at: '2026-02-16T01:00:00.000Z',
        ageSeconds: 5,
      },
    ],
    next: null,
  });
  expect((await get('/api/v1/stops/none/arrivals')).status).toBe(404);
});

test('alerts are an empty page', async () => {
  expect((await get('/api/v1/alerts')).body).toEqual({ items: [], next: null });
});

describe('the feeds', () => {
  test.each(['vehicle-positions', 'trip-updates', 'alerts'])('%s decodes, and its JSON says the same', async (name) => {
    const { rawPayload, headers } = await api.inject({ url: `/gtfs-rt/${name}.pb` });
    expect(headers['content-type']).toBe('application/x-protobuf');
    const message = bindings.transit_realtime.FeedMessage.decode(rawPayload);
    expect(message.entity).toHaveLength(name === 'vehicle-positions' ? 3 : 0);
    expect(Number(message.header.timestamp)).toBe(1_771_203_605);
    const json = await get(`/gtfs-rt/${name}.json`);
    expect(json.body.header).toEqual({
      gtfsRealtimeVersion: '2.0',
      incrementality: 'FULL_DATASET',
      timestamp: 1_771_203_605,
    });
    expect(json.body.entity).toHaveLength(message.entity.length);
  });

  test('answer 304 to who has them already', async () => {
    const url = '/gtfs-rt/vehicle-positions.pb';
    const first = await api.inject({ url });
    const etag = String(first.headers.etag);
    const modified = String(first.headers['last-modified']);
    expect(modified).toBe('Mon, 16 Feb 2026 01:00:05 GMT');
    const status = async (headers: Record<string, string>) => (await api.inject({ url, headers })).statusCode;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await status({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200);
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-modified-since': 'Mon, 16 Feb 2026 01:00:04 GMT' })).toBe(200);
    now += 20_000;
    expect(await status({ 'if-none-match': etag })).toBe(200);
  });
});
