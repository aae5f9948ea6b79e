import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { EmbeddedBroker } from '../../hub/broker/embedded.ts';
import type { Delivery } from '../../hub/ports.ts';
import {
  byName,
  connectAs,
  connectPacket,
  freePort,
  publishPacket,
  rawDevice,
  rawPeer,
  startTestBroker,
} from '../support/mqtt.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Parameters<typeof startTestBroker>[0] = {}) {
  const started = await startTestBroker(options);
  cleanups.push(() => started.broker.stop());
  return started;
}

async function joinAs(url: string, id: string, options: Parameters<typeof connectAs>[2] = {}) {
  const client = await connectAs(url, id, options);
  cleanups.push(() => client.endAsync(true));
  return client;
}

/** Message ids of the acknowledgements in what a raw peer received behind CONNACK. */
function acknowledgements(bytes: Buffer, kind: number): number[] {
  const ids: number[] = [];
  for (let offset = 4; offset + 4 <= bytes.length; offset += 4) {
    if (bytes[offset] === kind) ids.push(bytes.readUInt16BE(offset + 2));
  }
  return ids;
}

describe('messages', () => {
  test('every QoS arrives with its topic, payload, retain flag and device, in the order it was sent', async () => {
    const { broker, deliveries } = await start();
    const peer = await rawDevice(broker.port, 'b1');
    peer.send(
      publishPacket('city/v1/bus/b1/position', '1'),
      publishPacket('city/v1/bus/b1/event', '2', { qos: 1, messageId: 2 }),
      publishPacket('city/v1/bus/b1/position', '3'),
      publishPacket('city/v1/bus/b1/status', '4', { qos: 1, messageId: 4, retain: true }),
      publishPacket('city/v1/bus/b1/position', '5'),
      publishPacket('city/v1/bus/b1/event', '6', { qos: 2, messageId: 6 }),
      publishPacket('city/v1/bus/b1/position', '7'),
    );
    await until('all are there', () => deliveries.length === 7);
    const short = ({ topic, payload, qos, retain, deviceId }: Delivery) => [
      topic,
      String(payload),
      qos,
      retain,
      deviceId,
    ];
    expect(deliveries.map(short)).toEqual([
      ['city/v1/bus/b1/position', '1', 0, false, 'b1'],
      ['city/v1/bus/b1/event', '2', 1, false, 'b1'],
      ['city/v1/bus/b1/position', '3', 0, false, 'b1'],
      ['city/v1/bus/b1/status', '4', 1, true, 'b1'],
      ['city/v1/bus/b1/position', '5', 0, false, 'b1'],
      ['city/v1/bus/b1/event', '6', 2, false, 'b1'],
      ['city/v1/bus/b1/position', '7', 0, false, 'b1'],
    ]);
    expect(broker.stats().received).toBe(7);
    peer.socket.destroy();
  });

  test('messages that lie across any two chunks are put together', async () => {
    const { broker, deliveries } = await start();
    const peer = await rawDevice(broker.port, 'b1');
    const bytes = Buffer.concat([
      publishPacket('city/v1/bus/b1/position', 'a'.repeat(200)),
      publishPacket('city/v1/bus/b1/event', 'b'.repeat(200), { qos: 1 }),
      publishPacket('city/v1/bus/b1/positions', 'c'.repeat(20_000)),
      publishPacket('city/v1/bus/b1/position', 'd'),
    ]);
    for (let offset = 0; offset < bytes.length; offset += offset < 600 ? 1 : 7_919) {
      peer.send(bytes.subarray(offset, offset + (offset < 600 ? 1 : 7_919)));
      if (offset % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('all are there', () => deliveries.length === 4);
    expect(deliveries.map(({ payload }) => [payload.toString()[0], payload.length])).toEqual([
      ['a', 200],
      ['b', 200],
      ['c', 20_000],
      ['d', 1],
    ]);
    peer.socket.destroy();
  });

  test('what is sent behind CONNECT without waiting for CONNACK is not lost', async () => {
    const { broker, deliveries } = await start();
    const peer = await rawPeer(broker.port);
    const many = Array.from({ length: 300 }, (_, index) =>
      publishPacket('city/v1/bus/b1/event', String(index), { qos: 1, messageId: index + 1 }),
    );
    peer.send(connectPacket('b1'), ...many);
    await until('all are acknowledged', () => acknowledgements(peer.received(), 0x40).length === 300);
    expect(deliveries.map(({ payload }) => Number(payload))).toEqual(Array.from({ length: 300 }, (_, index) => index));
    peer.socket.destroy();
  });

  test('MQTT-4.6.0-2: PUBACKs leave in the order of the messages though the hub finishes them in reverse', async () => {
    const open: (() => void)[] = [];
    const order: string[] = [];
    const { broker } = await start({
      receive({ payload }) {
        order.push(payload.toString());
        return new Promise((resolve) => open.push(resolve));
      },
    });
    const peer = await rawDevice(broker.port, 'b1');
    peer.send(
      ...[1, 2, 3, 4, 5].map((id) => publishPacket('city/v1/bus/b1/event', `e${id}`, { qos: 1, messageId: id })),
    );
    await until('all five are with the hub', () => open.length === 5);
    expect(order).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
    for (const resolve of open.slice(1).reverse()) resolve();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.received().length).toBe(4);
    open[0]?.();
    await until('five PUBACKs', () => peer.received().length === 24);
    expect(acknowledgements(peer.received(), 0x40)).toEqual([1, 2, 3, 4, 5]);
    peer.socket.destroy();
  });

  test('after a message that could not be stored nothing later is acknowledged', async () => {
    const rejections: ((error: Error) => void)[] = [];
    const { broker } = await start({
      receive: ({ payload }) =>
        payload.toString() === 'e2' ? new Promise((_resolve, reject) => rejections.push(reject)) : Promise.resolve(),
    });
    const peer = await rawDevice(broker.port, 'b1');
    peer.send(...[1, 2, 3].map((id) => publishPacket('city/v1/bus/b1/event', `e${id}`, { qos: 1, messageId: id })));
    await until('the first PUBACK', () => peer.received().length === 8);
    rejections[0]?.(new Error('the journal is full'));
    await until('the connection is closed', () => peer.isClosed());
    expect(acknowledgements(peer.received(), 0x40)).toEqual([1]);
    expect(broker.stats().refused).toEqual({ notStored: 2 });
  });

  test('messages of one connection in the hub have a bound; the rest waits and is acknowledged later', async () => {
    const open: (() => void)[] = [];
    const { broker } = await start({ receive: () => new Promise((resolve) => open.push(resolve)) });
    const peer = await rawDevice(broker.port, 'b1');
    const all = Array.from({ length: 1_000 }, (_, index) =>
      publishPacket('city/v1/bus/b1/event', 'x', { qos: 1, messageId: index + 1 }),
    );
    peer.send(...all);
    await until('the hub has some', () => open.length >= 64);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(open.length).toBeLessThanOrEqual(128);
    expect(broker.stats().waitingBytes).toBeGreaterThan(20_000);
    const release = setInterval(() => {
      for (const resolve of open.splice(0)) resolve();
    }, 1);
    await until('all are acknowledged', () => acknowledgements(peer.received(), 0x40).length === 1_000);
    clearInterval(release);
    peer.socket.destroy();
  });
});

describe('sessions', () => {
  test('a last will is handed on when the device is lost, and not when it says goodbye or the hub stops', async () => {
    const { broker, deliveries, url } = await start();
    const will = (id: string) => ({
      will: { topic: `city/v1/bus/${id}/status`, payload: Buffer.from('gone'), qos: 1 as const },
    });
    const lost = await joinAs(url, 'lost', will('lost'));
    const polite = await joinAs(url, 'polite', will('polite'));
    await joinAs(url, 'stays', will('stays'));
    await polite.endAsync();
    lost.stream.destroy();
    await until('the will', () => deliveries.length > 0);
    await until('both are gone', () => broker.stats().connections === 1);
    await broker.stop();
    expect(deliveries.map(({ topic, payload }) => [topic, String(payload)])).toEqual([
      ['city/v1/bus/lost/status', 'gone'],
    ]);
  });

  test('MQTT-3.1.4-2: a device that connects again ends its older connection', async () => {
    const changes: string[] = [];
    const { broker, url } = await start({
      watch: { connected: (id) => changes.push(`+${id}`), disconnected: (id) => changes.push(`-${id}`) },
    });
    const first = await joinAs(url, 'b1');
    let isClosed = false;
    first.on('close', () => {
      isClosed = true;
    });
    const second = await joinAs(url, 'b1');
    await until('the first is closed', () => isClosed);
    await second.publishAsync('city/v1/bus/b1/event', 'x', { qos: 1 });
    expect(changes).toEqual(['+b1', '-b1', '+b1']);
    expect(broker.stats()).toMatchObject({ connections: 1, refused: { takeover: 1 } });
  });

  test('a device that sends nothing but QoS 0 stays, though it never pings; a silent one is cut', async () => {
    const { broker } = await start();
    const talker = await rawDevice(broker.port, 'talker', 1);
    const silent = await rawDevice(broker.port, 'silent', 1);
    const talk = setInterval(() => talker.send(publishPacket('city/v1/bus/talker/position', '{}')), 200);
    cleanups.push(
      () => clearInterval(talk),
      () => talker.socket.destroy(),
    );
    await until('the silent one is cut', () => silent.isClosed());
    const heard = broker.stats().received;
    await until('the talker is heard for two more seconds', () => broker.stats().received >= heard + 10);
    expect(talker.isClosed()).toBe(false);
    expect(broker.stats().refused).toEqual({ silent: 1 });
  });

  test('letters wait for a device that is away and come in order; without PUBACK they come again', async () => {
    const { broker, url } = await start();
    const topic = 'city/v1/fire/fire1/receipt';
    for (const text of ['r1', 'r2']) await broker.publish(topic, Buffer.from(text));
    const first = await joinAs(url, 'fire1');
    const read: string[] = [];
    // Received, but the device dies before it can acknowledge.
    first.handleMessage = (packet) => void read.push(packet.payload.toString());
    await first.subscribeAsync(topic, { qos: 1 });
    await until('the first letter', () => read.length === 1);
    first.stream.destroy();
    await until('it is gone', () => broker.stats().connections === 0);
    await broker.publish(topic, Buffer.from('r3'));
    const second = await joinAs(url, 'fire1');
    const again: string[] = [];
    second.on('message', (_topic, payload) => again.push(payload.toString()));
    await second.subscribeAsync(topic, { qos: 1 });
    await until('all three', () => again.length === 3);
    expect(read).toEqual(['r1']);
    expect(again).toEqual(['r1', 'r2', 'r3']);
  });

  test('a device that asked to be remembered need not subscribe again; its queue keeps the newest hundred', async () => {
    const { broker, url } = await start();
    const topic = 'city/v1/bus/b1/command';
    const first = await joinAs(url, 'b1', { clean: false });
    await first.subscribeAsync(topic, { qos: 1 });
    await first.endAsync();
    await until('it is gone', () => broker.stats().connections === 0);
    for (let index = 1; index <= 130; index++) await broker.publish(topic, Buffer.from(String(index)));
    const numbers: number[] = [];
    const peer = await rawPeer(broker.port);
    const remembered = connectPacket('b1');
    // Clean session off: bit 1 of the connect flags.
    remembered[9] = (remembered[9] ?? 0) & 0xfd;
    let parsed = 4;
    peer.socket.on('data', () => {
      const bytes = peer.received();
      while (parsed + 2 <= bytes.length && parsed + 2 + (bytes[parsed + 1] ?? 0) <= bytes.length) {
        const end = parsed + 2 + (bytes[parsed + 1] ?? 0);
        const body = bytes.subarray(parsed + 2, end);
        const idAt = 2 + body.readUInt16BE(0);
        numbers.push(Number(body.subarray(idAt + 2).toString()));
        peer.send([0x40, 2, body[idAt] ?? 0, body[idAt + 1] ?? 0]);
        parsed = end;
      }
    });
    peer.send(remembered);
    await until('the hundred', () => numbers.length === 100);
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index + 31));
    expect(broker.stats().refused).toEqual({ mailbox: 30 });
    peer.socket.destroy();
  });

  test('the hub can end a session; what waited for the device is thrown away', async () => {
    const { broker, url } = await start();
    const client = await joinAs(url, 'b1');
    let isClosed = false;
    client.on('close', () => {
      isClosed = true;
    });
    await broker.publish('city/v1/bus/b1/command', Buffer.from('for the old owner'));
    broker.disconnect('b1');
    await until('it is closed', () => isClosed);
    const next = await joinAs(url, 'b1');
    const got: string[] = [];
    next.on('message', (_topic, payload) => got.push(payload.toString()));
    await next.subscribeAsync('city/v1/bus/b1/command');
    await broker.publish('city/v1/bus/b1/command', Buffer.from('for the new one'));
    await until('a command', () => got.length > 0);
    expect(got).toEqual(['for the new one']);
  });
});

describe('doors', () => {
  async function webSocketUrl(broker: EmbeddedBroker): Promise<string> {
    const server = createServer();
    server.on('upgrade', (request, socket, head) => broker.upgrade(request, socket, head));
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    cleanups.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    return `ws://127.0.0.1:${port}/mqtt`;
  }

  test('MQTT over WebSocket does the same: QoS 0 and 1 up, letters down', async () => {
    const { broker, deliveries } = await start();
    const client = await joinAs(await webSocketUrl(broker), 'b1');
    const got: string[] = [];
    client.on('message', (_topic, payload) => got.push(payload.toString()));
    await client.subscribeAsync('city/v1/bus/b1/command', { qos: 1 });
    await client.publishAsync('city/v1/bus/b1/position', 'p', { qos: 0 });
    await client.publishAsync('city/v1/bus/b1/event', 'e', { qos: 1 });
    await broker.publish('city/v1/bus/b1/command', Buffer.from('c'));
    await until('the letter', () => got.length === 1);
    expect(deliveries.map(({ payload }) => String(payload))).toEqual(['p', 'e']);
  });

  test('a WebSocket without the subprotocol mqtt, or with too much before CONNACK, is refused', async () => {
    const { broker } = await start();
    const url = await webSocketUrl(broker);
    const other = new WebSocket(url, ['soap']);
    await new Promise((resolve) => other.addEventListener('error', resolve));
    const flood = new WebSocket(url, ['mqtt']);
    await new Promise((resolve) => flood.addEventListener('open', resolve));
    const closed = new Promise((resolve) => flood.addEventListener('close', resolve));
    flood.send(new Uint8Array(100_000).fill(0x10));
    await closed;
    expect(broker.stats().refused).toMatchObject({ protocol: 1 });
    expect(broker.stats().connections).toBe(0);
  });

  const openssl = findOpenssl();
  test.skipIf(!openssl)(
    `MQTT over TLS does the same${openssl ? '' : ' (skipped: no openssl to make a certificate)'}`,
    async () => {
      const { certificate, key } = makeCertificate();
      const { broker, deliveries } = await start({ tls: { port: 0, certificate, key } });
      const client = await joinAs(`mqtts://127.0.0.1:${broker.tlsPort}`, 'fire1', { ca: certificate });
      await client.publishAsync('city/v1/fire/fire1/event', 'alarm', { qos: 1 });
      await client.publishAsync('city/v1/fire/fire1/heartbeat', 'beat', { qos: 0 });
      await until('both', () => deliveries.length === 2);
      expect(deliveries.map(({ payload }) => String(payload))).toEqual(['alarm', 'beat']);
      const plain = await rawPeer(broker.tlsPort ?? 0);
      plain.send('not a handshake at all');
      await until('it is cut', () => plain.isClosed());
      expect(broker.stats().refused).toEqual({ tls: 1 });
    },
  );

  test('a certificate that is none stops the start and names the settings', async () => {
    const tls = { port: 0, certificate: 'no certificate', key: 'no key' };
    await expect(startTestBroker({ tls })).rejects.toThrow(/HUB_TLS_CERT and HUB_TLS_KEY/);
  });

  test('a taken port stops the start and names its setting', async () => {
    const { broker } = await start();
    await expect(startTestBroker({ port: broker.port })).rejects.toThrow(/is taken by another program.*HUB_MQTT_PORT/);
    await expect(startTestBroker({ host: '192.0.2.1' })).rejects.toThrow(/HUB_HOST/);
  });

  test('stopping closes every connection and frees the port', async () => {
    const { broker } = await start({ authenticate: byName });
    const [device, unknown] = [await rawDevice(broker.port, 'b1'), await rawPeer(broker.port)];
    await broker.stop();
    await until('both are closed', () => device.isClosed() && unknown.isClosed());
    await start({ port: broker.port });
  });
});

function findOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A certificate for 127.0.0.1, made for this run. */
function makeCertificate(): { readonly certificate: Buffer; readonly key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'nhip-tls-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', keyFile, '-out', certificateFile], {
    stdio: 'ignore',
  });
  const made = { certificate: readFileSync(certificateFile), key: readFileSync(keyFile) };
  rmSync(folder, { recursive: true });
  return made;
}
