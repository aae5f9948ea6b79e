/** Buses on `/transit`: a snapshot, then one frame a second with what moved. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Millis } from '../../../devices/wire.ts';
import { may } from '../../access/policy.ts';
import { type Box, BoxSchema, boxOf, isInBox } from '../../box.ts';
import type { LiveDefinition, Viewer } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import type { RegistryReader } from '../../ports.ts';
import type { BusFact } from './events.ts';
import { routeIdsOf } from './route-word.ts';
import type { VehicleState } from './vehicle.ts';
import type { VehicleRow, VehiclesSnapshot } from './view.ts';

/** GTFS-Realtime best practice: no position older than 90 s is shown as live. */
export const freshForMs: Millis = 90_000;

export const TransitFilter = Type.Object(
  {
    bbox: Type.Optional(BoxSchema),
    routes: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50, description: 'route ids or short names' }),
    ),
    stops: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50, description: 'stop ids: buses of every route there' }),
    ),
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'cursor of the last event that was received' })),
  },
  { additionalProperties: false },
);
export type TransitFilter = Static<typeof TransitFilter>;

/** A filter made ready for many questions; empty parts let everything through. */
export type VehicleScope = {
  readonly box: Box | null;
  readonly routeIds: ReadonlySet<string> | null;
};

const isFilter = Compile(TransitFilter);

/**
 * Makes a filter ready.
 *
 * @throws HubError `invalid` when it does not fit the schema.
 */
export function scopeOf(filter: unknown, registry: RegistryReader): VehicleScope {
  if (!isFilter.Check(filter)) {
    const fault = isFilter.Errors(filter)[0];
    throw new HubError('invalid', `filter${fault?.instancePath ?? ''} ${fault?.message ?? 'is not valid'}`);
  }
  return { box: boxOf(filter.bbox), routeIds: routeIdsFor(filter, registry) };
}

function routeIdsFor(filter: TransitFilter, registry: RegistryReader): ReadonlySet<string> | null {
  if (filter.routes === undefined && filter.stops === undefined) return null;
  const ids = new Set(filter.routes?.flatMap((word) => routeIdsOf(registry, word)));
  const stops = new Set(filter.stops);
  if (stops.size === 0) return ids;
  for (const route of registry.routes()) {
    const serves = registry.patterns(route.id).some((pattern) => pattern.stopIds.some((stopId) => stops.has(stopId)));
    if (serves) ids.add(route.id);
  }
  return ids;
}

/** Whether a bus is inside; a bus without a position is nowhere. */
export function isInScope(state: VehicleState, scope: VehicleScope): boolean {
  const { fix } = state;
  if (fix === null) return false;
  const { box, routeIds } = scope;
  if (box !== null && !isInBox(box, fix)) return false;
  return routeIds === null || (fix.route.routeId !== null && routeIds.has(fix.route.routeId));
}

/** A bus for everybody; `undefined` when nothing is known of it or the last fix is older than 90 s. */
export function rowOf(subject: string, state: VehicleState, at: Millis): VehicleRow | undefined {
  const { fix } = state;
  if (fix === null || at - fix.ts > freshForMs) return undefined;
  return [subject, fix.lat, fix.lon, fix.bearing, fix.speed, fix.route.routeId, fix.trip, null, fix.ts];
}

/** The live definition, with its own memory of filters that were made ready. */
export function defineTransit(): LiveDefinition<VehicleState, BusFact> {
  // The frame asks for every bus and room each second: a filter is checked once, for as long as its room lives.
  const ready = new WeakMap<object, VehicleScope>();
  const scopeFor = (filter: unknown, viewer: Viewer): VehicleScope => {
    if (typeof filter !== 'object' || filter === null) return scopeOf(filter ?? {}, viewer.registry);
    const known = ready.get(filter);
    if (known !== undefined) return known;
    const scope = scopeOf(filter, viewer.registry);
    ready.set(filter, scope);
    return scope;
  };
  return {
    namespace: '/transit',
    action: 'anonymous',
    filter: TransitFilter,
    snapshot(states, filter, viewer): VehiclesSnapshot {
      const scope = scopeFor(filter, viewer);
      const vehicles: VehicleRow[] = [];
      for (const [subject, state] of states) {
        const row = isInScope(state, scope) ? rowOf(subject, state, viewer.at) : undefined;
        if (row !== undefined) vehicles.push(row);
      }
      return { at: viewer.at, vehicles };
    },
    // Where a driver calls for help is for those who answer the call.
    present(event, _state, _filter, viewer) {
      if (event.type !== 'sos.raised') return undefined;
      return may(viewer.principal, 'fleet.read') || may(viewer.principal, 'fire.read') ? event.data : undefined;
    },
    frames: [
      {
        name: 'vehicles',
        row: rowOf,
        matches: (_subject, state, filter, viewer) => isInScope(state, scopeFor(filter, viewer)),
      },
    ],
  };
}
