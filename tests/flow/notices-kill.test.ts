/**
 * Nobody looks at a screen and the hub is killed again and again: every notice reaches a real receiver, with the same id and
 * words when it comes twice, and the chain neither repeats nor skips a step. (fire.md §5.7)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fireEvent } from '../support/clients.ts';
import { startTestHub } from '../support/hub.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';
import { until } from '../support/until.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-notices-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Ages of the first alarm at which the hub dies: before, at and between the steps of 5 and 15 s. */
const deaths = [1_500, 5_050, 8_500, 12_000, 15_050, 18_500];
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

type Credentials = { readonly username: string; readonly password: string };

test(`${deaths.length} kills along the chain: every notice arrives, every step is taken once`, {
  timeout: 120_000,
}, async () => {
  // Every fourth notice is refused at first, and all are slow enough to be under way when the hub dies.
  let seen = 0;
  const receiver = await startWebhookReceiver((_id, earlier) => ({
    status: earlier === 0 && seen++ % 4 === 3 ? 503 : 204,
    afterMs: 20,
  }));
  const environment = { HUB_WEBHOOK_URL: receiver.url, HUB_WEBHOOK_SECRET: secret, HUB_WEBHOOK_ALLOW: '127.0.0.1' };
  const prepared = await startTestHub({ directory });
  const watched = prepared.device('fd-1');
  const detectors = deaths.map((_, index) => prepared.device(`fd-alone-${index}`, { synthetic: false }));
  const token = prepared.hub.access.createToken({ name: 'Lan', roles: ['fire'] }).token;
  await prepared.stop();

  let raisedAt = 0;
  for (const [index, age] of deaths.entries()) {
    const hub = await startHubProcess(directory, environment);
    if (index === 0) {
      const client = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, optionsOf(watched));
      await client.publishAsync('city/v1/fire/fd-1/event', JSON.stringify(fireEvent()), { qos: 1 });
      await client.endAsync();
      raisedAt = Date.now();
    }
    const detector = detectors[index];
    if (detector === undefined) throw new Error('no detector');
    await waitUntil(raisedAt + age - 40);
    const talking = alarm(hub, detector);
    // From before the message is committed to after its notices are on their way.
    await waitUntil(raisedAt + age - 20 + Math.random() * 40);
    await hub.end('SIGKILL');
    await talking;
  }

  const hub = await startHubProcess(directory, environment);
  const ask = async (path: string): Promise<string> =>
    (await fetch(`${hub.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text();
  const incidents: { id: string; subject: string; raisedAt: string }[] = JSON.parse(
    await ask('/api/v1/incidents?state=open&limit=100'),
  ).items;
  expect(incidents.map(({ subject }) => subject)).toContain('place-12');
  const delivered = (id: string) => receiver.received.some((one) => one.id === id && one.status === 204);
  for (const { id } of incidents) {
    for (const notice of ['raised/station', 'raised/wardTeam', 'verify/contacts']) {
      await until(`${id}/1/${notice} arrives`, () => delivered(`${id}/1/${notice}`), 30_000);
    }
  }
  const first = incidents.find(({ subject }) => subject === 'place-12')?.id ?? '';
  const stepsOf = (report: string): string[] =>
    JSON.parse(report).timeline.flatMap(({ type, text }: { type: string; text?: string }) =>
      type === 'incident.escalated' ? (text ?? '').split(' · ').slice(0, 1) : [],
    );
  const steps = await until('the chain has come to the telephones', async () => {
    const taken = stepsOf(await ask(`/api/v1/incidents/${first}/report`));
    return taken.includes('voice') ? taken : undefined;
  });
  // The machine decides whether 30 s are over by now; what was taken was taken once, in order.
  expect(steps).toEqual(['secondChannel', 'voice', 'shiftLead', 'cityCentre'].slice(0, Math.max(2, steps.length)));
  for (const notice of ['secondChannel/station', 'voice/station', 'voice/wardTeam']) {
    await until(`${notice} arrives`, () => delivered(`${first}/1/${notice}`), 30_000);
  }
  // What came twice is the same to the letter.
  for (const [id, copies] of Map.groupBy(receiver.received, (one) => one.id)) {
    expect([id, new Set(copies.map(({ body }) => body)).size]).toEqual([id, 1]);
  }
  await hub.end('SIGTERM');
  await receiver.close();
});

/** Publishes one alarm and resolves when the hub is gone; it may die before it answers, or before it is asked. */
async function alarm(hub: HubProcess, credentials: Credentials): Promise<void> {
  const client = connect(`mqtt://127.0.0.1:${hub.mqttPort}`, optionsOf(credentials));
  client.on('error', () => undefined);
  const topic = `city/v1/fire/${credentials.username}/event`;
  client.on('connect', () => client.publish(topic, JSON.stringify(fireEvent()), { qos: 1 }, () => undefined));
  await new Promise<void>((resolve) => client.on('close', resolve));
  client.end(true);
}

const optionsOf = ({ username, password }: Credentials) => ({
  ...{ username, password, clientId: username, reconnectPeriod: 0 },
});

async function waitUntil(at: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
}
