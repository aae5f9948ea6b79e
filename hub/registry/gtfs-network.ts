/** From a feed's rows to patterns, trips with shared offsets, clustered stops and line names. Pure. */
import { createHash } from 'node:crypto';
import { distanceMeters, microdegrees } from './geometry.ts';
import { type Groups, groupRows } from './growing.ts';
import { clusterStops } from './gtfs-clusters.ts';
import type { Feed, FeedStop, FeedTrip } from './gtfs-feed.ts';
import type { NetworkFact, PatternRow, Profile, TripRow } from './network-tables.ts';
import type { Calendar, Route, Stop } from './records.ts';
import { optional } from './row.ts';

/** What of a feed goes into the registry. */
export type BuiltNetwork = {
  readonly routes: readonly Route[];
  readonly stops: readonly Stop[];
  readonly patterns: readonly PatternRow[];
  readonly profiles: readonly Profile[];
  readonly trips: readonly TripRow[];
  readonly calendars: readonly Calendar[];
  readonly facts: readonly NetworkFact[];
  /** Trips without at least two stops: they drive nowhere. */
  readonly emptyTrips: number;
};

type Draft = {
  readonly id: string;
  readonly trip: FeedTrip;
  readonly stops: readonly FeedStop[];
  shapes: Map<string, number>;
  headsigns: Map<string, number>;
};

/** Builds the network; a trip whose times run backwards is refused (into the feed's refusals). */
export function buildNetwork(feed: Feed): BuiltNetwork {
  const rowsOf = groupRows(feed.times.trip, feed.times.sequence, feed.trips.length);
  const drafts = new Map<string, Draft>();
  const profiles = new Map<string, Profile>();
  const trips: TripRow[] = [];
  let emptyTrips = 0;
  for (const [index, trip] of feed.trips.entries()) {
    const rows = rowsOf.of(index);
    if (rows.length < 2) {
      emptyTrips++;
      continue;
    }
    const stops = Array.from(rows).flatMap((row) => feed.stops[feed.times.stop.at(row)] ?? []);
    const timing = timingOf(feed, rows, stops);
    if ('fault' in timing) {
      feed.refusals.add({ file: 'stop_times.txt', line: timing.line, reason: timing.fault });
      continue;
    }
    const draft = draftOf(drafts, trip, stops);
    count(draft.shapes, trip.shapeId);
    count(draft.headsigns, trip.headsign);
    if (!profiles.has(timing.profile.id)) profiles.set(timing.profile.id, timing.profile);
    const { id, routeId, serviceId } = trip;
    trips.push({
      id,
      routeId,
      patternId: draft.id,
      serviceId,
      startSeconds: timing.startSeconds,
      profileId: timing.profile.id,
    });
  }
  const points = groupRows(feed.shapes.shape, feed.shapes.sequence, feed.shapes.ids.size);
  return {
    routes: nameLines(feed.routes, [...drafts.values()]),
    stops: clusterStops(
      feed.stops,
      [...drafts.values()].map((draft) => draft.stops),
    ),
    patterns: [...drafts.values()].map((draft) => patternOf(draft, feed, points)),
    profiles: [...profiles.values()],
    trips,
    calendars: feed.calendars,
    facts: feed.timeZone ? [{ id: 'timeZone', value: feed.timeZone }] : [],
    emptyTrips,
  };
}

/** The pattern of a trip: one for each sequence of stops of a route and direction. */
function draftOf(drafts: Map<string, Draft>, trip: FeedTrip, stops: readonly FeedStop[]): Draft {
  const sequence = stops.map((stop) => stop.id).join('\n');
  const id = `${trip.routeId}:${trip.directionId}:${shortHash(sequence)}`;
  const draft = drafts.get(id) ?? { id, trip, stops, shapes: new Map(), headsigns: new Map() };
  drafts.set(id, draft);
  return draft;
}

function patternOf({ id, trip, stops, shapes, headsigns }: Draft, feed: Feed, points: Groups): PatternRow {
  const shape = feed.shapes.ids.get(commonest(shapes) ?? '');
  const rows = shape === undefined ? [] : points.of(shape);
  const hasShape = rows.length >= 2;
  const line = hasShape
    ? Int32Array.from(Array.from(rows).flatMap((row) => [feed.shapes.lon.at(row), feed.shapes.lat.at(row)]))
    : Int32Array.from(
        stops.flatMap(({ position }) => [
          Math.round(position.lon * microdegrees),
          Math.round(position.lat * microdegrees),
        ]),
      );
  return {
    id,
    routeId: trip.routeId,
    directionId: trip.directionId,
    ...optional('headsign', commonest(headsigns) || stops.at(-1)?.name),
    stopIds: stops.map((stop) => stop.id),
    shape: line,
    shapeSource: hasShape ? 'gtfs' : 'stops',
  };
}

type Timing =
  | { readonly startSeconds: number; readonly profile: Profile }
  | { readonly fault: string; readonly line: number };

/** The start and the offsets of a trip; open times between two known ones are filled in by distance. */
function timingOf(feed: Feed, rows: Int32Array, stops: readonly FeedStop[]): Timing {
  const arrivals = Array.from(rows, (row) => feed.times.arrival.at(row));
  const departures = Array.from(rows, (row) => feed.times.departure.at(row));
  const lineAt = (index: number): number => feed.times.line.at(rows[index] ?? 0);
  const last = rows.length - 1;
  for (const end of [0, last]) {
    if (arrivals[end] === -1) return { fault: 'the first and the last stop of a trip need a time', line: lineAt(end) };
  }
  fillOpenTimes(arrivals, departures, stops);
  for (let index = 1; index <= last; index++) {
    if (feed.times.sequence.at(rows[index] ?? 0) === feed.times.sequence.at(rows[index - 1] ?? 0)) {
      return { fault: 'stop_sequence stands twice in the trip', line: lineAt(index) };
    }
    if ((arrivals[index] ?? 0) < (departures[index - 1] ?? 0)) {
      return { fault: 'arrival is before the departure from the stop before', line: lineAt(index) };
    }
  }
  const startSeconds = departures[0] ?? 0;
  // The start is the first departure; a bus may stand there before.
  const arrivalOffsets = Int32Array.from(arrivals, (time) => time - startSeconds);
  const departureOffsets = Int32Array.from(departures, (time) => time - startSeconds);
  const isOne = arrivalOffsets.every((offset, index) => offset === departureOffsets[index]);
  const id = shortHash(`${arrivalOffsets.join()}|${isOne ? '' : departureOffsets.join()}`, 16);
  return {
    startSeconds,
    profile: { id, arrivals: arrivalOffsets, ...(isOne ? {} : { departures: departureOffsets }) },
  };
}

function fillOpenTimes(arrivals: number[], departures: number[], stops: readonly FeedStop[]): void {
  if (!arrivals.includes(-1)) return;
  const along = [0];
  for (let index = 1; index < stops.length; index++) {
    const [from, to] = [stops[index - 1], stops[index]];
    along.push((along[index - 1] ?? 0) + (from && to ? distanceMeters(from.position, to.position) : 0));
  }
  let known = 0;
  for (let index = 1; index < arrivals.length; index++) {
    if (arrivals[index] === -1) continue;
    const [from, to] = [departures[known] ?? 0, arrivals[index] ?? 0];
    const [begin, end] = [along[known] ?? 0, along[index] ?? 0];
    for (let open = known + 1; open < index; open++) {
      const share = end > begin ? ((along[open] ?? 0) - begin) / (end - begin) : (open - known) / (index - known);
      arrivals[open] = Math.round(from + (to - from) * share);
      departures[open] = arrivals[open] ?? 0;
    }
    known = index;
  }
}

/**
 * Some feeds give each direction a route of its own (Hanoi's 224 routes are 112 lines). Routes stay as in the feed;
 * two routes with one short name, each driven in another direction only, are named as one line and point at each other.
 */
function nameLines(routes: readonly Route[], drafts: readonly Draft[]): readonly Route[] {
  const directions = new Map<string, Set<number>>();
  for (const { trip } of drafts) {
    directions.set(trip.routeId, (directions.get(trip.routeId) ?? new Set()).add(trip.directionId));
  }
  const lines = new Map<string, Route[]>();
  for (const route of routes) lines.set(route.shortName, [...(lines.get(route.shortName) ?? []), route]);
  return routes.map((route) => {
    const line = lines.get(route.shortName) ?? [];
    if (line.length !== 2) return route;
    const other = line.find((candidate) => candidate.id !== route.id);
    const [own = -1, ...more] = directions.get(route.id) ?? [];
    const [opposite = -1, ...others] = directions.get(other?.id ?? '') ?? [];
    if (other === undefined || own + opposite !== 1 || more.length + others.length > 0) return route;
    return { ...route, lineName: route.shortName, oppositeId: other.id };
  });
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** The most frequent word; of equals the first in order, so that the same feed gives the same answer. */
function commonest(counts: ReadonlyMap<string, number>): string | undefined {
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return best?.[0];
}

function shortHash(text: string, length = 10): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
