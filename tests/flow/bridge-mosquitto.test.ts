/** A house's own broker as it really is (mosquitto): four languages, retained states, restarts on both sides. */
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { freePort } from '../support/hub-process.ts';
import { type Mosquitto, mosquitto, startMosquitto, whyNoMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

if (mosquitto === undefined) console.warn(`the bridge to a real broker is not tested${whyNoMosquitto}`);

const hubFolder = temporaryFolder();
const brokerFolder = temporaryFolder();
const eui = '24e124136d490123';
const registered = ['z2m-bep', 'z2m-kho', `lora-${eui}`, 'tasmota-xuong', 'esphome-sanh', 'esphome-cu'];
let port: number;
let broker: Mosquitto;
let house: MqttClient;
let hub: TestHub;

const retained = { qos: 1, retain: true } as const;
const uplink = (id: string) =>
  JSON.stringify({
    deduplicationId: id,
    time: new Date().toISOString(),
    fCnt: 12,
    data: Buffer.from('22116423291D', 'hex').toString('base64'),
  });

const startBridged = () =>
  startTestHub({ directory: hubFolder, environment: { HUB_BRIDGE_URL: `mqtt://127.0.0.1:${port}` } });

const dialHouse = () => connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, clientId: 'house' });

type Fact = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

async function factsOf(id: string, type: string): Promise<readonly Fact[]> {
  const { body } = await hub.request(`/api/v1/devices/${id}/events?limit=500`, { token: hub.tokens.fire });
  const { items }: { items: Fact[] } = JSON.parse(JSON.stringify(body));
  return items.filter((fact) => fact.type === type);
}
const raised = async (id: string): Promise<number> => (await factsOf(id, 'incident.raised')).length;
const signals = async (id: string): Promise<readonly unknown[]> =>
  (await factsOf(id, 'signal.received')).map(({ data }) => data.kind);

async function bridgeCount(outcome: string): Promise<number> {
  const { body } = await hub.request('/metrics');
  const [, value] = new RegExp(`^hub_gateway_\\w+\\{gateway="bridge"(?:,outcome="${outcome}")?\\} (\\d+)$`, 'm').exec(
    outcome === 'connections' ? `${body}`.slice(`${body}`.indexOf('hub_gateway_connections{')) : `${body}`,
  ) ?? ['', '0'];
  return Number(value);
}

/** A message that comes after all others of the house: when it is through, they are. */
async function flushed(): Promise<void> {
  const before = await bridgeCount('frames');
  await house.publishAsync('zigbee2mqtt/moc', '{"battery":90}', { qos: 1 });
  await until('the house’s messages are through', async () => (await bridgeCount('frames')) > before);
}

describe.skipIf(mosquitto === undefined)(`a house with mosquitto${whyNoMosquitto}`, { timeout: 60_000 }, () => {
  beforeAll(async () => {
    port = await freePort();
    broker = await startMosquitto(port, brokerFolder);
    house = await dialHouse();
    // What lies on the broker from before the hub was there, of unknown age.
    await house.publishAsync('zigbee2mqtt/kho', '{"smoke":true}', retained);
    await house.publishAsync('cu/binary_sensor/smoke/state', 'ON', retained);
    await house.publishAsync('tele/xuong/SENSOR', '{"Time":"2026-01-01T00:00:00","Smoke":"ON"}', retained);
    const first = await startTestHub({ directory: hubFolder });
    for (const id of registered) first.device(id, { synthetic: false });
    await first.stop();
    hub = await startBridged();
    await until('the bridge stands', async () => (await signals('esphome-cu')).length > 0);
  });
  afterAll(async () => {
    await house?.endAsync(true);
    await hub?.stop();
    await broker?.stop();
  });

  test('retained alarms of unknown age are on record, and no incident', async () => {
    for (const id of ['z2m-kho', 'esphome-cu', 'tasmota-xuong']) {
      await until(`the signal of ${id}`, async () => (await signals(id)).length > 0);
      expect([id, await signals(id), await raised(id)]).toEqual([id, ['supervisory'], 0]);
    }
  });

  test('an alarm in each language is an incident, once, also when it is said twice', async () => {
    const words = [
      ['z2m-bep', 'zigbee2mqtt/bep', '{"smoke":true,"battery":88,"linkquality":120}'],
      [`lora-${eui}`, `application/7f/device/${eui}/event/up`, uplink('one')],
      ['tasmota-xuong', 'tele/xuong/SENSOR', '{"Time":"2026-11-22T04:00:00","Smoke":"ON"}'],
      ['esphome-sanh', 'sanh/binary_sensor/smoke_detector/state', 'ON'],
    ] as const;
    for (const [, topic, payload] of [...words, ...words]) await house.publishAsync(topic, payload, { qos: 1 });
    await flushed();
    for (const [id] of words) {
      await until(`the incident of ${id}`, async () => (await raised(id)) > 0);
      expect([id, (await signals(id)).filter((kind) => kind === 'alarm').length, await raised(id)]).toEqual([id, 1, 1]);
    }
  });

  test('what the broker acknowledged while the hub was away is told when it comes back', async () => {
    await hub.stop();
    await house.publishAsync('zigbee2mqtt/kho', '{"smoke":true}', { qos: 1 });
    // Known to burn, kept by the broker: no news after the restart.
    await house.publishAsync('sanh/binary_sensor/smoke_detector/state', 'ON', retained);
    hub = await startBridged();
    await until('the incident of z2m-kho', async () => (await raised('z2m-kho')) === 1);
    await flushed();
    expect((await signals('esphome-sanh')).filter((kind) => kind === 'alarm').length).toBeLessThanOrEqual(2);
    expect(await raised('esphome-sanh')).toBe(1);
  });

  test('a retained alarm that began while the hub was away is one', async () => {
    await house.publishAsync('cu/binary_sensor/smoke/state', 'OFF', retained);
    await until('the restore', async () => (await signals('esphome-cu')).includes('restore'));
    await hub.stop();
    // QoS 0, as ESPHome does: the broker keeps nothing of it but the retained copy.
    await house.publishAsync('cu/binary_sensor/smoke/state', 'ON', { qos: 0, retain: true });
    hub = await startBridged();
    await until('the incident of esphome-cu', async () => (await raised('esphome-cu')) === 1);
  });

  test('a restart of the broker opens no second incident, and the bridge goes on by itself', async () => {
    const before = await Promise.all(registered.map(raised));
    await house.endAsync(true);
    await broker.stop();
    await until('the bridge has noticed', async () => (await bridgeCount('connections')) === 0);
    broker = await startMosquitto(port, brokerFolder);
    house = await dialHouse();
    await until('the bridge is back', async () => (await bridgeCount('connections')) === 1);
    await flushed();
    expect(await Promise.all(registered.map(raised))).toEqual(before);
    await house.publishAsync('tele/xuong/SENSOR', '{"Time":"2026-11-22T05:00:00","Smoke":"OFF"}', { qos: 1 });
    await until('what is said afterwards is heard', async () => (await signals('tasmota-xuong')).includes('restore'));
  });
});
