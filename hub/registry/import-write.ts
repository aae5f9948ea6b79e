/** Writes what the parsers made of a file: in one transaction, with the counts and a line in the import log. */
import type { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../devices/wire.ts';
import { aliasTable } from './aliases.ts';
import { noteBindings } from './binding-history.ts';
import type { BuiltNetwork } from './gtfs-network.ts';
import type { AliasLine } from './import-aliases.ts';
import type { DeviceLine } from './import-csv.ts';
import type { ImportKind, Refusals } from './import-summary.ts';
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
import type { Binding, DeviceRecord, Facility, Lot, Place, Vehicle } from './records.ts';
import { transaction } from './store.ts';
import { deviceTable, facilityTable, lotTable, type Table, vehicleTable, type WardArea, wardTable } from './tables.ts';
import { bumpGeneration, type Counts, hasChanges, writeAll } from './write.ts';
import { writeAliases } from './write-aliases.ts';

/** Records ready to be written. */
export type ImportRecords =
  | { readonly kind: 'places'; readonly records: readonly Place[] }
  | { readonly kind: 'wards'; readonly records: readonly WardArea[] }
  | { readonly kind: 'stations' | 'water'; readonly records: readonly Facility[] }
  | { readonly kind: 'lots'; readonly records: readonly Lot[] }
  | { readonly kind: 'vehicles'; readonly records: readonly Vehicle[] }
  | { readonly kind: 'devices'; readonly records: readonly DeviceLine[] }
  | { readonly kind: 'aliases'; readonly records: readonly AliasLine[] }
  | { readonly kind: 'gtfs'; readonly network: BuiltNetwork };

export type WriteContext = {
  readonly dryRun: boolean;
  /** Refuse the whole file when any of it is refused. */
  readonly allOrNothing: boolean;
  /** Takes what only the registry can tell, e.g. a binding to a place that does not exist. */
  readonly refusals: Refusals;
  readonly at: Millis;
  readonly file: string;
  readonly sha256: string;
  readonly read: number;
};

export type WriteResult = {
  readonly counts: Counts;
  readonly parts?: Readonly<Record<string, Counts>>;
  readonly written: boolean;
};

/**
 * Compares the records with what is there and writes the differences. The running hub sees all of it or nothing.
 *
 * @throws HubError `unavailable` when another process keeps writing.
 */
export function writeImport(database: DatabaseSync, records: ImportRecords, context: WriteContext): WriteResult {
  if (context.dryRun) return { ...putRecords(database, records, context, true), written: false };
  return transaction(database, () => {
    // The registry's own refusals are known only after a first look, so all-or-nothing looks before it writes.
    const look = context.allOrNothing
      ? putRecords(database, records, { ...context, refusals: context.refusals }, true)
      : undefined;
    if (look !== undefined && context.refusals.count > 0) return { ...look, written: false };
    const result = putRecords(database, records, context, false);
    logImport(database, records.kind, result.counts, context);
    return { ...result, written: true };
  });
}

type Put = Omit<WriteResult, 'written'>;

function putRecords(database: DatabaseSync, records: ImportRecords, context: WriteContext, dryRun: boolean): Put {
  const put = <R>(table: Table<R>, list: readonly R[]): Put => {
    const counts = writeAll(database, table, list, { dryRun });
    if (!dryRun && hasChanges(counts)) bumpGeneration(database, table.section);
    return { counts };
  };
  switch (records.kind) {
    case 'places':
      return putPlaces(records.records, put);
    case 'wards':
      return put(wardTable, records.records);
    case 'stations':
    case 'water':
      return put(facilityTable, records.records);
    case 'lots':
      return put(lotTable, records.records);
    case 'vehicles':
      return put(vehicleTable, records.records);
    case 'devices': {
      const devices = devicesOf(database, records.records, context);
      if (!dryRun) noteBindings(database, devices);
      return put(deviceTable, devices);
    }
    case 'aliases': {
      const counts = writeAliases(database, records.records, { refusals: context.refusals, dryRun });
      if (!dryRun && hasChanges(counts)) bumpGeneration(database, aliasTable.section);
      return { counts };
    }
    case 'gtfs':
      return putNetwork(database, records.network, dryRun);
  }
}

/** Names that come with the places are added to those that stand. */
function putPlaces(places: readonly Place[], put: <R>(table: Table<R>, list: readonly R[]) => Put): Put {
  const { counts } = put(placeTable, places);
  const aliases = places.flatMap(({ id, aliases: own = [] }) =>
    own.map((alias) => ({ ownerKind: 'place' as const, owner: id, ...alias })),
  );
  return aliases.length === 0 ? { counts } : { counts, parts: { names: put(aliasTable, aliases).counts } };
}

/** A city has one network: what the feed no longer has goes. */
function putNetwork(database: DatabaseSync, network: BuiltNetwork, dryRun: boolean): Put {
  const options = { dryRun, replace: true };
  const parts = {
    routes: writeAll(database, routeTable, network.routes, options),
    stops: writeAll(database, stopTable, network.stops, options),
    patterns: writeAll(database, patternTable, network.patterns, options),
    trips: writeAll(database, tripTable, network.trips, options),
    calendars: writeAll(database, calendarTable, network.calendars, options),
  };
  const profiles = writeAll(database, profileTable, network.profiles, options);
  const facts = writeAll(database, networkTable, network.facts, options);
  const counts = sumOf(Object.values(parts));
  if (!dryRun && [counts, profiles, facts].some(hasChanges)) bumpGeneration(database, 'network');
  return { counts, parts };
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  return { added: sum('added'), changed: sum('changed'), unchanged: sum('unchanged'), removed: sum('removed') };
}

const targetTables = { place: 'places', lot: 'lots', vehicle: 'vehicles' } as const;

/** Devices with their bindings checked and merged with what stands: who verified a binding, and when, is kept. */
function devicesOf(database: DatabaseSync, lines: readonly DeviceLine[], context: WriteContext): DeviceRecord[] {
  const known = database.prepare(`SELECT ${deviceTable.columns.join(', ')} FROM devices WHERE id = ?`);
  const hasTarget = {
    place: database.prepare(`SELECT 1 FROM ${targetTables.place} WHERE id = ?`),
    lot: database.prepare(`SELECT 1 FROM ${targetTables.lot} WHERE id = ?`),
    vehicle: database.prepare(`SELECT 1 FROM ${targetTables.vehicle} WHERE id = ?`),
  };
  return lines.flatMap(({ line, secret: _secret, binding: wanted, ...device }) => {
    if (wanted !== undefined && hasTarget[wanted.kind].get(wanted.target) === undefined) {
      const reason = `there is no ${wanted.kind} "${wanted.target}"; import ${targetTables[wanted.kind]} first`;
      context.refusals.add({ line, reason });
      return [];
    }
    const row = known.get(device.id);
    const binding = mergeBinding(row === undefined ? undefined : deviceTable.fromRow(row).binding, wanted, context.at);
    return [{ ...device, ...(binding === undefined ? {} : { binding }) }];
  });
}

function mergeBinding(before: Binding | undefined, wanted: DeviceLine['binding'], at: Millis): Binding | undefined {
  // Empty cells say nothing about a binding made by hand.
  if (wanted === undefined) return before;
  const isSame = before !== undefined && before.kind === wanted.kind && before.target === wanted.target;
  if (isSame && (wanted.state === undefined || wanted.state === before.state)) return before;
  return {
    kind: wanted.kind,
    target: wanted.target,
    state: wanted.state ?? 'claimed',
    since: at,
    by: 'import',
    how: 'import',
  };
}

function logImport(database: DatabaseSync, kind: ImportKind, counts: Counts, context: WriteContext): void {
  database
    .prepare(
      `INSERT INTO imports (file, sha256, kind, at, read, added, changed, unchanged, removed, refused)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[context.file, context.sha256, kind, context.at, context.read, counts.added, counts.changed],
      ...[counts.unchanged, counts.removed, context.refusals.count],
    );
}
