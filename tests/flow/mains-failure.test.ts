/** A mains failure at a real hub: three hundred panels speak within a second, one building burns, and the screen stays readable. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const panels = Array.from({ length: 300 }, (_, index) => `panel-${index}`);
const burning = 'panel-150';

let hub: TestHub;
let app: App;
const clients = new Map<string, MqttClient>();

beforeAll(async () => {
  hub = await startTestHub();
  hub.hub.registry.write({
    places: panels.map((_, index) => ({
      id: `mains-${index}`,
      name: `Nhà ${index}`,
      address: `${index} phố Thử Nghiệm`,
      wardCode: `ward-${index % 126}`,
      position: { lat: 21 + index / 10_000, lon: 105.8 },
    })),
    devices: panels.map((id, index) => ({
      id,
      domain: 'fire',
      model: 'fire-panel',
      name: id,
      heartbeatMs: 60_000,
      binding: { kind: 'place', target: `mains-${index}`, state: 'verified', since: 0, by: 'test' },
      synthetic: false,
    })),
  });
  for (const id of panels) clients.set(id, await device(hub, id));
  app = await openApp(hub, '/fire', { token: hub.tokens.fire });
}, 60_000);

afterAll(async () => {
  app?.close();
  await Promise.all([...clients.values()].map((client) => client.endAsync()));
  await hub?.stop();
});

/** Answers the event's id once the hub has stored it. */
async function say(id: string, change: Readonly<Record<string, unknown>>): Promise<string> {
  const client = clients.get(id);
  if (client === undefined) throw new Error(`${id} is not connected`);
  return await raise(client, id, change);
}

async function json(path: string): Promise<unknown> {
  const { status, body } = await hub.request(path, { token: hub.tokens.fire });
  expect(status, path).toBe(200);
  return body;
}

test('three hundred mains failures and a fire are two incidents; nothing is lost and nothing is doubled', async () => {
  const mainsLost = { kind: 'trouble', class: 'other', point: 'mains', values: { code: 'mainsLost' } };
  const sent = new Map<string, string>();
  let fire = '';
  await Promise.all(
    panels.map(async (id) => {
      const stored = say(id, mainsLost);
      if (id === burning) fire = await say(id, { point: '2', panelVerified: true });
      sent.set(id, await stored);
    }),
  );
  expect(sent.size).toBe(300);

  await until('the fire is on the screen', () =>
    app.events.some(({ type, subject }) => type === 'incident.raised' && subject === 'mains-150'),
  );
  // The counter reaches the screens at most every ten seconds.
  await until(
    'the one line of the mains failure counts every panel',
    async () => JSON.stringify(await json('/api/v1/incidents?state=open')).includes('"members":300'),
    20_000,
  );

  const open: unknown = await json('/api/v1/incidents?state=open&limit=200');
  // Both were raised within the same second: newest first may put either on top.
  expect(open).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ subject: 'mains-150', priority: 1, evidence: 'confirmed' }),
      expect.objectContaining({ subject: 'area:mains', place: null }),
    ]),
  });
  const text = JSON.stringify(open);
  expect(text).toContain('"class":"mains","members":300,"standing":300');
  expect(text.match(/"subject":/g)?.length).toBe(2);
  const raised = app.events.filter(({ type }) => type === 'incident.raised' || type === 'incident.areaRaised');
  expect(raised.map(({ subject }) => subject).sort()).toEqual(['area:mains', 'mains-150']);
  expect(app.repeats()).toBe(0);

  for (const [id, event] of sent) {
    const stored = JSON.stringify(await json(`/api/v1/devices/${id}/events`));
    expect(stored.split(`"type":"signal.received"`).length - 1, id).toBe(id === burning ? 2 : 1);
    expect(stored, id).toContain(event);
    if (id === burning) expect(stored).toContain(fire);
  }
}, 60_000);
