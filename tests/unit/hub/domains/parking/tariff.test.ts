import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDay } from '../../../../../hub/domains/parking/local-time.ts';
import { type Charge, chargeLines, type DurationRate, totalOf } from '../../../../../hub/domains/parking/tariff.ts';
import { tariffAt, tariffVersions } from '../../../../../hub/domains/parking/tariffs.ts';
import { naiveTotal } from './naive-tariff.ts';

/** A time in Hanoi. */
const hanoi = (text: string): number => Date.parse(`${text}+07:00`);
const entry = hanoi('2026-02-16T08:00:00');
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

function chargeOf(id: string, vehicleClass: 'bicycle' | 'motorbike' | 'car' | 'truck' | 'coach'): Charge {
  const version = tariffAt(tariffVersions, id, entry);
  if (version === undefined) throw new Error(`no tariff ${id}`);
  return version.charges[vehicleClass];
}

const car = chargeOf('hanoi', 'car');
const progressive = chargeOf('hanoi-progressive', 'car');
const motorbike = chargeOf('hanoi', 'motorbike');

function blocks(rates: readonly DurationRate[], more: Partial<Extract<Charge, { kind: 'duration' }>> = {}): Charge {
  return { kind: 'duration', free: { minutes: 0, policy: 'forfeited' }, rates, dailyCap: null, ...more };
}
const half = (rate: number): DurationRate => ({ startDuration: 0, endDuration: null, incrementDuration: 30, rate });

const total = (charge: Charge, stay: number): number => totalOf(chargeLines(charge, entry, entry + stay));

describe('a car by the hour', () => {
  test.each([
    ['a negative stay', -hour, 0],
    ['0 s', 0, 0],
    ['1 s', second, 30_000],
    ['59:59', 59 * minute + 59 * second, 30_000],
    ['60:00 is one visit', hour, 30_000],
    ['60:01 is two', hour + second, 60_000],
    ['24 hours', 24 * hour, 720_000],
  ])('%s', (_name, stay, expected) => {
    expect(total(car, stay)).toBe(expected);
  });
});

describe('a progressive price', () => {
  test.each([
    ['1 h', hour, 25_000],
    ['2 h', 2 * hour, 50_000],
    ['3 h', 3 * hour, 85_000],
    ['4 h', 4 * hour, 120_000],
    ['5 h', 5 * hour, 165_000],
    ['5 h 00:01', 5 * hour + second, 210_000],
  ])('%s', (_name, stay, expected) => {
    expect(total(progressive, stay)).toBe(expected);
  });

  test('explains itself line by line in two languages', () => {
    expect(chargeLines(progressive, entry, entry + 5 * hour)).toEqual([
      { text: { vi: '2 lượt 60 phút × 25.000 đ', en: '2 × 60 minutes at 25,000 đ' }, amount: 50_000 },
      { text: { vi: '2 lượt 60 phút × 35.000 đ', en: '2 × 60 minutes at 35,000 đ' }, amount: 70_000 },
      { text: { vi: '1 lượt 60 phút × 45.000 đ', en: '1 × 60 minutes at 45,000 đ' }, amount: 45_000 },
    ]);
  });
});

describe('free minutes', () => {
  const forfeited = blocks([half(10_000)], { free: { minutes: 15, policy: 'forfeited' } });
  const deducted = blocks([half(10_000)], { free: { minutes: 15, policy: 'deducted' } });
  test.each([
    ['14:59', 14 * minute + 59 * second, 0, 0],
    ['15:00', 15 * minute, 0, 0],
    ['15:01', 15 * minute + second, 10_000, 10_000],
    ['30:01', 30 * minute + second, 20_000, 10_000],
    ['45:00', 45 * minute, 20_000, 10_000],
    ['45:01', 45 * minute + second, 20_000, 20_000],
  ])('%s', (_name, stay, whenForfeited, whenDeducted) => {
    expect(total(forfeited, stay)).toBe(whenForfeited);
    expect(total(deducted, stay)).toBe(whenDeducted);
  });

  test('are a line of their own', () => {
    expect(chargeLines(forfeited, entry, entry + minute)).toEqual([
      { text: { vi: 'Miễn phí 15 phút đầu', en: 'First 15 minutes free' }, amount: 0 },
    ]);
  });
});

describe('a motorbike by day and night', () => {
  test.each([
    ['day 08:00 to 09:30', '2026-02-16T08:00:00', '2026-02-16T09:30:00', 5_000],
    ['night 19:00 to 21:00', '2026-02-16T19:00:00', '2026-02-16T21:00:00', 8_000],
    ['17:30 to 18:30 is day and night', '2026-02-16T17:30:00', '2026-02-16T18:30:00', 12_000],
    ['17:00 to 18:00 is day alone', '2026-02-16T17:00:00', '2026-02-16T18:00:00', 5_000],
    ['one second of night', '2026-02-16T17:00:00', '2026-02-16T18:00:01', 12_000],
    ['05:00 to 06:00 is night alone', '2026-02-16T05:00:00', '2026-02-16T06:00:00', 8_000],
    ['19:00 to 07:00', '2026-02-16T19:00:00', '2026-02-17T07:00:00', 12_000],
    ['three days', '2026-02-16T08:00:00', '2026-02-19T08:00:00', 36_000],
    ['three days and an hour', '2026-02-16T08:00:00', '2026-02-19T09:00:00', 41_000],
    ['a night over the end of a month', '2026-02-28T22:00:00', '2026-03-01T05:00:00', 8_000],
    ['a night over the end of a year', '2026-12-31T22:00:00', '2027-01-01T05:00:00', 8_000],
    ['a leap day', '2028-02-28T22:00:00', '2028-03-01T05:00:00', 20_000],
  ])('%s', (_name, from, to, expected) => {
    expect(totalOf(chargeLines(motorbike, hanoi(from), hanoi(to)))).toBe(expected);
  });

  test('says what it was', () => {
    expect(chargeLines(motorbike, hanoi('2026-02-16T17:30:00'), hanoi('2026-02-17T18:30:00'))).toEqual([
      { text: { vi: '2 lượt cả ngày và đêm × 12.000 đ', en: '2 × day and night at 12,000 đ' }, amount: 24_000 },
    ]);
  });

  test.each([
    ['sum', { policy: 'sum' as const }, 13_000],
    ['the dearest', { policy: 'max' as const }, 8_000],
    ['capped', { policy: 'cap' as const, amount: 12_000, name: { vi: 'cả hai', en: 'both' } }, 12_000],
  ])('17:30 to 18:30: %s', (_name, straddle, expected) => {
    if (motorbike.kind !== 'windows') throw new Error('not by windows');
    const charge: Charge = { ...motorbike, straddle };
    expect(totalOf(chargeLines(charge, hanoi('2026-02-16T17:30:00'), hanoi('2026-02-16T18:30:00')))).toBe(expected);
  });
});

describe('examples published with the APDS standard, in cents', () => {
  const flat = blocks([{ startDuration: 0, endDuration: 480, incrementDuration: 480, rate: 650 }]);
  const tiers = blocks([
    { startDuration: 0, endDuration: 30, incrementDuration: 30, rate: 300 },
    { startDuration: 30, endDuration: 60, incrementDuration: 30, rate: 200 },
    { startDuration: 60, endDuration: null, incrementDuration: 60, rate: 100 },
  ]);
  const capped = blocks([half(150)], { dailyCap: { amount: 750, reset: 'rolling' } });
  test.each([
    ['6.50 up to 8 h', flat, 8 * hour, 650],
    ['3, 2, then 1 an hour: 7 h', tiers, 7 * hour, 1_100],
    ['1.50 a half hour, at most 7.50: 2 h 30', capped, 150 * minute, 750],
    ['1.50 a half hour, at most 7.50: 2 h 31', capped, 151 * minute, 750],
  ])('%s', (_name, charge, stay, expected) => {
    expect(total(charge, stay)).toBe(expected);
  });
});

describe('a daily cap', () => {
  const rolling = blocks([half(10_000)], { dailyCap: { amount: 100_000, reset: 'rolling' } });
  const calendar = blocks([half(10_000)], { dailyCap: { amount: 100_000, reset: 'calendar' } });
  test.each([
    ['5 h', 5 * hour, 100_000, 100_000],
    ['24 h', 24 * hour, 100_000, 200_000],
    ['24 h 00:01', 24 * hour + second, 110_000, 200_000],
    ['16 h, to midnight', 16 * hour, 100_000, 100_000],
    ['16 h 00:01', 16 * hour + second, 100_000, 110_000],
    ['3 days', 72 * hour, 300_000, 400_000],
  ])('%s', (_name, stay, fromEntry, byCalendar) => {
    expect(total(rolling, stay)).toBe(fromEntry);
    expect(total(calendar, stay)).toBe(byCalendar);
  });
});

const charges: readonly (readonly [string, Charge])[] = [
  ['car', car],
  ['progressive', progressive],
  ['motorbike', motorbike],
  ['bicycle', chargeOf('hanoi', 'bicycle')],
  ['free then blocks', blocks([half(7_000)], { free: { minutes: 15, policy: 'forfeited' } })],
  ['deducted', blocks([half(7_000)], { free: { minutes: 20, policy: 'deducted' } })],
  ['capped', blocks([half(7_000)], { dailyCap: { amount: 60_000, reset: 'rolling' } })],
  ['capped by the calendar', blocks([half(7_000)], { dailyCap: { amount: 60_000, reset: 'calendar' } })],
];

describe.each(charges)('for every stay: %s', (_name, charge) => {
  // A minute off the grid of the entry so that blocks and windows do not begin together.
  const anyEntry = fc.integer({ min: hanoi('2018-01-01T00:00:00') / 1_000, max: hanoi('2030-12-31T23:59:59') / 1_000 });
  const anyStay = fc.integer({ min: 0, max: 5 * 86_400 });

  test('it never falls as the exit moves later', () => {
    fc.assert(
      fc.property(anyEntry, anyStay, fc.integer({ min: 0, max: 90_000 }), (from, stay, later) => {
        const at = (seconds: number) => totalOf(chargeLines(charge, from * 1_000, (from + seconds) * 1_000));
        expect(at(stay + later)).toBeGreaterThanOrEqual(at(stay));
      }),
    );
  });

  test('lines are whole, not negative, and the same each time', () => {
    fc.assert(
      fc.property(anyEntry, anyStay, (from, stay) => {
        const lines = chargeLines(charge, from * 1_000, (from + stay) * 1_000);
        expect(lines.every(({ amount }) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true);
        expect(chargeLines(charge, from * 1_000, (from + stay) * 1_000)).toEqual(lines);
      }),
    );
  });

  test('it is what counting second by second along the stay gives', () => {
    fc.assert(
      fc.property(anyEntry, anyStay, (from, stay) => {
        expect(totalOf(chargeLines(charge, from * 1_000, (from + stay) * 1_000))).toBe(naiveTotal(charge, from, stay));
      }),
      { numRuns: 300 },
    );
  });
});

test('a tariff is chosen by its days in force, both inclusive', () => {
  const [base] = tariffVersions;
  if (base === undefined) throw new Error('no tariffs');
  const versions = [
    { ...base, version: 1, effectiveFrom: '2020-01-01', effectiveTo: '2020-12-31' },
    { ...base, version: 2, effectiveFrom: '2021-01-01', effectiveTo: null },
  ];
  const at = (text: string) => tariffAt(versions, base.id, hanoi(text))?.version;
  expect(at('2019-12-31T23:59:59')).toBeUndefined();
  expect(at('2020-01-01T00:00:00')).toBe(1);
  expect(at('2020-12-31T23:59:59')).toBe(1);
  expect(at('2021-01-01T00:00:00')).toBe(2);
  expect(tariffAt(versions, 'elsewhere', entry)).toBeUndefined();
});

test('rates of every shipped tariff follow on each other without gaps', () => {
  for (const charge of tariffVersions.flatMap((version) => Object.values(version.charges))) {
    if (charge.kind === 'windows') continue;
    let end: number | null = 0;
    for (const rate of charge.rates) {
      expect(rate.startDuration).toBe(end);
      end = rate.endDuration;
    }
    expect(end).toBeNull();
  }
});

test.each([
  ['2026-02-16T00:00:00+07:00', '2026-02-16'],
  ['2026-02-15T16:59:59Z', '2026-02-15'],
  ['2028-02-29T23:59:59+07:00', '2028-02-29'],
  ['2026-12-31T17:00:00Z', '2027-01-01'],
])('%s is on %s', (time, day) => {
  expect(localDay(Date.parse(time))).toBe(day);
});
