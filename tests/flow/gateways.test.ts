/** Panels and transmitters at the doors of a real hub: acknowledged after the commit, once. */
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFrame } from '../../devices/adapters/sia-dc09/answer.ts';
import { encrypt } from '../../devices/adapters/sia-dc09/cipher.ts';
import { formatTime } from '../../devices/adapters/sia-dc09/timestamp.ts';
import { openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const host = '127.0.0.1';
const key = Buffer.from('3a1f6b8c9d4e7f20123456789abcdef0', 'hex');
const directory = mkdtempSync(join(tmpdir(), 'nhip-gateways-'));
let hub: TestHub;

beforeAll(async () => {
  const keys = join(directory, 'keys');
  writeFileSync(keys, `// account and key\n1234 ${key.toString('hex')}\n`);
  hub = await startTestHub({
    environment: { HUB_DC09_PORT: '0', HUB_DC09_KEYS: keys, HUB_GBT26875_PORT: '0' },
  });
  for (const [id, place] of [
    ['dc09-1234', 'place-12'],
    ['dc09-77AB', 'place-14'],
    ['gbt-000000000001', 'place-99'],
  ] as const) {
    hub.hub.registry.putDevice({
      id,
      domain: 'fire',
      model: 'panel',
      name: id,
      heartbeatMs: 90_000,
      binding: { kind: 'place', target: place, state: 'verified', since: 0, by: 'test' },
      synthetic: false,
    });
  }
});
afterAll(async () => {
  await hub?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A panel on TCP: says bytes and hears answers. */
async function dial(port: number): Promise<{ socket: Socket; heard: () => Buffer }> {
  const socket = connect(port, host);
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { socket, heard: () => bytes };
}

async function eventsOf(id: string): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  const { body } = await hub.request(`/api/v1/devices/${id}/events`, { token: hub.tokens.fire });
  const { items } = JSON.parse(JSON.stringify(body));
  return items;
}

async function openIncidents(placeId: string): Promise<number> {
  const { body } = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
  const { items }: { items: { place: { id: string } | null }[] } = JSON.parse(JSON.stringify(body));
  return items.filter(({ place }) => place?.id === placeId).length;
}

const port = (): number => hub.hub.gateways.dc09Port ?? 0;

test('TCP: an alarm is in the journal when its ACK comes, and an incident; the same frame again is an ACK and no second one', async () => {
  const { socket, heard } = await dial(port());
  const frame = buildFrame('"ADM-CID"0001L0#1234[#1234|1111 01 005]');
  socket.write(frame.subarray(0, 20));
  socket.write(frame.subarray(20));
  await until('the ACK', () => heard().includes('"ACK"0001L0#1234[]'));
  const stored = await eventsOf('dc09-1234');
  expect(stored.map(({ type }) => type)).toEqual(expect.arrayContaining(['signal.received', 'incident.raised']));
  expect(await openIncidents('place-12')).toBe(1);
  socket.write(Buffer.concat([frame, frame]));
  await until('three ACKs', () => heard().toString().split('"ACK"0001').length === 4);
  expect((await eventsOf('dc09-1234')).length).toBe(stored.length);
  expect(await openIncidents('place-12')).toBe(1);
  socket.destroy();
});

test('TCP: an alarm without CR and with a wrong length is taken when its panel hangs up', async () => {
  const { socket } = await dial(port());
  const frame = buildFrame('"SIA-DCS"0009L0#1234[#1234|Nri1/KA009]').toString('latin1');
  socket.end(`${frame.slice(0, 5)}00FF${frame.slice(9, -1)}`, 'latin1');
  const alarm = await until('the alarm', async () =>
    (await eventsOf('dc09-1234')).find(({ type, data }) => type === 'signal.received' && data.point === '1/9'),
  );
  expect(alarm.data).toMatchObject({ kind: 'alarm', class: 'heat', quality: expect.arrayContaining(['length']) });
});

test('UDP: an alarm without CR is acknowledged and raised; a heartbeat is answered', async () => {
  const socket = createSocket('udp4');
  const heard: string[] = [];
  socket.on('message', (bytes) => void heard.push(bytes.toString()));
  const alarm = buildFrame('"SIA-DCS"0007R1L2#77AB[#77AB|Nri1/FA003]');
  socket.send(alarm.subarray(0, -1), port(), host);
  await until('the ACK', () => heard.some((answer) => answer.includes('"ACK"0007R1L2#77AB[]')));
  expect(await openIncidents('place-14')).toBe(1);
  socket.send(buildFrame('"NULL"0000L0#77AB[]'), port(), host);
  await until('the answer to the link test', () => heard.some((answer) => answer.includes('"ACK"0000L0#77AB[]')));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

test('an account that nobody registered is an incident and a dead letter', async () => {
  const { socket, heard } = await dial(port());
  socket.write(buildFrame('"SIA-DCS"0001L0#BEEF[#BEEF|Nri1/FA001]'));
  await until('the ACK', () => heard().includes('"ACK"0001L0#BEEF[]'));
  const [raised] = (await eventsOf('unregistered')).filter(({ type }) => type === 'incident.raised');
  expect(raised?.data).toMatchObject({ point: 'dc09-BEEF 1/1', quality: ['binding', 'unknownAccount'] });
  await until('the dead letter names whom to register', async () => {
    const letters = await hub.request('/api/v1/dead-letters', { token: hub.tokens.operator });
    return JSON.stringify(letters.body).includes('city/v1/fire/dc09-BEEF/event');
  });
  socket.destroy();
});

test('GB/T 26875.3: a smoke detector’s fire is confirmed and raised', async () => {
  const { socket, heard } = await dial(hub.hub.gateways.gbt26875Port ?? 0);
  const fire =
    '404001000101051E020F031A010000000000020000000000300002020101012805000000030000000000000000000000000000000000000000000000000000000000000000051E020F031A0F2323';
  socket.write(Buffer.from(fire, 'hex'));
  await until('the confirmation', () => heard().length >= 30);
  // Serial 1 back to the sender, command 3, no data.
  expect(heard().subarray(0, 4).toString('hex')).toBe('40400100');
  expect(heard().subarray(12, 27).toString('hex')).toBe('020000000000010000000000000003');
  expect(await openIncidents('place-99')).toBe(1);
  socket.destroy();
});

test('an encrypted alarm is opened with the key of its account, and answered encrypted', async () => {
  const { socket, heard } = await dial(port());
  const hex = encrypt(`|#1234|1115 01 010]${formatTime(Date.now())}`, key, (count) => 'x'.repeat(count));
  socket.write(buildFrame(`"*ADM-CID"0031L0#1234[${hex}`));
  await until('the encrypted ACK', () => heard().includes('"*ACK"0031L0#1234['));
  const stored = await eventsOf('dc09-1234');
  expect(stored.map(({ data }) => [data.class, data.point])).toContainEqual(['callPoint', '1/10']);
  socket.destroy();
});

test('frames are counted by outcome, for Prometheus and for the staff’s screens', async () => {
  const { socket, heard } = await dial(port());
  socket.write('\n0000003B"ADM-CID"0002L0#1234[#1234|1111 01 005]_02:15:01,03-01-2026\r');
  socket.write(buildFrame('"NULL"0000L0#1234[]'));
  await until('the answer to the link test', () => heard().includes('"ACK"0000L0#1234[]'));
  const { body } = await hub.request('/metrics');
  expect(body).toMatch(/^hub_gateway_frames\{gateway="sia-dc09",outcome="wrongCrc"\} 1$/m);
  expect(body).toMatch(/^hub_gateway_frames\{gateway="sia-dc09",outcome="unknownAccount"\} 1$/m);
  expect(body).toMatch(/^hub_gateway_frames\{gateway="gbt26875",outcome="acked"\} 1$/m);
  expect(body).toMatch(/^hub_gateway_connections\{gateway="sia-dc09"\} \d+$/m);
  const ops = await openApp(hub, '/ops', { token: hub.tokens.operator });
  expect(ops.snapshot).toMatchObject({ pulse: { gateways: { 'sia-dc09': { wrongCrc: 1 }, gbt26875: { acked: 1 } } } });
  ops.close();
  socket.destroy();
});

test('a file of keys with a wrong line is named with the line, and the hub does not start', async () => {
  const file = join(directory, 'wrong-keys');
  writeFileSync(file, '// ours\n1234 tooshort\n');
  const environment = { HUB_DC09_PORT: '0', HUB_DC09_KEYS: file };
  await expect(startTestHub({ environment })).rejects.toThrow(`line 2 of ${file} is not "<account> [<key>]`);
  await expect(startTestHub({ environment: { HUB_DC09_KEYS: file } })).rejects.toThrow(
    'HUB_DC09_KEYS needs HUB_DC09_PORT',
  );
  await expect(startTestHub({ environment: { HUB_BRIDGE_DIALECTS: 'zigbe' } })).rejects.toThrow('HUB_BRIDGE_DIALECTS');
});

test('a taken port is one sentence that names the setting', async () => {
  const taken = { HUB_DC09_PORT: String(port()) };
  await expect(startTestHub({ environment: taken })).rejects.toThrow('HUB_DC09_PORT');
});
