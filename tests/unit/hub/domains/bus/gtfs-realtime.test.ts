import bindings from 'gtfs-realtime-bindings';
import { describe, expect, test } from 'vitest';
import type { BusPosition } from '../../../../../devices/bus/message.ts';
import { RealtimeFeed, serviceDate, vehicleEntities } from '../../../../../hub/domains/bus/gtfs-realtime.ts';
import { stepPosition, unknownVehicle, type VehicleState } from '../../../../../hub/domains/bus/vehicle.ts';
import { city, eight } from './city.ts';
import { faultsOf } from './feed-rules.ts';

const { FeedMessage } = bindings.transit_realtime;

/** Buses that can be told to move, and the feed of them. */
function town() {
  const states = new Map<string, VehicleState>();
  const feed = new RealtimeFeed((now) => vehicleEntities(states, city, now));
  const ping = (id: string, position: Partial<BusPosition>, at: number) => {
    const whole = { ts: at, lat: 20.985, lon: 105.84, ...position };
    states.set(id, stepPosition(states.get(id) ?? unknownVehicle, id, whole, at, city).state);
  };
  return { feed, ping, states };
}

const decoded = (bytes: Uint8Array) =>
  FeedMessage.toObject(FeedMessage.decode(bytes), { longs: Number, enums: String });

test('a bus on a trip of the timetable, with all that is known of it', () => {
  const { feed, ping } = town();
  ping('bus-1', { speed: 5, bearing: 90, occupancy: 2, trip: 't32-0800', route: '32' }, eight + 400);
  const message = decoded(feed.at(eight + 1_900).protobuf);
  expect(message.header).toEqual({
    gtfsRealtimeVersion: '2.0',
    incrementality: 'FULL_DATASET',
    timestamp: 1_771_203_601,
  });
  expect(message.entity).toEqual([
    {
      id: 'bus-1',
      vehicle: {
        trip: { tripId: 't32-0800', routeId: 'r32', startDate: '20260216', scheduleRelationship: 'SCHEDULED' },
        vehicle: { id: 'bus-1', label: '29B-123.45', licensePlate: '29B-123.45' },
        position: { latitude: expect.closeTo(20.985, 5), longitude: expect.closeTo(105.84, 5), bearing: 90, speed: 5 },
        timestamp: 1_771_203_600,
        occupancyStatus: 'FEW_SEATS_AVAILABLE',
      },
    },
  ]);
});

test.each([
  [
    'an unknown trip leaves the route alone',
    { trip: 'made-up', route: '32', direction: 1 as const },
    { routeId: 'r32', directionId: 1, scheduleRelationship: 'SCHEDULED' },
  ],
  ['an unknown route leaves no trip descriptor', { route: '99' }, undefined],
])('%s', (_name, words, trip) => {
  const { feed, ping } = town();
  ping('bus-2', words, eight);
  expect(decoded(feed.at(eight).protobuf).entity[0].vehicle.trip).toEqual(trip);
});

test('a fix of 90 s is in the feed, an older one is not', () => {
  const { feed, ping } = town();
  ping('bus-1', {}, eight);
  expect(decoded(feed.at(eight + 90_000).protobuf).entity).toHaveLength(1);
  expect(decoded(feed.at(eight + 91_000).protobuf).entity ?? []).toHaveLength(0);
});

describe('the header timestamp', () => {
  test('stays with unchanged content, and is renewed after 15 s so that the feed does not look dead', () => {
    const { feed, ping } = town();
    ping('bus-1', {}, eight);
    const first = feed.at(eight);
    expect(feed.at(eight + 14_000)).toBe(first);
    expect(feed.at(eight + 15_000).timestamp).toBe(1_771_203_615);
  });

  test('moves with the content, at most once a second', () => {
    const { feed, ping } = town();
    ping('bus-1', {}, eight);
    const first = feed.at(eight + 100);
    ping('bus-1', { lat: 20.986 }, eight + 500);
    expect(feed.at(eight + 900)).toBe(first);
    const second = feed.at(eight + 1_000);
    expect(second.timestamp).toBe(1_771_203_601);
    expect(second.etag).not.toBe(first.etag);
  });

  test('does not go back with a clock that was set back', () => {
    const { feed, ping } = town();
    ping('bus-1', {}, eight);
    const first = feed.at(eight + 5_000);
    ping('bus-1', { lat: 20.986, ts: eight + 1_000 }, eight + 1_000);
    expect(feed.at(eight + 1_000).timestamp).toBe(first.timestamp + 1);
  });
});

test('an hour of driving buses with fast clocks and silences breaks no rule of the validator', () => {
  const { feed, ping } = town();
  let before: Uint8Array | undefined;
  const faults = [];
  for (let second = 0; second < 3_600; second++) {
    const at = eight + second * 1_000 + 137;
    const lat = 20.98 + (second % 600) / 30_000;
    if (second % 5 === 0) ping('bus-1', { lat, speed: 4, trip: 't32-0800', route: 'r32', direction: 0 }, at);
    // A clock that is 8 s ahead.
    if (second % 10 === 0) ping('bus-2', { lat, ts: at + 8_000, route: '32', bearing: 360 }, at);
    // Silent for five minutes at a time.
    if (second % 300 === 0) ping('bus-3', { lat, trip: 'unknown', route: 'unknown' }, at);
    const now = at + 300;
    const { protobuf } = feed.at(now);
    faults.push(...faultsOf(protobuf, { registry: city, now, ...(before === undefined ? {} : { before }) }));
    before = protobuf;
  }
  expect(faults).toEqual([]);
});

test('the rules find what is wrong', () => {
  const entity = (id: string, timestamp: number, trip: object = {}) => ({
    id,
    vehicle: { trip, vehicle: { id: 'same' }, position: { latitude: 91, longitude: 0, bearing: 400 }, timestamp },
  });
  const wrong = FeedMessage.fromObject({
    header: { gtfsRealtimeVersion: '1.0', timestamp: 1_771_203_600 },
    entity: [entity('a', 1_771_203_600_000), entity('b', 1_771_203_700, { tripId: 'x', routeId: 'y' })],
  });
  const rules = faultsOf(FeedMessage.encode(wrong).finish(), { registry: city, now: eight }).map(({ rule }) =>
    rule.slice(0, 4),
  );
  expect([...new Set(rules)].sort()).toEqual(
    ['E001', 'E003', 'E004', 'E012', 'E026', 'E027', 'E038', 'E049', 'E050', 'E052', 'W009'].sort(),
  );
});

test.each([
  ['at its start', 28_800, '2026-02-16T01:00:00Z', '20260216'],
  ['after midnight of the day before', 25 * 3_600, '2026-02-15T18:30:00Z', '20260215'],
  ['at the end of a year', 24 * 3_600 + 600, '2025-12-31T17:20:00Z', '20251231'],
])('the service day of a trip %s', (_name, startSeconds, time, day) => {
  expect(serviceDate({ startSeconds }, Date.parse(time))).toBe(day);
});
