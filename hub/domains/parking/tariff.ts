/** What a stay costs: a pure function of a tariff's data, the entry and the exit. Whole đồng only, no floats. */
import type { Millis } from '../../../devices/wire.ts';
import { zoneOffsetMs } from './local-time.ts';

/** Vietnamese first, English beside it. */
export type Text = { readonly vi: string; readonly en: string };

/**
 * One step of a price by duration. Names and meaning as in the Curb Data Specification's rate object: the start is
 * inclusive, the end exclusive, a started increment is charged whole.
 */
export type DurationRate = {
  /** Minutes since the entry. */
  readonly startDuration: number;
  /** Minutes since the entry; null: without end. */
  readonly endDuration: number | null;
  /** Minutes. */
  readonly incrementDuration: number;
  /** Đồng an increment. */
  readonly rate: number;
};

/** A time of the day with one price a visit, e.g. night from 18:00 to 06:00. Minutes after midnight, end exclusive. */
export type TimeWindow = {
  readonly name: Text;
  readonly timeOfDayStart: number;
  readonly timeOfDayEnd: number;
  /** Đồng a visit. */
  readonly rate: number;
};

/** Minutes that cost nothing. `forfeited`: a longer stay pays from the entry; `deducted`: it pays from their end. */
export type FreeTime = { readonly minutes: number; readonly policy: 'forfeited' | 'deducted' };

/** How one class of vehicle is charged. */
export type Charge =
  | {
      readonly kind: 'duration';
      readonly free: FreeTime;
      /** In order, without gaps. */
      readonly rates: readonly DurationRate[];
      /** Most that one day costs: 24 hours from the entry, or the calendar's day in which the increment starts. */
      readonly dailyCap: { readonly amount: number; readonly reset: 'rolling' | 'calendar' } | null;
    }
  | {
      readonly kind: 'windows';
      readonly free: FreeTime;
      readonly windows: readonly TimeWindow[];
      /** 24 hours from the entry that touch several windows: all of them, the dearest, or the price of a whole day. */
      readonly straddle:
        | { readonly policy: 'sum' }
        | { readonly policy: 'max' }
        | { readonly policy: 'cap'; readonly amount: number; readonly name: Text };
    };

/** One line of a receipt. */
export type TariffLine = { readonly text: Text; readonly amount: number };

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The lines that a stay from `entryAt` to `exitAt` (hub time, ms) is charged; the total is their sum. A stay of no or
 * negative length costs nothing: a wrong clock never charges money.
 */
export function chargeLines(charge: Charge, entryAt: Millis, exitAt: Millis): readonly TariffLine[] {
  const stay = exitAt - entryAt;
  const freeMs = charge.free.minutes * minuteMs;
  if (stay <= 0) return [];
  if (stay <= freeMs) return [{ text: freeText(charge.free.minutes), amount: 0 }];
  const from = charge.free.policy === 'deducted' ? entryAt + freeMs : entryAt;
  return charge.kind === 'duration' ? durationLines(charge, from, exitAt) : windowLines(charge, from, exitAt);
}

/** Sum of the lines, đồng. */
export function totalOf(lines: readonly TariffLine[]): number {
  return lines.reduce((sum, line) => sum + line.amount, 0);
}

type Tally = { count: number; readonly each: number; readonly text: (count: number) => Text };

function durationLines(charge: Extract<Charge, { kind: 'duration' }>, from: Millis, to: Millis): TariffLine[] {
  const stay = to - from;
  const tallies: Tally[] = charge.rates.map((rate) => ({
    count: 0,
    each: rate.rate,
    text: (count) => blockText(rate, count),
  }));
  const { dailyCap } = charge;
  if (dailyCap === null) {
    for (const [index, rate] of charge.rates.entries()) add(tallies[index], incrementsIn(rate, 0, stay, stay));
    return linesOf(tallies);
  }
  const capped: Tally = { count: 0, each: dailyCap.amount, text: (count) => capText(dailyCap.amount, count) };
  const sinceMidnight = (from + zoneOffsetMs(from)) % dayMs;
  for (let start = dailyCap.reset === 'calendar' ? -sinceMidnight : 0; start < stay; start += dayMs) {
    const counts = charge.rates.map((rate) => incrementsIn(rate, Math.max(0, start), start + dayMs, stay));
    const sum = charge.rates.reduce((total, rate, index) => total + rate.rate * (counts[index] ?? 0), 0);
    if (sum > dailyCap.amount) capped.count++;
    else for (const [index, count] of counts.entries()) add(tallies[index], count);
  }
  return linesOf([...tallies, capped]);
}

/** How many increments of a rate start within [fromMs, toMs) of a stay of this length. */
function incrementsIn(rate: DurationRate, fromMs: number, toMs: number, stayMs: number): number {
  const start = rate.startDuration * minuteMs;
  const end = rate.endDuration === null ? stayMs : Math.min(stayMs, rate.endDuration * minuteMs);
  const step = rate.incrementDuration * minuteMs;
  const before = (limit: number): number => Math.max(0, Math.ceil((Math.min(limit, end) - start) / step));
  return before(toMs) - before(fromMs);
}

function windowLines(charge: Extract<Charge, { kind: 'windows' }>, from: Millis, to: Millis): TariffLine[] {
  const { straddle } = charge;
  const tallies: Tally[] = charge.windows.map((window) => ({
    count: 0,
    each: window.rate,
    text: (count) => visitText(window.name, window.rate, count),
  }));
  const whole: Tally | undefined =
    straddle.policy === 'cap'
      ? { count: 0, each: straddle.amount, text: (count) => visitText(straddle.name, straddle.amount, count) }
      : undefined;
  for (let start = from; start < to; start += dayMs) {
    const end = Math.min(start + dayMs, to);
    const touched = tallies.filter((_tally, index) => touches(charge.windows[index], start, end));
    const dearest = touched.reduce<Tally | undefined>(
      (best, tally) => (best && best.each >= tally.each ? best : tally),
      undefined,
    );
    const sum = touched.reduce((total, tally) => total + tally.each, 0);
    if (straddle.policy === 'max') add(dearest, 1);
    else if (whole !== undefined && touched.length > 1 && sum > whole.each) add(whole, 1);
    else for (const tally of touched) add(tally, 1);
  }
  return linesOf(whole === undefined ? tallies : [...tallies, whole]);
}

/** Whether [start, end), at most 24 hours, lies in the window for any length of time. */
function touches(window: TimeWindow | undefined, start: Millis, end: Millis): boolean {
  if (window === undefined) return false;
  const offset = zoneOffsetMs(start);
  const midnight = start - ((start + offset) % dayMs);
  const wraps = window.timeOfDayEnd <= window.timeOfDayStart;
  const length = (window.timeOfDayEnd - window.timeOfDayStart) * minuteMs + (wraps ? dayMs : 0);
  for (const day of [-1, 0, 1]) {
    const opens = midnight + day * dayMs + window.timeOfDayStart * minuteMs;
    if (opens < end && opens + length > start) return true;
  }
  return false;
}

function add(tally: Tally | undefined, count: number): void {
  if (tally !== undefined) tally.count += count;
}

function linesOf(tallies: readonly Tally[]): TariffLine[] {
  return tallies.flatMap(({ count, each, text }) => (count === 0 ? [] : [{ text: text(count), amount: count * each }]));
}

function blockText({ incrementDuration, rate }: DurationRate, count: number): Text {
  return {
    vi: `${count} lượt ${incrementDuration} phút × ${dong(rate, '.')} đ`,
    en: `${count} × ${incrementDuration} minutes at ${dong(rate, ',')} đ`,
  };
}

function visitText(name: Text, rate: number, count: number): Text {
  return {
    vi: `${count} lượt ${name.vi} × ${dong(rate, '.')} đ`,
    en: `${count} × ${name.en} at ${dong(rate, ',')} đ`,
  };
}

function capText(amount: number, count: number): Text {
  return {
    vi: `${count} ngày ở mức tối đa ${dong(amount, '.')} đ`,
    en: `${count} × daily maximum of ${dong(amount, ',')} đ`,
  };
}

function freeText(minutes: number): Text {
  return { vi: `Miễn phí ${minutes} phút đầu`, en: `First ${minutes} minutes free` };
}

/** A whole number with its thousands apart. */
function dong(amount: number, separator: string): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, separator);
}
