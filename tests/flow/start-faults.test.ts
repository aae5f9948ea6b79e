/** A start that cannot be says so once, in words, with what to do; a stop loses nothing and is quick. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fireEvent } from '../support/clients.ts';
import { startTestHub } from '../support/hub.ts';
import { runNhip, startHubProcess } from '../support/hub-process.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-start-'));
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true, force: true });
});

/** Runs `nhip start` until it gives up; answers its code and what it said. */
async function failToStart(environment: Readonly<Record<string, string>>): Promise<{ code: number; said: string }> {
  const { child, output } = runNhip(['start'], {
    HUB_HTTP_PORT: '0',
    HUB_MQTT_PORT: '0',
    HUB_HOST: '127.0.0.1',
    HUB_DATA_DIR: directory,
    ...environment,
  });
  const [code] = await once(child, 'close');
  return { code, said: output() };
}

test('wrong settings are all named in one message', async () => {
  const { code, said } = await failToStart({
    HUB_HTTP_PORT: 'eighty',
    HUB_INFLUX_URL: 'influx',
    HUB_TLS_CERT: '/x',
    HUB_MQTT_PROT: '1883',
  });
  expect(code).toBe(1);
  expect(said).toContain('HUB_HTTP_PORT is "eighty"; expected a port');
  expect(said).toContain('HUB_INFLUX_URL is "influx"');
  expect(said).toContain('HUB_TLS_CERT and HUB_TLS_KEY must be set together');
  expect(said).toContain('HUB_MQTT_PROT is not a setting');
  expect(said).not.toContain('    at ');
});

test.each(['HUB_HTTP_PORT', 'HUB_MQTT_PORT'])('a taken port says that %s moves it', async (setting) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const { code, said } = await failToStart({ [setting]: port });
  other.close();
  expect(code).toBe(1);
  expect(said).toContain(setting);
  expect(said).toContain(port);
  expect(said).not.toContain('    at ');
});

test('a data folder that is a file is refused in words', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const { code, said } = await failToStart({ HUB_DATA_DIR: join(file, 'data') });
  expect(code).toBe(1);
  expect(said).toContain('cannot be written');
  expect(said).toContain('HUB_DATA_DIR');
});

test.skipIf(process.getuid?.() === 0)(
  'a data folder without the right to write is refused in words (skipped as root, who may write anywhere)',
  async () => {
    chmodSync(directory, 0o500);
    const { code, said } = await failToStart({});
    expect(code).toBe(1);
    expect(said).toContain('cannot be written');
  },
);

test.each(['journal.db', 'registry.db', 'access.db'])('a half-written %s is named, with what to do', async (name) => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), `SQLite format 3\0${'garbage'.repeat(1000)}`);
  const { code, said } = await failToStart({});
  expect(code).toBe(1);
  expect(said).toContain(name);
  expect(said).toMatch(/restore|move/i);
  expect(said).not.toContain('    at ');
  expect(readFileSync(join(directory, name), 'utf8')).toContain('garbage');
});

test('a second hub in the same data folder is refused', async () => {
  const first = await startHubProcess(directory);
  const { code, said } = await failToStart({});
  await first.end('SIGTERM');
  expect(code).toBe(1);
  expect(said).toContain('Another hub');
});

test('Ctrl-C loses nothing, ends with 0, and the next start has it all', async () => {
  const prepared = await startTestHub({ directory });
  const { username, password } = prepared.device('fd-1');
  const bus = prepared.device('bus-1');
  await prepared.stop();

  const hub = await startHubProcess(directory);
  const detector = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
    username,
    password,
    clientId: username,
    reconnectPeriod: 0,
  });
  const tracker = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
    ...bus,
    clientId: 'bus-1',
    reconnectPeriod: 0,
  });
  await detector.publishAsync('city/v1/fire/fd-1/event', JSON.stringify(fireEvent()), { qos: 1 });
  const from = Date.now() - 60_000;
  const fixes = Array.from({ length: 200 }, (_, index) => ({
    ts: from + index * 100,
    lat: 21.03,
    lon: 105.85 + index / 1e5,
  }));
  await tracker.publishAsync('city/v1/bus/bus-1/positions', JSON.stringify(fixes), { qos: 1 });
  detector.on('error', () => undefined);
  tracker.on('error', () => undefined);
  expect(await hub.end('SIGINT')).toBe(0);
  await Promise.all([detector.endAsync(true), tracker.endAsync(true)]);

  const again = await startTestHub({ directory });
  const incidents = await again.request('/api/v1/incidents?state=open', { token: again.tokens.fire });
  expect(incidents.body).toMatchObject({ items: [{ place: { id: 'place-12' } }] });
  const history = await again.request(`/api/v1/history/bus/veh-1?field=lat&from=${from}&to=${Date.now()}`, {
    token: again.tokens.operator,
  });
  expect(history.body).toMatchObject({ items: { length: 200 } });
  await again.stop();
});

test('a deleted data folder is a clean start', async () => {
  const hub = await startHubProcess(directory);
  await hub.end('SIGTERM');
  rmSync(directory, { recursive: true });
  const again = await startHubProcess(directory);
  expect((await fetch(`${again.url}/healthz/ready`)).status).toBe(200);
  expect(again.output()).toContain('/setup');
  expect(await again.end('SIGTERM')).toBe(0);
});
