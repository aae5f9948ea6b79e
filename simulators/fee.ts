/** What a gate asks, by the tariffs that the city's lots name. An illustration, like those tariffs. Pure. */
import { daySeconds } from './clock.ts';
import type { VehicleClass } from './plate.ts';

/** From entry to exit, on the gate's own clock, in ms after the plan's start. */
export type Stay = { readonly enteredAtMs: number; readonly leftAtMs: number };

/**
 * The price of a stay in đồng. Motorbikes pay a day visit (06 to 18), a night visit or both together; cars pay by started
 * hours: one price, or growing dearer where the lot is progressive.
 */
export function feeOf(
  vehicleClass: VehicleClass,
  tariff: string | undefined,
  stay: Stay,
  startSeconds: number,
): number {
  if (vehicleClass === 'motorbike') {
    const { day, night } = visitsOf(stay, startSeconds);
    return day && night ? 12_000 : night ? 8_000 : 5_000;
  }
  const hours = Math.max(1, Math.ceil((stay.leftAtMs - stay.enteredAtMs) / 3_600_000));
  if (tariff !== 'hanoi-progressive') return hours * 30_000;
  const prices = Array.from({ length: hours }, (_, index) => progressive[index] ?? 45_000);
  return prices.reduce((sum, price) => sum + price, 0);
}

const progressive = [25_000, 25_000, 35_000, 35_000];

function visitsOf(stay: Stay, startSeconds: number): { readonly day: boolean; readonly night: boolean } {
  let day = false;
  let night = false;
  // Minute by minute is plain and quick enough for a stay of hours.
  for (let at = stay.enteredAtMs; at < stay.leftAtMs; at += 60_000) {
    const seconds = (((startSeconds + at / 1000) % daySeconds) + daySeconds) % daySeconds;
    if (seconds >= 6 * 3600 && seconds < 18 * 3600) day = true;
    else night = true;
  }
  return { day, night };
}
