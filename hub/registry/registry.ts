/** The registry as the hub holds it: all standing facts in memory, kept in step with the file. */
import type { Millis } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import type { RegistryReader } from '../ports.ts';
import type { Hand } from './binding-history.ts';
import type { Changes } from './changes.ts';
import { openFacts, type RegistryLog } from './current-facts.ts';
import type { Facts } from './facts.ts';
import { runsOn } from './network.ts';
import { PresenceBook } from './presence.ts';
import type {
  Binding,
  BindingChange,
  Calendar,
  DeviceRecord,
  Facility,
  Lot,
  Place,
  Position,
  Stop,
  Vehicle,
  Ward,
} from './records.ts';
import { optional } from './row.ts';

/** What has just changed: records by hand, or whole sections by another process's import. */
export type RegistryChange = { readonly kind: 'written'; readonly changes: Changes } | { readonly kind: 'reloaded' };

/** The registry that the hub writes to. Every read is synchronous and from memory. */
export type Registry = RegistryReader & {
  vehicles(): Iterable<Vehicle>;
  facility(id: string): Facility | undefined;
  facilities(kind: Facility['kind']): Iterable<Facility>;
  stopsNear(position: Position, radiusMeters: number): readonly Stop[];
  calendar(serviceId: string): Calendar | undefined;
  /** Whether a GTFS service runs on a day, `YYYYMMDD`; false for an unknown service. */
  runsOn(serviceId: string, date: number): boolean;
  /** IANA time zone of the imported network, e.g. `Asia/Ho_Chi_Minh`. */
  timeZone(): string | undefined;
  /** Several changes in one transaction. @throws HubError `invalid` or `unavailable`; then nothing has changed. */
  write(changes: Changes): void;
  /** `hand`: who does it, for the history of what the device hung at. */
  putDevice(device: DeviceRecord, hand?: Hand): void;
  removeDevice(id: string, hand?: Hand): void;
  /** Ties a device to a place, lot or vehicle that exists, or frees it. @throws HubError `notFound`, `unprocessable`. */
  bindDevice(id: string, binding: Binding | undefined, hand?: Hand): void;
  /** What a device has hung at, newest first, at most 100 changes. */
  bindingChanges(device: string): readonly BindingChange[];
  putPlace(place: Place): void;
  putLot(lot: Lot): void;
  putVehicle(vehicle: Vehicle): void;
  putFacility(facility: Facility): void;
  /** Notes a message of a device; true for the first since the hub started. Costs well under 100 ns. */
  notePresence(deviceId: string, at: Millis, refused: boolean): boolean;
  /** Notes what a device told of its battery, in %. */
  noteBattery(deviceId: string, percent: number): void;
  /** Called after every change; answers how to stop that. */
  onChange(listener: (change: RegistryChange) => void): () => void;
  /** Loads what another process has written. Resolves when it is visible; in slices, so nothing else has to wait. */
  reload(): Promise<void>;
  close(): void;
};

export type RegistryOptions = {
  readonly log: RegistryLog;
  /** How often to look whether another process has written; a look costs microseconds. */
  readonly pollMs?: number;
};

/**
 * Opens the registry's file, making it when absent, and loads it.
 *
 * @throws StartError when the file cannot be used; the message says what to do.
 */
export function openRegistry(path: string, { log, pollMs = 1_000 }: RegistryOptions): Registry {
  const listeners = new Set<(change: RegistryChange) => void>();
  const tell = (change: RegistryChange): void => {
    for (const listener of listeners) listener(change);
  };
  const facts = openFacts(path, { log, pollMs, onReload: () => tell({ kind: 'reloaded' }) });
  const presence = new PresenceBook();

  function write(changes: Changes): void {
    facts.write(changes);
    for (const id of changes.remove?.devices ?? []) presence.forget(id);
    tell({ kind: 'written', changes });
  }

  return {
    ...readerOf(facts.now),
    presence: (deviceId) => presence.get(deviceId),
    notePresence: (deviceId, at, refused) => presence.note(deviceId, at, refused),
    noteBattery: (deviceId, percent) => presence.noteBattery(deviceId, percent),
    write,
    putDevice: (device, hand) => write({ devices: [device], ...optional('hand', hand) }),
    removeDevice: (id, hand) => write({ remove: { devices: [id] }, ...optional('hand', hand) }),
    bindDevice: (id, binding, hand) => write({ devices: [bound(facts.now(), id, binding)], ...optional('hand', hand) }),
    bindingChanges: facts.bindingChanges,
    putPlace: (place) => write({ places: [place] }),
    putLot: (lot) => write({ lots: [lot] }),
    putVehicle: (vehicle) => write({ vehicles: [vehicle] }),
    putFacility: (facility) => write({ facilities: [facility] }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reload: facts.reload,
    close: facts.close,
  };
}

type Reads = Omit<RegistryReader, 'presence'> &
  Pick<Registry, 'vehicles' | 'facility' | 'facilities' | 'stopsNear' | 'calendar' | 'runsOn' | 'timeZone'>;

function readerOf(facts: () => Facts): Reads {
  const placeOf = (place: Place): Place => facts().aliases.ofPlace(facts().placeWards.fill(place));
  const wardOf = (ward: Ward): Ward => facts().aliases.ofWard(ward);
  return {
    device: (id) => facts().devices.get(id),
    devices: () => facts().devices.values(),
    place: (id) => mapped(facts().places.get(id), placeOf),
    places: () => mapAll(facts().places.values(), placeOf),
    lot: (id) => mapped(facts().lots.get(id), (lot) => facts().lotWards.fill(lot)),
    lots: () => facts().lotWards.fillAll(facts().lots.values()),
    vehicle: (id) => facts().vehicles.get(id),
    vehicles: () => facts().vehicles.values(),
    ward: (code) => mapped(facts().wards.get(code), wardOf),
    wards: () => mapAll(facts().wards.values(), wardOf),
    wardAt: (position) => mapped(facts().wards.at(position), wardOf),
    nearest: (kind, position, count) =>
      facts()
        .facilities[kind].nearest(position, count)
        .map(({ record, distanceMeters }) => ({ facility: record, distanceMeters })),
    facility: (id) => facts().facilities.fireStation.get(id) ?? facts().facilities.water.get(id),
    facilities: (kind) => facts().facilities[kind].values(),
    placesNear: (position, radius) =>
      facts()
        .places.within(position, radius)
        .map(({ record }) => placeOf(record)),
    stopsNear: (position, radius) =>
      facts()
        .network.stops.within(position, radius)
        .map(({ record }) => record),
    route: (id) => facts().network.routes.get(id),
    routes: () => facts().network.routes.values(),
    patterns: (routeId) => facts().network.patterns(routeId),
    stop: (id) => facts().network.stops.get(id),
    stops: () => facts().network.stops.values(),
    trip: (id) => facts().network.trip(id),
    trips: (routeId) => facts().network.trips(routeId),
    calendar: (serviceId) => facts().network.calendars.get(serviceId),
    runsOn(serviceId, date) {
      const calendar = facts().network.calendars.get(serviceId);
      return calendar !== undefined && runsOn(calendar, date);
    },
    timeZone: () => facts().network.facts.get('timeZone'),
  };
}

function* mapAll<T>(records: Iterable<T>, map: (record: T) => T): Generator<T> {
  for (const record of records) yield map(record);
}

function mapped<T>(record: T | undefined, map: (record: T) => T): T | undefined {
  return record === undefined ? undefined : map(record);
}

function bound(facts: Facts, id: string, binding: Binding | undefined): DeviceRecord {
  const device = facts.devices.get(id);
  if (device === undefined) throw new HubError('notFound', `there is no device "${id}"`);
  const { binding: _before, ...rest } = device;
  if (binding === undefined) return rest;
  const targets = { place: facts.places, lot: facts.lots, vehicle: facts.vehicles };
  if (targets[binding.kind].get(binding.target) === undefined) {
    throw new HubError('unprocessable', `there is no ${binding.kind} "${binding.target}"; add it first`);
  }
  return { ...rest, binding };
}
