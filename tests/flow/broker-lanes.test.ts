import { afterEach, expect, test } from 'vitest';
import { connectPacket, publishPacket, rawDevice, rawPeer, startTestBroker } from '../support/mqtt.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Keeps the loop busy as checking and stepping a message would. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('an alarm passes while 20,000 messages wait', async () => {
  const order: string[] = [];
  const { broker } = await startTestBroker({
    receive({ topic }) {
      order.push(topic);
      work(0.02);
      return undefined;
    },
  });
  cleanups.push(() => broker.stop());
  const buses = await Promise.all(Array.from({ length: 20 }, (_, index) => rawDevice(broker.port, `b${index}`)));
  const fire = await rawDevice(broker.port, 'fire1');
  cleanups.push(() => {
    for (const peer of [...buses, fire]) peer.socket.destroy();
  });
  for (const [index, bus] of buses.entries()) {
    const position = publishPacket(`city/v1/bus/b${index}/position`, 'x'.repeat(60));
    bus.send(...Array.from({ length: 1_000 }, () => position));
  }
  await until('the burst is being served', () => order.length > 500);
  const before = order.length;
  fire.send(publishPacket('city/v1/fire/fire1/event', 'alarm', { qos: 1 }));
  await until('all are served', () => order.length === 20_001, 20_000);
  const place = order.indexOf('city/v1/fire/fire1/event');
  // Sent when more than 19,000 waited. Sender and broker share this loop, so some turns pass before the bytes are there.
  expect(before).toBeLessThan(5_000);
  expect(place).toBeLessThan(before + 5_000);
  expect(order.slice(place + 1).length).toBeGreaterThan(10_000);
});

test('one flooding device does not hold up another: the queue is fair', async () => {
  const order: string[] = [];
  const { broker } = await startTestBroker({
    receive({ deviceId }) {
      order.push(deviceId);
      work(0.02);
      return undefined;
    },
  });
  cleanups.push(() => broker.stop());
  const [flood, calm] = [await rawDevice(broker.port, 'flood'), await rawDevice(broker.port, 'calm')];
  cleanups.push(
    () => flood.socket.destroy(),
    () => calm.socket.destroy(),
  );
  const position = publishPacket('city/v1/bus/flood/position', 'x'.repeat(60));
  flood.send(...Array.from({ length: 10_000 }, () => position));
  await until('the flood is being served', () => order.length > 100);
  calm.send(publishPacket('city/v1/bus/calm/event', 'x', { qos: 1 }));
  await until('all are served', () => order.length === 10_001, 20_000);
  expect(order.length - order.indexOf('calm')).toBeGreaterThan(3_000);
});

test('what waits below the broker has a bound: the sender feels it, and nothing is lost', async () => {
  let count = 0;
  const { broker } = await startTestBroker({
    limits: { waitingBytesPerSocket: 32 * 1024 },
    receive() {
      count++;
      work(0.01);
      return undefined;
    },
  });
  cleanups.push(() => broker.stop());
  const bus = await rawDevice(broker.port, 'b1');
  cleanups.push(() => bus.socket.destroy());
  const position = publishPacket('city/v1/bus/b1/position', 'x'.repeat(1_000));
  bus.send(...Array.from({ length: 20_000 }, () => position));
  let highest = 0;
  await until(
    'all are served',
    () => {
      highest = Math.max(highest, broker.stats().waitingBytes);
      return count === 20_000;
    },
    20_000,
  );
  // 20 MB were sent; the bound, and the one chunk of at most 64 KiB that crosses it, is all that waited.
  expect(highest).toBeLessThanOrEqual((32 + 64) * 1024);
  expect(broker.stats().waitingBytes).toBe(0);
});

test('a reconnect storm of 300 devices is admitted, while an alarm passes', async () => {
  const order: string[] = [];
  const { broker } = await startTestBroker({
    receive({ topic }) {
      order.push(topic);
      return undefined;
    },
    watch: { connected: (id) => order.push(id), disconnected: () => undefined },
  });
  cleanups.push(() => broker.stop());
  const fire = await rawDevice(broker.port, 'fire1');
  const storm = await Promise.all(Array.from({ length: 300 }, () => rawPeer(broker.port)));
  cleanups.push(() => {
    for (const peer of [...storm, fire]) peer.socket.destroy();
  });
  await until('the fire device is connected', () => order.length === 1);
  for (const [index, peer] of storm.entries()) peer.send(connectPacket(`b${index}`));
  fire.send(publishPacket('city/v1/fire/fire1/event', 'alarm', { qos: 1 }));
  await until('all are connected', () => order.length === 302, 20_000);
  expect(order.indexOf('city/v1/fire/fire1/event')).toBeLessThan(200);
});

test('what a device sent before it left is handed on before it is gone', async () => {
  const order: string[] = [];
  const { broker } = await startTestBroker({
    receive({ payload }) {
      order.push(payload.toString());
      work(0.02);
      return undefined;
    },
    watch: { connected: () => undefined, disconnected: () => order.push('gone') },
  });
  cleanups.push(() => broker.stop());
  const bus = await rawDevice(broker.port, 'b1');
  bus.send(...Array.from({ length: 2_000 }, (_, index) => publishPacket('city/v1/bus/b1/position', String(index))));
  bus.socket.end();
  await until('it is gone', () => order.at(-1) === 'gone');
  expect(order.length).toBe(2_001);
  expect(order[1_999]).toBe('1999');
});
