/** REST of buses and the network: `/api/v1/{vehicles,routes,stops,alerts}`. Open to everyone. */
import { Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import { BoxQuery, isInBox, parseBox } from '../../box.ts';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { pageByKey, pageQuery } from '../../page.ts';
import type { RegistryReader } from '../../ports.ts';
import type { Route, Stop } from '../../registry/records.ts';
import { approaching } from './arrivals.ts';
import { registerFeeds } from './feed-routes.ts';
import { freshForMs, isInScope } from './live.ts';
import { routeIdsOf } from './route-word.ts';
import {
  AlertPage,
  type Arrival,
  ArrivalPage,
  type RouteDetail,
  RouteDetailSchema,
  RoutePage,
  StopPage,
  VehiclePage,
  VehicleSchema,
} from './schemas.ts';
import type { VehicleState } from './vehicle.ts';
import type { VehicleView } from './view.ts';

const config = { action: 'anonymous' } as const;
const tags = ['transit'];
const IdParams = Type.Object({ id: Type.String({ maxLength: 128 }) });

/** Registers all routes of the bus domain. */
export function registerBusRoutes(api: Api, kit: DomainKit<VehicleState>): void {
  registerVehicles(api, kit);
  registerNetwork(api, kit);
  registerStops(api, kit);
  registerFeeds(api, kit);
}

function registerVehicles(api: Api, kit: DomainKit<VehicleState>): void {
  const { registry, states } = kit;
  const querystring = Type.Object({
    bbox: BoxQuery,
    route: Type.Optional(Type.String({ maxLength: 64, description: 'route id or short name' })),
    ...pageQuery(2_000),
  });
  api.get(
    '/api/v1/vehicles',
    {
      config,
      schema: { tags, summary: 'Buses with a fix of the last 90 s', querystring, response: { 200: VehiclePage } },
    },
    ({ query }) => {
      const now = kit.now();
      const routeIds = query.route === undefined ? null : new Set(routeIdsOf(registry, query.route));
      const scope = { box: parseBox(query.bbox), routeIds };
      const views: VehicleView[] = [];
      for (const [id, state] of states) {
        if (!isInScope(state, scope) || state.fix === null || now - state.fix.ts > freshForMs) continue;
        const view = viewOf(id, state, registry, now);
        if (view !== undefined) views.push(view);
      }
      return pageByKey(sortedBy(views, idOf), idOf, query);
    },
  );
  api.get(
    '/api/v1/vehicles/:id',
    {
      config,
      schema: {
        tags,
        summary: 'The last position of one bus, of any age',
        params: IdParams,
        response: { 200: VehicleSchema },
      },
    },
    ({ params }) => {
      const state = states.get(params.id);
      const view = state && viewOf(params.id, state, registry, kit.now());
      if (view === undefined) throw new HubError('notFound', `no position of a vehicle "${params.id}" is known`);
      return view;
    },
  );
}

function registerNetwork(api: Api, kit: DomainKit<VehicleState>): void {
  const { registry } = kit;
  api.get(
    '/api/v1/routes',
    {
      config,
      schema: { tags, summary: 'Bus routes', querystring: Type.Object(pageQuery(1_000)), response: { 200: RoutePage } },
    },
    ({ query }) => pageByKey(sortedBy([...registry.routes()], idOf).map(routeView), idOf, query),
  );
  api.get(
    '/api/v1/routes/:id',
    {
      config,
      schema: {
        tags,
        summary: 'A route with its patterns, their lines (GeoJSON) and stops',
        params: IdParams,
        response: { 200: RouteDetailSchema },
      },
    },
    ({ params }) => {
      const route = registry.route(params.id);
      if (route === undefined) throw new HubError('notFound', `there is no route "${params.id}"`);
      return routeDetail(route, registry);
    },
  );
  api.get(
    '/api/v1/alerts',
    {
      config,
      schema: {
        tags,
        summary: 'Service alerts (always empty in this version)',
        description: 'This version publishes no service alerts; the page is here so that apps can already ask.',
        response: { 200: AlertPage },
      },
    },
    () => ({ items: [], next: null }),
  );
}

function registerStops(api: Api, kit: DomainKit<VehicleState>): void {
  const { registry, states } = kit;
  const querystring = Type.Object({
    bbox: BoxQuery,
    q: Type.Optional(Type.String({ maxLength: 100, description: 'part of the name; diacritics may be left out' })),
    ...pageQuery(1_000),
  });
  api.get(
    '/api/v1/stops',
    { config, schema: { tags, summary: 'Bus stops', querystring, response: { 200: StopPage } } },
    ({ query }) => {
      const box = parseBox(query.bbox);
      const words = query.q === undefined ? '' : plain(query.q);
      const stops: Stop[] = [];
      for (const stop of registry.stops()) {
        if ((box === null || isInBox(box, stop.position)) && plain(stop.name).includes(words)) stops.push(stop);
      }
      return pageByKey(sortedBy(stops, idOf).map(stopView), idOf, query);
    },
  );
  api.get(
    '/api/v1/stops/:id/arrivals',
    {
      config,
      schema: {
        tags,
        summary: 'Buses on their way to a stop, nearest first',
        description: 'From live positions along the lines: distance and stops away, no predicted time.',
        params: IdParams,
        response: { 200: ArrivalPage },
      },
    },
    ({ params }) => {
      const stop = registry.stop(params.id);
      if (stop === undefined) throw new HubError('notFound', `there is no stop "${params.id}"`);
      return { items: arrivalsAt(stop, states, registry, kit.now()), next: null };
    },
  );
}

/** At most this many buses are told for one stop. */
const mostArrivals = 50;

function arrivalsAt(
  stop: Stop,
  states: ReadonlyMap<string, VehicleState>,
  registry: RegistryReader,
  now: Millis,
): Arrival[] {
  return approaching(stop, states, registry, now)
    .slice(0, mostArrivals)
    .map(({ vehicleId, routeId, headsign, directionId, distanceMeters, stopsAway, ts }) => ({
      vehicleId,
      routeId,
      routeShortName: registry.route(routeId)?.shortName ?? routeId,
      headsign,
      directionId,
      distanceMeters,
      stopsAway,
      arrivesAt: null,
      source: 'position',
      at: new Date(ts).toISOString(),
      ageSeconds: ageSeconds(ts, now),
    }));
}

/** The view of a bus; `undefined` while no position is known. */
export function viewOf(
  id: string,
  state: VehicleState,
  registry: RegistryReader,
  now: Millis,
): VehicleView | undefined {
  const { fix } = state;
  if (fix === null) return undefined;
  const { routeId, source } = fix.route;
  return {
    id,
    lat: fix.lat,
    lon: fix.lon,
    bearing: fix.bearing,
    speed: fix.speed,
    routeId,
    routeShortName: routeId === null ? null : (registry.route(routeId)?.shortName ?? null),
    tripId: fix.trip,
    directionId: fix.direction,
    occupancy: fix.occupancy,
    routeSource: source,
    at: new Date(fix.ts).toISOString(),
    ageSeconds: ageSeconds(fix.ts, now),
  };
}

function routeView({ id, shortName, longName, color, type }: Route) {
  return { id, shortName, longName, color: color ?? null, type };
}

function stopView({ id, name, position }: Stop) {
  return { id, name, lat: position.lat, lon: position.lon };
}

function routeDetail(route: Route, registry: RegistryReader): RouteDetail {
  const patterns = registry.patterns(route.id).map((pattern) => ({
    id: pattern.id,
    directionId: pattern.directionId,
    headsign: pattern.headsign ?? null,
    shapeSource: pattern.shapeSource,
    shape: { type: 'LineString' as const, coordinates: pattern.shape.map(([lon, lat]) => [lon, lat]) },
    stops: pattern.stopIds.flatMap((stopId) => registry.stop(stopId) ?? []).map(stopView),
  }));
  return { ...routeView(route), patterns };
}

const idOf = (item: { readonly id: string }): string => item.id;

/** By code unit, as `pageByKey` compares. */
function sortedBy<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function ageSeconds(ts: Millis, now: Millis): number {
  return Math.max(0, Math.round((now - ts) / 1_000));
}

/** Lower case without diacritics: "Bến Nứa" is found by "ben nua". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();
}
