/** Who is told how, in a running hub: station, neighbour and ward get what is theirs; contacts are called and named nowhere. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../hub/config.ts';
import { startHub } from '../../hub/hub.ts';
import { device, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const folder = temporaryFolder();
const file = join(temporaryFolder(), 'routes.json');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let receiver: WebhookReceiver;
let hub: TestHub;
let logged = '';

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  const to = (path: string) => ({ channel: 'webhook', url: `${receiver.url}${path}`, name: path.slice(1) });
  writeFileSync(
    file,
    JSON.stringify({
      hub: 'https://nhip.example.org',
      routes: [
        { to: ['station', 'neighbourStation'], station: ['station-1'], ...to('/station-1') },
        { to: ['station', 'neighbourStation'], station: ['station-2'], ...to('/station-2') },
        { to: ['wardTeam'], ward: ['00070'], ...to('/ward-70') },
        { to: ['wardTeam'], ward: ['00364'], ...to('/ward-364') },
        { to: ['contacts'], channel: 'voice' },
      ],
    }),
  );
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  hub = await startTestHub({
    directory: folder,
    environment: { HUB_NOTICE_ROUTES: file, HUB_WEBHOOK_SECRET: secret, HUB_WEBHOOK_ALLOW: '127.0.0.1' },
    log: pino({ level: 'trace' }, sink),
  });
  hub.hub.registry.putFacility({
    ...{ id: 'station-2', kind: 'fireStation', name: 'Đội Thanh Xuân', approximate: true },
    position: { lat: 20.995, lon: 105.81 },
  });
  for (const id of ['fd-1', 'fd-4']) {
    const detector = await device(hub, id);
    await raise(detector, id);
    await detector.endAsync();
  }
});
afterAll(async () => {
  await hub?.stop();
  await receiver?.close();
});

const at = (path: string, step: string) =>
  receiver.received.flatMap((one) => {
    const { data } = JSON.parse(one.body);
    return one.path === path && data.step === step ? [data] : [];
  });

test('an alarm reaches the nearest station and the team of its ward, and nobody else’s', async () => {
  await until('all four have theirs', () =>
    ['/station-1', '/station-2', '/ward-70', '/ward-364'].every((path) => at(path, 'raised').length > 0),
  );
  expect(at('/station-1', 'raised').map(({ place }) => place.id)).toEqual(['place-12']);
  expect(at('/station-2', 'raised').map(({ place }) => place.id)).toEqual(['place-99']);
  expect(at('/ward-70', 'raised').map(({ place }) => place.id)).toEqual(['place-12']);
  expect(at('/ward-364', 'raised').map(({ place }) => place.id)).toEqual(['place-99']);
  const [told] = at('/station-1', 'raised');
  expect(told).toMatchObject({
    audience: 'station',
    status: 'actual',
    place: { address: '12 ngõ 34 Hàng Bạc', lat: 21.0345, lon: 105.8525, bindingState: 'verified', contacts: 2 },
    ward: { code: '00070' },
    stations: [{ id: 'station-1', name: 'Đội Hoàn Kiếm' }, { id: 'station-2' }],
    priority: expect.any(Number),
    evidence: 'unverified',
    handling: 'raised',
    source: 'active',
    links: { screen: `https://nhip.example.org/fire/${told.incident}` },
  });
});

test('the contacts of the place are called, and their numbers stand in no notice, list, log or file of ours', async () => {
  await until('the call is logged', () => logged.includes('no SMS or voice provider is set'));
  const call = logged.split('\n').find((line) => line.includes('nobody was called'));
  expect(call).toContain('"to":"•••••••012"');
  const list = await hub.request('/api/v1/notices', { token: hub.tokens.fire });
  expect(JSON.stringify(list.body)).toContain('"channel":"voice-contact-1","state":"delivered"');
  const everything = [logged, JSON.stringify(list.body), ...receiver.received.map(({ body }) => body)];
  const files = readdirSync(folder).filter((name) => /^(channels|journal|people|bindings)\.db/.test(name));
  expect(files).toContain('channels.db');
  everything.push(...files.map((name) => readFileSync(join(folder, name)).toString('latin1')));
  for (const text of everything) expect(text).not.toMatch(/0900 ?000 ?[01]12/);
});

test('a drill calls nobody outside', async () => {
  const token = hub.tokens.fire;
  const before = receiver.received.length;
  const opened = await hub.request('/api/v1/fire/windows', {
    token,
    body: { place: 'place-14', kind: 'drill', reason: 'Diễn tập quý IV' },
  });
  expect(opened.status).toBeLessThan(300);
  const detector = await device(hub, 'fd-3');
  await raise(detector, 'fd-3');
  await detector.endAsync();
  const list = await until('the drill is in the list', async () => {
    const { body } = await hub.request('/api/v1/notices', { token });
    return JSON.stringify(body).includes('"status":"exercise"') ? JSON.stringify(body) : undefined;
  });
  expect(list).toContain('DIỄN TẬP');
  expect(receiver.received.slice(before).map(({ body }) => JSON.parse(body).data.status)).not.toContain('exercise');
});

test('the webhook is documented with its schema', async () => {
  const { body } = await hub.request('/openapi.json');
  expect(body).toMatchObject({
    webhooks: {
      'incident.notice': {
        post: {
          requestBody: {
            content: {
              'application/json': { schema: { properties: { data: { properties: { links: {}, stations: {} } } } } },
            },
          },
        },
      },
    },
  });
});

test('a table that cannot be meant stops the start with all that is wrong', async () => {
  const bad = join(temporaryFolder(), 'bad.json');
  writeFileSync(
    bad,
    JSON.stringify({
      routes: [
        { to: ['station'], channel: 'mail' },
        { to: ['contacts'], channel: 'sms', numbers: ['x'] },
      ],
    }),
  );
  const config = readConfig({
    ...{ HUB_HTTP_PORT: '0', HUB_MQTT_PORT: '0', HUB_HOST: '127.0.0.1', HUB_DATA_DIR: temporaryFolder() },
    HUB_NOTICE_ROUTES: bad,
  });
  const start = startHub(config, pino({ level: 'silent' }), { watchdogMs: 0 });
  await expect(start).rejects.toThrow(/route 1: mail needs addresses[\s\S]*route 2: "x" is no number/);
});
