/** A house's own broker with Zigbee2MQTT on it: what is said there is an incident in the hub. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let house: Aedes;
let server: Server;
let hub: TestHub;
let zigbee: MqttClient;

beforeAll(async () => {
  house = await Aedes.createBroker();
  server = createServer(house.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  const url = `mqtt://127.0.0.1:${port}`;
  zigbee = await connectAsync(url, { reconnectPeriod: 0 });
  // Said and kept before the hub came: a state that it must hear of.
  await zigbee.publishAsync('zigbee2mqtt/kho', '{"smoke":true}', { qos: 1, retain: true });
  hub = await startTestHub({ environment: { HUB_BRIDGE_URL: url, HUB_BRIDGE_DIALECTS: 'zigbee2mqtt' } });
});
afterAll(async () => {
  await zigbee?.endAsync(true);
  await hub?.stop();
  await new Promise<void>((resolve) => house.close(() => resolve()));
  server.close();
});

async function incidents(): Promise<readonly { quality: readonly string[]; points: readonly { point: string }[] }[]> {
  const { body } = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
  const { items } = JSON.parse(JSON.stringify(body));
  return items;
}

test('a retained alarm of which nobody knows the age is on record and opens no incident', async () => {
  const signal = await until('the signal', async () => {
    const { body } = await hub.request('/api/v1/devices/unregistered/events', { token: hub.tokens.fire });
    const { items }: { items: { type: string; data: Record<string, unknown> }[] } = JSON.parse(JSON.stringify(body));
    return items.find(({ type }) => type === 'signal.received');
  });
  expect(signal.data).toMatchObject({ kind: 'supervisory', class: 'smoke', point: 'z2m-kho' });
  expect(signal.data.quality).toEqual(expect.arrayContaining(['retained', 'unknownAccount']));
  expect(await incidents()).toEqual([]);
});

test('what it says itself afterwards is an alarm, also of an unregistered device', async () => {
  await zigbee.publishAsync('zigbee2mqtt/kho', '{"smoke":true}');
  const [incident] = await until('the incident', async () => {
    const found = await incidents();
    return found.length > 0 ? found : undefined;
  });
  expect(incident?.quality).toContain('unknownAccount');
  expect(incident?.points.map(({ point }) => point)).toEqual(['z2m-kho']);
});

test('a live alarm of a registered one is its place’s incident', async () => {
  hub.device('z2m-bep');
  hub.hub.registry.bindDevice('z2m-bep', {
    kind: 'place',
    target: 'place-14',
    state: 'verified',
    since: 0,
    by: 'test',
  });
  await zigbee.publishAsync('zigbee2mqtt/bep', '{"smoke":true,"battery":88}');
  await until('the second incident', async () => (await incidents()).length === 2);
});
