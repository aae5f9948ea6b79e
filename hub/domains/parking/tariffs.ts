/** Tariffs as data: each version with the decision it comes from and the days it is in force. */
import type { Millis } from '../../../devices/wire.ts';
import { localDay } from './local-time.ts';
import type { Charge, FreeTime, Text } from './tariff.ts';

/** Classes that a tariff knows; the same words as in the devices' messages. */
export type VehicleClass = 'bicycle' | 'motorbike' | 'car' | 'truck' | 'coach';

/** One version of a tariff. A stay is charged whole by the version in force at its entry. */
export type TariffVersion = {
  /** Key in a lot's record. */
  readonly id: string;
  readonly version: number;
  readonly name: Text;
  /** Number of the decision. */
  readonly decision: string;
  /** First and last day in force on the city's calendar, both inclusive; null: until further notice. */
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
  /** True when the figures are an illustration and not checked against the decision's text. */
  readonly illustration: boolean;
  readonly charges: Readonly<Record<VehicleClass, Charge>>;
};

/** Charged where a lot names no tariff. */
export const defaultTariff = 'hanoi';

const nothingFree: FreeTime = { minutes: 0, policy: 'forfeited' };

/** Day from 06:00 to 18:00, night from 18:00 to 06:00, one price for both: as Hanoi's decisions have it since 2017. */
function visits(day: number, night: number, both: number): Charge {
  return {
    kind: 'windows',
    free: nothingFree,
    windows: [
      { name: { vi: 'ban ngày', en: 'day visit' }, timeOfDayStart: 6 * 60, timeOfDayEnd: 18 * 60, rate: day },
      { name: { vi: 'ban đêm', en: 'night visit' }, timeOfDayStart: 18 * 60, timeOfDayEnd: 6 * 60, rate: night },
    ],
    straddle: { policy: 'cap', amount: both, name: { vi: 'cả ngày và đêm', en: 'day and night' } },
  };
}

function hourly(rate: number): Charge {
  return {
    kind: 'duration',
    free: nothingFree,
    rates: [{ startDuration: 0, endDuration: null, incrementDuration: 60, rate }],
    dailyCap: null,
  };
}

/** 25, 25, 35, 35, then 45 thousand an hour. */
const progressive: Charge = {
  kind: 'duration',
  free: nothingFree,
  rates: [
    { startDuration: 0, endDuration: 120, incrementDuration: 60, rate: 25_000 },
    { startDuration: 120, endDuration: 240, incrementDuration: 60, rate: 35_000 },
    { startDuration: 240, endDuration: null, incrementDuration: 60, rate: 45_000 },
  ],
  dailyCap: null,
};

/**
 * The city's tariffs. Figures of bicycles and motorbikes and the highest car price are those of the decision for inner
 * districts; that a car's visit lasts 60 minutes, and the same price for trucks and coaches, is an illustration.
 */
export const tariffVersions: readonly TariffVersion[] = [
  {
    id: 'hanoi',
    version: 1,
    name: { vi: 'Giá trông giữ xe tại các quận nội thành (minh họa)', en: 'Inner districts of Hanoi (illustration)' },
    decision: '44/2017/QĐ-UBND',
    effectiveFrom: '2018-01-01',
    effectiveTo: null,
    illustration: true,
    charges: {
      bicycle: visits(3_000, 5_000, 7_000),
      motorbike: visits(5_000, 8_000, 12_000),
      car: hourly(30_000),
      truck: hourly(30_000),
      coach: hourly(30_000),
    },
  },
  {
    id: 'hanoi-progressive',
    version: 1,
    name: { vi: 'Giá lũy tiến theo giờ (minh họa)', en: 'Progressive by the hour (illustration)' },
    decision: '44/2017/QĐ-UBND',
    effectiveFrom: '2018-01-01',
    effectiveTo: null,
    illustration: true,
    charges: {
      bicycle: visits(3_000, 5_000, 7_000),
      motorbike: visits(5_000, 8_000, 12_000),
      car: progressive,
      truck: progressive,
      coach: progressive,
    },
  },
];

/** The version in force at a time; `undefined` when no such tariff, or none for that day, is known. */
export function tariffAt(versions: readonly TariffVersion[], id: string, at: Millis): TariffVersion | undefined {
  const day = localDay(at);
  return versions.find(
    (version) =>
      version.id === id && version.effectiveFrom <= day && (version.effectiveTo === null || day <= version.effectiveTo),
  );
}
