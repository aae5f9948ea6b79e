/** One position of a bus as the hub keeps it, and whether a bus can have come there from another one. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import { courseBetween, metersBetween } from './geo.ts';
import type { RouteAnswer } from './route-word.ts';

/** The last position of a bus. All fields are always there: one shape, cheap on the hot path. */
export type Fix = {
  /** Device time. */
  readonly ts: Millis;
  /** Hub time of arrival. */
  readonly at: Millis;
  readonly lat: number;
  readonly lon: number;
  /** m/s. */
  readonly speed: number | null;
  /** Degrees clockwise from north. */
  readonly bearing: number | null;
  readonly occupancy: number | null;
  readonly direction: 0 | 1 | null;
  readonly trip: string | null;
  /** The device's word for the route, as the key of the cached answer. */
  readonly routeWord: string | null;
  readonly route: RouteAnswer;
  /** When the route was looked up, hub time. */
  readonly routeAt: Millis;
  /** Where the movement began that `bearing` is computed from. */
  readonly anchorLat: number;
  readonly anchorLon: number;
  readonly anchorTs: Millis;
};

/** Buses do not go faster; the tolerance of GPS needs the distance too. */
const fastestMetersPerSecond = 200 / 3.6;
const smallestJumpMeters = 1_000;

/** Whether a bus can be at both positions: at most 1 km apart, or not faster than 200 km/h between them. */
export function isPlausible(one: Pick<Fix, 'ts' | 'lat' | 'lon'>, other: Pick<Fix, 'ts' | 'lat' | 'lon'>): boolean {
  const meters = metersBetween(one.lat, one.lon, other.lat, other.lon);
  if (meters <= smallestJumpMeters) return true;
  return meters <= (Math.abs(other.ts - one.ts) / 1_000) * fastestMetersPerSecond;
}

/** Less than this is GPS noise of a standing bus. */
const movedMeters = 15;
/** A course over a longer pause says nothing of where the bus looks now. */
const longestPauseMs = 120_000;

/** What movement since the anchor says: a new bearing and anchor, or those of before. */
export type Heading = Pick<Fix, 'bearing' | 'anchorLat' | 'anchorLon' | 'anchorTs'>;

/** The bearing from movement: at least 15 m within two minutes; else the one of before, null when there is none. */
export function headingAfter(before: Fix, lat: number, lon: number, ts: Millis): Heading {
  if (ts - before.anchorTs > longestPauseMs && ts - before.ts > longestPauseMs) {
    return { bearing: null, anchorLat: lat, anchorLon: lon, anchorTs: ts };
  }
  if (metersBetween(before.anchorLat, before.anchorLon, lat, lon) < movedMeters) return before;
  return {
    bearing: courseBetween(before.anchorLat, before.anchorLon, lat, lon),
    anchorLat: lat,
    anchorLon: lon,
    anchorTs: ts,
  };
}
