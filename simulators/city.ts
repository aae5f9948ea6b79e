/** Reads the shipped city: which device hangs, rides or stands where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { FireDevice } from './fire.ts';
import type { Lot } from './parking.ts';

/** Where the shipped files lie. */
export const cityFolder: string = join(import.meta.dirname, 'city');

/** A row of devices.csv. */
export type CityDevice = {
  readonly id: string;
  readonly domain: string;
  readonly model: string;
  readonly heartbeatMs: number;
  readonly place: string;
  readonly lot: string;
  readonly vehicle: string;
};

/** The shipped devices by id, and what they are bound to. */
export type City = {
  readonly devices: ReadonlyMap<string, CityDevice>;
  readonly places: ReadonlyMap<string, { readonly address: string; readonly use: string }>;
  readonly lots: ReadonlyMap<
    string,
    { readonly capacity: number; readonly kind: string; readonly vehicleClass: string; readonly tariff: string }
  >;
  /** Route of a vehicle. */
  readonly routes: ReadonlyMap<string, string>;
};

/** Loads the shipped files. @throws Error when one is missing: the package is incomplete. */
export function loadCity(): City {
  return {
    devices: new Map(readTable('devices.csv').map((row) => [row.id ?? '', deviceOf(row)])),
    places: new Map(
      readProperties('places.geojson').map((row) => [text(row.id), { address: text(row.address), use: text(row.use) }]),
    ),
    lots: new Map(
      readProperties('lots.geojson').map((row) => [
        text(row.id),
        {
          capacity: Number(row.capacity),
          kind: text(row.kind),
          vehicleClass: text(row.vehicleClass),
          tariff: text(row.tariff),
        },
      ]),
    ),
    routes: new Map(readTable('vehicles.csv').map((row) => [row.id ?? '', row.route_id ?? ''])),
  };
}

type Row = Readonly<Record<string, string>>;

function readTable(name: string): Row[] {
  return parse<Record<string, string>>(readFileSync(join(cityFolder, name), 'utf8'), { columns: true });
}

function deviceOf(row: Row): CityDevice {
  const { id = '', domain = '', model = '', place = '', lot = '', vehicle = '' } = row;
  return { id, domain, model, heartbeatMs: Number(row.heartbeat_s) * 1000, place, lot, vehicle };
}

function readProperties(name: string): Readonly<Record<string, unknown>>[] {
  const collection: unknown = JSON.parse(readFileSync(join(cityFolder, name), 'utf8'));
  const features = isRecord(collection) && Array.isArray(collection.features) ? collection.features : [];
  return features.map((feature: unknown) =>
    isRecord(feature) && isRecord(feature.properties) ? feature.properties : {},
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The fire devices among these ids; one that the city does not know is of this model, somewhere. */
export function fireDevicesOf(
  city: City,
  ids: readonly string[],
  unknownModel: 'smoke-detector' | 'fire-panel' = 'smoke-detector',
): readonly FireDevice[] {
  return ids.map((deviceId) => {
    const device = city.devices.get(deviceId);
    const place = city.places.get(device?.place ?? '');
    const { model, heartbeatMs } = device ?? { model: unknownModel, heartbeatMs: 60_000 };
    return { deviceId, model, heartbeatMs, ...(place ?? {}) };
  });
}

/** The lots that these devices speak for; a device that the city does not know has no lot and stays silent. */
export function lotsOf(city: City, ids: readonly string[]): readonly Lot[] {
  const lots = new Map<string, { gate?: string; counter?: string; bays?: string }>();
  for (const id of ids) {
    const device = city.devices.get(id);
    if (device === undefined || !city.lots.has(device.lot)) continue;
    const speakers = lots.get(device.lot) ?? {};
    if (device.model === 'gate') speakers.gate = id;
    else if (device.model === 'counter') speakers.counter = id;
    else speakers.bays = id;
    lots.set(device.lot, speakers);
  }
  return [...lots].map(([id, speakers]) => {
    const { capacity, kind, vehicleClass, tariff } = city.lots.get(id) ?? {
      capacity: 0,
      kind: '',
      vehicleClass: 'car',
      tariff: '',
    };
    return {
      id,
      capacity,
      kind,
      tariff,
      vehicleClass: vehicleClass === 'motorbike' ? 'motorbike' : 'car',
      ...speakers,
    };
  });
}
