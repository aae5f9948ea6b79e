/** Changes by hand (an operator's command, the demo): checked, written in one transaction, then told. */
import type { DatabaseSync } from 'node:sqlite';
import { isDeviceId } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import { aliasTable, type OwnedAlias } from './aliases.ts';
import { type Hand, noteBindings, noteRemovals } from './binding-history.ts';
import type { Facts } from './facts.ts';
import { placeTable } from './place-table.ts';
import type { DeviceRecord, Facility, Lot, Place, Position, Vehicle } from './records.ts';
import { transaction } from './store.ts';
import {
  deviceTable,
  facilityTable,
  lotTable,
  type Section,
  type Table,
  vehicleTable,
  type WardArea,
  wardTable,
} from './tables.ts';
import { bumpGeneration, hasChanges, writeAll } from './write.ts';

/** Records to put and ids to remove; what is not named stays. */
export type Changes = {
  readonly devices?: readonly DeviceRecord[];
  readonly places?: readonly Place[];
  readonly wards?: readonly WardArea[];
  readonly facilities?: readonly Facility[];
  readonly lots?: readonly Lot[];
  readonly vehicles?: readonly Vehicle[];
  /** Who does it: noted where a device is freed or removed. */
  readonly hand?: Hand;
  readonly remove?: {
    readonly devices?: readonly string[];
    readonly places?: readonly string[];
    readonly facilities?: readonly string[];
    readonly lots?: readonly string[];
    readonly vehicles?: readonly string[];
  };
};

/** Written changes and the number that each touched section has now. */
export type Written = { readonly changes: Changes; readonly generations: ReadonlyMap<Section, number> };

/**
 * Writes the changes, all or none.
 *
 * @throws HubError `invalid` for an id or position that cannot be; `unavailable` while another process writes.
 */
export function writeChanges(database: DatabaseSync, changes: Changes): Written {
  check(changes);
  const generations = new Map<Section, number>();
  const write = <R>(table: Table<R>, records: readonly R[] = [], removed: readonly string[] = []): void => {
    const counts = writeAll(database, table, records);
    const remove = database.prepare(`DELETE FROM ${table.name} WHERE ${table.columns[0]} = ?`);
    let gone = 0;
    for (const id of removed) gone += Number(remove.run(id).changes);
    if (hasChanges(counts) || gone > 0) generations.set(table.section, bumpGeneration(database, table.section));
  };
  transaction(database, () => {
    noteBindings(database, changes.devices ?? [], changes.hand);
    noteRemovals(database, changes.remove?.devices ?? [], changes.hand);
    write(deviceTable, changes.devices, changes.remove?.devices);
    write(placeTable, changes.places, changes.remove?.places);
    write(wardTable, changes.wards);
    write(facilityTable, changes.facilities, changes.remove?.facilities);
    write(lotTable, changes.lots, changes.remove?.lots);
    write(vehicleTable, changes.vehicles, changes.remove?.vehicles);
    const places = changes.places ?? [];
    const nameless = database.prepare("DELETE FROM aliases WHERE owner_kind = 'place' AND owner = ?");
    const dropped = [...places.map(({ id }) => id), ...(changes.remove?.places ?? [])]
      .map((id) => Number(nameless.run(id).changes))
      .reduce((sum, count) => sum + count, 0);
    const aliases = places.flatMap(ownedAliases);
    if (dropped > 0 || aliases.length > 0) write(aliasTable, aliases);
  });
  return { changes, generations };
}

/** Brings the facts in memory to what was written. May be repeated. */
export function applyChanges(facts: Facts, { changes, generations }: Written): void {
  for (const device of changes.devices ?? []) facts.devices.set(device.id, device);
  for (const { aliases: _aliases, ...place } of changes.places ?? []) facts.places.set(place);
  for (const owner of [...(changes.places ?? []).map(({ id }) => id), ...(changes.remove?.places ?? [])]) {
    facts.aliases.clear({ ownerKind: 'place', owner });
  }
  for (const alias of (changes.places ?? []).flatMap(ownedAliases)) facts.aliases.set(alias);
  for (const ward of changes.wards ?? []) facts.wards.set(ward);
  for (const facility of changes.facilities ?? []) {
    facts.facilities[facility.kind === 'water' ? 'fireStation' : 'water'].delete(facility.id);
    facts.facilities[facility.kind].set(facility);
  }
  for (const lot of changes.lots ?? []) facts.lots.set(lot.id, lot);
  for (const vehicle of changes.vehicles ?? []) facts.vehicles.set(vehicle.id, vehicle);
  const { remove = {} } = changes;
  for (const id of remove.devices ?? []) facts.devices.delete(id);
  for (const id of remove.places ?? []) facts.places.delete(id);
  for (const id of remove.facilities ?? []) for (const group of Object.values(facts.facilities)) group.delete(id);
  for (const id of remove.lots ?? []) facts.lots.delete(id);
  for (const id of remove.vehicles ?? []) facts.vehicles.delete(id);
  for (const [section, number] of generations) {
    // A gap means that another process wrote in between: the old number stays, and the next look loads the section.
    if (facts.generations.get(section) === number - 1) facts.generations.set(section, number);
  }
}

function ownedAliases({ id, aliases = [] }: Place): readonly OwnedAlias[] {
  return aliases.map((alias) => ({ ownerKind: 'place', owner: id, ...alias }));
}

function check(changes: Changes): void {
  for (const device of changes.devices ?? []) {
    if (!isDeviceId(device.id)) {
      throw new HubError('invalid', `device id "${device.id}" must be 1 to 64 of A-Z a-z 0-9 _ -`);
    }
    if (!(device.heartbeatMs > 0)) throw new HubError('invalid', `device ${device.id}: heartbeatMs must be above 0`);
    if (device.position !== undefined) checkPosition(`device ${device.id}`, device.position);
  }
  for (const part of ['places', 'facilities', 'lots'] as const) {
    for (const record of changes[part] ?? []) checkPosition(`${part} ${record.id}`, record.position);
  }
}

function checkPosition(what: string, { lat, lon }: Position): void {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
    throw new HubError('invalid', `${what}: position ${lat}, ${lon} is not on Earth`);
  }
}
