/** The slow and obvious way to price a stay, walking along it: what the tariff engine is checked against. */
import type { Charge } from '../../../../../hub/domains/parking/tariff.ts';

const day = 86_400;
/** Hanoi is seven hours ahead of UTC. */
const zone = 7 * 3_600;

/** Price of a stay; entry and length in whole seconds. */
export function naiveTotal(charge: Charge, entry: number, stay: number): number {
  const free = charge.free.minutes * 60;
  if (stay <= free) return 0;
  const isDeducted = charge.free.policy === 'deducted';
  const from = isDeducted ? entry + free : entry;
  const length = isDeducted ? stay - free : stay;
  return charge.kind === 'duration' ? byDuration(charge, from, length) : byWindows(charge, from, length);
}

/** Walks from block to block; each started block is paid whole, on the day when it starts. */
function byDuration(charge: Extract<Charge, { kind: 'duration' }>, from: number, length: number): number {
  const perDay = new Map<number, number>();
  let elapsed = 0;
  while (elapsed < length) {
    const minutes = elapsed / 60;
    const rate = charge.rates.find(
      ({ startDuration, endDuration }) => startDuration <= minutes && (endDuration === null || minutes < endDuration),
    );
    if (rate === undefined) throw new Error('the rates have a gap');
    const isCalendar = charge.dailyCap?.reset === 'calendar';
    const key = Math.floor(isCalendar ? (from + elapsed + zone) / day : elapsed / day);
    perDay.set(key, (perDay.get(key) ?? 0) + rate.rate);
    elapsed += rate.incrementDuration * 60;
  }
  const cap = charge.dailyCap?.amount ?? Number.POSITIVE_INFINITY;
  return [...perDay.values()].reduce((sum, amount) => sum + Math.min(cap, amount), 0);
}

/** Looks at each minute's start and at each window's edge, and notes which windows each 24 hours touched. */
function byWindows(charge: Extract<Charge, { kind: 'windows' }>, from: number, length: number): number {
  let sum = 0;
  for (let start = 0; start < length; start += day) {
    const touched = new Set<number>();
    const end = Math.min(length, start + day);
    // Every 60 s and the last second: a window is hours long, and its edges lie on whole minutes.
    for (let at = start; at < end; at = Math.min(at + 60, Math.max(end - 1, at + 1))) {
      const minuteOfDay = Math.floor(((from + at + zone) % day) / 60);
      charge.windows.forEach(({ timeOfDayStart, timeOfDayEnd }, index) => {
        const isWrapping = timeOfDayEnd <= timeOfDayStart;
        const isIn = isWrapping
          ? minuteOfDay >= timeOfDayStart || minuteOfDay < timeOfDayEnd
          : minuteOfDay >= timeOfDayStart && minuteOfDay < timeOfDayEnd;
        if (isIn) touched.add(index);
      });
    }
    const prices = charge.windows.filter((_window, index) => touched.has(index)).map((window) => window.rate);
    const all = prices.reduce((a, b) => a + b, 0);
    if (charge.straddle.policy === 'sum') sum += all;
    else if (charge.straddle.policy === 'max') sum += Math.max(0, ...prices);
    else sum += prices.length > 1 ? Math.min(all, charge.straddle.amount) : all;
  }
  return sum;
}
