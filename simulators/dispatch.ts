/** Who drives which trip: gives each bus a run when the day starts and a next one when it is through. */
import { daySeconds } from './clock.ts';
import { distanceM, type Point } from './geo.ts';
import type { Network, Trip } from './gtfs.ts';

/** A trip on a day. `startMs` is the plan offset of its scheduled start; negative when it was under way at the start. */
export type Duty = { readonly trip: Trip; readonly startMs: number };

/** Hands out every trip at most once. */
export type Dispatcher = {
  /**
   * The next duty of a bus that is free at `atMs` and stands at `where` (nowhere yet at the start of the plan).
   * `undefined` when nothing starts for it within the hour.
   */
  next(atMs: number, routeId: string | undefined, where: Point | undefined): Duty | undefined;
  /** Where a bus without work waits: the first terminus of its route. */
  depot(routeId: string | undefined): Point | undefined;
};

/** How long a bus waits for its next trip rather than go to the depot. */
const patienceMs = 3_600_000;
/** A bus starts where it stands, or at a stop of the same terminus. */
const terminusM = 1_500;

/** `startSeconds`: time of the city's day at plan offset 0. Runs through as many days as the plan lasts. */
export function createDispatcher(network: Network, startSeconds: number): Dispatcher {
  const taken = new Set<string>();
  const byRoute = Map.groupBy(network.trips, (trip) => trip.pattern.routeId);
  return {
    depot: (routeId) => (routeId === undefined ? undefined : byRoute.get(routeId)?.[0]?.pattern.shape[0]),
    next(atMs, routeId, where) {
      const trips = (routeId === undefined ? undefined : byRoute.get(routeId)) ?? network.trips;
      const today = Math.floor((startSeconds + atMs / 1000) / daySeconds);
      for (const day of [today - 1, today, today + 1]) {
        for (const trip of trips) {
          const startMs = (day * daySeconds + trip.startSeconds - startSeconds) * 1000;
          if (startMs > atMs + patienceMs) break;
          const key = `${day}/${trip.id}`;
          if (!fits(trip, startMs, atMs, where) || taken.has(key)) continue;
          taken.add(key);
          return { trip, startMs };
        }
      }
      return undefined;
    },
  };
}

/** At the start of the plan trips under way are driven from where they are; later ones from their first stop, at most 5 minutes late. */
function fits(trip: Trip, startMs: number, atMs: number, where: Point | undefined): boolean {
  const endMs = startMs + (trip.arrivals.at(-1) ?? 0) * 1000;
  if (where === undefined) return startMs <= atMs ? endMs > atMs + 60_000 : true;
  const first = trip.pattern.shape[0];
  return startMs >= atMs - 300_000 && first !== undefined && distanceM(first, where) <= terminusM;
}
