/** A flawed alarm of a fire device reaches a person all the same, marked, and its original is kept with what was wrong. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, device, fireEvent, openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let detector: MqttClient;
let app: App;
const receipts: unknown[] = [];

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

const say = (payload: string) => detector.publishAsync('city/v1/fire/fd-1/event', payload, { qos: 1 });

test('an alarm whose clock stands at 1970 raises, marked, and its device hears of it', async () => {
  const event = fireEvent({ ts: 0 });
  await say(JSON.stringify(event));
  const raised = await until('the app has it', () => app.events.find(({ type }) => type === 'incident.raised'));
  expect(raised.data.incident).toMatchObject({ handling: 'raised', quality: expect.arrayContaining(['clock']) });
  await until('the receipt came', () => receipts.length > 0);
  expect(receipts[0]).toMatchObject({ id: event.id, state: 'stored' });
});

test.each([
  ['an unknown kind', () => JSON.stringify(fireEvent({ kind: 'fire', point: 'kitchen' })), 'unknownCode', 'schema'],
  ['a class nobody knows', () => JSON.stringify(fireEvent({ class: 'dust', point: 'hall' })), 'unknownCode', 'schema'],
  ['text that was cut off', () => '{"id":"cut","kind":"alarm","cla', 'unreadable', 'json'],
])('%s joins it as a possible fire, and stands in the dead letters', async (_what, payload, doubt, reason) => {
  const before = (await letters()).length;
  await say(payload());
  const joined = await until('the app has the point', () =>
    app.events.find(({ data }) => 'quality' in data.incident && hasDoubt(data.incident.quality, doubt)),
  );
  expect(joined.data.incident.id).toBe(app.events[0]?.data.incident.id);
  const [letter] = await until('the letter is there', async () => {
    const now = await letters();
    return now.length > before ? now : undefined;
  });
  expect(letter).toMatchObject({ reason, deviceId: 'fd-1', detail: expect.stringContaining('taken all the same') });
  expect(detector.connected).toBe(true);
});

test('a restore of the device without a clock ends what it says, and what clears nothing is only a dead letter', async () => {
  const before = (await letters()).length;
  await say(JSON.stringify(fireEvent({ kind: 'restore', class: 'dust' })));
  const [letter] = await until('the letter is there', async () => {
    const now = await letters();
    return now.length > before ? now : undefined;
  });
  expect(letter).toMatchObject({ reason: 'schema', detail: expect.not.stringContaining('taken') });
  await say(JSON.stringify(fireEvent({ kind: 'restore', class: 'other', ts: 17 })));
  const restored = await until('the incident is restored', () =>
    app.events.find(({ type }) => type === 'incident.restored'),
  );
  expect(restored.data.incident).toMatchObject({ source: 'restored', handling: 'raised' });
});

function hasDoubt(quality: unknown, doubt: string): boolean {
  return Array.isArray(quality) && quality.includes(doubt);
}

async function letters(): Promise<readonly unknown[]> {
  const { body } = await hub.request('/api/v1/dead-letters?limit=100', { token: hub.tokens.operator });
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items : [];
}
