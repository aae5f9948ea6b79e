/** The bus network in memory: compact as loaded, records made at the first question for them. */

import { Gazetteer } from './gazetteer.ts';
import { lineOf } from './geometry.ts';
import type { PatternRow, Profile, TripRow } from './network-tables.ts';
import type { Calendar, Pattern, Route, Stop, Trip } from './records.ts';

type Offsets = Pick<Trip, 'arrivalOffsets' | 'departureOffsets'>;

/**
 * Routes, patterns, stops, trips and calendars. Offsets stay packed and shared (Hanoi: 224 profiles for 6,713 trips)
 * until a trip is asked for; then its profile is unpacked once for all trips that share it.
 */
export class Network {
  readonly routes = new Map<string, Route>();
  readonly stops = new Gazetteer<Stop>();
  readonly calendars = new Map<string, Calendar>();
  readonly facts = new Map<string, string>();
  readonly #patternRows = new Map<string, PatternRow[]>();
  readonly #patterns = new Map<string, readonly Pattern[]>();
  readonly #profiles = new Map<string, Profile>();
  readonly #offsets = new Map<string, Offsets>();
  readonly #tripRows = new Map<string, TripRow>();
  readonly #tripRowsByRoute = new Map<string, TripRow[]>();
  readonly #trips = new Map<string, Trip>();
  readonly #tripsByRoute = new Map<string, readonly Trip[]>();

  addPattern(row: PatternRow): void {
    append(this.#patternRows, row.routeId, row);
  }

  addProfile(profile: Profile): void {
    this.#profiles.set(profile.id, profile);
  }

  addTrip(row: TripRow): void {
    this.#tripRows.set(row.id, row);
    append(this.#tripRowsByRoute, row.routeId, row);
  }

  patterns(routeId: string): readonly Pattern[] {
    const known = this.#patterns.get(routeId);
    if (known !== undefined) return known;
    const rows = this.#patternRows.get(routeId);
    if (rows === undefined) return [];
    const patterns = rows.map(({ shape, ...row }) => ({ ...row, shape: lineOf(shape) }));
    this.#patterns.set(routeId, patterns);
    return patterns;
  }

  trip(id: string): Trip | undefined {
    const known = this.#trips.get(id);
    if (known !== undefined) return known;
    const row = this.#tripRows.get(id);
    if (row === undefined) return undefined;
    const { profileId, ...fields } = row;
    const trip = { ...fields, ...this.#offsetsOf(profileId) };
    this.#trips.set(id, trip);
    return trip;
  }

  /** A route's trips, earliest first. */
  trips(routeId: string): readonly Trip[] {
    const known = this.#tripsByRoute.get(routeId);
    if (known !== undefined) return known;
    const rows = this.#tripRowsByRoute.get(routeId);
    if (rows === undefined) return [];
    const trips = rows.flatMap((row) => this.trip(row.id) ?? []).sort((a, b) => a.startSeconds - b.startSeconds);
    this.#tripsByRoute.set(routeId, trips);
    return trips;
  }

  #offsetsOf(profileId: string): Offsets {
    const known = this.#offsets.get(profileId);
    if (known !== undefined) return known;
    const profile = this.#profiles.get(profileId);
    const arrivalOffsets = Array.from(profile?.arrivals ?? []);
    const departureOffsets = profile?.departures === undefined ? arrivalOffsets : Array.from(profile.departures);
    const offsets = { arrivalOffsets, departureOffsets };
    this.#offsets.set(profileId, offsets);
    return offsets;
  }
}

/**
 * Whether a service runs on a day (`YYYYMMDD`): single dates stand above the weekly pattern, as GTFS says.
 * The weekday is reckoned in UTC from the date itself, so no time zone can shift it.
 */
export function runsOn(calendar: Calendar, date: number): boolean {
  if (calendar.added.includes(date)) return true;
  if (calendar.removed.includes(date)) return false;
  if (calendar.from === undefined || calendar.to === undefined || date < calendar.from || date > calendar.to) {
    return false;
  }
  const day = new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100)).getUTCDay();
  return calendar.days[(day + 6) % 7] === true;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
