/** ChirpStack v4: `application/<id>/device/<devEui>/event/<up|status|…>` in JSON. Pure. */
import { deviceIdOf, valueText } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Condition, type Reading } from '../edges.ts';
import { compact, type JsonObject, numberIn, objectOf, readObject, switchOf, textOf, timeOf } from '../json.ts';
import { decodeGs524n } from './gs524n.ts';

/** What to subscribe to. */
export const chirpstackTopics = ['application/+/device/+/event/+'] as const;

const pattern = /^application\/[^/]+\/device\/([0-9a-fA-F]{16})\/event\/(up|status|join)$/;

/**
 * An uplink or status of a device; `undefined` for events that say nothing to us (log, ack, txack).
 *
 * @throws BadMessage when the payload is no JSON.
 */
export function adaptChirpstack(topic: string, payload: Uint8Array, context: AdaptContext): AdaptedReading | undefined {
  const match = pattern.exec(topic);
  const devEui = match?.[1]?.toLowerCase();
  if (devEui === undefined) return undefined;
  const event = readObject(payload);
  if (event === undefined) return undefined;
  const time = timeOf(event.time);
  const identity = textOf(event.deduplicationId);
  const known = {
    dialect: 'lora',
    deviceId: context.deviceIdFor?.(devEui) ?? deviceIdOf('lora', devEui),
    ...(time === undefined ? {} : { time }),
    ...(identity === undefined ? {} : { identity }),
  };
  return adaptReading({ ...known, ...(match?.[2] === 'up' ? readUplink(event) : readStatus(event)) }, context);
}

type Said = Pick<Reading, 'conditions' | 'heartbeat' | 'values'>;

function readStatus(event: JsonObject): Said {
  return { conditions: [], heartbeat: compact({ battery: numberIn(event.batteryLevel, 0, 100) }) };
}

function readUplink(event: JsonObject): Said {
  const data = Buffer.from(textOf(event.data) ?? '', 'base64');
  const values = valuesOf(event);
  const smoke = decodeGs524n(data);
  if (smoke !== undefined) {
    const heartbeat = { ...signalOf(event), ...compact({ battery: smoke.battery, smoke: smoke.smoke }) };
    return {
      conditions: smoke.conditions,
      heartbeat: { ...heartbeat, temperature: Math.max(smoke.temperature, -60) },
      values: { ...values, message: smoke.message, temperature: smoke.temperature, ...compact({ smoke: smoke.smoke }) },
    };
  }
  const decoded = objectOf(event.object);
  const conditions = decoded === undefined ? [] : conditionsOf(decoded);
  const heartbeat = { ...signalOf(event), ...compact({ battery: numberIn(decoded?.battery, 0, 100) }) };
  // Words of a fire device that nobody can read go to a person; an empty uplink says nothing.
  const unread: readonly Condition[] = [
    { kind: 'alarm', class: 'other', point: 'payload', isOn: true, isUnknown: true },
  ];
  const hasMeaning = conditions.length > 0 || decoded !== undefined || data.length === 0;
  return {
    conditions: hasMeaning ? conditions : unread,
    heartbeat,
    values: hasMeaning ? values : { ...values, data: data.subarray(0, 60).toString('hex') },
  };
}

/** What the network server's own codec decoded: any of the usual words. */
const words = [
  ['smoke', 'alarm', 'smoke', ''],
  ['smoke_status', 'alarm', 'smoke', ''],
  ['fire', 'alarm', 'other', ''],
  ['alarm', 'alarm', 'other', ''],
  ['gas_status', 'alarm', 'gas', ''],
  ['co', 'alarm', 'co', ''],
  ['heat', 'alarm', 'heat', ''],
  ['tamper', 'tamper', 'other', 'tamper'],
  ['tamper_status', 'tamper', 'other', 'tamper'],
  ['battery_low', 'trouble', 'other', 'battery'],
  ['fault', 'trouble', 'other', 'fault'],
  ['test', 'test', 'other', ''],
] as const;

function conditionsOf(decoded: JsonObject): readonly Condition[] {
  return words.flatMap(([key, kind, sensor, point]) => {
    const isOn = switchOf(decoded[key]);
    return isOn === undefined ? [] : [{ kind, class: sensor, point, isOn }];
  });
}

function signalOf(event: JsonObject) {
  const receptions = Array.isArray(event.rxInfo) ? event.rxInfo : [];
  const strengths = receptions.map((reception) => numberIn(objectOf(reception)?.rssi, -200, 0) ?? -200);
  const best = Math.max(-200, ...strengths);
  return best === -200 ? {} : { signal: best };
}

function valuesOf(event: JsonObject) {
  const name = textOf(objectOf(event.deviceInfo)?.deviceName);
  return compact({
    fCnt: numberIn(event.fCnt, 0, 4_294_967_295),
    fPort: numberIn(event.fPort, 0, 255),
    deviceName: name === undefined ? undefined : valueText(name),
  });
}
