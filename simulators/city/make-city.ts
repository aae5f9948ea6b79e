/** Writes wards, places, lots, stations, water, devices and vehicles from the hand-drawn tables: `node simulators/city/make-city.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { between, inRing, moved, type Point, rounded } from '../geo.ts';
import { type Random, randomStream } from '../random.ts';
import { lakes, lotDrawings, stations } from './facility-table.ts';
import { fireDevices, type MadeDevice, parkingDevices, vehiclesOf } from './make-devices.ts';
import { buildGtfs } from './make-gtfs.ts';
import { siteOf } from './make-site.ts';
import { type Street, streets, type Use } from './street-table.ts';
import { wards } from './ward-table.ts';

/** Everything invented is drawn from this seed: the files are the same wherever they are made. */
const citySeed = 2025;

/** A house of the simulated city. */
export type MadePlace = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly wardCode: string | undefined;
  readonly position: Point;
  readonly use: Use;
  readonly street: string;
  readonly access: { readonly truckPoint?: Point; readonly footMeters: number; readonly alleyWidthMeters?: number };
  readonly contacts: readonly { readonly name: string; readonly phone: string; readonly role: string }[];
};

/** The shipped files by name. */
export function buildCity(): ReadonlyMap<string, string> {
  const places = makePlaces();
  const lots = lotDrawings.map((drawing, index) => ({ id: lotId(index), drawing }));
  const vehicles = vehiclesOf(buildGtfs(), citySeed);
  const devices: MadeDevice[] = [
    ...fireDevices(places, citySeed),
    ...vehicles.map((vehicle) => vehicle.device),
    ...parkingDevices(lots),
  ];
  return new Map([
    ['wards.geojson', collection(wardFeatures())],
    ['places.geojson', collection(places.map(placeFeature))],
    ['lots.geojson', collection(lots.map(({ id, drawing }) => lotFeature(id, drawing)))],
    ['stations.geojson', collection(stations.map(stationFeature))],
    ['water.geojson', collection(waterFeatures())],
    ['devices.csv', deviceTable(devices)],
    [
      'vehicles.csv',
      csv(
        'id,plate,route_id,synthetic',
        vehicles.map((vehicle) => vehicle.row),
      ),
    ],
  ]);
}

const lotId = (index: number): string => `lot-${String(index + 1).padStart(2, '0')}`;

function makePlaces(): readonly MadePlace[] {
  const random = randomStream(citySeed, 'places');
  const ids = new Set<string>();
  return streets.flatMap((street) => {
    let number = street.firstNumber;
    return Array.from({ length: street.houses }, (_, index) => {
      const place = makePlace(street, index, number, freshId(ids, random), random);
      // House numbers rise by two on a side, and some doors are missing.
      number += random.chance(0.25) ? 4 : 2;
      return place;
    });
  });
}

function makePlace(street: Street, index: number, number: number, id: string, random: Random): MadePlace {
  const [from, to] = [street.from, street.to].map(([lat, lon]) => ({ lat, lon }));
  const along =
    from && to ? between(from, to, street.houses === 1 ? 0 : index / (street.houses - 1)) : { lat: 0, lon: 0 };
  const position = rounded(moved(along, random.between(-6, 6), random.between(-6, 6)));
  const use = street.uses[index % street.uses.length] ?? 'tube-house';
  const address = street.name.startsWith('chợ') ? `Dãy ${number} ${street.name}` : `${number} ${street.name}`;
  const truck =
    street.alley === undefined ? undefined : { lat: street.alley.truckPoint[0], lon: street.alley.truckPoint[1] };
  return {
    id,
    name: `${useNames[use]} ${address}`,
    address,
    wardCode: wards.find((ward) => inRing(position, ward.ring))?.code,
    position,
    use,
    street: street.name,
    access: street.alley
      ? { ...(truck ? { truckPoint: truck } : {}), footMeters: 15 + index * 5, alleyWidthMeters: street.alley.widthM }
      : { footMeters: 5 },
    contacts: contactsOf(use, random),
  };
}

const useNames: Readonly<Record<Use, string>> = {
  'mini-apartment': 'Chung cư mini',
  shophouse: 'Nhà ở kết hợp kinh doanh',
  'tube-house': 'Nhà ống',
  school: 'Trường học',
  market: 'Khu hàng',
  karaoke: 'Karaoke',
  factory: 'Xưởng sản xuất',
  office: 'Văn phòng',
  hotel: 'Khách sạn',
};

/** Twelve digits like a house-number ID, starting with 99, which no real one is known to do. */
function freshId(taken: Set<string>, random: Random): string {
  for (;;) {
    const id = `99${String(random.whole(0, 9_999_999_999)).padStart(10, '0')}`;
    if (!taken.has(id)) {
      taken.add(id);
      return id;
    }
  }
}

/** Fictional people: no subscriber has a number in 0900 000 xxx. */
function contactsOf(use: Use, random: Random): MadePlace['contacts'] {
  const people =
    use === 'tube-house' || use === 'shophouse'
      ? [{ word: 'Chủ nhà', role: 'owner' }]
      : [
          { word: 'Quản lý', role: 'manager' },
          { word: 'Bảo vệ', role: 'guard' },
        ];
  return people.map(({ word, role }) => ({
    name: `${word}: ${random.pick(familyNames)} ${random.pick(givenNames)}`,
    phone: `0900 000 ${String(random.whole(0, 999)).padStart(3, '0')}`,
    role,
  }));
}
const familyNames = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Ngô'];
const givenNames = [
  'An',
  'Bình',
  'Châu',
  'Dũng',
  'Hà',
  'Hạnh',
  'Khánh',
  'Lan',
  'Minh',
  'Nga',
  'Phúc',
  'Quang',
  'Thảo',
  'Tuấn',
  'Vân',
];

type Feature = {
  readonly type: 'Feature';
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: 'Point' | 'Polygon'; readonly coordinates: unknown };
};

function wardFeatures(): Feature[] {
  return wards.map(({ code, name, ring }) => ({
    type: 'Feature',
    properties: { code, name, fullName: `Phường ${name}`, approximate: true, synthetic: true },
    geometry: { type: 'Polygon', coordinates: [counterClockwise([...ring])] },
  }));
}

/** RFC 7946 §3.1.6: the exterior ring is closed and runs counter-clockwise. */
function counterClockwise(ring: (readonly [number, number])[]): (readonly [number, number])[] {
  let area = 0;
  ring.forEach(([lon, lat], index) => {
    const [nextLon, nextLat] = ring[(index + 1) % ring.length] ?? [0, 0];
    area += lon * nextLat - nextLon * lat;
  });
  if (area < 0) ring.reverse();
  return [...ring, ...ring.slice(0, 1)];
}

function placeFeature(place: MadePlace): Feature {
  const { truckPoint, ...access } = place.access;
  const { id, name, address, wardCode, use, contacts } = place;
  const truck = truckPoint ? { truckLat: truckPoint.lat, truckLon: truckPoint.lon } : {};
  return point(place.position, {
    id,
    name,
    address,
    wardCode,
    use,
    ...truck,
    ...access,
    contacts,
    ...siteOf(place),
    synthetic: true,
  });
}

function lotFeature(
  id: string,
  [name, address, kind, vehicle, capacity, lat, lon]: (typeof lotDrawings)[number],
): Feature {
  const wardCode = wards.find((ward) => inRing({ lat, lon }, ward.ring))?.code;
  return point(
    { lat, lon },
    {
      id,
      name,
      address,
      wardCode,
      capacity,
      tariff: kind === 'office' && vehicle === 'car' ? 'hanoi-progressive' : 'hanoi',
      kind,
      vehicleClass: vehicle,
      synthetic: true,
    },
  );
}

function stationFeature([name, lat, lon]: (typeof stations)[number], index: number): Feature {
  const id = `station-${index + 1}`;
  return point({ lat, lon }, { id, kind: 'fireStation', name, approximate: true, synthetic: true });
}

/** Lakes, and a hydrant near the ends of the streets that a truck reaches. */
function waterFeatures(): Feature[] {
  const random = randomStream(citySeed, 'water');
  const made: { name: string; at: Point; source: string }[] = lakes.map(([name, lat, lon]) => ({
    name,
    at: { lat, lon },
    source: 'lake',
  }));
  for (const street of streets) {
    for (const [lat, lon] of street.alley ? [street.alley.truckPoint] : [street.from, street.to]) {
      const at = rounded(moved({ lat, lon }, random.between(-40, 40), random.between(-40, 40)));
      made.push({ name: `Trụ nước ${street.name}`, at, source: 'hydrant' });
    }
  }
  return made.map(({ name, at, source }, index) =>
    point(at, {
      ...{ id: `water-${index + 1}`, kind: 'water', source, name, approximate: true, synthetic: true },
      // Of the invented hydrants every sixth does not work; of lakes nothing is claimed.
      ...(source === 'hydrant' ? { state: index % 6 === 0 ? 'broken' : 'working' } : {}),
    }),
  );
}

function point(at: Point, properties: Readonly<Record<string, unknown>>): Feature {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [at.lon, at.lat] } };
}

/** One feature a line: a change shows as one line. */
function collection(features: readonly Feature[]): string {
  const rows = features.map((feature) => JSON.stringify(feature)).join(',\n');
  return `{"type":"FeatureCollection","features":[\n${rows}\n]}\n`;
}

function deviceTable(devices: readonly MadeDevice[]): string {
  const header = 'id,domain,model,name,heartbeat_s,place,lot,vehicle,binding_state,lat,lon,synthetic';
  return csv(
    header,
    devices.map(({ id, domain, model, name, heartbeatS, place, lot, vehicle, bindingState, at }) => [
      ...[
        id,
        domain,
        model,
        name,
        heartbeatS,
        place ?? '',
        lot ?? '',
        vehicle ?? '',
        bindingState,
        at?.lat ?? '',
        at?.lon ?? '',
        'true',
      ],
    ]),
  );
}

/** RFC 4180 quoting where a comma asks for it. */
function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    /[",]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return `${[header, ...rows.map((row) => row.map(cell).join(','))].join('\n')}\n`;
}

if (import.meta.main) {
  for (const [name, text] of buildCity()) writeFileSync(join(import.meta.dirname, name), text);
}
