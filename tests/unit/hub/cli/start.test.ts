import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Cli, openCli } from './run-nhip.ts';

const script = resolve(import.meta.dirname, '../../../../hub/cli/nhip.js');

let directory: string;
let hub: ReturnType<typeof spawn>;
let printed = '';
let ended: Promise<number | null>;
let cli: Cli;
let settings: { HUB_DATA_DIR: string };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nhip-start-'));
  cli = await openCli();
  settings = { HUB_DATA_DIR: join(directory, 'data') };
  hub = spawn(process.execPath, [script, 'start'], {
    env: {
      PATH: process.env.PATH,
      HUB_HOST: '127.0.0.1',
      HUB_HTTP_PORT: '0',
      HUB_MQTT_PORT: '0',
      HUB_LOG_LEVEL: 'error',
      ...settings,
    },
  });
  hub.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  ended = new Promise((done) => hub.once('exit', (code) => done(code)));
  await vi.waitFor(() => expect(printed).toContain('/setup#'), { timeout: 20_000, interval: 50 });
});
afterAll(async () => {
  hub.kill('SIGKILL');
  await ended;
  await cli.remove();
  await rm(directory, { recursive: true, force: true });
});

const webOf = (): string => /http:\/\/localhost:\d+/.exec(printed)?.[0] ?? '';
const mqttOf = (): string => /mqtt:\/\/localhost:\d+/.exec(printed)?.[0] ?? '';

test('the first start prints a one-time link, and its code makes the first administrator', async () => {
  const code = /\/setup#(\S+)/.exec(printed)?.[1];
  const redeem = () =>
    fetch(`${webOf()}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name: 'An' }),
    });
  const first = await redeem();
  expect([first.status, await first.json()]).toEqual([201, { name: 'An', token: expect.stringMatching(/^nhip_/) }]);
  expect((await redeem()).status).toBe(403);
});

test('a token made at the console opens the door of the running hub, and revoked it no longer does', async () => {
  const made = await cli.nhipWith(settings, 'token', 'create', '--role', 'transit', '--json');
  const { id, token } = JSON.parse(made.out);
  const ask = async () =>
    (await fetch(`${webOf()}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  await vi.waitFor(async () => expect(await ask()).toBe(200), { timeout: 5_000, interval: 100 });
  expect(await cli.nhipWith(settings, 'token', 'revoke', id)).toMatchObject({ code: 0 });
  await vi.waitFor(async () => expect(await ask()).toBe(401), { timeout: 5_000, interval: 100 });
});

test('a recorded file is played to the hub, and its bus is on the road', async () => {
  const file = join(directory, 'recorded.csv');
  await writeFile(
    file,
    'device,ts,lat,lon\nW-60,1710460800000,21.0285,105.8542\nW-60,1710460801000,21.0286,105.8543\n',
  );
  const played = await cli.nhipWith(settings, 'replay', file, '--speed', '10', '--url', mqttOf(), '--json');
  expect([played.code, JSON.parse(played.out)]).toEqual([0, { devices: 1, sent: 2, skipped: 0, badRows: 0 }]);
  await vi.waitFor(
    async () => {
      const vehicles: unknown = await (await fetch(`${webOf()}/api/v1/vehicles`)).json();
      expect(vehicles).toMatchObject({ items: [{ id: 'bus-W-60', lat: 21.0286 }] });
    },
    { timeout: 5_000, interval: 100 },
  );
});

test('another hub is kept out of the folder, and the message says which one is in it', async () => {
  const second = await cli.nhipWith(settings, 'start');
  expect([second.code, second.err]).toEqual([1, expect.stringContaining(`Another hub (process ${hub.pid})`)]);
});

test('every route of the real domains is documented, and every reference leads somewhere', async () => {
  const text = await (await fetch(`${webOf()}/openapi.json`)).text();
  const document = JSON.parse(text);
  const declared = document.tags.map(({ name }: { name: string }) => name);
  for (const [path, item] of Object.entries<Record<string, { summary?: string; tags?: string[] }>>(document.paths)) {
    for (const [method, { summary, tags }] of Object.entries(item)) {
      expect([method, path, typeof summary]).toEqual([method, path, 'string']);
      expect(declared).toEqual(expect.arrayContaining(tags ?? ['none']));
    }
  }
  for (const [, reference] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    expect(Object.keys(document.components.schemas)).toContain(reference);
  }
});

test('Ctrl-C ends it with exit code 0', async () => {
  hub.kill('SIGINT');
  expect(await ended).toBe(0);
});
