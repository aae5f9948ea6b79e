/** Which route a bus serves: its own word, else the vehicle table. */
import type { RegistryReader } from '../../ports.ts';

/** What a bus step needs of the registry. */
export type BusRegistry = Pick<RegistryReader, 'vehicle' | 'route' | 'routes' | 'patterns'>;

/** A route that was looked up, and whose word it is. `routeId` is null when nobody knows. */
export type RouteAnswer = { readonly routeId: string | null; readonly source: 'device' | 'table' | 'none' };

const nowhere: RouteAnswer = { routeId: null, source: 'none' };

/**
 * The route of a vehicle: the device's word (a route id, else a short name), else the vehicle table's.
 * A word that the registry does not know falls back to the table: a driver's typing error must not lose the bus.
 */
export function findRoute(
  registry: BusRegistry,
  vehicleId: string,
  word: string | null,
  direction: 0 | 1 | null,
): RouteAnswer {
  const said = word === null ? undefined : routeIdOf(registry, word, direction);
  if (said !== undefined) return { routeId: said, source: 'device' };
  const planned = registry.vehicle(vehicleId)?.routeId;
  const known = planned === undefined ? undefined : routeIdOf(registry, planned, direction);
  return known === undefined ? nowhere : { routeId: known, source: 'table' };
}

/**
 * The id of a route by its id, its short name or its line's name. Some networks (Hanoi's of 2018) keep one route a direction under the
 * same short name: then the direction decides, and without it the first one of the feed.
 */
export function routeIdOf(
  registry: Pick<BusRegistry, 'route' | 'routes' | 'patterns'>,
  word: string,
  direction: 0 | 1 | null,
): string | undefined {
  const byId = registry.route(word);
  if (byId !== undefined) return byId.id;
  let first: string | undefined;
  for (const route of registry.routes()) {
    if (route.shortName !== word && route.lineName !== word) continue;
    if (direction === null) return route.id;
    for (const pattern of registry.patterns(route.id)) if (pattern.directionId === direction) return route.id;
    first ??= route.id;
  }
  return first;
}

/** All routes with this id or short name: both directions where the feed keeps them apart. */
export function routeIdsOf(registry: Pick<BusRegistry, 'route' | 'routes'>, word: string): readonly string[] {
  const byId = registry.route(word);
  if (byId !== undefined) return [byId.id];
  const ids: string[] = [];
  for (const route of registry.routes()) {
    if (route.shortName === word || route.lineName === word) ids.push(route.id);
  }
  return ids;
}
