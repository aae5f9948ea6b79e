/** Smoke or warmth that rises from heartbeat to heartbeat, before the detector itself calls it an alarm (fire.md §5.5). Pure. */
import type { FireHeartbeat } from '../../../devices/fire/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceState } from './device-state.ts';
import type { FireFact, FireFactOf } from './events.ts';

/** What heartbeats measure. */
export type Measure = 'smoke' | 'temperature';

/**
 * Three readings in a row, each above the one before, together by so much (percentage points of smoke, °C) and within half an
 * hour: a sensor that reports once a day shows the weather. Half of the rise gone again: it is over.
 */
export const riseRule = { samples: 3, withinMs: 30 * 60_000, smoke: 3, temperature: 10 } as const;

/** One reading at hub time; `ts` is the device's own, to know a repetition. */
export type Reading = { readonly at: Millis; readonly ts: Millis; readonly value: number };
/** The last readings. Not folded from facts: after a restart a rise needs three heartbeats again. */
export type Readings = Readonly<Partial<Record<Measure, readonly Reading[]>>>;
/** A rise that stands. */
export type Rise = { readonly since: Millis; readonly from: number; readonly to: number };
export type Rising = Readonly<Partial<Record<Measure, Rise>>>;

const measures: readonly Measure[] = ['smoke', 'temperature'];

/** The readings with those of one more heartbeat. */
export function remember(readings: Readings, { ts, ...body }: FireHeartbeat, at: Millis): Readings {
  let after = readings;
  for (const measure of measures) {
    const value = body[measure];
    const known = readings[measure] ?? [];
    if (value === undefined || known.at(-1)?.ts === ts) continue;
    after = { ...after, [measure]: [...known, { at, ts, value }].slice(-riseRule.samples) };
  }
  return after;
}

/** The facts of rises that begin or end with the newest readings. */
export function lookAtReadings(id: string, { rising, readings }: DeviceState, at: Millis): FireFact[] {
  return measures.flatMap((measure): FireFact[] => {
    const samples = readings[measure] ?? [];
    const stands = rising[measure];
    const value = samples.at(-1)?.value;
    if (value === undefined) return [];
    if (stands !== undefined) {
      const isOver = value < (stands.from + stands.to) / 2;
      return isOver ? [{ type: 'device.prealarmEnded', at, data: { device: id, measure, value } }] : [];
    }
    const from = riseOf(samples, measure);
    return from === undefined
      ? []
      : [{ type: 'device.prealarmed', at, data: { device: id, measure, from, to: value } }];
  });
}

/** Where a rise began, or `undefined` when the readings are none. */
function riseOf(samples: readonly Reading[], measure: Measure): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < riseRule.samples) return undefined;
  const isSteady = samples.every(({ value }, index) => index === 0 || value > (samples[index - 1]?.value ?? value));
  const isSoon = last.at - first.at <= riseRule.withinMs;
  return isSteady && isSoon && last.value - first.value >= riseRule[measure] ? first.value : undefined;
}

/** Folds the facts. */
export function foldRise(rising: Rising, fact: FireFactOf<'device.prealarmed' | 'device.prealarmEnded'>): Rising {
  const { measure } = fact.data;
  if (fact.type === 'device.prealarmed') {
    return { ...rising, [measure]: { since: fact.at, from: fact.data.from, to: fact.data.to } };
  }
  const { [measure]: _over, ...others } = rising;
  return others;
}
