/** All standing facts in memory, and how they are loaded: in small slices, so that the event loop stays free. */
import type { DatabaseSync } from 'node:sqlite';
import { AliasBook, aliasTable } from './aliases.ts';
import { Gazetteer } from './gazetteer.ts';
import { Network } from './network.ts';
import {
  calendarTable,
  networkTable,
  patternTable,
  profileTable,
  routeTable,
  stopTable,
  tripTable,
} from './network-tables.ts';
import { placeTable } from './place-table.ts';
import type { DeviceRecord, Facility, Lot, Place, Vehicle } from './records.ts';
import {
  deviceTable,
  facilityTable,
  lotTable,
  type Section,
  sections,
  type Table,
  vehicleTable,
  wardTable,
} from './tables.ts';
import { WardFiller, WardMap } from './ward-map.ts';

/** The facts as of one moment of the file; `generations` says which. */
export type Facts = {
  readonly generations: Map<Section, number>;
  readonly devices: Map<string, DeviceRecord>;
  readonly places: Gazetteer<Place>;
  readonly wards: WardMap;
  readonly facilities: Facilities;
  readonly lots: Map<string, Lot>;
  readonly vehicles: Map<string, Vehicle>;
  readonly network: Network;
  readonly aliases: AliasBook;
  readonly placeWards: WardFiller<Place>;
  readonly lotWards: WardFiller<Lot>;
};

export type Facilities = Readonly<Record<Facility['kind'], Gazetteer<Facility>>>;

/** Rows between two pauses: well under a millisecond. */
const sliceRows = 200;

/**
 * Loads what has changed since `known`; the rest is taken over. A generator: each `yield` is a place to pause.
 * The database must be in one read transaction from the first step to the last.
 */
export function* loadFacts(database: DatabaseSync, known?: Facts): Generator<undefined, Facts> {
  const generations = readGenerations(database);
  const isFresh = (section: Section): boolean =>
    known !== undefined && known.generations.get(section) === generations.get(section);
  const keep = <T>(section: Section, part: T | undefined): T | undefined => (isFresh(section) ? part : undefined);
  const wards = keep('wards', known?.wards) ?? (yield* loadWards(database));
  return {
    generations,
    wards,
    placeWards: new WardFiller(wards),
    lotWards: new WardFiller(wards),
    devices: keep('devices', known?.devices) ?? (yield* loadMap(database, deviceTable)),
    places: keep('places', known?.places) ?? (yield* loadPlaces(database)),
    facilities: keep('facilities', known?.facilities) ?? (yield* loadFacilities(database)),
    lots: keep('lots', known?.lots) ?? (yield* loadMap(database, lotTable)),
    vehicles: keep('vehicles', known?.vehicles) ?? (yield* loadMap(database, vehicleTable)),
    network: keep('network', known?.network) ?? (yield* loadNetwork(database)),
    aliases: keep('aliases', known?.aliases) ?? (yield* loadAliases(database)),
  };
}

function readGenerations(database: DatabaseSync): Map<Section, number> {
  const rows = database.prepare('SELECT section, number FROM generations').all();
  const numbers = new Map(rows.map((row) => [String(row.section), Number(row.number)]));
  return new Map(sections.map((section) => [section, numbers.get(section) ?? 0]));
}

function* loadEach<R>(database: DatabaseSync, table: Table<R>, add: (record: R) => void): Generator<undefined, void> {
  let count = 0;
  const order = table.columns[0] ?? 'id';
  const rows = database.prepare(`SELECT ${table.columns.join(', ')} FROM ${table.name} ORDER BY ${order}`).iterate();
  for (const row of rows) {
    add(table.fromRow(row));
    if (++count % sliceRows === 0) yield;
  }
  yield;
}

function* loadMap<R extends { readonly id: string }>(
  database: DatabaseSync,
  table: Table<R>,
): Generator<undefined, Map<string, R>> {
  const records = new Map<string, R>();
  yield* loadEach(database, table, (record) => records.set(record.id, record));
  return records;
}

function* loadPlaces(database: DatabaseSync): Generator<undefined, Gazetteer<Place>> {
  const places = new Gazetteer<Place>();
  yield* loadEach(database, placeTable, (place) => places.set(place));
  return places;
}

function* loadWards(database: DatabaseSync): Generator<undefined, WardMap> {
  const wards = new WardMap();
  yield* loadEach(database, wardTable, (ward) => wards.set(ward));
  return wards;
}

function* loadFacilities(database: DatabaseSync): Generator<undefined, Facilities> {
  const facilities: Facilities = {
    fireStation: new Gazetteer<Facility>((facility) => facility.outline),
    water: new Gazetteer<Facility>((facility) => facility.outline),
  };
  yield* loadEach(database, facilityTable, (facility) => facilities[facility.kind].set(facility));
  return facilities;
}

function* loadAliases(database: DatabaseSync): Generator<undefined, AliasBook> {
  const aliases = new AliasBook();
  yield* loadEach(database, aliasTable, (alias) => aliases.set(alias));
  return aliases;
}

function* loadNetwork(database: DatabaseSync): Generator<undefined, Network> {
  const network = new Network();
  yield* loadEach(database, routeTable, (route) => network.routes.set(route.id, route));
  yield* loadEach(database, stopTable, (stop) => network.stops.set(stop));
  yield* loadEach(database, patternTable, (pattern) => network.addPattern(pattern));
  yield* loadEach(database, profileTable, (profile) => network.addProfile(profile));
  yield* loadEach(database, tripTable, (trip) => network.addTrip(trip));
  yield* loadEach(database, calendarTable, (calendar) => network.calendars.set(calendar.serviceId, calendar));
  yield* loadEach(database, networkTable, ({ id, value }) => network.facts.set(id, value));
  return network;
}
