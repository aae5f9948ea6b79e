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
    ],
  });
});

test('codes are for those who keep the fleet', async () => {
  expect((await hub.request('/api/v1/places/place-12/qr', { token: hub.tokens.fire })).status).toBe(403);
  expect((await hub.request('/api/v1/places/place-12/qr')).status).toBe(401);
  expect((await hub.request('/api/v1/places/nothing/qr', { token: hub.tokens.operator })).status).toBe(404);
});
