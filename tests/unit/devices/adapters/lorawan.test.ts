/** ChirpStack and The Things Stack: uplinks as their network servers tell them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adaptChirpstack } from '../../../../devices/adapters/chirpstack/adapt.ts';
import { decodeGs524n } from '../../../../devices/adapters/lorawan/gs524n.ts';
import { adaptTheThingsStack } from '../../../../devices/adapters/the-things-stack/adapt.ts';
import { bridge, words } from './hear.ts';

describe('ChirpStack', () => {
  const topic = 'application/7f/device/24e124136d490123/event/up';
  const uplink = (hex: string, more: object = {}) => ({
    deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
    time: '2026-03-01T02:15:00.123+00:00',
    deviceInfo: { deviceName: 'Tầng 2', devEui: '24e124136d490123' },
    fCnt: 12,
    fPort: 85,
    data: Buffer.from(hex, 'hex').toString('base64'),
    rxInfo: [{ rssi: -97 }, { rssi: -110 }],
    ...more,
  });

  test.each([
    ['221E64001C40', 'test', ['test smoke', 'troubleRestore other battery', 'heartbeat']],
    ['22116423291D', 'alarm', ['alarm smoke', 'heartbeat']],
    [
      '221762001B4A',
      'normal',
      [
        'restore smoke',
        'restore smoke silenced',
        'troubleRestore other battery',
        'troubleRestore other fault',
        'heartbeat',
      ],
    ],
    ['221409001AA7', 'low battery', ['trouble other battery', 'heartbeat']],
    ['221A62001B47', 'removed', ['tamper other mounting', 'heartbeat']],
    ['221562001B4C', 'fault', ['trouble other fault', 'heartbeat']],
    ['2212621E212B', 'silenced', ['supervisory smoke silenced', 'heartbeat']],
  ])('Milesight GS524N %s: %s', (hex, message, expected) => {
    const messages = bridge(adaptChirpstack)(topic, uplink(hex));
    expect(words(messages)).toEqual(expected);
    expect(messages[0]).toMatchObject({
      deviceId: 'lora-24e124136d490123',
      body: { ts: Date.parse('2026-03-01T02:15:00.123Z'), values: { message, fCnt: 12, deviceName: 'Tầng 2' } },
    });
  });

  test('its readings are a heartbeat', () => {
    expect(bridge(adaptChirpstack)(topic, uplink('22116423291D')).at(-1)?.body).toEqual({
      ts: Date.parse('2026-03-01T02:15:00.123Z'),
      battery: 100,
      smoke: 35,
      temperature: 41,
      signal: -97,
    });
    expect(decodeGs524n(Buffer.from('221E64001C41', 'hex'))).toBeUndefined();
  });

  test('an uplink that came twice is one event; the next alarm is another', () => {
    const idOf = (more: object) => {
      const [message] = bridge(adaptChirpstack)(topic, uplink('22116423291D', more));
      return message?.message === 'event' ? message.body.id : '';
    };
    expect(idOf({ rxInfo: [] })).toBe(idOf({}));
    expect(idOf({ deduplicationId: 'b' })).not.toBe(idOf({}));
  });

  test('an uplink that nobody can read goes to a person; one that the network decoded is read', () => {
    expect(words(bridge(adaptChirpstack)(topic, uplink('0102')))).toEqual([
      'alarm other payload unknownCode',
      'heartbeat',
    ]);
    expect(words(bridge(adaptChirpstack)(topic, uplink('0102', { object: { alarm: 1, battery: 80 } })))).toEqual([
      'alarm other',
      'heartbeat',
    ]);
  });

  test('a status is a heartbeat; other events say nothing', () => {
    const status = { time: '2026-03-01T02:15:00Z', batteryLevel: 71.5 };
    expect(bridge(adaptChirpstack)(topic.replace('/up', '/status'), status)[0]?.body).toMatchObject({ battery: 71.5 });
    expect(bridge(adaptChirpstack)(topic.replace('/up', '/log'), { code: 'UPLINK_F_CNT_RESET' })).toEqual([]);
  });
});

describe('The Things Stack', () => {
  const topic = 'v3/pccc@ttn/devices/khoi-tang-2/up';
  const folder = join(import.meta.dirname, '../../../../devices/adapters/the-things-stack/samples');
  const sample = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');
  const unread = 'alarm other payload unknownCode';

  test.each([
    ['up-gs524n-alarm', ['alarm smoke', 'heartbeat']],
    ['up-codec', ['alarm smoke', 'heartbeat']],
    ['up-unreadable', [unread, 'heartbeat']],
  ])('%s', (name, expected) => {
    const messages = bridge(adaptTheThingsStack)(topic, sample(name));
    expect(words(messages)).toEqual(expected);
    expect(messages[0]).toMatchObject({
      deviceId: 'lora-24e124136d490123',
      body: { ts: Date.parse('2026-03-01T02:15:00.123Z'), values: { fCnt: 12, deviceName: 'khoi-tang-2' } },
    });
  });

  test('its readings are a heartbeat; the network’s battery stands in where the device says none', () => {
    const hear = bridge(adaptTheThingsStack);
    const ts = Date.parse('2026-03-01T02:15:00.123Z');
    const gs524n = { ts, battery: 100, smoke: 35, temperature: 41, signal: -97 };
    expect(hear(topic, sample('up-gs524n-alarm')).at(-1)?.body).toEqual(gs524n);
    expect(hear(topic, sample('up-codec')).at(-1)?.body).toEqual({ ts, battery: 81, signal: -97 });
    const said = JSON.parse(sample('up-codec'));
    said.uplink_message.decoded_payload = { smoke: true };
    expect(hear(topic, said).at(-1)?.body).toEqual({ ts, battery: 80, signal: -97 });
  });

  test('an alarm that came twice is one event, its end is a restore', () => {
    const idOf = () => {
      const [message] = bridge(adaptTheThingsStack)(topic, sample('up-gs524n-alarm'));
      return message?.message === 'event' ? message.body.id : '';
    };
    expect(idOf()).toBe(idOf());
    const hear = bridge(adaptTheThingsStack);
    hear(topic, sample('up-gs524n-alarm'));
    expect(words(hear(topic, sample('up-gs524n-normal')))[0]).toBe('restore smoke');
  });

  test('a join is a sign of life; a downlink event and service data say nothing', () => {
    const hear = bridge(adaptTheThingsStack);
    expect(words(hear('v3/pccc@ttn/devices/khoi-tang-2/join', sample('join')))).toEqual(['heartbeat']);
    expect(hear('v3/pccc@ttn/devices/khoi-tang-2/down/sent', {})).toEqual([]);
    expect(hear(topic, { end_device_ids: { device_id: 'khoi-tang-2' } })).toEqual([]);
  });

  test('the open-source edition has no tenant in the topic; without a DevEUI the device’s name counts', () => {
    const said = { uplink_message: { frm_payload: 'IhFkIykd' } };
    expect(bridge(adaptTheThingsStack)('v3/pccc/devices/khoi-1/up', said)[0]?.deviceId).toBe('lora-khoi-1');
    const chosen = { deviceIdFor: (name: string) => (name === 'khoi-1' ? 'fd-3' : undefined) };
    expect(bridge(adaptTheThingsStack, chosen)('v3/pccc/devices/khoi-1/up', said)[0]?.deviceId).toBe('fd-3');
  });
});
