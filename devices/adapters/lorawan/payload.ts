/** What a LoRaWAN device says, whichever network server it came by. Pure. */
import type { Condition, Reading } from '../edges.ts';
import { compact, type JsonObject, numberIn, switchOf } from '../json.ts';
import { decodeGs524n } from './gs524n.ts';

export type Uplink = {
  readonly data: Uint8Array;
  /** What the network server's own codec made of it, if it has one. */
  readonly decoded: JsonObject | undefined;
  /** dBm of the best gateway. */
  readonly signal?: number;
  /** Other facts of the uplink that are worth keeping with an event. */
  readonly values: NonNullable<Reading['values']>;
};

/** By the bytes of a device that we know, else by the codec's words; what nobody can read goes to a person. */
export function readPayload({
  data,
  decoded,
  signal,
  values,
}: Uplink): Pick<Reading, 'conditions' | 'heartbeat' | 'values'> {
  const strength = compact({ signal });
  const smoke = decodeGs524n(data);
  if (smoke !== undefined) {
    const heartbeat = { ...strength, ...compact({ battery: smoke.battery, smoke: smoke.smoke }) };
    return {
      conditions: smoke.conditions,
      heartbeat: { ...heartbeat, temperature: Math.max(smoke.temperature, -60) },
      values: { ...values, message: smoke.message, temperature: smoke.temperature, ...compact({ smoke: smoke.smoke }) },
    };
  }
  const conditions = decoded === undefined ? [] : conditionsOf(decoded);
  const heartbeat = { ...strength, ...compact({ battery: numberIn(decoded?.battery, 0, 100) }) };
  // Words of a fire device that nobody can read go to a person; an empty uplink says nothing.
  const unread: readonly Condition[] = [
    { kind: 'alarm', class: 'other', point: 'payload', isOn: true, isUnknown: true },
  ];
  const hasMeaning = conditions.length > 0 || decoded !== undefined || data.length === 0;
  return {
    conditions: hasMeaning ? conditions : unread,
    heartbeat,
    values: hasMeaning ? values : { ...values, data: Buffer.from(data.subarray(0, 60)).toString('hex') },
  };
}

/** The usual words of codecs. */
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

/** The best of the gateways' strengths, dBm. */
export function bestSignal(strengths: readonly (number | undefined)[]): { readonly signal?: number } {
  const best = Math.max(-200, ...strengths.map((strength) => strength ?? -200));
  return best === -200 ? {} : { signal: best };
}
