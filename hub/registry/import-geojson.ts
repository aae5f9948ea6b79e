/** GeoJSON into places, wards, stations, water and lots. Pure: text in, records and refusals out. */
import validation from 'geojson-validation';
import { HubError } from '../errors.ts';
import { type Mapping, mappings } from './geojson-mapping.ts';
import { shapeFault } from './geojson-shape.ts';
import { type ImportKind, type Parsed, Refusals } from './import-summary.ts';
import { type IdRule, localIdRule } from './place-id.ts';
import type { Facility, Lot, Place } from './records.ts';
import type { WardArea } from './tables.ts';

export type GeoJsonKind = Extract<ImportKind, 'places' | 'wards' | 'stations' | 'water' | 'lots'>;

/** The records of each kind. */
export type GeoJsonRecords =
  | ({ readonly kind: 'places' } & Parsed<Place>)
  | ({ readonly kind: 'wards' } & Parsed<WardArea>)
  | ({ readonly kind: 'stations' | 'water' } & Parsed<Facility>)
  | ({ readonly kind: 'lots' } & Parsed<Lot>);

/** A feature as far as the library has checked it. */
export type Feature = {
  readonly id: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: Readonly<Record<string, unknown>>;
};

export type GeoJsonOptions = {
  /** Guessed from the properties when absent; see `guessGeoJsonKind`. */
  readonly kind?: GeoJsonKind;
  /** What a place's id must look like. */
  readonly placeIdRule: IdRule;
};

/**
 * Reads a FeatureCollection. Each feature is checked with geojson-validation, then for finite longitude and latitude in
 * range, closed rings and at most 50,000 vertices. A wrong one is refused with its index and the reason; whether the
 * others go in is the caller's choice. Which properties are read: see `mappings`.
 *
 * @throws HubError `invalid` when the text is no GeoJSON FeatureCollection or its kind cannot be told.
 */
export function parseGeoJson(text: string, options: GeoJsonOptions): GeoJsonRecords {
  const collection = collectionOf(text);
  const { features } = collection;
  const kind = options.kind ?? guessGeoJsonKind(features);
  switch (kind) {
    case 'places':
      return { kind, ...readFeatures(collection, mappings.places, options.placeIdRule) };
    case 'wards':
      return { kind, ...readFeatures(collection, mappings.wards, localIdRule) };
    case 'stations':
      return { kind, ...readFeatures(collection, mappings.stations, localIdRule) };
    case 'water':
      return { kind, ...readFeatures(collection, mappings.water, localIdRule) };
    case 'lots':
      return { kind, ...readFeatures(collection, mappings.lots, localIdRule) };
  }
}

type Collection = { readonly features: readonly unknown[]; readonly approximate: boolean };

function collectionOf(text: string): Collection {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    throw new HubError('invalid', `the file is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!isObject(value) || value.type !== 'FeatureCollection' || !Array.isArray(value.features)) {
    throw new HubError('invalid', 'the file is not a GeoJSON FeatureCollection ("type" and "features" are needed)');
  }
  const approximate = value.approximate === true || /approximate/i.test(String(value.note ?? ''));
  return { features: value.features, approximate };
}

function readFeatures<R>({ features, approximate }: Collection, mapping: Mapping<R>, idRule: IdRule): Parsed<R> {
  const refusals = new Refusals();
  const records = new Map<string, R>();
  const context = mapping.prepare(
    features.flatMap((feature) => (isObject(feature) ? [propertiesOf(feature)] : [])),
    approximate,
  );
  const distinct = distinctIds();
  let ignored = 0;
  for (const [index, value] of features.entries()) {
    const checked = checkFeature(value);
    if (typeof checked === 'string') {
      refusals.add({ index, reason: checked });
      continue;
    }
    const result = mapping.read(distinct.of(index, checked), context);
    if (result === 'ignored') ignored++;
    else if ('fault' in result) refusals.add({ index, reason: result.fault });
    else if (!mapping.isId(result.id, idRule)) {
      refusals.add({ index, reason: `id "${result.id}" must be ${mapping.idRule ?? idRule}` });
    } else if (records.has(result.id)) {
      refusals.add({ index, reason: `id "${result.id}" stands in the file twice` });
    } else records.set(result.id, result.record);
  }
  const notes = ignored > 0 ? [`${ignored} ${mapping.ignoredNote}`] : [];
  notes.push(...distinct.notes());
  return { records: [...records.values()], read: features.length, refusals, ignored, notes };
}

/**
 * Feature ids are often row numbers, and some files give one twice: the later features get `-2`, `-3` and a note.
 * An id that stands in the properties is somebody's own and is refused when it repeats.
 */
function distinctIds() {
  const counts = new Map<string, number>();
  const repeats: string[] = [];
  return {
    of(index: number, feature: Feature): Feature {
      if (feature.id === undefined) return feature;
      const count = (counts.get(feature.id) ?? 0) + 1;
      counts.set(feature.id, count);
      if (count === 1 || feature.id.includes('/')) return feature;
      const id = `${feature.id}-${count}`;
      repeats.push(`feature ${index} as ${id}`);
      return { ...feature, id };
    },
    notes: (): readonly string[] =>
      repeats.length === 0
        ? []
        : [
            `${repeats.length} features repeat an id and go in with one of their own: ${repeats.slice(0, 10).join(', ')}`,
          ],
  };
}

/** The feature, or why it is none. */
function checkFeature(value: unknown): Feature | string {
  if (!isObject(value)) return 'a feature must be an object';
  const fault = libraryFault(value);
  if (fault !== undefined) return fault;
  const { geometry } = value;
  if (!isObject(geometry)) return 'a geometry is needed';
  const id = typeof value.id === 'string' || typeof value.id === 'number' ? String(value.id) : undefined;
  return shapeFault(geometry) ?? { id, properties: propertiesOf(value), geometry };
}

/** The library's first complaint. It throws on a ring without positions, which is a complaint as well. */
function libraryFault(value: Readonly<Record<string, unknown>>): string | undefined {
  if (value.type !== 'Feature') return '"type" must be "Feature"';
  try {
    const [first] = validation.valid(value, true);
    return first;
  } catch {
    return 'the geometry is malformed, e.g. a ring without positions';
  }
}

/**
 * Tells the kind of a file from what most of its features look like: a property `kind` that names one (`water`,
 * `fireStation`, `place`, `ward`, `lot`) decides; else polygons with a 5-digit code are wards;
 * `amenity=parking`, `capacity` or `capacityText` lots; `amenity=fire_station` or a fire service's name stations;
 * `natural=water`, `waterway` or hydrants water; a house number, an address or a place id places.
 *
 * @throws HubError `invalid` when nothing fits.
 */
export function guessGeoJsonKind(features: readonly unknown[]): GeoJsonKind {
  const votes = new Map<GeoJsonKind, number>();
  for (const feature of features.slice(0, 2_000)) {
    const kind = isObject(feature) ? kindOf(feature) : undefined;
    if (kind !== undefined) votes.set(kind, (votes.get(kind) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  if (best === undefined) {
    throw new HubError(
      'invalid',
      'cannot tell what this GeoJSON holds; say it with --kind places, wards, stations, water or lots',
    );
  }
  return best[0];
}

const kindWords: readonly { readonly word: RegExp; readonly kind: GeoJsonKind }[] = [
  { word: /^places?$/, kind: 'places' },
  { word: /^wards?$/, kind: 'wards' },
  { word: /^(fireStation|fire_station|stations?)$/, kind: 'stations' },
  { word: /^(water|hydrant)$/, kind: 'water' },
  { word: /^(lots?|parking)$/, kind: 'lots' },
];

const fireService = /pccc|cứu hỏa|cứu hoả|phòng cháy|chữa cháy|fire (station|service|brigade)/i;

function kindOf(feature: Readonly<Record<string, unknown>>): GeoJsonKind | undefined {
  const properties = propertiesOf(feature);
  const { geometry } = feature;
  const named = kindWords.find(({ word }) => word.test(String(properties.kind ?? '')));
  if (named !== undefined) return named.kind;
  const has = (...keys: string[]): boolean => keys.some((key) => (properties[key] ?? '') !== '');
  const isArea = isObject(geometry) && /^(Multi)?Polygon$/.test(String(geometry.type));
  const code = String(properties.code ?? properties.ward_code ?? properties.wardCode ?? '');
  if (isArea && /^\d{5}$/.test(code)) return 'wards';
  if (
    properties.amenity === 'parking' ||
    has('capacity', 'suc_chua', 'lot_id', 'lotId') ||
    'capacityText' in properties
  ) {
    return 'lots';
  }
  if (properties.amenity === 'fire_station' || fireService.test(String(properties.name ?? ''))) return 'stations';
  const hydrants = ['fire_hydrant', 'water_tank', 'suction_point', 'fire_water_pond'];
  if (hydrants.includes(String(properties.emergency)) || properties.natural === 'water' || has('waterway', 'water')) {
    return 'water';
  }
  return has('addr:housenumber', 'address', 'dia_chi', 'place_id', 'placeId') ? 'places' : undefined;
}

function propertiesOf(feature: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return isObject(feature.properties) ? feature.properties : {};
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
