/** Rules of MobilityData's gtfs-realtime-validator that apply to vehicle positions, as a check over an emitted feed. */
import bindings from 'gtfs-realtime-bindings';
import type { RegistryReader } from '../../../../../hub/ports.ts';

const { FeedMessage, FeedHeader } = bindings.transit_realtime;

type Feed = bindings.transit_realtime.FeedMessage;
type Vehicle = bindings.transit_realtime.IVehiclePosition;

/** A broken rule and what broke it. */
export type Fault = { readonly rule: string; readonly entity: string };

/** What the feed is checked against. `before` is the feed of the same address fetched earlier. */
export type Surroundings = {
  readonly registry: Pick<RegistryReader, 'route' | 'trip'>;
  /** When it was fetched, ms. */
  readonly now: number;
  readonly before?: Uint8Array;
};

/** Every fault of a feed's bytes. */
export function faultsOf(bytes: Uint8Array, around: Surroundings): Fault[] {
  const feed = FeedMessage.decode(bytes);
  const faults = [...headerFaults(feed, around)];
  const seen = new Set<string>();
  for (const { id, isDeleted, vehicle } of feed.entity) {
    const fault = (rule: string, isBroken: boolean) => isBroken && faults.push({ rule, entity: id });
    fault('E039 is_deleted in a full data set', isDeleted === true);
    if (!vehicle) continue;
    const vehicleId = vehicle.vehicle?.id ?? '';
    fault('E052 vehicle.id not unique', seen.has(vehicleId));
    seen.add(vehicleId);
    fault('W002 vehicle_id missing', vehicleId === '');
    for (const rule of positionFaults(vehicle)) fault(rule, true);
    for (const rule of timeFaults(vehicle, Number(feed.header.timestamp), around.now)) fault(rule, true);
    for (const rule of tripFaults(vehicle, around.registry)) fault(rule, true);
  }
  return faults;
}

function headerFaults({ header, entity }: Feed, { now, before }: Surroundings): Fault[] {
  const timestamp = Number(header.timestamp);
  const broken: [string, boolean][] = [
    ['E038 version', header.gtfsRealtimeVersion !== '2.0'],
    ['E048 header timestamp missing', !Object.hasOwn(header, 'timestamp') || timestamp === 0],
    ['E049 incrementality missing', !Object.hasOwn(header, 'incrementality')],
    ['E049 not a full data set', header.incrementality !== FeedHeader.Incrementality.FULL_DATASET],
    ['E001 header timestamp not POSIX seconds', !isPosix(timestamp)],
    ['E050 header timestamp in the future', timestamp * 1_000 > now],
    ['W008 header older than 65 s', now - timestamp * 1_000 > 65_000],
  ];
  if (before !== undefined) {
    const earlier = FeedMessage.decode(before);
    const earlierTimestamp = Number(earlier.header.timestamp);
    const isSame = JSON.stringify(earlier.entity) === JSON.stringify(entity);
    broken.push(['E018 timestamp decreased', timestamp < earlierTimestamp]);
    broken.push(['E017 content changed under the same timestamp', timestamp === earlierTimestamp && !isSame]);
  }
  return broken.flatMap(([rule, isBroken]) => (isBroken ? [{ rule, entity: 'header' }] : []));
}

function positionFaults({ position }: Vehicle): string[] {
  if (!position) return ['E026 position missing'];
  const { latitude, longitude, bearing, speed } = position;
  const faults: string[] = [];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180 || (latitude === 0 && longitude === 0)) faults.push('E026');
  if (bearing != null && (bearing < 0 || bearing > 360)) faults.push('E027 bearing');
  // 26 m/s is the validator's own bound for a bus.
  if (speed != null && (speed < 0 || speed > 26)) faults.push('W004 speed');
  return faults;
}

function timeFaults({ timestamp }: Vehicle, header: number, now: number): string[] {
  if (timestamp == null || Number(timestamp) === 0) return ['W001 timestamp missing'];
  const seconds = Number(timestamp);
  const faults: string[] = [];
  if (!isPosix(seconds)) faults.push('E001 timestamp not POSIX seconds');
  if (seconds > header) faults.push('E012 newer than the header');
  if (seconds * 1_000 > now) faults.push('E050 timestamp in the future');
  if (now - seconds * 1_000 > 91_000) faults.push('best practice: older than 90 s');
  return faults;
}

function tripFaults({ trip }: Vehicle, registry: Surroundings['registry']): string[] {
  if (!trip) return [];
  const faults: string[] = [];
  const known = trip.tripId ? registry.trip(trip.tripId) : undefined;
  if (trip.tripId && known === undefined) faults.push('E003 trip_id not in GTFS');
  if (trip.routeId && registry.route(trip.routeId) === undefined) faults.push('E004 route_id not in GTFS');
  if (known !== undefined && trip.routeId !== known.routeId) faults.push('E035 trip and route do not match');
  if (trip.startDate && !/^\d{8}$/.test(trip.startDate)) faults.push('E021 start_date');
  if (trip.startTime && !/^\d{1,2}:[0-5]\d:[0-5]\d$/.test(trip.startTime)) faults.push('E020 start_time');
  if (trip.directionId != null && trip.directionId > 1) faults.push('E024 direction_id');
  // The decoded object answers the default for an absent field: only its own ones were sent.
  if (!Object.hasOwn(trip, 'scheduleRelationship')) faults.push('W009 schedule_relationship missing');
  return faults;
}

/** Seconds since 1970, in this century: milliseconds and microseconds are not. */
function isPosix(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 946_684_800 && seconds < 4_102_444_800;
}
