/** Where a device hangs: claimed at first, verified by a scan on site, disputed by whoever finds it elsewhere. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
let qr: string;

beforeAll(async () => {
  hub = await startTestHub();
  const since = 1_767_225_600_000;
  hub.device('fd-new', { binding: { kind: 'place', target: 'place-12', state: 'claimed', since, by: 'import' } });
  hub.device('fd-loose');
  const { body } = await hub.request('/api/v1/places/place-12/qr', { token: hub.tokens.operator });
  qr = /nhip-place:1:[^"]+/.exec(JSON.stringify(body))?.[0] ?? '';
});
afterAll(() => hub?.stop());

// The place is at 21.0345, 105.8525; this is some 14 m north-east of it.
const near = { lat: 21.0346, lon: 105.8526 };
const verify = (change: object = {}, id = 'fd-new') =>
  hub.request(`/api/v1/devices/${id}/verify-binding`, {
    token: hub.tokens.operator,
    body: { qr, ...near, at: new Date().toISOString(), ...change },
  });
const state = () => hub.hub.registry.device('fd-new')?.binding?.state;

test('what proves nothing changes nothing', async () => {
  const old = new Date(Date.now() - 11 * 60_000).toISOString();
  const other = await hub.request('/api/v1/places/place-14/qr', { token: hub.tokens.operator });
  expect((await verify({ qr: `${qr.slice(0, -2)}AA` })).body).toMatchObject({
    status: 422,
    detail: expect.stringMatching(/no code of this hub/),
  });
  expect((await verify({ at: old })).body).toMatchObject({ status: 422, detail: expect.stringMatching(/10 minutes/) });
  expect((await verify({ lat: 21.036 })).body).toMatchObject({
    status: 422,
    detail: expect.stringMatching(/167 m away/),
  });
  const text = /nhip-place:1:[^"]+/.exec(JSON.stringify(other.body))?.[0];
  expect((await verify({ qr: text })).body).toMatchObject({
    status: 409,
    detail: expect.stringMatching(/is bound to place-12/),
  });
  expect((await verify({}, 'fd-loose')).status).toBe(409);
  expect((await verify({}, 'nothing')).status).toBe(404);
  expect(state()).toBe('claimed');
});

test('a scan on site verifies, and a crew that finds it elsewhere disputes', async () => {
  expect(await verify()).toMatchObject({
    status: 200,
    body: { deviceId: 'fd-new', placeId: 'place-12', state: 'verified', by: 'test operator' },
  });
  expect(state()).toBe('verified');
  const body = { reason: 'đầu báo ở nhà số 14' };
  expect((await hub.request('/api/v1/devices/fd-new/dispute', { token: hub.tokens.fire, body })).status).toBe(200);
  expect(state()).toBe('disputed');
  const log = await hub.request('/api/v1/devices/fd-new/bindings', { token: hub.tokens.operator });
  expect(log.body).toMatchObject({
    items: [
      { from: 'verified', to: 'disputed', by: 'test fire', how: 'word', detail: 'đầu báo ở nhà số 14' },
      { from: 'claimed', to: 'verified', by: 'test operator', how: 'qr', detail: expect.stringMatching(/^1\d m$/) },
      { from: 'none', to: 'claimed', by: 'import', how: null, at: '2026-01-01T00:00:00.000Z' },
    ],
  });
});

test('a device that is moved supersedes what was proven, and the new place is a claim again', async () => {
  hub.device('fd-moved', {
    binding: {
      kind: 'place',
      target: 'place-12',
      state: 'verified',
      since: 1_767_225_600_000,
      by: 'lắp đặt',
      how: 'qr',
    },
  });
  const put = async (binding: unknown) => {
    const response = await fetch(`${hub.url}/api/v1/devices/fd-moved`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${hub.tokens.admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ binding }),
    });
    expect(response.status).toBe(200);
  };
  await put({ kind: 'place', target: 'place-14' });
  // The code of the old place proves nothing any more.
  expect((await verify({}, 'fd-moved')).status).toBe(409);
  await put(null);
  const path = '/api/v1/devices/fd-moved/bindings';
  const expected = [
    { placeId: 'place-14', from: 'claimed', to: 'superseded', by: 'test admin', how: 'admin', detail: 'freed' },
    { placeId: 'place-14', from: 'none', to: 'claimed', by: 'test admin', how: 'admin', detail: '' },
    {
      ...{ placeId: 'place-12', from: 'verified', to: 'superseded', by: 'test admin', how: 'admin' },
      detail: 'moved to place place-14',
    },
    { placeId: 'place-12', from: 'none', to: 'verified', by: 'lắp đặt', how: 'qr', detail: '' },
  ];
  for (const token of [hub.tokens.operator, hub.tokens.fire, hub.tokens.admin]) {
    expect((await hub.request(path, { token })).body).toMatchObject({ items: expected, next: null });
  }
  expect((await hub.request(path, { token: hub.tokens.parking })).status).toBe(403);
});

test("the city's own plate names the place and proves nothing", async () => {
  const place = hub.hub.registry.place('place-12');
  if (place === undefined) throw new Error('the small city has place-12');
  const plate = 'https://diachi.example.vn/010203040506';
  hub.hub.registry.putPlace({ ...place, aliases: [{ kind: 'plateQr', value: plate }] });
  hub.hub.registry.bindDevice('fd-new', {
    ...{ kind: 'place', target: 'place-12', state: 'claimed', since: 1_767_225_600_000, by: 'import' },
  });
  expect((await verify({ qr: plate })).body).toMatchObject({
    status: 422,
    detail: "This is the house-number plate of place-12, which is not signed; scan this hub's own code of the place.",
  });
  expect(state()).toBe('claimed');
});

test('codes are for those who keep the fleet', async () => {
  expect((await hub.request('/api/v1/places/place-12/qr', { token: hub.tokens.fire })).status).toBe(403);
  expect((await hub.request('/api/v1/places/place-12/qr')).status).toBe(401);
  expect((await hub.request('/api/v1/places/nothing/qr', { token: hub.tokens.operator })).status).toBe(404);
});
