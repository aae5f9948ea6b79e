/** Places by house-number ID, by what they are or were called, by plate and by nearness; wards. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import type { Principal } from '../access/policy.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import { pageByKey, pageOf, pageQuery } from '../page.ts';
import type { RegistryReader } from '../ports.ts';
import { isValidAt } from '../registry/aliases.ts';
import { dayStart } from '../registry/day.ts';
import { distanceMeters } from '../registry/geometry.ts';
import type { Alias, Place, Position } from '../registry/records.ts';
import { type Folded, type Match, placeMatcher } from './place-search.ts';
import { AliasSchema, aliasView, maySeeAlias, PlaceSchema, placeView } from './place-view.ts';

const WardSchema = Type.Object({
  code: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  aliases: Type.Optional(Type.Array(AliasSchema, { description: 'old wards that it was made of' })),
});
const At = Type.Optional(
  Type.String({ maxLength: 40, description: 'only names that held then: `2025-06-30`, or a time as ISO 8601' }),
);

const PlacesQuery = Type.Object({
  q: Type.Optional(
    Type.String({
      maxLength: 300,
      description: 'words of the name, address or ID, or of any name it has or had; accents may be left out',
    }),
  ),
  ward: Type.Optional(Type.String({ pattern: '^[0-9]{5}$', description: 'ward code, 5 digits' })),
  at: At,
  plate: Type.Optional(Type.String({ maxLength: 300, description: 'the text of a house-number plate, exactly' })),
  near: Type.Optional(
    Type.String({ pattern: '^-?[0-9.]{1,12},-?[0-9.]{1,12}$', description: '`lat,lon`, nearest first' }),
  ),
  radius: Type.Optional(Type.Number({ minimum: 1, maximum: 5_000, default: 500, description: 'metres around `near`' })),
  ...pageQuery(),
});

/** `/api/v1/places`, `/api/v1/places/:id`, `/api/v1/wards`. */
export function placeRoutes(api: Api, registry: RegistryReader, now: () => Millis): void {
  const folded: Folded = new WeakMap();
  api.get(
    '/api/v1/places',
    {
      config: { action: 'places.read' },
      schema: {
        tags: ['places'],
        summary: 'Addressable houses and buildings',
        description:
          'With `q`, those found by their present address come first; `foundBy` says by which other names the rest were found.',
        querystring: PlacesQuery,
        response: { 200: pageOf(PlaceSchema) },
      },
    },
    async ({ query, principal }) => {
      const { at, ...filter } = query;
      const found = await findPlaces(registry, { ...filter, ...readAt(at), folded }, principal, now());
      const page = pageByKey(found, (entry) => entry.key, query);
      const items = page.items.map((entry) =>
        placeView(entry.place, { registry, principal, now: now(), ...readAt(at) }, entry),
      );
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
        querystring: Type.Object({ at: At }),
        response: { 200: PlaceSchema },
      },
    },
    async ({ params, query, principal }) => {
      const place = registry.place(params.id);
      if (place === undefined) throw new HubError('notFound', `there is no place "${params.id}"`);
      return placeView(place, { registry, principal, now: now(), ...readAt(query.at) });
    },
  );
  api.get(
    '/api/v1/wards',
    {
      config: { action: 'anonymous' },
      schema: { tags: ['places'], summary: 'All wards and communes', response: { 200: pageOf(WardSchema) } },
    },
    async () => ({
      items: [...registry.wards()]
        .sort((a, b) => compare(a.code, b.code))
        .map(({ aliases, ...ward }) =>
          aliases === undefined ? ward : { ...ward, aliases: aliases.map((alias) => aliasView(alias, now())) },
        ),
      next: null,
    }),
  );
}

/** How long a search may hold the event loop: no alarm waits longer for it. */
const sliceMs = 5;

type Found = {
  readonly key: string;
  readonly place: Place;
  readonly foundBy: readonly Alias[];
  readonly distanceMeters?: number;
};
type Filter = {
  readonly q?: string;
  readonly plate?: string;
  readonly at?: Millis;
  readonly ward?: string;
  readonly near?: string;
  readonly radius?: number;
  readonly folded: Folded;
};
/** How a place matches the filter; the lower rank, the better, then the fewer loose words. */
type Matches = (place: Place) => Match | undefined;

async function findPlaces(
  registry: RegistryReader,
  filter: Filter,
  viewer: Principal,
  now: Millis,
): Promise<readonly Found[]> {
  const byWords = placeMatcher({
    q: filter.q ?? '',
    folded: filter.folded,
    mayUse: (kind) => maySeeAlias(viewer, kind),
    ...(filter.at === undefined ? {} : { at: filter.at }),
  });
  const matches: Matches = (place) => {
    if (filter.ward !== undefined && place.wardCode !== filter.ward) return undefined;
    const plates = filter.plate === undefined ? [] : platesOf(place, filter.plate, filter.at ?? now);
    if (filter.plate !== undefined && plates.length === 0) return undefined;
    const match = byWords(place, place.wardCode === undefined ? undefined : registry.ward(place.wardCode));
    return match && { ...match, foundBy: [...plates, ...match.foundBy] };
  };
  if (filter.near !== undefined)
    return nearestFirst(registry, readPosition(filter.near), filter.radius ?? 500, matches);
  const found: Found[] = [];
  let sliceEnds = performance.now() + sliceMs;
  for (const place of registry.places()) {
    if (performance.now() > sliceEnds) {
      await nextTurn();
      sliceEnds = performance.now() + sliceMs;
    }
    const match = matches(place);
    if (match === undefined) continue;
    // Without words all are alike.
    const key = filter.q === undefined ? place.id : `${match.rank} ${String(match.loose).padStart(3, '0')} ${place.id}`;
    found.push({ key, place, foundBy: match.foundBy });
  }
  return found.sort((a, b) => compare(a.key, b.key));
}

/** A plate's text is exact, and one that was replaced no longer leads anywhere - unless that time is asked for. */
function platesOf({ aliases = [] }: Place, text: string, at: Millis): readonly Alias[] {
  return aliases.filter((alias) => alias.kind === 'plateQr' && alias.value === text && isValidAt(alias, at));
}

/** @throws HubError `invalid` when it is no day or time. */
function readAt(at: string | undefined): { readonly at?: Millis } {
  if (at === undefined) return {};
  const moment = dayStart(at) ?? (/^\d{4}-\d{2}-\d{2}T/.test(at) ? Date.parse(at) : Number.NaN);
  if (Number.isNaN(moment)) throw new HubError('invalid', 'at must be a day or a time, e.g. 2025-06-30');
  return { at: moment };
}

function nearestFirst(
  registry: RegistryReader,
  center: Position,
  radiusMeters: number,
  matches: Matches,
): readonly Found[] {
  return registry
    .placesNear(center, radiusMeters)
    .flatMap((place) => {
      const match = matches(place);
      if (match === undefined) return [];
      const { foundBy } = match;
      const meters = Math.round(distanceMeters(center, place.position) * 10) / 10;
      // Padded so that the order of the keys is the order of the distances.
      return [{ key: `${meters.toFixed(1).padStart(8, '0')} ${place.id}`, place, foundBy, distanceMeters: meters }];
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
