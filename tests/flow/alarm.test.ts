/** The whole road of one alarm: detector → MQTT → journal → incident → app → person → device. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let detector: MqttClient;
let app: App;
const receipts: { id: string; state: string }[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  detector = await device(hub, 'fd-1');
  detector.on('message', (_topic, payload) => void receipts.push(JSON.parse(payload.toString())));
  await detector.subscribeAsync('city/v1/fire/fd-1/receipt', { qos: 1 });
  app = await openApp(hub, '/fire', { token: hub.tokens.fire });
});
afterAll(async () => {
  app?.close();
  await detector?.endAsync();
  await hub?.stop();
});

test('an alarm is an incident on the screen, with its address, and the device learns each hop', async () => {
  const id = await raise(detector, 'fd-1');
  const raised = await until('the app has the incident', () =>
    app.events.find(({ type }) => type === 'incident.raised'),
  );
  expect(raised.data.incident).toMatchObject({
    handling: 'raised',
    evidence: 'unverified',
    source: 'active',
    place: { id: 'place-12', address: '12 ngõ 34 Hàng Bạc', footMeters: 45 },
    points: [{ deviceId: 'fd-1', class: 'smoke', count: 1 }],
  });
  await until('stored and delivered came back', () => receipts.length >= 2);
  expect(receipts.map(({ id: event, state }) => [event, state])).toEqual([
    [id, 'stored'],
    [id, 'delivered'],
  ]);

  const incident = raised.data.incident.id;
  const acknowledged = await hub.request(`/api/v1/incidents/${incident}/acknowledge`, {
    token: hub.tokens.fire,
    body: {},
  });
  expect(acknowledged.status).toBeLessThan(300);
  await until('the person is known to the device', () => receipts.some(({ state }) => state === 'accepted'));
  await until('the app sees who', () =>
    app.events.some(({ type, data }) => type === 'incident.acknowledged' && data.incident.handling === 'acknowledged'),
  );

  const ledger = await hub.request(`/api/v1/incidents/${incident}`, { token: hub.tokens.fire });
  expect(ledger.status).toBe(200);
});

test('a second console that accepts too is told who was first', async () => {
  const open = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
  expect(open.body).toMatchObject({ items: [{ handling: 'acknowledged' }] });
  const incident = app.events[0]?.data.incident.id;
  const second = await hub.request(`/api/v1/incidents/${incident}/acknowledge`, { token: hub.tokens.fire, body: {} });
  expect(second).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

test('a restore never closes, and closing needs a disposition', async () => {
  const incident = app.events[0]?.data.incident.id;
  const closeWhileActive = await hub.request(`/api/v1/incidents/${incident}/close`, {
    token: hub.tokens.fire,
    body: { disposition: 'unwanted' },
  });
  expect(closeWhileActive.status).toBe(409);
  await raise(detector, 'fd-1', { kind: 'restore' });
  await until('the app sees the restore', () => app.events.some(({ type }) => type === 'incident.restored'));
  const withoutWord = await hub.request(`/api/v1/incidents/${incident}/close`, { token: hub.tokens.fire, body: {} });
  expect(withoutWord.status).toBe(400);
  const resolved = await hub.request(`/api/v1/incidents/${incident}/resolve`, { token: hub.tokens.fire, body: {} });
  expect(resolved.status).toBeLessThan(300);
  const closed = await hub.request(`/api/v1/incidents/${incident}/close`, {
    token: hub.tokens.fire,
    body: { disposition: 'unwanted', note: 'nấu ăn' },
  });
  expect(closed.status).toBeLessThan(300);
  await until('the app sees the end', () => app.events.some(({ data }) => data.incident.handling === 'closed'));
});

test('what the hub stored of a device can be read, newest first', async () => {
  const stored = await hub.request('/api/v1/devices/fd-1/events', { token: hub.tokens.fire });
  expect(stored.status).toBe(200);
  expect(JSON.stringify(stored.body)).toContain('incident.raised');
});

test('who may not see fires sees none, by any door', async () => {
  await expect(openApp(hub, '/fire')).rejects.toThrow('token');
  await expect(openApp(hub, '/fire', { token: hub.tokens.parking })).rejects.toThrow('fire.read');
  await expect(openApp(hub, '/fire', { token: 'nhip_wrong_token' })).rejects.toThrow('token');
  expect((await hub.request('/api/v1/incidents')).status).toBe(401);
  expect((await hub.request('/api/v1/incidents', { token: hub.tokens.transit })).status).toBe(403);
});
