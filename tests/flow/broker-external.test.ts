import type { ChildProcess } from 'node:child_process';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { startExternalBroker } from '../../hub/broker/external.ts';
import type { Delivery, Receive } from '../../hub/ports.ts';
import { mosquitto, startMosquitto, whyNoMosquitto } from '../support/mosquitto.ts';
import { freePort, quietLog } from '../support/mqtt.ts';
import { until } from '../support/until.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts it and stops it after the test. Answers the process, for tests that kill it. */
async function startMosquittoForTest(port: number): Promise<ChildProcess> {
  const { child, stop } = await startMosquitto(port);
  cleanups.push(stop);
  return child;
}

async function startHubSide(port: number, receive: Receive) {
  const broker = await startExternalBroker({
    url: `mqtt://127.0.0.1:${port}`,
    receive,
    log: quietLog,
    clientId: 'hub-1',
  });
  cleanups.push(() => broker.stop());
  return broker;
}

async function device(port: number, id: string) {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: id });
  cleanups.push(() => client.endAsync(true));
  return client;
}

describe.skipIf(mosquitto === undefined)(`an external broker: mosquitto${whyNoMosquitto}`, () => {
  test('messages come with device and order, letters go down, the hub does not hear itself', async () => {
    const port = await freePort();
    await startMosquittoForTest(port);
    const deliveries: Delivery[] = [];
    const broker = await startHubSide(port, (delivery) => {
      deliveries.push(delivery);
      return undefined;
    });
    const bus = await device(port, 'b1');
    const letters: string[] = [];
    bus.on('message', (_topic, payload) => letters.push(payload.toString()));
    await bus.subscribeAsync('city/v1/bus/b1/command', { qos: 1 });
    for (let index = 0; index < 20; index++) {
      await bus.publishAsync('city/v1/bus/b1/event', String(index), { qos: 1 });
    }
    await bus.publishAsync('city/v1/bus/b1/position', 'p', { qos: 0 });
    await bus.publishAsync('elsewhere/b1', 'not ours', { qos: 1 });
    await broker.publish('city/v1/bus/b1/command', Buffer.from('stop'));
    await until('all are there', () => deliveries.length === 21 && letters.length === 1);
    expect(deliveries.map(({ payload }) => String(payload))).toEqual([
      ...Array.from({ length: 20 }, (_, i) => String(i)),
      'p',
    ]);
    expect(deliveries.every(({ deviceId }) => deviceId === 'b1')).toBe(true);
    expect(letters).toEqual(['stop']);
    expect(broker.stats()).toMatchObject({ received: 21, refused: {} });
  });

  test('several messages wait for their commits at once, and what was not committed comes again', async () => {
    const port = await freePort();
    await startMosquittoForTest(port);
    const open: { readonly text: string; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
    const receive: Receive = ({ payload }) =>
      new Promise((resolve, reject) => open.push({ text: payload.toString(), resolve, reject }));
    await startHubSide(port, receive);
    const bus = await device(port, 'b1');
    const sent = ['e1', 'e2', 'e3', 'e4', 'e5'];
    await Promise.all(sent.map((text) => bus.publishAsync('city/v1/bus/b1/event', text, { qos: 1 })));
    await until('all five are under way', () => open.length === 5);
    expect(open.map(({ text }) => text)).toEqual(sent);
    const [first, second, ...others] = open.splice(0);
    for (const { resolve } of others) resolve();
    first?.resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    second?.reject(new Error('the journal is full'));
    await until('what was not acknowledged comes again', () => open.length === 4, 15_000);
    expect(open.map(({ text }) => text)).toEqual(['e2', 'e3', 'e4', 'e5']);
    for (const { resolve } of open.splice(0)) resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(open.length).toBe(0);
  });

  test('what comes while the hub is away is kept by the broker and handed on afterwards', async () => {
    const port = await freePort();
    await startMosquittoForTest(port);
    const first = await startHubSide(port, () => undefined);
    await first.stop();
    const bus = await device(port, 'b1');
    for (const text of ['a', 'b', 'c']) await bus.publishAsync('city/v1/bus/b1/event', text, { qos: 1 });
    const texts: string[] = [];
    await startHubSide(port, ({ payload }) => {
      texts.push(payload.toString());
      return undefined;
    });
    await until('all three', () => texts.length === 3);
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test('a broker that restarts is found again, and subscribed to again', async () => {
    const port = await freePort();
    const child = await startMosquittoForTest(port);
    const texts: string[] = [];
    const broker = await startHubSide(port, ({ payload }) => {
      texts.push(payload.toString());
      return undefined;
    });
    child.kill();
    await until('the break is noticed', () => broker.stats().connections === 0);
    await startMosquittoForTest(port);
    await until('connected again', () => broker.stats().connections === 1, 15_000);
    const bus = await device(port, 'b1');
    await until('a message passes', async () => {
      await bus.publishAsync('city/v1/bus/b1/event', 'again', { qos: 1 });
      return texts.length > 0;
    });
    expect(texts[0]).toBe('again');
  });
});

test('a broker that is not there stops the start and names the setting', async () => {
  const port = await freePort();
  const start = startExternalBroker({
    url: `mqtt://hub:hush@127.0.0.1:${port}`,
    receive: () => undefined,
    log: quietLog,
  });
  await expect(start).rejects.toThrow(/cannot be used.*HUB_BROKER_URL/);
  await expect(start).rejects.not.toThrow(/hush/);
});
