/** Frames: the latest value of each changed subject, on every namespace, whoever shares a connection. */
import { io, Manager } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { device, openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub?.stop();
});

test('three namespaces on one connection all get their frames', async () => {
  const bus = await device(hub, 'bus-1');
  const gate = await device(hub, 'gate-1');
  const manager = new Manager(hub.url, { transports: ['websocket'], reconnection: false });
  const got = { vehicles: 0, lots: 0, pulse: 0 };
  const sockets = [
    manager.socket('/transit'),
    manager.socket('/parking'),
    manager.socket('/ops', { auth: { token: hub.tokens.operator } }),
  ];
  sockets[0]?.on('vehicles', () => got.vehicles++);
  sockets[1]?.on('lots', () => got.lots++);
  sockets[2]?.on('pulse', () => got.pulse++);
  for (const socket of sockets) {
    socket.connect();
    await until('connected', () => socket.connected);
    expect(await socket.timeout(5_000).emitWithAck('subscribe', {})).toMatchObject({ ok: true });
  }
  let round = 0;
  const say = setInterval(() => {
    round++;
    bus.publish(
      'city/v1/bus/bus-1/position',
      JSON.stringify({ ts: Date.now(), lat: 21.03 + round / 1e4, lon: 105.85 }),
    );
    gate.publish('city/v1/parking/gate-1/count', JSON.stringify({ ts: Date.now(), occupied: round, capacity: 100 }));
  }, 200);
  await until('three frames of each kind', () => got.vehicles >= 3 && got.lots >= 3 && got.pulse >= 3, 20_000);
  clearInterval(say);
  for (const socket of sockets) socket.disconnect();
  await Promise.all([bus.endAsync(), gate.endAsync()]);
});

test('a vehicle that leaves the box is gone, once; one that comes is there', async () => {
  const bus = await device(hub, 'bus-1');
  const say = (lat: number) =>
    bus.publishAsync('city/v1/bus/bus-1/position', JSON.stringify({ ts: Date.now(), lat, lon: 105.85 }), { qos: 1 });
  await say(21.03);
  const app = await openApp(hub, '/transit', { filter: { bbox: [105.8, 21.029, 105.9, 21.0302] } });
  expect(app.snapshot).toMatchObject({ vehicles: [{ 0: 'veh-1', 1: 21.03, 2: 105.85, length: 9 }] });
  const frames: { vehicles: unknown[][]; gone: string[] }[] = [];
  app.socket.on('vehicles', (frame) => void frames.push(frame));
  await say(21.0305);
  await until('it is gone', () => frames.some(({ gone }) => gone.includes('veh-1')));
  await say(21.0301);
  await until('it is back', () => frames.at(-1)?.vehicles.some(([id]) => id === 'veh-1'));
  expect(frames.flatMap(({ gone }) => gone)).toEqual(['veh-1']);
  app.close();
  await bus.endAsync();
});

test('a page of another origin cannot connect', async () => {
  const foreign = io(`${hub.url}/transit`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { origin: 'https://evil.example' },
  });
  const refused = await new Promise<boolean>((resolve) => {
    foreign.on('connect', () => resolve(false));
    foreign.on('connect_error', () => resolve(true));
  });
  foreign.disconnect();
  expect(refused).toBe(true);
});
