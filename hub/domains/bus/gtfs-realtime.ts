/** GTFS-Realtime 2.0: vehicle positions from the live states; made at most once a second, and only when something changed. */
import { createHash } from 'node:crypto';
import bindings from 'gtfs-realtime-bindings';
import type { Millis } from '../../../devices/wire.ts';
import type { RegistryReader } from '../../ports.ts';
import type { Trip } from '../../registry/records.ts';
import type { Fix } from './fix.ts';
import { freshForMs } from './live.ts';
import type { VehicleState } from './vehicle.ts';

const { FeedMessage, FeedHeader, TripDescriptor } = bindings.transit_realtime;

/** A feed ready to be sent. `timestamp` is the header's, in Unix seconds. */
export type EncodedFeed = {
  readonly protobuf: Buffer;
  readonly json: Buffer;
  readonly etag: string;
  readonly timestamp: number;
};

export type FeedRegistry = Pick<RegistryReader, 'vehicle' | 'trip'>;

type Entity = bindings.transit_realtime.IFeedEntity;

/** Without a change the timestamp still moves this often: consumers take an older feed for a broken one (W008: 65 s). */
const longestQuietSeconds = 15;

/**
 * One feed with its memory: the header's timestamp never decreases (E018), and changes when the content does (E017).
 */
export class RealtimeFeed {
  readonly #entities: (now: Millis) => Entity[];
  #content = '';
  #checkedAt = Number.NEGATIVE_INFINITY;
  #feed: EncodedFeed | undefined;

  /** `entities` makes the content as of a time. */
  constructor(entities: (now: Millis) => Entity[]) {
    this.#entities = entities;
  }

  /** The feed as of now (hub time, ms): the kept one within the same second. */
  at(now: Millis): EncodedFeed {
    const second = Math.floor(now / 1_000);
    if (this.#feed !== undefined && second === this.#checkedAt) return this.#feed;
    this.#checkedAt = second;
    const entity = this.#entities(now);
    const content = digest(Buffer.from(JSON.stringify(entity)));
    const last = this.#feed?.timestamp ?? 0;
    if (this.#feed !== undefined && content === this.#content && second - last < longestQuietSeconds) return this.#feed;
    this.#content = content;
    // A hub clock that was set back must not take the feed back with it.
    this.#feed = encode(entity, Math.max(second, last + 1));
    return this.#feed;
  }
}

/** The buses with a fix of the last 90 s, by stable entity id: the vehicle's own. */
export function vehicleEntities(
  states: ReadonlyMap<string, VehicleState>,
  registry: FeedRegistry,
  now: Millis,
): Entity[] {
  const entities: Entity[] = [];
  for (const [id, { fix }] of states) {
    if (fix === null || now - fix.ts > freshForMs) continue;
    const trip = tripOf(fix, registry);
    const plate = registry.vehicle(id)?.plate;
    entities.push({
      id,
      vehicle: {
        ...(trip === undefined ? {} : { trip }),
        vehicle: { id, ...(plate === undefined ? {} : { label: plate, licensePlate: plate }) },
        position: {
          latitude: fix.lat,
          longitude: fix.lon,
          ...(fix.bearing === null ? {} : { bearing: fix.bearing }),
          ...(fix.speed === null ? {} : { speed: fix.speed }),
        },
        // A device's clock may be 10 s ahead; a fix is not newer than its arrival, nor than the header (E012, E050).
        timestamp: Math.floor(Math.min(fix.ts, fix.at) / 1_000),
        ...(fix.occupancy === null ? {} : { occupancyStatus: fix.occupancy }),
      },
    });
  }
  return entities;
}

/** A trip of the timetable, or the route alone; never a trip that no planner knows (E003). */
function tripOf(fix: Fix, registry: FeedRegistry): bindings.transit_realtime.ITripDescriptor | undefined {
  const trip = fix.trip === null ? undefined : registry.trip(fix.trip);
  const scheduleRelationship = TripDescriptor.ScheduleRelationship.SCHEDULED;
  if (trip !== undefined) {
    return { tripId: trip.id, routeId: trip.routeId, startDate: serviceDate(trip, fix.ts), scheduleRelationship };
  }
  if (fix.route.routeId === null) return undefined;
  const direction = fix.direction === null ? {} : { directionId: fix.direction };
  return { routeId: fix.route.routeId, ...direction, scheduleRelationship };
}

const dayMs = 86_400_000;
/** Vietnam keeps UTC+7 all year, since 1975 (tz database, Asia/Ho_Chi_Minh). */
const zoneOffsetMs = 7 * 3_600_000;

/** The service day (YYYYMMDD) whose start of this trip is nearest: a trip that starts at 25:10 belongs to the day before. */
export function serviceDate(trip: Pick<Trip, 'startSeconds'>, ts: Millis): string {
  const day = Math.round((ts + zoneOffsetMs - trip.startSeconds * 1_000) / dayMs);
  return new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
}

function encode(entity: Entity[], timestamp: number): EncodedFeed {
  const message = FeedMessage.fromObject({
    header: { gtfsRealtimeVersion: '2.0', incrementality: FeedHeader.Incrementality.FULL_DATASET, timestamp },
    entity,
  });
  const protobuf = Buffer.from(FeedMessage.encode(message).finish());
  const json = Buffer.from(
    JSON.stringify(FeedMessage.toObject(message, { longs: Number, enums: String, arrays: true })),
  );
  return { protobuf, json, etag: `"${digest(protobuf)}"`, timestamp };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}
