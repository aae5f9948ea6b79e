/** A small network for bus tests: one line with two directions kept as two routes, and one with a single route. */
import type { RegistryReader } from '../../../../../hub/ports.ts';
import type { DeviceRecord, Pattern, Route, Stop, Trip, Vehicle } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';

/** 2026-02-16 08:00 in Hanoi. */
export const eight = 1_771_203_600_000;

const routes: readonly Route[] = [
  { id: '01_1', shortName: '01', longName: 'Gia Lâm - Yên Nghĩa', type: 3 },
  { id: '01_2', shortName: '01', longName: 'Yên Nghĩa - Gia Lâm', type: 3 },
  { id: 'r32', shortName: '32', longName: 'Giáp Bát - Nhổn', color: 'D52B1E', type: 3 },
];

/** Stops of line 32 on a street that runs north, about 1.1 km apart. */
export const stops: readonly Stop[] = [
  { id: 's0', name: 'Bến xe Giáp Bát', position: { lat: 20.98, lon: 105.84 }, clusterId: 's0' },
  { id: 's1', name: 'Phố Vọng', position: { lat: 20.99, lon: 105.84 }, clusterId: 's1' },
  { id: 's2', name: 'Đại Cồ Việt', position: { lat: 21.0, lon: 105.84 }, clusterId: 's2' },
];

const north: readonly (readonly [number, number])[] = [
  [105.84, 20.98],
  [105.84, 20.99],
  [105.84, 21.0],
];

const patterns: readonly Pattern[] = [
  {
    id: 'p32n',
    routeId: 'r32',
    directionId: 0,
    headsign: 'Nhổn',
    stopIds: ['s0', 's1', 's2'],
    shape: north,
    shapeSource: 'stops',
  },
  {
    id: 'p32s',
    routeId: 'r32',
    directionId: 1,
    stopIds: ['s2', 's1', 's0'],
    shape: [...north].reverse(),
    shapeSource: 'stops',
  },
  {
    id: 'p01a',
    routeId: '01_1',
    directionId: 0,
    stopIds: ['s0', 's1'],
    shape: north.slice(0, 2),
    shapeSource: 'stops',
  },
  {
    id: 'p01b',
    routeId: '01_2',
    directionId: 1,
    stopIds: ['s1', 's0'],
    shape: north.slice(0, 2).reverse(),
    shapeSource: 'stops',
  },
];

const trips: readonly Trip[] = [
  {
    id: 't32-0800',
    routeId: 'r32',
    patternId: 'p32n',
    serviceId: 'daily',
    startSeconds: 28_800,
    arrivalOffsets: [0, 300, 600],
    departureOffsets: [0, 300, 600],
  },
];

const vehicles: readonly Vehicle[] = [
  { id: 'bus-1', plate: '29B-123.45', routeId: 'r32' },
  { id: 'bus-2', plate: '29B-678.90' },
];

/** The registry as the hub would give it. */
export const city: RegistryReader = {
  ...emptyRegistry,
  vehicle: (id) => vehicles.find((vehicle) => vehicle.id === id),
  route: (id) => routes.find((route) => route.id === id),
  routes: () => routes,
  patterns: (routeId) => patterns.filter((pattern) => pattern.routeId === routeId),
  stop: (id) => stops.find((stop) => stop.id === id),
  stops: () => stops,
  trip: (id) => trips.find((trip) => trip.id === id),
  trips: (routeId) => trips.filter((trip) => trip.routeId === routeId),
};

/** A tracker, bound to a vehicle when one is named. */
export function tracker(id: string, vehicle?: string): DeviceRecord {
  const record = { id, domain: 'bus', model: 'bus-tracker', name: id, heartbeatMs: 10_000, synthetic: false };
  if (vehicle === undefined) return record;
  return { ...record, binding: { kind: 'vehicle', target: vehicle, state: 'verified', since: 0, by: 'test' } };
}
