/** The fleet over REST and live: every registered device, filters, pages, and who may read what. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../../../../hub/access/policy.ts';
import type { Api } from '../../../../../hub/domain.ts';
import { fleetLive } from '../../../../../hub/domains/fleet/live.ts';
import { registerFleetRoutes } from '../../../../../hub/domains/fleet/routes.ts';
import { type FleetState, neverHeard } from '../../../../../hub/domains/fleet/state.ts';
import { HubError } from '../../../../../hub/errors.ts';
import type { EventQuery, RegistryReader } from '../../../../../hub/ports.ts';
import type { DeviceRecord } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';

const at = 1_795_503_600_000;
const record = (id: string, domain: string, name: string): DeviceRecord => {
  return { id, domain, model: 'm', name, heartbeatMs: 60_000, synthetic: false };
};
const devices = [
  record('gate-1', 'parking', 'Cổng Trần Nhật Duật'),
  record('det-2', 'fire', 'Đầu báo bếp'),
  record('det-1', 'fire', 'Đầu báo cầu thang'),
];
const registry: RegistryReader = {
  ...emptyRegistry,
  device: (id) => devices.find((device) => device.id === id),
  devices: () => devices,
  presence: (id) => (id === 'det-1' ? { lastAt: at - 2_000, messages: 7, refused: 1, battery: 81 } : undefined),
};
const states = new Map<string, FleetState>([
  ['det-1', { ...neverHeard, link: 'online', since: at - 90_000, firmware: '2.1' }],
]);
const operator: Principal = { kind: 'token', id: 'o', name: 'Operator', roles: ['operator'] };
const fireUnit: Principal = { kind: 'token', id: 'f', name: 'Lan', roles: ['fire'] };

let api: Api;
let who: Principal;
let queries: EventQuery[];

beforeEach(async () => {
  who = operator;
  queries = [];
  api = fastify().withTypeProvider<TypeBoxTypeProvider>();
  api.setErrorHandler((error, _request, reply) => {
    return reply.code(error instanceof HubError ? error.status : 400).send({ detail: String(error) });
  });
  registerFleetRoutes(api, {
    states,
    registry,
    journal: {
      read: async (query) => {
        queries.push(query);
        const stored = { domain: 'fire', subject: 'p', type: 'signal.received', at, data: { kind: 'test' } };
        return [9, 8].map((cursor) => ({ ...stored, cursor, id: `j${cursor}` })).slice(0, query.limit);
      },
      event: async () => undefined,
      receipts: async () => [],
      deadLetters: async ({ limit }) =>
        [5, 4]
          .map((id) => {
            return { id, at, topic: 't', deviceId: 'det-1', reason: 'json', detail: 'd', bytes: 3, head: 'AAA=' };
          })
          .slice(0, limit),
    },
    history: { query: async () => [] },
    now: () => at,
    principal: () => who,
    command: async () => undefined,
  });
  await api.ready();
});

afterEach(() => api.close());

const get = async (url: string) => {
  const response = await api.inject({ url });
  return { status: response.statusCode, body: response.json() };
};

test('every registered device is there by id, one that was never heard as never', async () => {
  const { body } = await get('/api/v1/devices');
  expect(body.next).toBeNull();
  expect(body.items.map((item: { id: string; link: string }) => [item.id, item.link])).toEqual([
    ['det-1', 'online'],
    ['det-2', 'never'],
    ['gate-1', 'never'],
  ]);
  expect(body.items[0]).toEqual({
    id: 'det-1',
    domain: 'fire',
    model: 'm',
    name: 'Đầu báo cầu thang',
    link: 'online',
    since: '2026-11-24T06:58:30.000Z',
    lastMessageAt: '2026-11-24T06:59:58.000Z',
    ageSeconds: 2,
    messages: 7,
    refused: 1,
    battery: 81,
    firmware: '2.1',
    binding: null,
    synthetic: false,
  });
});

test.each([
  ['domain=parking', ['gate-1']],
  ['link=never', ['det-2', 'gate-1']],
  ['q=%C4%91%E1%BA%A7u', ['det-1', 'det-2']],
  ['q=DET-2', ['det-2']],
  ['domain=fire&link=online', ['det-1']],
  ['domain=air', []],
])('filter %s', async (query, ids) => {
  const { body } = await get(`/api/v1/devices?${query}`);
  expect(body.items.map((item: { id: string }) => item.id)).toEqual(ids);
});

test('pages follow each other by id', async () => {
  const first = (await get('/api/v1/devices?limit=2')).body;
  expect([first.items.length, first.next]).toEqual([2, 'ZGV0LTI']);
  const second = (await get(`/api/v1/devices?limit=2&cursor=${first.next}`)).body;
  expect([second.items.map((item: { id: string }) => item.id), second.next]).toEqual([['gate-1'], null]);
});

test('one device, or a sentence', async () => {
  expect((await get('/api/v1/devices/det-2')).body).toMatchObject({ id: 'det-2', link: 'never', lastMessageAt: null });
  expect(await get('/api/v1/devices/nobody')).toEqual({
    status: 404,
    body: { detail: 'HubError: There is no device "nobody".' },
  });
});

test('what the hub stored from a device, newest first by cursor', async () => {
  const { body } = await get('/api/v1/devices/det-1/events?limit=2');
  expect(queries).toEqual([{ deviceId: 'det-1', before: Number.MAX_SAFE_INTEGER, limit: 2 }]);
  expect(body.items[0]).toEqual({
    cursor: 9,
    id: 'j9',
    domain: 'fire',
    subject: 'p',
    type: 'signal.received',
    at: '2026-11-24T07:00:00.000Z',
    data: { kind: 'test' },
  });
  expect(body.next).toBe('8');
  await get('/api/v1/devices/det-1/events?cursor=8&limit=5');
  expect(queries[1]).toEqual({ deviceId: 'det-1', before: 8, limit: 5 });
});

test('a car park’s plates and payments are not for a fire unit', async () => {
  who = fireUnit;
  expect((await get('/api/v1/devices/gate-1/events')).status).toBe(403);
  expect((await get('/api/v1/devices/det-1/events')).status).toBe(200);
  who = operator;
  expect((await get('/api/v1/devices/gate-1/events')).status).toBe(200);
});

test('dead letters, newest first', async () => {
  const { body } = await get('/api/v1/dead-letters?limit=1');
  expect([body.items.map((item: { id: number }) => item.id), body.next]).toEqual([[5], '5']);
});

test('lost and returned devices are shown live, the rest is in the counts', () => {
  const viewer = { principal: operator, at, registry };
  const present = (type: 'device.lost' | 'device.returned' | 'device.cameOnline') => {
    const place = { cursor: 1, id: 'j1', domain: 'fleet', subject: 'det-1', at };
    const session = { device: 'det-1', session: null, firmware: null };
    const event =
      type === 'device.lost'
        ? { ...place, type, data: { device: 'det-1', cause: 'silence' as const, lastAt: at } }
        : type === 'device.returned'
          ? { ...place, type, data: { ...session, awayMs: 5 } }
          : { ...place, type, data: session };
    return fleetLive.present?.(event, states.get('det-1') ?? neverHeard, {}, viewer);
  };
  expect(present('device.lost')).toMatchObject({ device: { id: 'det-1', battery: 81 } });
  expect(present('device.returned')).toMatchObject({ device: { id: 'det-1' } });
  expect(present('device.cameOnline')).toBeUndefined();
  expect(fleetLive.snapshot(states, {}, viewer)).toEqual({
    at,
    fleet: {
      parking: { never: 1, online: 0, late: 0, lost: 0 },
      fire: { never: 1, online: 1, late: 0, lost: 0 },
    },
  });
});
