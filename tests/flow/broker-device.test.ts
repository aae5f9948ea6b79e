import { connect as connectSocket, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectDevice, type DeviceOptions } from '../../devices/client.ts';
import { startTestBroker } from '../support/mqtt.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const now = () => 1_760_000_000_000;

async function join(url: string, options: Partial<DeviceOptions> = {}) {
  const device = await connectDevice({
    url,
    id: 'fire1',
    password: 'secret',
    domain: 'fire',
    boot: 7,
    now,
    reconnectMs: 20,
    ...options,
  });
  cleanups.push(() => device.close());
  return device;
}

test('a device says that it is online, sends its messages, hears its letters and says goodbye', async () => {
  const { broker, deliveries, url } = await startTestBroker();
  cleanups.push(() => broker.stop());
  const [receipts, commands]: [unknown[], unknown[]] = [[], []];
  const device = await join(url, {
    firmware: '1.2.3',
    onReceipt: (receipt) => receipts.push(receipt),
    onCommand: (command) => commands.push(command),
  });
  device.publishReading('heartbeat', { ts: now() });
  await device.publishEvent('event', { id: 'e1' });
  await broker.publish('city/v1/fire/fire1/receipt', Buffer.from('{"id":"e1","state":"stored"}'));
  await broker.publish('city/v1/fire/fire1/command', Buffer.from('{"name":"silence"}'));
  await until('both letters', () => receipts.length === 1 && commands.length === 1);
  await device.close();
  await until('it is gone', () => broker.stats().connections === 0);
  expect(receipts).toEqual([{ id: 'e1', state: 'stored' }]);
  expect(commands).toEqual([{ name: 'silence' }]);
  expect(
    deliveries.map(({ topic, retain, payload }) => [topic.split('/')[4], retain, JSON.parse(String(payload))]),
  ).toEqual([
    ['status', true, { online: true, boot: 7, ts: 1_760_000_000_000, firmware: '1.2.3' }],
    ['heartbeat', false, { ts: 1_760_000_000_000 }],
    ['event', false, { id: 'e1' }],
    ['status', true, { online: false, boot: 7, ts: 1_760_000_000_000, firmware: '1.2.3' }],
  ]);
});

test('a device that ends abruptly leaves its last will', async () => {
  const { broker, deliveries, url } = await startTestBroker();
  cleanups.push(() => broker.stop());
  const device = await join(url);
  await until('its greeting', () => deliveries.length === 1);
  device.end();
  await until('its will', () => deliveries.length === 2);
  expect(JSON.parse(String(deliveries[1]?.payload))).toEqual({ online: false, boot: 7, ts: 1_760_000_000_000 });
});

test('events of a time without connection are sent in order afterwards, and readings are not', async () => {
  const { broker, deliveries, url } = await startTestBroker();
  cleanups.push(() => broker.stop());
  const sockets: Socket[] = [];
  let isCut = false;
  const device = await join(url, {
    transportFactory: () => {
      const socket = connectSocket({ port: isCut ? 1 : broker.port, host: '127.0.0.1' });
      sockets.push(socket);
      return socket;
    },
  });
  await device.publishEvent('event', { id: 'e0' });
  isCut = true;
  sockets.at(-1)?.destroy();
  await until('the break is noticed', () => !device.isConnected);
  device.publishReading('heartbeat', { ts: now() });
  const sent = ['e1', 'e2', 'e3'].map((id) => device.publishEvent('event', { id }));
  expect(device.waiting).toBe(3);
  isCut = false;
  await Promise.all(sent);
  const events = deliveries
    .filter(({ topic }) => topic.endsWith('/event'))
    .map(({ payload }) => JSON.parse(String(payload)).id);
  expect(events).toEqual(['e0', 'e1', 'e2', 'e3']);
  expect(deliveries.some(({ topic }) => topic.endsWith('/heartbeat'))).toBe(false);
  expect(device.waiting).toBe(0);
});

test('an event that the hub does not acknowledge is sent again until it does', async () => {
  const ids: string[] = [];
  const { broker, url } = await startTestBroker({
    receive({ topic, payload }) {
      if (!topic.endsWith('/event')) return undefined;
      ids.push(JSON.parse(payload.toString()).id);
      return ids.length === 1 ? Promise.reject(new Error('the journal is full')) : undefined;
    },
  });
  cleanups.push(() => broker.stop());
  const device = await join(url);
  await device.publishEvent('event', { id: 'e1' });
  expect(ids).toEqual(['e1', 'e1']);
});

test('the queue of unsent events has a bound: the oldest is given up, and its sender is told', async () => {
  const { broker, url } = await startTestBroker();
  cleanups.push(() => broker.stop());
  const device = await join(url, { queueLimit: 2, reconnectMs: 60_000 });
  broker.disconnect('fire1');
  await until('the break is noticed', () => !device.isConnected);
  const sent = ['e1', 'e2', 'e3'].map((id) =>
    device.publishEvent('event', { id }).then(
      () => 'sent',
      (error: Error) => error.message,
    ),
  );
  expect(await sent[0]).toBe('given up: the queue of unsent events is full');
  expect(device.waiting).toBe(2);
  await device.close();
  expect(await Promise.all(sent.slice(1))).toEqual(['given up: the device goes', 'given up: the device goes']);
});

test('a wrong secret is told at once', async () => {
  const { broker, url } = await startTestBroker();
  cleanups.push(() => broker.stop());
  await expect(join(url, { password: 'guess' })).rejects.toThrow(/Bad username or password/i);
});
