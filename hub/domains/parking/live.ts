/** Car parks on `/parking`: free places for everybody; sessions, money and review items for staff. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { may } from '../../access/policy.ts';
import { type Box, BoxSchema, boxOf, isInBox } from '../../box.ts';
import type { LiveDefinition, Viewer } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import type { RegistryReader } from '../../ports.ts';
import type { ParkingFact } from './events.ts';
import { type LotState, unknownLot } from './lot.ts';
import { rowOf } from './occupancy.ts';
import type { LotRow, LotsSnapshot } from './view.ts';

export const ParkingFilter = Type.Object(
  {
    lots: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200, description: 'lot ids' })),
    bbox: Type.Optional(BoxSchema),
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'cursor of the last event that was received' })),
  },
  { additionalProperties: false },
);
export type ParkingFilter = Static<typeof ParkingFilter>;

type LotScope = { readonly lots: ReadonlySet<string> | null; readonly box: Box | null };

const filterSchema = Compile(ParkingFilter);

/** @throws HubError `invalid` when the filter does not fit the schema. */
function scopeOf(filter: unknown): LotScope {
  if (!filterSchema.Check(filter)) {
    const fault = filterSchema.Errors(filter)[0];
    throw new HubError('invalid', `filter${fault?.instancePath ?? ''} ${fault?.message ?? 'is not valid'}`);
  }
  return { lots: filter.lots === undefined ? null : new Set(filter.lots), box: boxOf(filter.bbox) };
}

function isInScope(subject: string, scope: LotScope, registry: Pick<RegistryReader, 'lot'>): boolean {
  if (scope.lots !== null && !scope.lots.has(subject)) return false;
  if (scope.box === null) return true;
  const position = registry.lot(subject)?.position;
  return position !== undefined && isInBox(scope.box, position);
}

/** Whether somebody may see plates, sessions and money. */
export function seesMoney(viewer: Pick<Viewer, 'principal'>): boolean {
  return may(viewer.principal, 'parking.money') || may(viewer.principal, 'parking.act');
}

/** The live definition, with its own memory of filters that were made ready. */
export function defineParking(): LiveDefinition<LotState, ParkingFact> {
  // The frame asks for every lot and room each second: a filter is checked once, for as long as its room lives.
  const ready = new WeakMap<object, LotScope>();
  const scopeFor = (filter: unknown): LotScope => {
    if (typeof filter !== 'object' || filter === null) return scopeOf(filter ?? {});
    const known = ready.get(filter) ?? scopeOf(filter);
    ready.set(filter, known);
    return known;
  };
  return {
    namespace: '/parking',
    action: 'anonymous',
    filter: ParkingFilter,
    snapshot(states, filter, viewer): LotsSnapshot {
      const scope = scopeFor(filter);
      const lots: LotRow[] = [];
      for (const lot of viewer.registry.lots()) {
        if (!isInScope(lot.id, scope, viewer.registry)) continue;
        lots.push(rowOf(lot.id, states.get(lot.id) ?? unknownLot, viewer.at, lot.capacity ?? null));
      }
      for (const [subject, state] of states) {
        if (viewer.registry.lot(subject) !== undefined || !isInScope(subject, scope, viewer.registry)) continue;
        lots.push(rowOf(subject, state, viewer.at));
      }
      return { at: viewer.at, lots };
    },
    // Plates are personal and money is nobody else's business.
    present(event, _state, filter, viewer) {
      if (!seesMoney(viewer) || !isInScope(event.subject, scopeFor(filter), viewer.registry)) return undefined;
      return event.data;
    },
    frames: [
      {
        name: 'lots',
        row: (subject, state, at) => rowOf(subject, state, at),
        matches: (subject, _state, filter, viewer) => isInScope(subject, scopeFor(filter), viewer.registry),
      },
    ],
  };
}
