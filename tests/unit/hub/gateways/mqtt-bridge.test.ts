/** The bridge to a house's own broker: what was not stored comes again as news. */
import { expect, test } from 'vitest';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { createBridgeReceiver } from '../../../../hub/gateways/mqtt-bridge.ts';
import { nothingRecent } from '../../../../hub/gateways/recent.ts';
import type { Delivery } from '../../../../hub/ports.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

function openBridge(receive: (delivery: Delivery) => Promise<void> | undefined) {
  return createBridgeReceiver({
    receive,
    log,
    limits: gatewayLimits,
    recent: nothingRecent,
    now: () => Date.parse('2026-03-01T02:15:10Z'),
    registry: {
      device: (id) => ({ id, domain: 'fire', model: 'z2m', name: id, heartbeatMs: 60_000, synthetic: false }),
    },
    dialects: ['zigbee2mqtt', 'chirpstack', 'tasmota', 'esphome'],
    devices: new Map([['kho', { deviceId: 'fd-kho', contacts: { Switch1: 'heat' as const } }]]),
  });
}

test('an alarm that could not be stored is told again with the same id, and once stored no more', async () => {
  const told: string[] = [];
  let works = false;
  const bridge = openBridge(({ payload }) => {
    told.push(JSON.parse(payload.toString()).id);
    return works ? undefined : Promise.reject(new Error('disk full'));
  });
  const say = () => bridge.take('zigbee2mqtt/bep', Buffer.from('{"smoke":true}'), false);
  const isEvent = (id: string) => id !== undefined;
  await expect(say()).rejects.toThrow('disk full');
  works = true;
  await say();
  await say();
  const events = told.filter(isEvent);
  expect([events.length, new Set(events).size]).toEqual([2, 1]);
});

test('a person’s word for a device and its contacts counts', async () => {
  const stored: Delivery[] = [];
  const bridge = openBridge((delivery) => void stored.push(delivery));
  await bridge.take('tele/kho/SENSOR', Buffer.from('{"Switch1":"ON"}'), false);
  expect(stored.map(({ topic, retain }) => [topic, retain])).toContainEqual(['city/v1/fire/fd-kho/event', false]);
  expect(JSON.parse(stored[0]?.payload.toString() ?? '')).toMatchObject({ kind: 'alarm', class: 'heat' });
});

test('bytes that are no JSON are passed over', async () => {
  const stored: Delivery[] = [];
  const bridge = openBridge((delivery) => void stored.push(delivery));
  await bridge.take('zigbee2mqtt/bep', Buffer.from('{'), false);
  expect(stored).toEqual([]);
});
