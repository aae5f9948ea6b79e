/**
 * Which properties of a feature become which field. For your own files, use any of these names.
 *
 * - every kind: id from `id`, `place_id`, `placeId`, `lot_id`, `lotId`, `station_id`, `ref`, `@id` or the feature's own
 *   `id` (`node/12` of OpenStreetMap becomes `osm-node-12`); without one, a hash of name and position, which stays the
 *   same as long as these do. Name from `name`, `name:vi`, `ten`, `name:en`.
 * - places: `addr:housenumber` + `addr:street`, or `address`, `dia_chi`; ward from `ward_code`, `wardCode`, `ward.code`;
 *   use from `use`, `amenity`, `building`, `shop`; what else is read of a place: see `geojson-place.ts`. A feature without a house number and street, address or id of its own
 *   kind (`place_id`) is no addressable place and is ignored.
 * - wards: `code`, `ward_code`; `fullName`, `name`; polygons only.
 * - water: `state` is working, broken, dry or blocked.
 * - stations and water: position approximate when the feature's or the collection's `approximate` says so, or the
 *   collection's `note` speaks of approximate positions; water keeps its shore for nearness.
 * - lots: `address`; capacity from `capacity`, `suc_chua` or the number in `capacityText` ("Khoảng 700 xe ô tô con");
 *   `tariff`. A feature with another `amenity` than parking is ignored. A name that several lots of the file share
 *   (BÃI ĐỖ XE MIỄN PHÍ) tells nothing: the address is taken.
 */
import { createHash } from 'node:crypto';
import { siteFault, siteOf } from './geojson-place.ts';
import { type Properties, words } from './geojson-properties.ts';
import { outlineOf, pointOf, ringsOf } from './geojson-shape.ts';
import type { Feature } from './import-geojson.ts';
import type { IdRule } from './place-id.ts';
import { type Facility, type Lot, type Place, type Position, waterStates } from './records.ts';
import { optional } from './row.ts';
import type { WardArea } from './tables.ts';

/** Names that stand in a file more than once; whether the file says that its positions are approximate. */
type Context = { readonly sharedNames: ReadonlySet<string>; readonly approximate: boolean };
type Result<R> = 'ignored' | { readonly fault: string } | { readonly id: string; readonly record: R };

/** How a kind reads its features. */
export type Mapping<R> = {
  /** Follows the number of ignored features in a note. */
  readonly ignoredNote: string;
  /** The kind's own rule, when the common one does not count. */
  readonly idRule?: string;
  isId(id: string, common: IdRule): boolean;
  prepare(all: readonly Properties[], approximate: boolean): Context;
  read(feature: Feature, context: Context): Result<R>;
};

export const mappings: {
  readonly places: Mapping<Place>;
  readonly wards: Mapping<WardArea>;
  readonly stations: Mapping<Facility>;
  readonly water: Mapping<Facility>;
  readonly lots: Mapping<Lot>;
} = {
  places: {
    ignoredNote: 'features have no house number and street, so they are no places',
    isId: (id, common) => common.test(id),
    prepare,
    read: readPlace,
  },
  wards: {
    ignoredNote: 'features are no wards',
    idRule: '5 digits',
    isId: (id) => /^\d{5}$/.test(id),
    prepare,
    read: readWard,
  },
  stations: {
    ignoredNote: 'features are no stations',
    isId: (id, common) => common.test(id),
    prepare,
    read: (feature, context) => readFacility(feature, 'fireStation', context),
  },
  water: {
    ignoredNote: 'features are no water',
    isId: (id, common) => common.test(id),
    prepare,
    read: (feature, context) => readFacility(feature, 'water', context),
  },
  lots: {
    ignoredNote: 'features are no lots',
    isId: (id, common) => common.test(id),
    prepare,
    read: readLot,
  },
};

function readPlace(feature: Feature): Result<Place> {
  const { properties } = feature;
  const fault = siteFault(properties);
  if (fault !== undefined) return { fault };
  const street = words(properties, 'addr:street', 'addr:place');
  const house = words(properties, 'addr:housenumber');
  const ownId = words(properties, 'place_id', 'placeId');
  const address = words(properties, 'address', 'dia_chi') ?? (house && street ? `${house} ${street}` : undefined);
  if (address === undefined && ownId === undefined) return 'ignored';
  const position = pointOf(feature.geometry);
  const name = nameOf(properties) ?? address ?? '';
  const id = idOf(feature, name, position);
  const { access, hazards, contacts, aliases } = siteOf(properties, name);
  const record: Place = {
    id,
    name,
    address: address ?? name,
    ...optional('wardCode', wardCodeOf(properties)),
    position,
    ...optional('use', words(properties, 'use', 'amenity', 'shop', 'building')),
    ...optional('access', access),
    ...optional('hazards', hazards),
    ...optional('contacts', contacts),
    ...optional('aliases', aliases),
  };
  return { id, record };
}

function readWard({ properties, geometry, id }: Feature): Result<WardArea> {
  const rings = ringsOf(geometry);
  if (rings === undefined) return { fault: 'a ward needs a Polygon or MultiPolygon' };
  const code = words(properties, 'code', 'ward_code', 'wardCode', 'ma_xa') ?? id ?? '';
  const name = words(properties, 'fullName', 'full_name', 'name', 'ten');
  if (name === undefined) return { fault: 'a ward needs a name' };
  return {
    id: code,
    record: { code, name, kind: /^(phường|xã|đặc khu|thị trấn)/i.exec(name)?.[0].toLowerCase() ?? 'ward', rings },
  };
}

function readFacility(feature: Feature, kind: Facility['kind'], context: Context): Result<Facility> {
  const amenity = words(feature.properties, 'amenity', 'highway');
  if (amenity !== undefined && amenity !== 'fire_station') return 'ignored';
  const position = pointOf(feature.geometry);
  const name = nameOf(feature.properties) ?? words(feature.properties, 'ref', 'emergency', 'address') ?? kind;
  const id = idOf(feature, name, position);
  const approximate =
    context.approximate || /^(true|yes|1|approx.*)$/i.test(words(feature.properties, 'approximate', 'accuracy') ?? '');
  const outline = kind === 'water' ? outlineOf(feature.geometry) : undefined;
  const stated = kind === 'water' ? words(feature.properties, 'state', 'tinh_trang') : undefined;
  const state = waterStates.find((word) => word === stated);
  if (stated !== undefined && state === undefined) {
    return { fault: `state "${stated}" is not one of ${waterStates.join(', ')}` };
  }
  return {
    id,
    record: { id, kind, name, position, approximate, ...optional('state', state), ...optional('outline', outline) },
  };
}

function readLot(feature: Feature, { sharedNames }: Context): Result<Lot> {
  const { properties } = feature;
  if ((words(properties, 'amenity', 'highway') ?? 'parking') !== 'parking') return 'ignored';
  const position = pointOf(feature.geometry);
  const address = words(properties, 'address', 'dia_chi', 'addr:street');
  const ownName = nameOf(properties);
  const name =
    (ownName !== undefined && sharedNames.has(ownName) ? address : undefined) ?? ownName ?? address ?? 'Parking';
  const id = idOf(feature, name, position);
  const stated = words(properties, 'capacity', 'suc_chua');
  const capacity = stated === undefined ? capacityIn(words(properties, 'capacityText') ?? '') : Number(stated);
  if (capacity !== undefined && !(Number.isInteger(capacity) && capacity >= 0 && capacity <= 100_000)) {
    return { fault: `capacity "${stated}" is not a whole number from 0 to 100,000` };
  }
  const record: Lot = {
    id,
    name,
    ...optional('address', address),
    ...optional('wardCode', wardCodeOf(properties)),
    position,
    ...optional('capacity', capacity),
    ...optional('tariff', words(properties, 'tariff')),
  };
  return { id, record };
}

/** The number of vehicles in a sentence: `Khoảng 1.200 xe ô tô con` is 1200; `xe 45 chỗ` alone says nothing. */
export function capacityIn(text: string): number | undefined {
  const match = /(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:xe|ô tô|chỗ đỗ|vị trí|vehicles?|cars?|spaces?|lots?)/i.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1].replace(/[.,]/g, ''));
}

/** An id that stays the same as long as name and position do. */
export function hashId(name: string, { lat, lon }: Position): string {
  const text = `${name.normalize('NFC')}|${lat.toFixed(6)}|${lon.toFixed(6)}`;
  return `h${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function idOf(feature: Feature, name: string, position: Position): string {
  const keys = ['id', 'place_id', 'placeId', 'lot_id', 'lotId', 'station_id', '@id'];
  const id = words(feature.properties, ...keys) ?? feature.id ?? words(feature.properties, 'ref');
  // A slash would split REST paths.
  return id?.replace(/^(node|way|relation)\/(\d+)$/, 'osm-$1-$2') ?? hashId(name, position);
}

function prepare(all: readonly Properties[], approximate: boolean): Context {
  const seen = new Set<string>();
  const sharedNames = new Set<string>();
  for (const properties of all) {
    const name = nameOf(properties);
    if (name === undefined) continue;
    if (seen.has(name)) sharedNames.add(name);
    seen.add(name);
  }
  return { sharedNames, approximate };
}

function nameOf(properties: Properties): string | undefined {
  return words(properties, 'name', 'name:vi', 'ten', 'name:en');
}

function wardCodeOf(properties: Properties): string | undefined {
  const nested = properties.ward;
  const code =
    words(properties, 'ward_code', 'wardCode', 'ma_phuong') ??
    (typeof nested === 'object' && nested !== null && 'code' in nested ? String(nested.code) : undefined);
  return code !== undefined && /^\d{5}$/.test(code) ? code : undefined;
}
