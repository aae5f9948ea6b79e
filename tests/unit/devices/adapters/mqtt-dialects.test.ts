import { describe, expect, test } from 'vitest';
import { adaptEsphome } from '../../../../devices/adapters/esphome/adapt.ts';
import { adaptTasmota } from '../../../../devices/adapters/tasmota/adapt.ts';
import { adaptZigbee2mqtt } from '../../../../devices/adapters/zigbee2mqtt/adapt.ts';
import { at, bridge, type Heard, words } from './hear.ts';

describe('Zigbee2MQTT', () => {
  const topic = 'zigbee2mqtt/bep';

  test('smoke is an alarm once, again each minute while it lasts, and a restore at its end', () => {
    const hear = bridge(adaptZigbee2mqtt);
    const smoke = { smoke: true, battery: 90, linkquality: 255, smoke_concentration: 12 };
    const first = hear(topic, smoke);
    expect(words(first)).toEqual(['alarm smoke', 'heartbeat']);
    expect(first[0]).toMatchObject({ deviceId: 'z2m-bep', body: { ts: at, values: { smokePpm: 12 } } });
    expect(first[1]?.body).toEqual({ ts: at, battery: 90, signal: 100 });
    expect(words(hear(topic, smoke, { at: at + 5_000 }))).toEqual(['heartbeat']);
    expect(words(hear(topic, smoke, { at: at + 60_000 }))).toEqual(['alarm smoke', 'heartbeat']);
    expect(words(hear(topic, { smoke: false }, { at: at + 90_000 }))).toEqual(['restore smoke', 'heartbeat']);
  });

  test('a first message tells every state: the hub may have missed the change', () => {
    const hear = bridge(adaptZigbee2mqtt);
    expect(words(hear(topic, { smoke: false, tamper: true, battery_low: false }))).toEqual([
      'restore smoke',
      'tamper other tamper',
      'troubleRestore other battery',
      'heartbeat',
    ]);
  });

  test('a retained smoke is the same event at each start of a day, and another when it has a newer time', () => {
    const idOf = (payload: object, heard: Heard) => {
      const [message] = bridge(adaptZigbee2mqtt)(topic, payload, { retained: true, ...heard });
      return message?.message === 'event' ? message.body.id : '';
    };
    expect(idOf({ smoke: true }, { at: at + 3_600_000 })).toBe(idOf({ smoke: true }, { at }));
    expect(idOf({ smoke: true }, { at: at + 86_400_000 })).not.toBe(idOf({ smoke: true }, { at }));
    const seen = (text: string) => idOf({ smoke: true, last_seen: text }, { at: at + 999 });
    expect(seen('2026-03-01T02:00:00Z')).toBe(seen('2026-03-01T02:00:00Z'));
    expect(seen('2026-03-01T02:00:00Z')).not.toBe(seen('2026-03-01T02:10:00Z'));
  });

  test('a retained smoke of unknown age is no alarm but a word to people, until the device says it itself', () => {
    const hear = bridge(adaptZigbee2mqtt);
    const old = { smoke: true, last_seen: '2026-02-01T02:00:00Z' };
    expect(words(hear(topic, { smoke: true }, { retained: true }))).toEqual(['supervisory smoke']);
    expect(words(hear(topic, old, { retained: true }))).toEqual(['supervisory smoke']);
    expect(words(hear(topic, { smoke: true }))).toEqual(['alarm smoke', 'heartbeat']);
  });

  test('a retained smoke is an alarm when it is fresh, or when the last word was that there is none', () => {
    const fresh = { smoke: true, last_seen: '2026-03-01T02:05:10Z' };
    expect(words(bridge(adaptZigbee2mqtt)(topic, fresh, { retained: true }))).toEqual(['alarm smoke']);
    const hear = bridge(adaptZigbee2mqtt);
    hear(topic, { smoke: false });
    expect(words(hear(topic, { smoke: true }, { retained: true, at: at + 1_000 }))).toEqual(['alarm smoke']);
  });

  test('a retained smoke after each reconnect says nothing new', () => {
    const hear = bridge(adaptZigbee2mqtt);
    hear(topic, { smoke: true });
    for (const later of [1_000, 120_000, 86_400_000]) {
      expect(words(hear(topic, { smoke: true }, { retained: true, at: at + later }))).toEqual([]);
    }
  });

  test.each([
    [{ self_test: 'check_success' }, ['troubleRestore other self-test', 'test other', 'heartbeat']],
    [{ self_test: 'failure' }, ['trouble other self-test', 'heartbeat']],
    [{ device_fault: true }, ['trouble other fault', 'heartbeat']],
    [{ battery_state: 'low' }, ['trouble other battery', 'heartbeat']],
    [{ carbon_monoxide: true }, ['alarm co', 'heartbeat']],
    [{ gas: true }, ['alarm gas', 'heartbeat']],
    [{ test: true }, ['test other', 'heartbeat']],
  ])('%j', (payload, expected) => {
    expect(words(bridge(adaptZigbee2mqtt)(topic, payload))).toEqual(expected);
  });

  test('availability is the device’s status', () => {
    const hear = bridge(adaptZigbee2mqtt);
    const [online] = hear('zigbee2mqtt/bep/availability', { state: 'online' });
    const [offline] = hear('zigbee2mqtt/bep/availability', 'offline', { retained: true });
    expect([online, offline]).toMatchObject([
      { message: 'status', deviceId: 'z2m-bep', body: { online: true } },
      { message: 'status', deviceId: 'z2m-bep', body: { online: false } },
    ]);
  });

  test('the bridge’s own topics and commands say nothing', () => {
    const hear = bridge(adaptZigbee2mqtt);
    expect(hear('zigbee2mqtt/bridge/state', { state: 'online' })).toEqual([]);
    expect(hear('zigbee2mqtt/bep/set', { smoke: true })).toEqual([]);
  });

  test('a name that cannot stand in a topic is cleaned and stays its own; a chosen id wins', () => {
    const [a] = bridge(adaptZigbee2mqtt)('zigbee2mqtt/Bếp 1', { smoke: true });
    const [b] = bridge(adaptZigbee2mqtt)('zigbee2mqtt/Bep_1', { smoke: true });
    expect(a?.deviceId).toMatch(/^z2m-Bep_1-[0-9a-f]{8}$/);
    expect(b?.deviceId).toBe('z2m-Bep_1');
    const [c] = bridge(adaptZigbee2mqtt, { deviceIdFor: () => 'fd-9' })('zigbee2mqtt/Bếp 1', { smoke: true });
    expect(c?.deviceId).toBe('fd-9');
  });
});

describe('Tasmota', () => {
  const sensor = { Time: '2026-03-01T09:15:00', Switch1: 'ON', DS18B20: { Temperature: 31.5 } };

  test('a contact that a person has named is that sensor, any other goes to a person', () => {
    const named = bridge(adaptTasmota, { classFor: (_name, contact) => (contact === 'Switch1' ? 'smoke' : undefined) });
    expect(words(named('tele/kho/SENSOR', sensor))).toEqual(['alarm smoke Switch1', 'heartbeat']);
    const [message] = bridge(adaptTasmota)('tele/kho/SENSOR', sensor);
    expect(message).toMatchObject({
      deviceId: 'tasmota-kho',
      quality: ['unknownCode'],
      // Local time without a zone is kept, not believed.
      body: { ts: at, values: { deviceTime: '2026-03-01T09:15:00' } },
    });
  });

  test('state and last will', () => {
    const hear = bridge(adaptTasmota);
    expect(hear('tele/kho/STATE', { Wifi: { RSSI: 80, Signal: -60 } })[0]?.body).toEqual({ ts: at, signal: -60 });
    expect(hear('tele/kho/LWT', 'Offline', { retained: true })[0]?.body).toMatchObject({ online: false });
  });
});

describe('ESPHome', () => {
  test.each([
    ['hanh-lang/binary_sensor/smoke_1/state', 'ON', ['alarm smoke smoke_1']],
    ['hanh-lang/binary_sensor/call_point/state', 'ON', ['alarm callPoint call_point']],
    ['hanh-lang/binary_sensor/smoke_1/state', 'OFF', ['restore smoke smoke_1']],
    ['hanh-lang/binary_sensor/low_battery/state', 'ON', ['trouble other battery']],
    ['hanh-lang/binary_sensor/motion/state', 'ON', []],
    ['hanh-lang/binary_sensor/input_4/state', 'ON', ['alarm other input_4 unknownCode']],
    ['hanh-lang/sensor/temperature/state', '31.5', ['heartbeat']],
    ['hanh-lang/sensor/uptime/state', '31.5', []],
    ['hanh-lang/status', 'offline', ['status']],
    ['hanh-lang/debug', 'ON', []],
  ])('%s %s', (topic, payload, expected) => {
    expect(words(bridge(adaptEsphome)(topic, payload))).toEqual(expected);
  });
});
