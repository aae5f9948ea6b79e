import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DeviceRecord, Facility, Lot, Place } from '../../../../hub/registry/records.ts';
import { openRegistry, type Registry, type RegistryChange } from '../../../../hub/registry/registry.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

const folder = temporaryFolder();
const log = { info: () => undefined, error: () => undefined };
const open: Registry[] = [];
let files = 0;

function newPath(): string {
  return join(folder, `registry-${files++}.db`);
}

function start(path = newPath(), pollMs = 60_000): Registry {
  const registry = openRegistry(path, { log, pollMs });
  open.push(registry);
  return registry;
}

afterEach(() => {
  for (const registry of open.splice(0)) registry.close();
});

const device: DeviceRecord = {
  id: 'fd-1',
  domain: 'fire',
  model: 'smoke-detector',
  name: 'Bếp',
  heartbeatMs: 60_000,
  position: { lat: 21.03, lon: 105.85 },
  synthetic: false,
};
const place: Place = {
  id: '010203040506',
  name: 'Nhà bà Hoa',
  address: '12 ngõ 34 Hàng Bạc',
  position: { lat: 21.0341, lon: 105.8525 },
  use: 'nhà ở',
  access: { truckPoint: { lat: 21.034, lon: 105.852 }, footMeters: 45, alleyWidthMeters: 1.8 },
  contacts: [{ name: 'Hoa', phone: '+84 24 3825 0000' }],
};
const lot: Lot = {
  id: 'L1',
  name: 'Ngọc Khánh',
  position: { lat: 21.03, lon: 105.81 },
  capacity: 120,
  tariff: 'hanoi',
};
const station: Facility = {
  id: 'ST-1',
  kind: 'fireStation',
  name: 'Đội PCCC Hoàn Kiếm',
  position: { lat: 21.0264, lon: 105.8491 },
  approximate: true,
};
const square = (west: number, south: number, size: number) =>
  Int32Array.from([west, south, west + size, south, west + size, south + size, west, south + size, west, south]);

test('every record comes back as it was put, also after a restart', () => {
  const path = newPath();
  const before = start(path);
  before.putDevice(device);
  before.putPlace(place);
  before.putLot(lot);
  before.putVehicle({ id: 'bus-1', plate: '29B-123.45', routeId: '01_1' });
  before.putFacility(station);
  before.close();
  const after = start(path);
  for (const registry of [before, after]) {
    expect(registry.device('fd-1')).toEqual(device);
    expect(registry.place('010203040506')).toEqual(place);
    expect(registry.lot('L1')).toEqual(lot);
    expect(registry.vehicle('bus-1')).toEqual({ id: 'bus-1', plate: '29B-123.45', routeId: '01_1' });
    expect(registry.facility('ST-1')).toEqual(station);
  }
  expect([...after.devices()].map(({ id }) => id)).toEqual(['fd-1']);
  expect([...after.vehicles()].map(({ id }) => id)).toEqual(['bus-1']);
});

test('a device is bound only to what exists, and can be freed again', () => {
  const registry = start();
  registry.putDevice(device);
  const binding = { kind: 'place', target: place.id, state: 'claimed', since: 1_700_000_000_000, by: 'op' } as const;
  expect(() => registry.bindDevice('fd-1', binding)).toThrow(/no place "010203040506"; add it first/);
  expect(() => registry.bindDevice('fd-9', binding)).toThrow(/no device "fd-9"/);
  registry.putPlace(place);
  registry.bindDevice('fd-1', binding);
  expect(registry.device('fd-1')).toEqual({ ...device, binding });
  registry.bindDevice('fd-1', undefined);
  expect(registry.device('fd-1')).toEqual(device);
});

test('what cannot be is refused and nothing of the same write is kept', () => {
  const registry = start();
  expect(() => registry.putDevice({ ...device, id: 'a/b' })).toThrow(/device id "a\/b"/);
  expect(() => registry.putDevice({ ...device, heartbeatMs: 0 })).toThrow(/heartbeatMs/);
  const nowhere = { ...place, position: { lat: Number.NaN, lon: 105 } };
  expect(() => registry.write({ devices: [device], places: [nowhere] })).toThrow(/not on Earth/);
  expect(registry.device('fd-1')).toBeUndefined();
});

test('presence counts messages and refusals, keeps the newest time and is forgotten with the device', () => {
  const registry = start();
  registry.putDevice(device);
  expect(registry.presence('fd-1')).toBeUndefined();
  expect(registry.notePresence('fd-1', 2_000, false)).toBe(true);
  expect(registry.notePresence('fd-1', 1_000, true)).toBe(false);
  const seen = registry.presence('fd-1');
  registry.notePresence('fd-1', 3_000, false);
  expect(seen).toEqual({ lastAt: 2_000, messages: 2, refused: 1 });
  expect(registry.presence('fd-1')).toEqual({ lastAt: 3_000, messages: 3, refused: 1 });
  registry.removeDevice('fd-1');
  expect(registry.device('fd-1')).toBeUndefined();
  expect(registry.presence('fd-1')).toBeUndefined();
});

test('the nearest come first with their distance, however far they are', () => {
  const registry = start();
  registry.putFacility(station);
  registry.putFacility({ ...station, id: 'ST-2', position: { lat: 21.0364, lon: 105.8491 } });
  registry.putFacility({ ...station, id: 'ST-3', name: 'Đà Nẵng', position: { lat: 16.0678, lon: 108.2208 } });
  const found = registry.nearest('fireStation', { lat: 21.0364, lon: 105.8491 }, 3);
  expect(found.map(({ facility }) => facility.id)).toEqual(['ST-2', 'ST-1', 'ST-3']);
  expect(found[0]?.distanceMeters).toBe(0);
  // One hundredth of a degree of latitude.
  expect(found[1]?.distanceMeters).toBeCloseTo(1_112, 0);
  expect(registry.nearest('fireStation', { lat: 21, lon: 105.8 }, 1)).toHaveLength(1);
  expect(registry.nearest('water', { lat: 21, lon: 105.8 }, 5)).toEqual([]);
});

test('a lake is as near as its shore', () => {
  const registry = start();
  const outline: Facility['outline'] = [
    [105.81, 21.05],
    [105.83, 21.05],
    [105.83, 21.07],
    [105.81, 21.05],
  ];
  registry.putFacility({
    ...station,
    id: 'lake',
    kind: 'water',
    name: 'Hồ Tây',
    position: { lat: 21.06, lon: 105.82 },
    outline,
  });
  const [nearest] = registry.nearest('water', { lat: 21.05, lon: 105.8301 }, 3);
  expect(nearest?.facility.id).toBe('lake');
  expect(nearest?.distanceMeters).toBeCloseTo(10.4, 1);
});

test('places near a point are found in the order of distance, and a moved one where it is now', () => {
  const registry = start();
  registry.putPlace(place);
  registry.putPlace({ ...place, id: 'far', position: { lat: 21.035, lon: 105.8525 } });
  expect(registry.placesNear({ lat: 21.0341, lon: 105.8525 }, 120).map(({ id }) => id)).toEqual([place.id, 'far']);
  registry.putPlace({ ...place, id: 'far', position: { lat: 21.1, lon: 105.8525 } });
  expect(registry.placesNear({ lat: 21.0341, lon: 105.8525 }, 120).map(({ id }) => id)).toEqual([place.id]);
});

test('a ward holds what lies inside it and not what lies in its hole', () => {
  const registry = start();
  const rings = [square(105_000_000, 21_000_000, 100_000), square(105_040_000, 21_040_000, 20_000)];
  registry.write({ wards: [{ code: '00070', name: 'Phường Hoàn Kiếm', kind: 'phường', rings }] });
  expect(registry.wardAt({ lat: 21.02, lon: 105.02 })?.code).toBe('00070');
  expect(registry.wardAt({ lat: 21.05, lon: 105.05 })).toBeUndefined();
  expect(registry.wardAt({ lat: 21.2, lon: 105.02 })).toBeUndefined();
  expect(registry.ward('00070')).toEqual({ code: '00070', name: 'Phường Hoàn Kiếm', kind: 'phường' });
});

test('a place without a ward gets the one it lies in, whichever was put first', () => {
  const registry = start();
  registry.putPlace({ id: 'p', name: 'n', address: 'a', position: { lat: 21.02, lon: 105.02 } });
  expect(registry.place('p')?.wardCode).toBeUndefined();
  const rings = [square(105_000_000, 21_000_000, 100_000)];
  registry.write({ wards: [{ code: '00070', name: 'Phường Hoàn Kiếm', kind: 'phường', rings }] });
  expect(registry.place('p')?.wardCode).toBe('00070');
  expect([...registry.places()][0]?.wardCode).toBe('00070');
});

test('listeners hear of each change until they stop listening', () => {
  const registry = start();
  const heard: RegistryChange[] = [];
  const stop = registry.onChange((change) => heard.push(change));
  registry.putLot(lot);
  stop();
  registry.putLot({ ...lot, capacity: 1 });
  expect(heard).toEqual([{ kind: 'written', changes: { lots: [lot] } }]);
});

test('a change by another process is noticed without being asked for', async () => {
  const path = newPath();
  const hub = start(path, 5);
  const other = start(path);
  const heard: string[] = [];
  hub.onChange((change) => heard.push(change.kind));
  other.putPlace(place);
  await until('the hub knows the place', () => hub.place(place.id));
  expect(hub.place(place.id)).toEqual(place);
  expect(heard).toEqual(['reloaded']);
});

test('what the hub writes while it reloads is not lost', async () => {
  const path = newPath();
  const hub = start(path);
  const other = start(path);
  other.putPlace(place);
  other.putDevice({ ...device, id: 'theirs' });
  const reloading = hub.reload();
  hub.putDevice(device);
  hub.putLot(lot);
  await reloading;
  expect([...hub.devices()].map(({ id }) => id).sort()).toEqual(['fd-1', 'theirs']);
  expect(hub.lot('L1')).toEqual(lot);
  expect(hub.place(place.id)).toEqual(place);
});

test('when two processes write the same kind by turns, each ends up with both', async () => {
  const path = newPath();
  const [one, two] = [start(path, 5), start(path, 5)];
  for (let round = 0; round < 10; round++) {
    one.putDevice({ ...device, id: `one-${round}` });
    two.putDevice({ ...device, id: `two-${round}` });
  }
  for (const registry of [one, two]) {
    await until('all twenty devices', () => [...registry.devices()].length === 20);
  }
  expect(one.device('two-9')).toEqual(two.device('two-9'));
});

test('closing twice, and while a reload runs, is harmless', async () => {
  const path = newPath();
  const registry = start(path);
  registry.putPlace(place);
  const reloading = registry.reload();
  registry.close();
  registry.close();
  await reloading;
  expect(registry.place(place.id)).toEqual(place);
});
