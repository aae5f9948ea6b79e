/** Zigbee2MQTT: `zigbee2mqtt/<friendly name>` and `…/availability`. Pure. */
import { deviceIdOf, valueText } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Condition } from '../edges.ts';
import { compact, type JsonObject, numberIn, objectOf, readObject, switchOf, textOf, timeOf } from '../json.ts';

/** What to subscribe to. */
export const zigbee2mqttTopics = ['zigbee2mqtt/#'] as const;

const pattern = /^zigbee2mqtt\/(?!bridge(?:\/|$))(.+?)(\/availability)?$/;

/**
 * A message of a device; `undefined` when the topic is none of a device's.
 *
 * @throws BadMessage when the payload is no JSON.
 */
export function adaptZigbee2mqtt(
  topic: string,
  payload: Uint8Array,
  context: AdaptContext,
): AdaptedReading | undefined {
  const match = pattern.exec(topic);
  const name = match?.[1];
  if (name === undefined || /\/(set|get)(\/|$)/.test(`/${name.split('/').slice(1).join('/')}`)) return undefined;
  const deviceId = context.deviceIdFor?.(name) ?? deviceIdOf('z2m', name);
  const known = { dialect: 'z2m', deviceId };
  if (match?.[2] !== undefined) {
    const isOnline = onlineOf(payload);
    return isOnline === undefined ? undefined : adaptReading({ ...known, conditions: [], isOnline }, context);
  }
  const state = readObject(payload);
  if (state === undefined) return undefined;
  const time = timeOf(state.last_seen);
  return adaptReading(
    {
      ...known,
      ...(time === undefined ? {} : { time }),
      conditions: conditionsOf(state),
      heartbeat: heartbeatOf(state),
      values: valuesOf(state),
    },
    context,
  );
}

/** `{"state":"online"}`, or the bare word of older versions. */
function onlineOf(payload: Uint8Array): boolean | undefined {
  const text = Buffer.from(payload.subarray(0, 256)).toString();
  const word = text.startsWith('{') ? textOf(readObject(payload)?.state) : text.trim();
  return word === 'online' ? true : word === 'offline' ? false : undefined;
}

const sensors = [
  ['smoke', 'alarm', 'smoke', ''],
  ['gas', 'alarm', 'gas', ''],
  ['carbon_monoxide', 'alarm', 'co', ''],
  ['heat', 'alarm', 'heat', ''],
  ['tamper', 'tamper', 'other', 'tamper'],
  ['battery_low', 'trouble', 'other', 'battery'],
  ['fault_alarm', 'trouble', 'other', 'fault'],
  ['device_fault', 'trouble', 'other', 'fault'],
  ['fault', 'trouble', 'other', 'fault'],
  ['trouble', 'trouble', 'other', 'fault'],
  ['test', 'test', 'other', ''],
] as const;

function conditionsOf(state: JsonObject): readonly Condition[] {
  const found = new Map<string, Condition>();
  for (const [key, kind, sensor, point] of sensors) {
    const isOn = switchOf(state[key]);
    if (isOn === undefined) continue;
    // Two words for one fault: either is enough.
    const before = found.get(`${kind}/${point}/${sensor}`)?.isOn ?? false;
    found.set(`${kind}/${point}/${sensor}`, { kind, class: sensor, point, isOn: isOn || before });
  }
  const battery = textOf(state.battery_state);
  if (battery !== undefined && state.battery_low === undefined) {
    found.set('battery_state', { kind: 'trouble', class: 'other', point: 'battery', isOn: battery === 'low' });
  }
  return [...found.values(), ...selfTest(state.self_test)];
}

function selfTest(value: unknown): readonly Condition[] {
  const word = textOf(value);
  if (word === undefined) return [];
  const hasFailed = /fail/.test(word);
  const failure = { kind: 'trouble', class: 'other', point: 'self-test', isOn: hasFailed } as const;
  return /success/.test(word) ? [failure, { kind: 'test', class: 'other', point: '', isOn: true }] : [failure];
}

function heartbeatOf(state: JsonObject) {
  const quality = numberIn(state.linkquality, 0, 255);
  return compact({
    battery: numberIn(state.battery, 0, 100),
    temperature: numberIn(state.temperature ?? state.device_temperature, -60, 200),
    signal: quality === undefined ? undefined : Math.round((quality / 255) * 100),
  });
}

function valuesOf(state: JsonObject) {
  const model = textOf(objectOf(state.device)?.model);
  return compact({
    smokePpm: numberIn(state.smoke_concentration, 0, 1_000_000),
    model: model === undefined ? undefined : valueText(model),
    silenced: switchOf(state.silence) === true ? 1 : undefined,
  });
}
