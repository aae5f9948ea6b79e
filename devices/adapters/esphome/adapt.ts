/** ESPHome: `<prefix>/binary_sensor/<id>/state`, `<prefix>/sensor/<id>/state`, `<prefix>/status`. Pure. */
import type { FireEvent } from '../../fire/message.ts';
import { deviceIdOf } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Condition } from '../edges.ts';
import { numberIn, switchOf } from '../json.ts';

/** What to subscribe to. Prefixes with slashes need a subscription of their own. */
export const esphomeTopics = ['+/binary_sensor/+/state', '+/sensor/+/state', '+/status'] as const;

const statePattern = /^(.+)\/(binary_sensor|sensor)\/([^/]+)\/state$/;
const statusPattern = /^([^/]+)\/status$/;

/** A message of a device; `undefined` when the topic or the word is none of a fire device's. */
export function adaptEsphome(topic: string, payload: Uint8Array, context: AdaptContext): AdaptedReading | undefined {
  const word = Buffer.from(payload.subarray(0, 64)).toString().trim();
  const status = statusPattern.exec(topic)?.[1];
  if (status !== undefined) {
    if (word !== 'online' && word !== 'offline') return undefined;
    return adaptReading({ ...known(status, context), conditions: [], isOnline: word === 'online' }, context);
  }
  const [, prefix, kind, id] = statePattern.exec(topic) ?? [];
  if (prefix === undefined || id === undefined) return undefined;
  if (kind === 'sensor') return adaptMeasurement(prefix, id, word, context);
  const isOn = switchOf(word);
  const condition = isOn === undefined ? undefined : conditionOf(prefix, id, isOn, context);
  return condition && adaptReading({ ...known(prefix, context), conditions: [condition] }, context);
}

function known(prefix: string, context: AdaptContext) {
  return { dialect: 'esphome', deviceId: context.deviceIdFor?.(prefix) ?? deviceIdOf('esphome', prefix) };
}

function adaptMeasurement(prefix: string, id: string, word: string, context: AdaptContext): AdaptedReading | undefined {
  const temperature = /temp/.test(id) ? numberIn(word, -60, 200) : undefined;
  const battery = /battery/.test(id) ? numberIn(word, 0, 100) : undefined;
  const signal = /rssi|wifi_signal/.test(id) ? numberIn(word, -200, 0) : undefined;
  const heartbeat =
    temperature !== undefined
      ? { temperature }
      : battery !== undefined
        ? { battery }
        : signal !== undefined
          ? { signal }
          : undefined;
  return heartbeat && adaptReading({ ...known(prefix, context), conditions: [], heartbeat }, context);
}

/** Words in a sensor's id, the first that fits counts. */
const alarms: readonly (readonly [RegExp, FireEvent['class']])[] = [
  [/smoke|khoi/, 'smoke'],
  [/call_?point|manual|break_?glass|nut_an/, 'callPoint'],
  [/heat|nhiet/, 'heat'],
  [/(^|_)co($|_)|carbon_monoxide/, 'co'],
  [/gas/, 'gas'],
  [/flame|lua/, 'flame'],
  [/water_?flow|sprinkler/, 'waterflow'],
  [/fire|alarm|chay/, 'other'],
];
const troubles: readonly (readonly [RegExp, string])[] = [
  [/low_?battery|battery_?low/, 'battery'],
  [/fault|problem|trouble/, 'fault'],
  [/mains|power_?loss/, 'mains'],
];
/** Senses that a fire device may have besides, and that are nobody's alarm. */
const harmless = /motion|occupancy|presence|door|window|status|connect|update|light|relay|charging|running/;

function conditionOf(prefix: string, id: string, isOn: boolean, context: AdaptContext): Condition | undefined {
  const chosen = context.classFor?.(prefix, id);
  if (chosen !== undefined) return { kind: 'alarm', class: chosen, point: id.slice(0, 64), isOn };
  const name = id.toLowerCase();
  const point = id.slice(0, 64);
  const cause = troubles.find(([word]) => word.test(name))?.[1];
  if (cause !== undefined) return { kind: 'trouble', class: 'other', point: cause, isOn };
  if (/tamper/.test(name)) return { kind: 'tamper', class: 'other', point: 'tamper', isOn };
  if (/test/.test(name)) return { kind: 'test', class: 'other', point, isOn };
  const sensor = alarms.find(([word]) => word.test(name))?.[1];
  if (sensor !== undefined) return { kind: 'alarm', class: sensor, point, isOn };
  // A sense of a fire device whose meaning nobody told us goes to a person.
  return harmless.test(name) ? undefined : { kind: 'alarm', class: 'other', point, isOn, isUnknown: true };
}
