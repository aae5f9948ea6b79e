/** The tables of the bus network: how a record becomes a row and a row a record again. */
import { packIntegers, unpackIntegers } from './geometry.ts';
import type { Calendar, Pattern, Route, Stop } from './records.ts';
import { bytes, list, maybeNumber, maybeText, number, optional, position, text } from './row.ts';
import type { Table } from './tables.ts';

/** A pattern as kept: the line packed, microdegrees, lon and lat by turns. */
export type PatternRow = Omit<Pattern, 'shape'> & { readonly shape: Int32Array };
/** Offsets in seconds that many trips share; `departures` is absent when each equals its arrival. */
export type Profile = { readonly id: string; readonly arrivals: Int32Array; readonly departures?: Int32Array };
/** A trip as kept. */
export type TripRow = {
  readonly id: string;
  readonly routeId: string;
  readonly patternId: string;
  readonly serviceId: string;
  readonly startSeconds: number;
  readonly profileId: string;
};
/** A word about the network as a whole, e.g. its time zone. */
export type NetworkFact = { readonly id: string; readonly value: string };

export const routeTable: Table<Route> = {
  name: 'routes',
  section: 'network',
  columns: ['id', 'short_name', 'long_name', 'color', 'type', 'line_name', 'opposite_id'],
  toRow: (route) => [
    ...[route.id, route.shortName, route.longName, route.color ?? null, route.type],
    ...[route.lineName ?? null, route.oppositeId ?? null],
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    shortName: text(row, 'short_name'),
    longName: text(row, 'long_name'),
    ...optional('color', maybeText(row, 'color')),
    type: number(row, 'type'),
    ...optional('lineName', maybeText(row, 'line_name')),
    ...optional('oppositeId', maybeText(row, 'opposite_id')),
  }),
};

export const stopTable: Table<Stop> = {
  name: 'stops',
  section: 'network',
  columns: ['id', 'name', 'lat', 'lon', 'cluster_id'],
  toRow: (stop) => [stop.id, stop.name, stop.position.lat, stop.position.lon, stop.clusterId],
  fromRow: (row) => ({
    id: text(row, 'id'),
    name: text(row, 'name'),
    position: position(row),
    clusterId: text(row, 'cluster_id'),
  }),
};

export const patternTable: Table<PatternRow> = {
  name: 'patterns',
  section: 'network',
  columns: ['id', 'route_id', 'direction', 'headsign', 'stop_ids', 'shape', 'shape_source'],
  toRow: (pattern) => [
    ...[pattern.id, pattern.routeId, pattern.directionId, pattern.headsign ?? null],
    ...[JSON.stringify(pattern.stopIds), packIntegers(pattern.shape), pattern.shapeSource],
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    routeId: text(row, 'route_id'),
    directionId: number(row, 'direction') === 1 ? 1 : 0,
    ...optional('headsign', maybeText(row, 'headsign')),
    stopIds: list(row, 'stop_ids').map(String),
    shape: unpackIntegers(bytes(row, 'shape')),
    shapeSource: text(row, 'shape_source') === 'gtfs' ? 'gtfs' : 'stops',
  }),
};

export const profileTable: Table<Profile> = {
  name: 'profiles',
  section: 'network',
  columns: ['id', 'arrivals', 'departures'],
  toRow: ({ id, arrivals, departures }) => [
    id,
    packIntegers(arrivals),
    departures === undefined ? null : packIntegers(departures),
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    arrivals: unpackIntegers(bytes(row, 'arrivals')),
    ...(row.departures === null ? {} : { departures: unpackIntegers(bytes(row, 'departures')) }),
  }),
};

export const tripTable: Table<TripRow> = {
  name: 'trips',
  section: 'network',
  columns: ['id', 'route_id', 'pattern_id', 'service_id', 'start_seconds', 'profile_id'],
  toRow: (trip) => [trip.id, trip.routeId, trip.patternId, trip.serviceId, trip.startSeconds, trip.profileId],
  fromRow: (row) => ({
    id: text(row, 'id'),
    routeId: text(row, 'route_id'),
    patternId: text(row, 'pattern_id'),
    serviceId: text(row, 'service_id'),
    startSeconds: number(row, 'start_seconds'),
    profileId: text(row, 'profile_id'),
  }),
};

export const calendarTable: Table<Calendar> = {
  name: 'calendars',
  section: 'network',
  columns: ['service_id', 'days', 'from_date', 'to_date', 'added', 'removed'],
  toRow: (calendar) => [
    ...[calendar.serviceId, calendar.days.map(Number).join(''), calendar.from ?? null, calendar.to ?? null],
    ...[JSON.stringify(calendar.added), JSON.stringify(calendar.removed)],
  ],
  fromRow: (row) => ({
    serviceId: text(row, 'service_id'),
    days: [...text(row, 'days')].map((day) => day === '1'),
    ...optional('from', maybeNumber(row, 'from_date')),
    ...optional('to', maybeNumber(row, 'to_date')),
    added: list(row, 'added').map(Number),
    removed: list(row, 'removed').map(Number),
  }),
};

export const networkTable: Table<NetworkFact> = {
  name: 'network',
  section: 'network',
  columns: ['id', 'value'],
  toRow: ({ id, value }) => [id, value],
  fromRow: (row) => ({ id: text(row, 'id'), value: text(row, 'value') }),
};
