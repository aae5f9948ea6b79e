/** Places by house-number ID, by words and by nearness; wards. Contacts are household data: for the fire service. */
import { Type } from 'typebox';
import { may, type Principal } from '../access/policy.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import { pageByKey, pageOf, pageQuery } from '../page.ts';
import type { RegistryReader } from '../ports.ts';
import type { Place, Position } from '../registry/records.ts';

const PositionSchema = Type.Object({ lat: Type.Number(), lon: Type.Number() });

const PlaceSchema = Type.Object({
  id: Type.String({ description: 'house-number ID' }),
  name: Type.String(),
  address: Type.String(),
  wardCode: Type.Union([Type.String(), Type.Null()]),
  wardName: Type.Union([Type.String(), Type.Null()]),
  lat: Type.Number(),
  lon: Type.Number(),
  use: Type.Union([Type.String(), Type.Null()]),
  distanceMeters: Type.Optional(Type.Number({ description: 'from `near`' })),
  access: Type.Optional(
    Type.Object({
      truckPoint: Type.Optional(PositionSchema),
      footMeters: Type.Optional(Type.Number()),
      alleyWidthMeters: Type.Optional(Type.Number()),
    }),
  ),
  contacts: Type.Optional(Type.Array(Type.Object({ name: Type.String(), phone: Type.String() }))),
});

const WardSchema = Type.Object({ code: Type.String(), name: Type.String(), kind: Type.String() });

const PlacesQuery = Type.Object({
  q: Type.Optional(
    Type.String({ maxLength: 100, description: 'words of the name, address or ID; accents may be left out' }),
  ),
  ward: Type.Optional(Type.String({ pattern: '^[0-9]{5}$', description: 'ward code, 5 digits' })),
  near: Type.Optional(
    Type.String({ pattern: '^-?[0-9.]{1,12},-?[0-9.]{1,12}$', description: '`lat,lon`, nearest first' }),
  ),
  radius: Type.Optional(Type.Number({ minimum: 1, maximum: 5_000, default: 500, description: 'metres around `near`' })),
  ...pageQuery(),
});

/** `/api/v1/places`, `/api/v1/places/:id`, `/api/v1/wards`. */
export function placeRoutes(api: Api, registry: RegistryReader): void {
  api.get(
    '/api/v1/places',
    {
      config: { action: 'places.read' },
      schema: {
        tags: ['places'],
        summary: 'Addressable houses and buildings',
        querystring: PlacesQuery,
        response: { 200: pageOf(PlaceSchema) },
      },
    },
    async ({ query, principal }) => {
      const found = findPlaces(registry, query);
      const page = pageByKey(found, (entry) => entry.key, query);
      const items = page.items.map((entry) => placeView(entry.place, registry, principal, entry.distanceMeters));
      return { items, next: page.next };
    },
  );
  api.get(
    '/api/v1/places/:id',
    {
      config: { action: 'places.read' },
      schema: {
        tags: ['places'],
        summary: 'One place by its house-number ID',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 200: PlaceSchema },
      },
    },
    async ({ params, principal }) => {
      const place = registry.place(params.id);
      if (place === undefined) throw new HubError('notFound', `there is no place "${params.id}"`);
      return placeView(place, registry, principal);
    },
  );
  api.get(
    '/api/v1/wards',
    {
      config: { action: 'anonymous' },
      schema: { tags: ['places'], summary: 'All wards and communes', response: { 200: pageOf(WardSchema) } },
    },
    async () => ({ items: [...registry.wards()].sort((a, b) => compare(a.code, b.code)), next: null }),
  );
}

type Found = { readonly key: string; readonly place: Place; readonly distanceMeters?: number };
type Filter = { readonly q?: string; readonly ward?: string; readonly near?: string; readonly radius?: number };

function findPlaces(registry: RegistryReader, filter: Filter): readonly Found[] {
  const words = plainText(filter.q ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const matches = (place: Place): boolean => {
    if (filter.ward !== undefined && place.wardCode !== filter.ward) return false;
    if (words.length === 0) return true;
    const text = plainText(`${place.id} ${place.name} ${place.address}`);
    return words.every((word) => text.includes(word));
  };
  if (filter.near !== undefined)
    return nearestFirst(registry, readPosition(filter.near), filter.radius ?? 500, matches);
  return [...registry.places()]
    .filter(matches)
    .map((place) => ({ key: place.id, place }))
    .sort((a, b) => compare(a.key, b.key));
}

function nearestFirst(
  registry: RegistryReader,
  center: Position,
  radiusMeters: number,
  matches: (place: Place) => boolean,
): readonly Found[] {
  return registry
    .placesNear(center, radiusMeters)
    .filter(matches)
    .map((place) => {
      const distanceMeters = Math.round(distanceBetween(center, place.position) * 10) / 10;
      // Padded so that the order of the keys is the order of the distances.
      return { key: `${distanceMeters.toFixed(1).padStart(8, '0')} ${place.id}`, place, distanceMeters };
    })
    .sort((a, b) => compare(a.key, b.key));
}

/** @throws HubError `invalid` when it is not a position on earth. */
function readPosition(near: string): Position {
  const [lat, lon] = near.split(',').map(Number);
  if (lat === undefined || lon === undefined || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) {
    throw new HubError('invalid', 'near must be lat,lon in degrees, e.g. 21.0285,105.8542');
  }
  return { lat, lon };
}

/** Metres on a sphere (haversine); good to 0.5 % within a city. */
function distanceBetween(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const dLat = radians(b.lat - a.lat);
  const dLon = radians(b.lon - a.lon);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

/** Lower case without Vietnamese marks: people type `hang bac` for `Hàng Bạc`. */
function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/g, ' ').trim();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeView(place: Place, registry: RegistryReader, viewer: Principal, distanceMeters?: number) {
  const ward = place.wardCode === undefined ? undefined : registry.ward(place.wardCode);
  const contacts = may(viewer, 'people.read') ? place.contacts : undefined;
  return {
    id: place.id,
    name: place.name,
    address: place.address,
    wardCode: place.wardCode ?? null,
    wardName: ward?.name ?? null,
    lat: place.position.lat,
    lon: place.position.lon,
    use: place.use ?? null,
    ...(distanceMeters === undefined ? {} : { distanceMeters }),
    ...(place.access === undefined ? {} : { access: { ...place.access } }),
    ...(contacts === undefined ? {} : { contacts: [...contacts] }),
  };
}
