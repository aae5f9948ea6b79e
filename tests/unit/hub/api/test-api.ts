/** A real web server on a free port with a small city behind it, for the tests of this folder. */
import { pino } from 'pino';
import { Type } from 'typebox';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { parkingMessages } from '../../../../devices/parking/message.ts';
import type { Principal, Role } from '../../../../hub/access/policy.ts';
import type { TokenInfo } from '../../../../hub/access/tokens.ts';
import { createMetrics } from '../../../../hub/api/metrics.ts';
import type { ApiOptions, MountedDomain } from '../../../../hub/api/options.ts';
import { createApi } from '../../../../hub/api/server.ts';
import { HubError } from '../../../../hub/errors.ts';
import type { HistoryQuery, HistoryRow, RegistryReader } from '../../../../hub/ports.ts';
import type { DeviceRecord, Place, Ward } from '../../../../hub/registry/records.ts';

/** 2026-11-22T03:00:00.000Z. */
export const noon = 1_795_316_400_000;

export const places: readonly Place[] = [
  {
    id: 'HN-0001',
    name: 'Nhà số 12',
    address: '12 ngõ 34 Hàng Bạc',
    wardCode: '00070',
    position: { lat: 21.034, lon: 105.853 },
    contacts: [{ name: 'Bà Lan', phone: '0900000001' }],
    access: { footMeters: 80, alleyWidthMeters: 2 },
  },
  {
    id: 'HN-0002',
    name: 'Chợ Đồng Xuân',
    address: 'Đồng Xuân',
    wardCode: '00070',
    position: { lat: 21.038, lon: 105.8495 },
  },
  { id: 'HN-0003', name: 'Nhà số 5', address: '5 Láng Hạ', wardCode: '00199', position: { lat: 21.015, lon: 105.815 } },
];
const wards: readonly Ward[] = [
  { code: '00199', name: 'Láng', kind: 'phường' },
  { code: '00070', name: 'Hoàn Kiếm', kind: 'phường' },
];

export const tokens: Readonly<Record<string, Principal>> = {
  'admin-token': person('admin', ['admin']),
  'fire-token': person('fire', ['fire']),
  'operator-token': person('operator', ['operator']),
  'parking-token': person('parking', ['parking']),
  'transit-token': person('transit', ['transit']),
};

function person(name: string, roles: readonly Role[]): Principal {
  return { kind: 'token', id: `t-${name}`, name, roles };
}

const fire: MountedDomain = {
  name: 'fire',
  title: { vi: 'Báo cháy', en: 'Fire' },
  first: true,
  messages: fireMessages,
  commands: {},
  events: Type.Object({ type: Type.Literal('incident.raised'), at: Type.Integer(), data: Type.Unknown() }),
  measurements: { fire_heartbeat: { battery: 'number', smoke: 'number' } },
  live: {
    namespace: '/fire',
    action: 'fire.read',
    filter: Type.Object({ wards: Type.Optional(Type.Array(Type.String())) }),
  },
  routes(api) {
    api.post(
      '/api/v1/incidents/:id/note',
      {
        config: { action: 'fire.act' },
        schema: {
          summary: 'Adds a note',
          params: Type.Object({ id: Type.String() }),
          body: Type.Object({ text: Type.String({ minLength: 1 }), count: Type.Optional(Type.Integer()) }),
        },
      },
      async ({ body, principal }) => {
        if (body.text === 'late') throw new HubError('conflict', 'the incident is closed');
        if (body.text === 'crash') throw new Error('secret detail of our own');
        return { text: body.text, by: principal.name };
      },
    );
  },
};
const parking: MountedDomain = {
  name: 'parking',
  title: { vi: 'Đỗ xe', en: 'Parking' },
  first: false,
  messages: parkingMessages,
  commands: {},
  events: Type.Object({}),
  measurements: { parking_count: { free: 'number' }, parking_money: { amount: 'number' } },
  guarded: { parking_money: 'parking.money' },
  live: { namespace: '/parking', action: 'anonymous', filter: Type.Object({}), frames: [{ name: 'lots' }] },
};

/** What the fakes of the outside were told. */
export type Seen = { readonly queries: HistoryQuery[]; readonly devices: Map<string, DeviceRecord>; at: number };

export type TestApi = {
  readonly url: string;
  readonly seen: Seen;
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, body: unknown, token?: string): Promise<Response>;
  close(): Promise<void>;
};

/** Starts a server; `changes` replace parts of its options. */
export async function startTestApi(changes: Partial<ApiOptions> = {}, wantedPort = 0): Promise<TestApi> {
  const seen: Seen = { queries: [], devices: new Map(), at: noon };
  const server = await createApi({ ...testOptions(seen), ...changes });
  const port = await server.listen(wantedPort, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const withToken = (token: string | undefined): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    url,
    seen,
    get: (path, token, headers) => fetch(url + path, { headers: { ...withToken(token), ...headers } }),
    send: (method, path, body, token) =>
      fetch(url + path, {
        method,
        headers: { 'content-type': 'application/json', ...withToken(token) },
        body: JSON.stringify(body),
      }),
    close: () => server.close(),
  };
}

function testOptions(seen: Seen): ApiOptions {
  const records = new Map<string, TokenInfo>();
  let code: string | undefined = 'first-start';
  return {
    log: pino({ level: 'silent' }),
    version: '1.2.3',
    now: () => seen.at,
    principalOf: (token) => tokens[token],
    domains: [fire, parking],
    registry: testRegistry(seen.devices),
    history: {
      async query(query) {
        seen.queries.push(query);
        return query.everyMs === undefined ? rawRows(query) : bucketRows(query);
      },
    },
    tokens: {
      list: () => [...records.values()],
      create(request) {
        const record = { id: `k${records.size + 1}`, createdAt: noon, ...request };
        records.set(record.id, record);
        return { id: record.id, token: `secret-of-${record.id}` };
      },
      revoke: (id) => records.delete(id),
    },
    devices: {
      put: (record) => void seen.devices.set(record.id, record),
      issueSecret: (id) => `secret-of-${id}`,
      remove: (id) => void seen.devices.delete(id),
    },
    setup: {
      isOpen: () => code !== undefined,
      redeem(given) {
        if (given !== code) throw new HubError('forbidden', 'the link is used or over');
        code = undefined;
        return { token: 'the-admin-token' };
      },
    },
    metrics: createMetrics({
      version: '1.2.3',
      collect: () => ({
        messages: [{ labels: { domain: 'fire', result: 'stored' }, value: 7 }],
        queues: [{ labels: { queue: 'ingest' }, value: 3 }],
      }),
    }),
    health: () => ({ journal: { ok: true }, history: { ok: true }, broker: { ok: true } }),
    assetsDirectory: '/nonexistent',
  };
}

function rawRows(query: HistoryQuery): readonly HistoryRow[] {
  return [{ at: query.from, values: { battery: 91 } }];
}

function bucketRows(query: HistoryQuery): readonly HistoryRow[] {
  return [{ at: query.from, buckets: { battery: { mean: 90.5, min: 90, max: 91, count: 2 } } }];
}

function testRegistry(devices: ReadonlyMap<string, DeviceRecord>): RegistryReader {
  return {
    device: (id) => devices.get(id),
    devices: () => devices.values(),
    place: (id) => places.find((place) => place.id === id),
    places: () => places,
    lot: () => undefined,
    lots: () => [],
    vehicle: () => undefined,
    ward: (wardCode) => wards.find((ward) => ward.code === wardCode),
    wards: () => wards,
    wardAt: () => undefined,
    nearest: () => [],
    placesNear: () => [...places].reverse(),
    route: () => undefined,
    routes: () => [],
    patterns: () => [],
    stop: () => undefined,
    stops: () => [],
    trip: () => undefined,
    trips: () => [],
    presence: () => undefined,
  };
}
