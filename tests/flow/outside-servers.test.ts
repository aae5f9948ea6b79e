/** The hub on engines that exist already: InfluxDB that is away and comes back, and an MQTT broker of somebody else. */
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { device, fireEvent, openApp, raise } from '../support/clients.ts';
import { startTestHub } from '../support/hub.ts';
import { startInfluxFake } from '../support/influx-fake.ts';
import { mosquitto, startMosquitto, whyNoMosquitto } from '../support/mosquitto.ts';
import { freePort } from '../support/mqtt.ts';
import { until } from '../support/until.ts';

describe('InfluxDB', () => {
  test('that is down touches no alarm; its points wait and then go out once, in order', async () => {
    const influx = await startInfluxFake();
    const { url, token } = influx;
    await influx.stop();
    const hub = await startTestHub({ environment: { HUB_INFLUX_URL: url, HUB_INFLUX_TOKEN: token } });
    const app = await openApp(hub, '/fire', { token: hub.tokens.fire });
    const detector = await device(hub, 'fd-1');
    const bus = await device(hub, 'bus-1');
    const from = Date.now() - 500_000;
    for (let index = 0; index < 300; index++) {
      const fix = { ts: from + index * 1_000, lat: 21.03, lon: 105.85 + index / 1e5 };
      await bus.publishAsync('city/v1/bus/bus-1/positions', JSON.stringify([fix]), { qos: 1 });
    }
    await raise(detector, 'fd-1');
    await until('the alarm is on the screen', () => app.events.some(({ type }) => type === 'incident.raised'));
    const ready = await until('the hub says that its history is away', async () => {
      const { body } = await hub.request('/healthz/ready');
      return JSON.stringify(body).includes('"history":{"ok":false') ? body : undefined;
    });
    expect(JSON.stringify(ready)).toContain('"journal":{"ok":true}');

    await influx.start();
    const positions = (): string[] => influx.lines.filter((line) => line.startsWith('bus_position'));
    await until('all points arrived', () => positions().length >= 300, 60_000);
    const times = positions().map((line) => Number(line.split(' ').at(-1)));
    expect(times).toEqual(Array.from({ length: 300 }, (_, index) => from + index * 1_000));
    app.close();
    await Promise.all([detector.endAsync(), bus.endAsync()]);
    await hub.stop();
    await influx.stop();
  }, 120_000);
});

describe.skipIf(mosquitto === undefined)(`an MQTT broker of somebody else: mosquitto${whyNoMosquitto}`, () => {
  test('carries the whole road: alarm in, incident on the screen, receipts down, refusals kept', async () => {
    const port = await freePort();
    const broker = await startMosquitto(port);
    const hub = await startTestHub({ environment: { HUB_BROKER_URL: `mqtt://127.0.0.1:${port}` } });
    const app = await openApp(hub, '/fire', { token: hub.tokens.fire });
    const detector = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'fd-1' });
    const states: string[] = [];
    detector.on('message', (_topic, payload) => void states.push(JSON.parse(payload.toString()).state));
    await detector.subscribeAsync('city/v1/fire/fd-1/receipt', { qos: 1 });
    await detector.publishAsync('city/v1/fire/fd-1/event', JSON.stringify(fireEvent()), { qos: 1 });
    await until('the incident is on the screen', () => app.events.some(({ type }) => type === 'incident.raised'));
    await until('both receipts came down', () => states.length >= 2);
    expect(states).toEqual(['stored', 'delivered']);

    await detector.publishAsync('city/v1/fire/nobody/event', JSON.stringify(fireEvent()), { qos: 1 });
    await until('the unknown device is kept as a dead letter', async () => {
      const { body } = await hub.request('/api/v1/dead-letters', { token: hub.tokens.operator });
      return JSON.stringify(body).includes('unknownDevice');
    });
    app.close();
    await detector.endAsync();
    await hub.stop();
    await broker.stop();
  });
});
