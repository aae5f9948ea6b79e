/** Fire over REST: what each role sees, pages, the ledger, and old incidents from the journal. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../../../../hub/access/policy.ts';
import type { Api } from '../../../../../hub/domain.ts';
import { fireHearing } from '../../../../../hub/domains/fire/hearing.ts';
import { fire } from '../../../../../hub/domains/fire/index.ts';
import { registerFireRoutes } from '../../../../../hub/domains/fire/routes.ts';
import { initialState } from '../../../../../hub/domains/fire/state.ts';
import { HubError } from '../../../../../hub/errors.ts';
import type { EventQuery, JournalReader, RegistryReader, StoredEvent } from '../../../../../hub/ports.ts';
import type { DeviceRecord } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { isCommand } from './command-check.ts';
import { detector, house, lan, minh, noon, openScene, operator } from './scene.ts';

const kitchen = detector('det-kitchen');
const loose = detector('det-loose', { position: { lat: 21.01, lon: 105.8 } });
const unbound = withoutBinding(loose);
const seconds = (n: number) => noon + n * 1_000;

const registry: RegistryReader = {
  ...emptyRegistry,
  device: (id) => [kitchen, unbound].find((device) => device.id === id),
  devices: () => [unbound, kitchen],
  place: (id) => (id === house.id ? house : undefined),
  ward: (code) => (code === '00070' ? { code, name: 'Hoàn Kiếm', kind: 'phường' } : undefined),
  nearest: (kind) => [
    {
      facility: {
        id: 'f',
        kind,
        name: kind === 'water' ? 'Hồ Gươm' : 'Đội Hoàn Kiếm',
        position: house.position,
        approximate: true,
      },
      distanceMeters: 412.4,
    },
  ],
};

/** A place and a lone device, with the journal that their facts went into. */
function openCity() {
  const scenes = new Map([
    [house.id, openScene()],
    ['device:det-loose', openScene()],
  ]);
  const stored: StoredEvent[] = [];
  const flush = () => {
    const known = new Set(stored.map((event) => JSON.stringify([event.type, event.at, event.data])));
    for (const [subject, scene] of scenes) {
      for (const fact of scene.facts()) {
        if (known.has(JSON.stringify([fact.type, fact.at, fact.data]))) continue;
        const cursor = stored.length + 1;
        stored.push({ ...fact, cursor, id: `j${cursor}`, domain: 'fire', subject, storedAt: fact.at + 4 });
      }
    }
  };
  return {
    scene(subject: string) {
      const scene = scenes.get(subject);
      if (scene === undefined) throw new Error(`no scene ${subject}`);
      return scene;
    },
    stored: () => {
      flush();
      return stored;
    },
    states: () => new Map([...scenes].map(([subject, scene]) => [subject, scene.state()])),
    /** The memory of the hub is gone, the journal is not. */
    forget: () => {
      flush();
      for (const subject of scenes.keys()) scenes.set(subject, openScene());
    },
  };
}

/** The same city with one scene in the place of another. */
function withScene(known: ReturnType<typeof openCity>, subject: string, scene: ReturnType<typeof openScene>) {
  return {
    ...known,
    scene: (asked: string) => (asked === subject ? scene : known.scene(asked)),
    states: () => new Map([...known.states(), [subject, scene.state()]]),
  };
}

let city: ReturnType<typeof openCity>;
let api: Api;
let who: Principal;

beforeEach(async () => {
  city = openCity();
  who = lan;
  const journal: JournalReader = {
    read: async (query) => readFrom(city.stored(), query),
    event: async (id) => city.stored().find((event) => event.id === id),
    receipts: async (event) => [
      { event, hop: 'emitted', by: 'Lan', at: seconds(0) + 5 },
      { event, hop: 'received', by: 'Lan', at: seconds(0) + 40 },
    ],
    deadLetters: async () => [],
  };
  api = fastify().withTypeProvider<TypeBoxTypeProvider>();
  api.setErrorHandler((error, _request, reply) => {
    return reply.code(error instanceof HubError ? error.status : 400).send({ detail: String(error) });
  });
  registerFireRoutes(api, {
    get states() {
      return city.states();
    },
    registry,
    journal,
    history: { query: async () => [] },
    now: () => seconds(600),
    principal: () => who,
    command: async (by, subject, name, args) => {
      const given = { name, args };
      if (!isCommand(given)) throw new HubError('invalid', 'not a command');
      const { rejection } = city.scene(subject).act(by, seconds(100), given);
      if (rejection !== undefined) throw new HubError(rejection.code, rejection.message);
    },
  });
  await api.ready();
});

afterEach(() => api.close());

const get = async (url: string) => {
  const response = await api.inject({ url });
  return { status: response.statusCode, body: response.json() };
};
const post = async (url: string, payload?: object) => {
  const response = await api.inject({ url, method: 'POST', ...(payload === undefined ? {} : { payload }) });
  return { status: response.statusCode, body: response.json() };
};

test('an incident as a dispatcher sees it', async () => {
  city.scene(house.id).say(kitchen, { point: 'bếp', ts: seconds(-3) });
  const { id } = city.scene(house.id).open();
  const { status, body } = await get(`/api/v1/incidents/${id}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    id,
    subject: 'HN-12-34-HB',
    place: {
      id: 'HN-12-34-HB',
      name: 'Nhà 12 ngõ 34',
      address: '12 ngõ 34 Hàng Bạc',
      wardCode: '00070',
      wardName: 'Hoàn Kiếm',
      lat: 21.0337,
      lon: 105.8513,
      bindingState: 'verified',
      footMeters: 85,
      alleyWidthMeters: 1.4,
      // The household's number is for those who have taken it.
      contacts: [],
      contactsWithheld: 1,
      stations: [{ name: 'Đội Hoàn Kiếm', meters: 412, approximate: true, lat: 21.0337, lon: 105.8513 }],
      water: [{ name: 'Hồ Gươm', meters: 412, lat: 21.0337, lon: 105.8513 }],
    },
    priority: 2,
    evidence: 'unverified',
    handling: 'raised',
    source: 'active',
    synthetic: false,
    points: [
      {
        deviceId: 'det-kitchen',
        point: 'bếp',
        class: 'smoke',
        since: '2026-11-24T06:59:57.000Z',
        lastAt: '2026-11-24T06:59:57.000Z',
        count: 1,
      },
    ],
    raisedAt: '2026-11-24T07:00:00.000Z',
    lastEventAt: '2026-11-24T07:00:00.000Z',
    receivedAfterMs: 3000,
    score: { probability: 0.005, reasons: [{ word: 'detector', weight: 0.005 }] },
    quality: [],
    timeline: [{ at: '2026-11-24T07:00:00.000Z', type: 'incident.raised', by: 'det-kitchen', text: 'bếp' }],
    escalation: { step: 'raised', next: 'secondChannel', nextAt: '2026-11-24T07:00:05.000Z' },
    receipts: [
      { hop: 'received', by: 'hub', at: '2026-11-24T07:00:00.000Z', afterMs: 0 },
      { hop: 'durable', by: 'journal', at: '2026-11-24T07:00:00.004Z', afterMs: 4 },
      { hop: 'emitted', by: 'Lan', at: '2026-11-24T07:00:00.005Z', afterMs: 5 },
      { hop: 'receivedByApp', by: 'Lan', at: '2026-11-24T07:00:00.040Z', afterMs: 40 },
    ],
  });
});

test('whoever takes the incident sees the household, until it is closed', async () => {
  city.scene(house.id).say(kitchen, {});
  const { id } = city.scene(house.id).open();
  const contactsOf = async () => (await get(`/api/v1/incidents/${id}`)).body.place.contacts;
  expect(await contactsOf()).toEqual([]);
  await post(`/api/v1/incidents/${id}/acknowledge`);
  expect(await contactsOf()).toEqual([{ name: 'Bà Hoa', phone: '0900000001' }]);
  who = minh;
  expect(await contactsOf()).toEqual([]);
  who = lan;
  city.scene(house.id).say(kitchen, { kind: 'restore' });
  expect((await post(`/api/v1/incidents/${id}/close`, { disposition: 'unwanted' })).status).toBe(200);
  expect(await contactsOf()).toEqual([]);
});

test('an operator sees the place and nobody’s telephone', async () => {
  city.scene(house.id).say(kitchen, {});
  who = operator;
  const { body } = await get('/api/v1/incidents');
  expect(body.items[0].place).toMatchObject({ address: '12 ngõ 34 Hàng Bạc', contacts: [] });
  expect(JSON.stringify(body)).not.toContain('0900000001');
});

test('a device bound to no place is shown where it says it is, whatever ward is asked for', async () => {
  city.scene('device:det-loose').say(unbound, { isPlaced: false });
  const { body } = await get('/api/v1/incidents?ward=00004');
  expect(body.items).toHaveLength(1);
  expect(body.items[0]).toMatchObject({
    subject: 'device:det-loose',
    quality: ['binding'],
    place: { address: '', lat: 21.01, lon: 105.8, bindingState: 'claimed' },
  });
});

test('commands answer with the incident, the second acknowledgement with who and when', async () => {
  city.scene(house.id).say(kitchen, {});
  const { id } = city.scene(house.id).open();
  const first = await post(`/api/v1/incidents/${id}/acknowledge`);
  expect([first.status, first.body.handling, first.body.acknowledged]).toEqual([
    200,
    'acknowledged',
    { at: '2026-11-24T07:01:40.000Z', by: 'Lan' },
  ]);
  const second = await post(`/api/v1/incidents/${id}/acknowledge`, {});
  expect([second.status, second.body.detail]).toEqual([409, 'HubError: Already acknowledged by Lan at 14:01:40.']);
  expect((await post(`/api/v1/incidents/${id}/refute`, {})).status).toBe(400);
  expect((await post(`/api/v1/incidents/${id}/refute`)).status).toBe(400);
  expect((await post(`/api/v1/incidents/${id}/close`, { disposition: 'nothing' })).status).toBe(400);
  expect((await post(`/api/v1/incidents/${id}/close`, { disposition: 'unwanted' })).status).toBe(409);
  expect((await post('/api/v1/incidents/nobody/acknowledge')).status).toBe(404);
});

test('a closed incident is found in the journal when memory has let it go', async () => {
  const scene = city.scene(house.id);
  scene.say(kitchen, {});
  const { id } = scene.open();
  scene.say(kitchen, { kind: 'restore', at: seconds(5) });
  scene.act(lan, seconds(60), { name: 'close', args: { incident: id, disposition: 'unwanted', note: 'Khói bếp' } });
  city.forget();
  const { status, body } = await get(`/api/v1/incidents/${id}`);
  expect([status, body.handling, body.closed]).toEqual([
    200,
    'closed',
    { at: '2026-11-24T07:01:00.000Z', by: 'Lan', disposition: 'unwanted', note: 'Khói bếp' },
  ]);
  expect(body.receipts.at(-1)).toEqual({ hop: 'accepted', by: 'Lan', at: '2026-11-24T07:01:00.000Z', afterMs: 60_000 });
  expect((await get('/api/v1/incidents')).body).toEqual({ items: [], next: null });
  const closed = (await get('/api/v1/incidents?state=closed&ward=00070')).body;
  expect(closed.items.map((item: { id: string }) => item.id)).toEqual([id]);
  expect((await get('/api/v1/incidents?state=closed&ward=00004')).body.items).toEqual([]);
});

test('pages of closed incidents follow each other without a gap', async () => {
  const scene = city.scene(house.id);
  const ids: string[] = [];
  for (let round = 0; round < 5; round++) {
    scene.say(kitchen, { at: seconds(round * 10) });
    ids.unshift(scene.open().id);
    scene.say(kitchen, { kind: 'restore', at: seconds(round * 10 + 1) });
    scene.act(lan, seconds(round * 10 + 2), {
      name: 'close',
      args: { incident: scene.open().id, disposition: 'unknown' },
    });
  }
  const seen: string[] = [];
  for (let url: string | undefined = '/api/v1/incidents?state=closed&limit=2'; url !== undefined; ) {
    const { body } = await get(url);
    seen.push(...body.items.map((item: { id: string }) => item.id));
    url = body.next === null ? undefined : `/api/v1/incidents?state=closed&limit=2&cursor=${body.next}`;
  }
  expect(seen).toEqual(ids);
});

test('a device of a place has the place as its subject, any other is its own', () => {
  expect(fire.locate(kitchen, registry, noon)).toEqual({ subject: house.id, context: { place: house } });
  expect(fire.locate(unbound, registry, noon)).toEqual({ subject: 'device:det-loose', context: { place: undefined } });
});

function withoutBinding({ binding: _binding, ...device }: DeviceRecord): DeviceRecord {
  return device;
}

function readFrom(stored: readonly StoredEvent[], query: EventQuery): StoredEvent[] {
  const { after, before, domain, subject, types, limit } = query;
  const found = stored.filter(
    (event) =>
      (after === undefined || event.cursor > after) &&
      (before === undefined || event.cursor < before) &&
      (domain === undefined || event.domain === domain) &&
      (subject === undefined || event.subject === subject) &&
      (types === undefined || types.includes(event.type)),
  );
  return (before !== undefined && after === undefined ? found.reverse() : found).slice(0, limit);
}

test('a drill is opened, listed and ended over REST, with its coverage', async () => {
  city.scene(house.id).say(kitchen, { kind: 'test', point: 'bếp' });
  const opened = await post('/api/v1/fire/windows', { place: house.id, kind: 'drill', reason: 'Diễn tập quý 4' });
  expect(opened).toMatchObject({
    status: 200,
    body: {
      subject: house.id,
      kind: 'drill',
      devices: ['det-kitchen'],
      by: 'Lan',
      from: '2026-11-24T07:01:40.000Z',
      until: '2026-11-24T08:01:40.000Z',
      coverage: { seen: [], never: ['det-kitchen/'] },
    },
  });
  expect((await get('/api/v1/fire/windows')).body.items).toEqual([opened.body]);
  expect((await post(`/api/v1/fire/windows/${opened.body.id}/end`)).status).toBe(200);
  expect((await get('/api/v1/fire/windows')).body.items).toEqual([]);
  expect((await get(`/api/v1/fire/windows/${opened.body.id}`)).status).toBe(404);
  expect((await post('/api/v1/fire/windows', { place: 'nowhere', kind: 'drill', reason: 'x' })).status).toBe(404);
});

test('performance is there before the first alarm, and asks for times that make sense', async () => {
  expect((await get('/api/v1/fire/performance')).body).toMatchObject({
    alarms: 0,
    precision: null,
    answered: { count: 0, p80Ms: null, p985Ms: null },
    flood: null,
  });
  const upsideDown = 'from=2026-11-24T08:00:00Z&to=2026-11-24T07:00:00Z';
  expect((await get(`/api/v1/fire/performance?${upsideDown}`)).status).toBe(400);
});

test('the devices of an area incident are listed, those in trouble longest first, with who is overdue', async () => {
  const heard = (device: string, at: number, isOver = false) =>
    ({ kind: 'trouble', class: 'comm', device, ward: '00070', gateway: 'lora-7', isOver, at }) as const;
  let state = initialState('area:comm');
  for (let n = 0; n < 20; n++) state = fireHearing.fold(state, heard(n === 0 ? kitchen.id : `d${n}`, seconds(n - 900)));
  const area = openScene(state);
  area.enter({ kind: 'tick', at: seconds(0) });
  city = withScene(city, 'area:comm', openScene(fireHearing.fold(area.state(), heard('d1', seconds(10), true))));
  const { id } = city.scene('area:comm').open();
  const all = await get(`/api/v1/incidents/${id}/members?limit=2`);
  expect(all.body.items).toEqual([
    {
      device: kitchen.id,
      place: { id: house.id, address: house.address },
      ward: '00070',
      gateway: 'lora-7',
      state: 'overdue',
      since: '2026-11-24T06:45:00.000Z',
      restoredAt: null,
    },
    {
      device: 'd1',
      place: null,
      ward: '00070',
      gateway: 'lora-7',
      state: 'restored',
      since: '2026-11-24T06:45:01.000Z',
      restoredAt: '2026-11-24T07:00:10.000Z',
    },
  ]);
  const rest = await get(`/api/v1/incidents/${id}/members?limit=100&cursor=${all.body.next}`);
  expect([rest.body.items.length, rest.body.next]).toEqual([18, null]);
  const restored = await get(`/api/v1/incidents/${id}/members?state=restored`);
  expect(restored.body.items).toHaveLength(1);
  expect(await get('/api/v1/incidents/none/members')).toMatchObject({ status: 404 });
  expect(await get(`/api/v1/incidents/${id}/members?cursor=zzz`)).toMatchObject({ status: 400 });
});

test('each fire device is shown on its six axes, with its state of ISA-18.2', async () => {
  const scene = city.scene(house.id);
  scene.say(kitchen, { kind: 'trouble', class: 'other', point: 'mains' });
  scene.say(kitchen, { point: 'bếp' });
  const one = async () => (await get('/api/v1/fire/devices/det-kitchen')).body;
  expect(await one()).toEqual({
    id: 'det-kitchen',
    name: 'det-kitchen',
    model: 'smoke-detector',
    subject: house.id,
    synthetic: false,
    badge: 'alarm',
    alarmState: 'unacknowledged',
    axes: {
      sensing: 'alarm',
      latch: 'latched',
      health: ['trouble:mains'],
      comm: 'never',
      service: 'inService',
      binding: 'verified',
    },
    outOfService: null,
    points: [
      {
        point: 'bếp',
        class: 'smoke',
        sensing: 'alarm',
        latch: 'latched',
        service: 'inService',
        alarmState: 'unacknowledged',
      },
    ],
    rising: [],
    incident: scene.open().id,
    lastTestAt: null,
    clockSkewMs: null,
  });
  await post(`/api/v1/incidents/${scene.open().id}/acknowledge`);
  expect((await one()).alarmState).toBe('acknowledged');
  scene.say(kitchen, { kind: 'restore', point: 'bếp', at: seconds(120) });
  expect(await one()).toMatchObject({ badge: 'latched', alarmState: 'latched' });
  const ids = async (query: string) =>
    (await get(`/api/v1/fire/devices${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids('')).toEqual(['det-kitchen', 'det-loose']);
  expect(await ids('?badge=latched')).toEqual(['det-kitchen']);
  expect(await ids(`?place=${house.id}`)).toEqual(['det-kitchen']);
  expect((await get('/api/v1/fire/devices/nobody')).status).toBe(404);
});

test('a device whose readings rise is shown with them', async () => {
  const scene = city.scene(house.id);
  for (const [index, smoke] of [1, 3, 5].entries()) {
    const at = seconds(index * 60);
    scene.enter({ kind: 'message', name: 'heartbeat', at, device: kitchen, retained: false, body: { ts: at, smoke } });
  }
  const { body } = await get('/api/v1/fire/devices/det-kitchen');
  expect(body).toMatchObject({
    badge: 'prealarm',
    alarmState: 'normal',
    rising: [{ measure: 'smoke', since: '2026-11-24T07:02:00.000Z', from: 1, to: 5 }],
    clockSkewMs: 0,
  });
});
