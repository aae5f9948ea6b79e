/** Each table of the registry: how a record becomes a row and a row a record again. */
import { lineOf, packLine, packRings, type Rings, unpackIntegers, unpackRings } from './geometry.ts';
import {
  type Binding,
  bindingMethods,
  type DeviceRecord,
  type Facility,
  type Lot,
  type Vehicle,
  type Ward,
  waterStates,
} from './records.ts';
import { bytes, maybeNumber, maybePosition, maybeText, number, optional, position, type Row, text } from './row.ts';

/** What is reloaded together when another process has written it. */
export const sections = ['devices', 'places', 'wards', 'facilities', 'lots', 'vehicles', 'network', 'aliases'] as const;
export type Section = (typeof sections)[number];

/** A column's value as written: what `undefined` becomes is `null`. */
export type Cell = string | number | Uint8Array | null;

/** A table: the first column is its key. */
export type Table<R> = {
  readonly name: string;
  readonly section: Section;
  readonly columns: readonly string[];
  toRow(record: R): readonly Cell[];
  fromRow(row: Row): R;
};

/** A ward with its area. */
export type WardArea = Omit<Ward, 'aliases'> & { readonly rings: Rings };

export const deviceTable: Table<DeviceRecord> = {
  name: 'devices',
  section: 'devices',
  columns: [
    ...['id', 'domain', 'model', 'name', 'heartbeat_ms'],
    ...['binding_kind', 'binding_target', 'binding_state', 'binding_since', 'binding_by', 'lat', 'lon', 'synthetic'],
    ...['binding_how', 'binding_detail', 'gateway'],
  ],
  toRow: ({ binding, position, ...device }) => [
    ...[device.id, device.domain, device.model, device.name, device.heartbeatMs],
    ...[binding?.kind ?? null, binding?.target ?? null, binding?.state ?? null, binding?.since ?? null],
    ...[binding?.by ?? null, position?.lat ?? null, position?.lon ?? null, Number(device.synthetic)],
    ...[binding?.how ?? null, binding?.detail ?? null, device.gateway ?? null],
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    domain: text(row, 'domain'),
    model: text(row, 'model'),
    name: text(row, 'name'),
    heartbeatMs: number(row, 'heartbeat_ms'),
    ...optional('binding', bindingOf(row)),
    ...optional('position', maybePosition(row, 'lat', 'lon')),
    ...optional('gateway', maybeText(row, 'gateway')),
    synthetic: number(row, 'synthetic') === 1,
  }),
};

export const wardTable: Table<WardArea> = {
  name: 'wards',
  section: 'wards',
  columns: ['code', 'name', 'kind', 'rings'],
  toRow: (ward) => [ward.code, ward.name, ward.kind, packRings(ward.rings)],
  fromRow: (row) => ({
    code: text(row, 'code'),
    name: text(row, 'name'),
    kind: text(row, 'kind'),
    rings: unpackRings(bytes(row, 'rings')),
  }),
};

export const facilityTable: Table<Facility> = {
  name: 'facilities',
  section: 'facilities',
  columns: ['id', 'kind', 'name', 'lat', 'lon', 'approximate', 'outline', 'state'],
  toRow: (facility) => [
    ...[facility.id, facility.kind, facility.name, facility.position.lat, facility.position.lon],
    ...[Number(facility.approximate), facility.outline === undefined ? null : packLine(facility.outline)],
    facility.state ?? null,
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    kind: text(row, 'kind') === 'water' ? 'water' : 'fireStation',
    name: text(row, 'name'),
    position: position(row),
    approximate: number(row, 'approximate') === 1,
    ...optional(
      'state',
      waterStates.find((word) => word === row.state),
    ),
    ...(row.outline === null ? {} : { outline: lineOf(unpackIntegers(bytes(row, 'outline'))) }),
  }),
};

export const lotTable: Table<Lot> = {
  name: 'lots',
  section: 'lots',
  columns: ['id', 'name', 'address', 'ward_code', 'lat', 'lon', 'capacity', 'tariff'],
  toRow: (lot) => [
    ...[lot.id, lot.name, lot.address ?? null, lot.wardCode ?? null, lot.position.lat, lot.position.lon],
    ...[lot.capacity ?? null, lot.tariff ?? null],
  ],
  fromRow: (row) => ({
    id: text(row, 'id'),
    name: text(row, 'name'),
    ...optional('address', maybeText(row, 'address')),
    ...optional('wardCode', maybeText(row, 'ward_code')),
    position: position(row),
    ...optional('capacity', maybeNumber(row, 'capacity')),
    ...optional('tariff', maybeText(row, 'tariff')),
  }),
};

export const vehicleTable: Table<Vehicle> = {
  name: 'vehicles',
  section: 'vehicles',
  columns: ['id', 'plate', 'route_id', 'operator'],
  toRow: (vehicle) => [vehicle.id, vehicle.plate ?? null, vehicle.routeId ?? null, vehicle.operator ?? null],
  fromRow: (row) => ({
    id: text(row, 'id'),
    ...optional('plate', maybeText(row, 'plate')),
    ...optional('routeId', maybeText(row, 'route_id')),
    ...optional('operator', maybeText(row, 'operator')),
  }),
};

function bindingOf(row: Row): Binding | undefined {
  const kind = bindingKinds.find((word) => word === row.binding_kind);
  if (kind === undefined) return undefined;
  return {
    kind,
    target: text(row, 'binding_target'),
    state: bindingStates.find((word) => word === row.binding_state) ?? 'claimed',
    since: number(row, 'binding_since'),
    by: text(row, 'binding_by'),
    ...optional(
      'how',
      bindingMethods.find((word) => word === row.binding_how),
    ),
    ...optional('detail', maybeText(row, 'binding_detail')),
  };
}

export const bindingKinds = ['place', 'lot', 'vehicle'] as const;
export const bindingStates = ['claimed', 'verified', 'disputed'] as const;
