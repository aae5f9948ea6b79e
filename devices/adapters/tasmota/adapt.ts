/** Tasmota: `tele/<topic>/SENSOR`, `STATE`, `LWT`. Pure. */
import type { FireEvent } from '../../fire/message.ts';
import { deviceIdOf, valueText } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Condition } from '../edges.ts';
import { compact, type JsonObject, numberIn, objectOf, readObject, switchOf, textOf, timeOf } from '../json.ts';

/** What to subscribe to. */
export const tasmotaTopics = ['tele/+/SENSOR', 'tele/+/STATE', 'tele/+/LWT'] as const;

const pattern = /^tele\/([^/]+)\/(SENSOR|STATE|LWT)$/;

/**
 * A message of a device; `undefined` when the topic is none of a device's.
 *
 * @throws BadMessage when the payload is no JSON.
 */
export function adaptTasmota(topic: string, payload: Uint8Array, context: AdaptContext): AdaptedReading | undefined {
  const match = pattern.exec(topic);
  const name = match?.[1];
  if (name === undefined) return undefined;
  const known = { dialect: 'tasmota', deviceId: context.deviceIdFor?.(name) ?? deviceIdOf('tasmota', name) };
  if (match?.[2] === 'LWT') {
    const word = Buffer.from(payload.subarray(0, 16)).toString().trim();
    if (word !== 'Online' && word !== 'Offline') return undefined;
    return adaptReading({ ...known, conditions: [], isOnline: word === 'Online' }, context);
  }
  const said = readObject(payload);
  if (said === undefined) return undefined;
  // `Time` is local time without a zone unless SetOption52 is on: then only is it a time to us.
  const time = timeOf(said.Time);
  const local = textOf(said.Time);
  return adaptReading(
    {
      ...known,
      ...(time === undefined ? {} : { time }),
      // The clock ticks in it, so a retained copy of the same second is the same message.
      ...(time === undefined && local !== undefined && context.retained ? { identity: `retained ${local}` } : {}),
      conditions: match?.[2] === 'SENSOR' ? conditionsOf(name, said, context) : [],
      heartbeat: heartbeatOf(said),
      values: compact({ deviceTime: local === undefined ? undefined : valueText(local) }),
    },
    context,
  );
}

const words: Readonly<Record<string, FireEvent['class']>> = {
  smoke: 'smoke',
  gas: 'gas',
  co: 'co',
  heat: 'heat',
  flame: 'flame',
  fire: 'other',
};

function conditionsOf(name: string, said: JsonObject, context: AdaptContext): readonly Condition[] {
  return Object.entries(said).flatMap(([key, value]) => {
    const isOn = switchOf(value);
    if (isOn === undefined) return [];
    const chosen = context.classFor?.(name, key);
    const word = key.toLowerCase();
    const sensor = chosen ?? (Object.hasOwn(words, word) ? words[word] : undefined);
    if (sensor !== undefined) return [{ kind: 'alarm', class: sensor, point: key.slice(0, 64), isOn }];
    // A contact of a fire device whose meaning nobody told us.
    if (!/^Switch\d{1,2}$/.test(key)) return [];
    return [{ kind: 'alarm', class: 'other', point: key, isOn, isUnknown: true }];
  });
}

function heartbeatOf(said: JsonObject) {
  const temperatures = Object.values(said).map((part) => numberIn(objectOf(part)?.Temperature, -60, 200));
  const wifi = objectOf(said.Wifi);
  return compact({
    // Signal is dBm, RSSI is % in Tasmota's words.
    signal: numberIn(wifi?.Signal, -200, 0) ?? numberIn(wifi?.RSSI, 0, 100),
    temperature: temperatures.find((value) => value !== undefined),
    battery: numberIn(said.BatteryPercentage, 0, 100),
  });
}
