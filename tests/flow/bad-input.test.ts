/** Bad input is normal: a reason is kept, nobody is disconnected who need not be, and an alarm passes beside it. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let bus: MqttClient;
let detector: MqttClient;
beforeAll(async () => {
  hub = await startTestHub();
  bus = await device(hub, 'bus-1');
  detector = await device(hub, 'fd-1');
});
afterAll(async () => {
  await bus?.endAsync();
  await detector?.endAsync();
  await hub?.stop();
});

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const fix = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ts: Date.now(), lat: 21.03, lon: 105.85, ...change });

const refusals: readonly (readonly [what: string, payload: string | Buffer, reason: string])[] = [
  ['no JSON', 'hello', 'json'],
  ['an empty payload', '', 'json'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'json'],
  ['a NUL byte', '{"ts":\u0000}', 'json'],
  ['text for a number', fix({ lat: '21.03' }), 'schema'],
  ['null for a number', fix({ lat: null }), 'schema'],
  ['an absurd latitude', fix({ lat: 1e300 }), 'range'],
  ['an infinite speed', `{"ts":${Date.now()},"lat":21,"lon":105,"speed":1e999}`, 'schema'],
  ['no fix at all', fix({ lat: 0, lon: 0 }), 'range'],
  ['seconds for milliseconds', fix({ ts: 1_790_000_000 }), 'range'],
  ['the year 1970', fix({ ts: 0 }), 'range'],
  ['the year 2262', fix({ ts: 9_223_372_036_854 }), 'range'],
  ['an hour ahead of the hub', fix({ ts: Date.now() + 3_600_000 }), 'time'],
  ['10,000 levels of nesting', nested(10_000), 'depth'],
  ['a prototype', '{"__proto__":{"admin":true},"ts":1}', 'json'],
  ['an escaped prototype', '{"\\u005f_proto__":{"admin":true},"ts":1}', 'json'],
  ['60 KB of text', JSON.stringify({ trip: 'x'.repeat(60_000) }), 'schema'],
];

test.each(refusals)('%s is acknowledged, counted and kept with its reason', async (_what, payload, reason) => {
  const before = await letters();
  await bus.publishAsync('city/v1/bus/bus-1/position', payload, { qos: 1 });
  const [letter] = await until('the dead letter is there', async () => {
    const now = await letters();
    return now.length > before.length ? now : undefined;
  });
  expect(letter).toMatchObject({ reason, deviceId: 'bus-1', topic: 'city/v1/bus/bus-1/position' });
  expect(bus.connected).toBe(true);
});

test('a message that no domain knows is refused by name', async () => {
  await bus.publishAsync('city/v1/bus/bus-1/telemetry', '{}', { qos: 1 });
  const letter = await until('the dead letter is there', async () =>
    (await letters()).find(({ topic }) => topic.endsWith('/telemetry')),
  );
  expect(letter).toMatchObject({ reason: 'unknownMessage' });
});

test('beside all that, nobody is polluted and an alarm still passes', async () => {
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  const app = await openApp(hub, '/fire', { token: hub.tokens.fire });
  await raise(detector, 'fd-1');
  await until('the alarm came', () => app.events.some(({ type }) => type === 'incident.raised'));
  const counts = await hub.request('/metrics');
  expect(counts.status).toBe(200);
  app.close();
});

test('a REST body is checked as strictly as a device', async () => {
  const wrong = await fetch(`${hub.url}/api/v1/incidents/x/note`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.tokens.fire}`, 'content-type': 'application/json' },
    body: '{"text": 5}',
  });
  expect(wrong.status).toBe(400);
  expect(wrong.headers.get('content-type')).toContain('application/problem+json');
  expect(await wrong.json()).toMatchObject({ code: 'invalid', status: 400 });
});

type Letter = { readonly reason: string; readonly topic: string; readonly deviceId: string };

async function letters(): Promise<readonly Letter[]> {
  const { body } = await hub.request('/api/v1/dead-letters?limit=100', { token: hub.tokens.operator });
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) return [];
  return body.items;
}
