import type { MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import {
  connectAs,
  connectPacket,
  field,
  packet,
  publishPacket,
  rawDevice,
  rawPeer,
  startTestBroker,
  subscribePacket,
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

/** A well-behaved neighbour: if it can still speak at the end, nobody else noticed. */
async function withNeighbour(url: string): Promise<{ readonly client: MqttClient; speaks(): Promise<void> }> {
  const client = await connectAs(url, 'neighbour');
  cleanups.push(() => client.endAsync(true));
  let isClosed = false;
  client.on('close', () => {
    isClosed = true;
  });
  return {
    client,
    async speaks() {
      await client.publishAsync('city/v1/bus/neighbour/event', 'still here', { qos: 1 });
      expect(isClosed).toBe(false);
    },
  };
}

describe('before CONNECT', () => {
  test('a header that claims 200 MiB is cut at the header', async () => {
    const { broker, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawPeer(broker.port);
    peer.send([0x10, 0x80, 0x80, 0x80, 0x64], 'MQ');
    await until('the peer is cut', () => peer.isClosed());
    expect(broker.stats().refused).toEqual({ size: 1 });
    expect(broker.stats().waitingBytes).toBe(0);
    await neighbour.speaks();
  });

  test('anything but CONNECT is cut, however much of it comes', async () => {
    const { broker, deliveries, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawPeer(broker.port);
    const flood = publishPacket('city/v1/bus/b1/position', 'x'.repeat(100));
    peer.send(...Array.from({ length: 10_000 }, () => flood));
    await until('the peer is cut', () => peer.isClosed());
    expect(broker.stats().refused).toEqual({ protocol: 1 });
    expect(deliveries).toEqual([]);
    expect(broker.stats().waitingBytes).toBe(0);
    await neighbour.speaks();
  });

  test('HTTP, TLS and noise on the MQTT port are cut', async () => {
    const { broker } = await start();
    for (const noise of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0x16, 3, 1, 2, 0]),
      Buffer.alloc(64, 0xff),
    ]) {
      const peer = await rawPeer(broker.port);
      peer.send(noise);
      await until('the peer is cut', () => peer.isClosed());
    }
    expect(broker.stats().refused).toEqual({ protocol: 3 });
  });

  test('a length of five bytes is malformed', async () => {
    const { broker } = await start();
    const peer = await rawPeer(broker.port);
    peer.send([0x10, 0x80, 0x80, 0x80, 0x80, 0x01]);
    await until('the peer is cut', () => peer.isClosed());
    expect(broker.stats().refused).toEqual({ protocol: 1 });
  });

  test('a peer that says nothing, or half a CONNECT, is cut in time', async () => {
    const { broker } = await start({ limits: { connectTimeoutMs: 100 } });
    const silent = await rawPeer(broker.port);
    const half = await rawPeer(broker.port);
    half.send(connectPacket('b1').subarray(0, 10));
    await until('both are cut', () => silent.isClosed() && half.isClosed());
    expect(broker.stats().refused).toEqual({ timeout: 2 });
    expect(broker.stats().connections).toBe(0);
  });

  test('a CONNECT that comes byte by byte is understood', async () => {
    const { broker } = await start();
    const peer = await rawPeer(broker.port);
    for (const byte of connectPacket('b1')) peer.send([byte]);
    await until('CONNACK', () => peer.received().length >= 4);
    expect(peer.received()).toEqual(Buffer.from([0x20, 2, 0, 0]));
    peer.socket.destroy();
  });

  test('connections of one address have a bound', async () => {
    const { broker } = await start({ limits: { connectionsPerAddress: 2 } });
    const peers = [await rawDevice(broker.port, 'b1'), await rawDevice(broker.port, 'b2')];
    const third = await rawPeer(broker.port);
    await until('the third is cut', () => third.isClosed());
    expect(broker.stats()).toMatchObject({ connections: 2, refused: { connections: 1 } });
    for (const peer of peers) peer.socket.destroy();
    await until('the places are free again', () => broker.stats().connections === 0);
    const fourth = await rawDevice(broker.port, 'b4');
    expect(fourth.isClosed()).toBe(false);
    fourth.socket.destroy();
  });

  test('a CONNECT whose inside is broken harms nobody', async () => {
    const { broker, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawPeer(broker.port);
    peer.send(packet(0x10, Buffer.concat([field('MQTT'), Buffer.from([4, 0xff, 0xff])])));
    await until('the peer is cut', () => peer.isClosed());
    expect(broker.stats().refused).toEqual({ protocol: 1 });
    await neighbour.speaks();
  });
});

describe('CONNECT', () => {
  const level5 = Buffer.concat([field('MQTT'), Buffer.from([5, 0xc2, 0, 60, 0])]);
  const cases = [
    { name: 'a wrong secret', connect: connectPacket('b1', { password: 'guess' }), code: 4, reason: 'credentials' },
    {
      // MQTT-3.1.2-2: an unsupported protocol level is answered with return code 1, whatever else it says.
      name: 'MQTT 5, with the right secret,',
      connect: packet(0x10, Buffer.concat([level5, field('b1'), field('b1'), field('secret')])),
      code: 1,
      reason: 'protocol',
    },
  ];
  test.each(cases)('$name is refused with CONNACK $code', async ({ connect, code, reason }) => {
    const { broker, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawPeer(broker.port);
    peer.send(connect);
    await until('the peer is refused', () => peer.isClosed());
    expect(peer.received()).toEqual(Buffer.from([0x20, 2, 0, code]));
    expect(broker.stats().refused).toEqual({ [reason]: 1 });
    await neighbour.speaks();
  });

  test('a client of MQTT 5 is told which version to speak, and is let in with that one', async () => {
    const { broker, url } = await start();
    await expect(connectAs(url, 'b1', { protocolVersion: 5 })).rejects.toThrow(/Unacceptable protocol version/);
    const client = await connectAs(url, 'b1', { protocolVersion: 4 });
    expect([client.connected, broker.stats().refused]).toEqual([true, { protocol: 1 }]);
    await client.endAsync();
  });

  const kindnesses = [
    { name: "another device's client id with one's own name", connect: connectPacket('neighbour', { username: 'b1' }) },
    { name: 'an empty client id', connect: connectPacket('', { username: 'b1' }) },
    { name: 'no keepalive', connect: connectPacket('b1', { keepaliveSeconds: 0 }) },
    { name: 'a keepalive of an hour', connect: connectPacket('b1', { keepaliveSeconds: 3_600 }) },
  ];
  test.each(kindnesses)('$name is let in as the device that it is, and nobody else notices', async ({ connect }) => {
    const { broker, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawPeer(broker.port);
    peer.send(connect);
    await until('the peer is let in', () => peer.received().length >= 4);
    expect(peer.received()).toEqual(Buffer.from([0x20, 2, 0, 0]));
    expect(broker.stats().refused).toEqual({});
    await neighbour.speaks();
  });

  test('a last will for the topic of another device is refused', async () => {
    const { broker, deliveries, url } = await start();
    const will = { topic: 'city/v1/bus/neighbour/status', payload: Buffer.from('{}'), qos: 1 as const };
    await expect(connectAs(url, 'b1', { will })).rejects.toThrow(/Not authorized/);
    expect(broker.stats().refused).toEqual({ topic: 1 });
    expect(deliveries).toEqual([]);
  });
});

describe('PUBLISH', () => {
  const cases: readonly { name: string; bytes: Buffer; reason: string }[] = [
    { name: "another device's topic", bytes: publishPacket('city/v1/bus/neighbour/position', '{}'), reason: 'topic' },
    {
      name: "another device's topic, QoS 1",
      bytes: publishPacket('city/v1/bus/neighbour/event', '{}', { qos: 1 }),
      reason: 'topic',
    },
    { name: 'another domain', bytes: publishPacket('city/v1/fire/b1/event', '{}', { qos: 1 }), reason: 'topic' },
    { name: 'an id that begins with its own', bytes: publishPacket('city/v1/bus/b12/position', '{}'), reason: 'topic' },
    {
      name: 'a topic of $SYS that would throw somebody out',
      bytes: publishPacket('$SYS/x/new/clients', 'neighbour'),
      reason: 'topic',
    },
    { name: 'the wildcard #', bytes: publishPacket('city/v1/bus/b1/#', '{}'), reason: 'topic' },
    { name: 'the wildcard +', bytes: publishPacket('city/v1/bus/+/position', '{}'), reason: 'topic' },
    { name: 'a NUL in the topic', bytes: publishPacket('city/v1/bus/b1/posi\0tion', '{}'), reason: 'topic' },
    { name: 'a line feed in the topic', bytes: publishPacket('city/v1/bus/b1/position\n', '{}'), reason: 'topic' },
    { name: 'a topic that is not UTF-8', bytes: publishPacket(Buffer.from([0xff, 0xfe, 0x2f]), '{}'), reason: 'topic' },
    { name: 'an empty topic', bytes: publishPacket('', '{}'), reason: 'topic' },
    {
      name: 'a topic of 60,000 bytes',
      bytes: publishPacket(`city/v1/bus/b1/${'a'.repeat(60_000)}`, '{}', { qos: 1 }),
      reason: 'topic',
    },
    { name: 'a topic of 200 levels', bytes: publishPacket('a/'.repeat(200), '{}'), reason: 'topic' },
    {
      name: 'a topic longer than its packet',
      bytes: packet(0x30, Buffer.from([0xff, 0xff, 0x61])),
      reason: 'topic',
    },
    { name: 'a header that claims 300 KiB', bytes: Buffer.from([0x30, 0x80, 0xe0, 0x12]), reason: 'size' },
    { name: 'QoS 3', bytes: packet(0x36, field('city/v1/bus/b1/event')), reason: 'protocol' },
    { name: 'a second CONNECT', bytes: connectPacket('b1'), reason: 'protocol' },
    { name: 'a SUBSCRIBE of 2 KiB', bytes: subscribePacket('x'.repeat(2_048)), reason: 'size' },
  ];
  test.each(cases)(
    '$name ends the connection, counted as $reason, and nobody else notices',
    async ({ bytes, reason }) => {
      const { broker, deliveries, url } = await start();
      const neighbour = await withNeighbour(url);
      const peer = await rawDevice(broker.port, 'b1');
      peer.send(bytes);
      await until('the peer is cut', () => peer.isClosed());
      expect(broker.stats().refused).toEqual({ [reason]: 1 });
      expect(deliveries).toEqual([]);
      await neighbour.speaks();
    },
  );

  test('a payload of 60 KiB, not JSON at all, is handed on as it is', async () => {
    const { broker, deliveries } = await start();
    const peer = await rawDevice(broker.port, 'b1');
    const payload = Buffer.alloc(60 * 1024, 0x5b);
    peer.send(publishPacket('city/v1/bus/b1/position', payload), publishPacket('city/v1/bus/b1/position', ''));
    await until('both are there', () => deliveries.length === 2);
    expect(deliveries[0]?.payload.equals(payload)).toBe(true);
    expect(deliveries[1]?.payload.length).toBe(0);
    peer.socket.destroy();
  });
});

describe('SUBSCRIBE', () => {
  const denied = [
    '#',
    '+',
    '+/#',
    '/#',
    'city/#',
    'city/v1/bus/b1/#',
    'city/v1/bus/b1/+',
    'city/v1/bus/+/command',
    'city/v1/+/b1/command',
    'city/v1/bus/neighbour/command',
    'city/v1/fire/b1/command',
    'city/v1/bus/b1/event',
    'city/v1/bus/b1/command/',
    '/city/v1/bus/b1/command',
    'city/v1/bus/b1/../neighbour/command',
    'city/v1/bus/b1//command',
    '$SYS/#',
    '$share/g/city/v1/bus/b1/command',
    '$queue/city/v1/bus/b1/command',
    'CITY/v1/bus/b1/command',
    'city/v1/bus/b1/сommand',
    'city/v1/bus/b1/command\0',
  ];
  test('everything but its own command and receipt gets 0x80 in SUBACK; the connection stays', async () => {
    const { broker, url } = await start();
    const neighbour = await withNeighbour(url);
    const peer = await rawDevice(broker.port, 'b1');
    const answers: number[] = [];
    for (const filter of denied) {
      const before = peer.received().length;
      peer.send(subscribePacket(filter));
      await until(`SUBACK for ${filter}`, () => peer.received().length >= before + 5);
      answers.push(peer.received()[before + 4] ?? 0);
    }
    expect(answers).toEqual(denied.map(() => 0x80));
    expect(broker.stats().refused).toEqual({ subscription: 22 });
    await broker.publish('city/v1/bus/neighbour/command', Buffer.from('secret of the neighbour'));
    await neighbour.speaks();
    expect(peer.received().includes('secret')).toBe(false);
    expect(peer.isClosed()).toBe(false);
    peer.socket.destroy();
  });
});

test('a device that does not read is cut and holds nobody up', async () => {
  const { broker, url } = await start();
  const neighbour = await withNeighbour(url);
  const peer = await rawDevice(broker.port, 'b1');
  peer.socket.pause();
  const pings = Buffer.alloc(2 * 32_768, Buffer.from([0xc0, 0x00]));
  const flood = setInterval(() => {
    if (peer.socket.writableLength < 1_000_000) peer.send(pings);
  }, 1);
  cleanups.push(
    () => clearInterval(flood),
    () => peer.socket.destroy(),
  );
  await until('the peer is cut', () => broker.stats().refused.slow === 1, 20_000);
  await neighbour.speaks();
});

test('a throw or a rejection of the hub closes that connection only, without PUBACK', async () => {
  const { broker, url } = await start({
    receive({ payload }) {
      const text = payload.toString();
      if (text === 'throw') throw new Error('a fault of ours');
      return text === 'reject' ? Promise.reject(new Error('journal is full')) : undefined;
    },
  });
  const neighbour = await withNeighbour(url);
  for (const text of ['throw', 'reject']) {
    for (const qos of [1, 2] as const) {
      const peer = await rawDevice(broker.port, 'b1');
      peer.send(publishPacket('city/v1/bus/b1/event', text, { qos, messageId: 7 }));
      await until('the peer is cut', () => peer.isClosed());
      expect(peer.received()).toEqual(Buffer.from([0x20, 2, 0, 0]));
    }
    const reading = await rawDevice(broker.port, 'b2');
    reading.send(publishPacket('city/v1/bus/b2/position', text), [0xc0, 0x00]);
    await until('PINGRESP', () => reading.received().length === 6);
    expect(reading.isClosed()).toBe(false);
    reading.socket.destroy();
  }
  expect(broker.stats().refused.notStored).toBe(6);
  await neighbour.speaks();
});
