/** A call to 114 confirms the alarm near it, and two houses that burn side by side are shown side by side. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
const clients: MqttClient[] = [];
let app: App;

beforeAll(async () => {
  hub = await startTestHub();
  for (const id of ['fd-1', 'fd-3']) clients.push(await device(hub, id));
  app = await openApp(hub, '/fire', { token: hub.tokens.fire });
});
afterAll(async () => {
  app?.close();
  for (const client of clients) await client.endAsync();
  await hub?.stop();
});

const detector = (index: number): MqttClient => {
  const client = clients[index];
  if (client === undefined) throw new Error('no such detector');
  return client;
};
const give = (body: object) => hub.request('/api/v1/reports', { token: hub.tokens.fire, body });

test('a call from across the alley confirms the alarm', async () => {
  await raise(detector(0), 'fd-1');
  const raised = await until('raised', () => app.events.find(({ type }) => type === 'incident.raised'));
  const answer = await give({ lat: 21.0348, lon: 105.8526, source: 'call114', text: 'thấy khói' });
  expect(answer).toMatchObject({
    status: 200,
    body: { incidents: [{ id: raised.data.incident.id, subject: 'place-12', meters: 35 }] },
  });
  const reported = await until('the screen is told', () => app.events.find(({ type }) => type === 'incident.reported'));
  expect(reported.data.incident).toMatchObject({
    reports: [{ source: 'call114', text: 'thấy khói', by: 'test fire' }],
    evidence: 'confirmed',
    priority: 1,
  });
});

test('an alarm next door is related, and an incident of its own', async () => {
  await raise(detector(1), 'fd-3');
  const related = await until('both know of each other', () => {
    const found = app.events.filter(({ type }) => type === 'incident.related');
    return new Set(found.map(({ subject }) => subject)).size === 2 ? found : undefined;
  });
  expect(new Set(related.map(({ data }) => data.incident.id)).size).toBe(2);
});

test.each([
  ['nowhere', { source: 'call114' }, 400, 'Name a place, or a position by lat and lon.'],
  ['a place that nobody knows', { place: 'x', source: 'call114' }, 404, 'There is no place "x".'],
])('a report of %s is refused with what was expected', async (_what, body, status, detail) => {
  expect(await give(body)).toMatchObject({ status, body: { detail } });
});

test('only the fire service takes reports down', async () => {
  const body = { place: 'place-12', source: 'call114' };
  expect(await hub.request('/api/v1/reports', { token: hub.tokens.transit, body })).toMatchObject({ status: 403 });
});
