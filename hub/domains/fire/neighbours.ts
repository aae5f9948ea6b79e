/** Open incidents next door: shown beside each other and never merged, since two houses may burn for two reasons (fire.md §5.4). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { JournalledEvent } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import { distanceMeters } from '../../registry/geometry.ts';

import type { FireFact, FireFactOf, Incident } from './events.ts';
import type { FireState } from './state.ts';

/** Places this near are related. */
export const relatedMeters = 30;
/** More neighbours than this help nobody: the nearest in time are kept. */
const mostRelated = 16;

/** An open incident of a place next door. */
export type Neighbour = { readonly incident: string; readonly at: Millis; readonly meters: number };
export type Neighbours = Readonly<Record<string, Neighbour>>;

export type HeardNeighbour = {
  readonly kind: 'neighbour';
  readonly subject: string;
  readonly neighbour: Neighbour;
  readonly isOver: boolean;
};

/** Whom a raise or a closing at a place concerns: everyone within reach. */
export function neighboursOf(
  event: JournalledEvent,
  incident: string,
  registry: RegistryReader,
): readonly { readonly subject: string; readonly heard: HeardNeighbour }[] {
  const { subject, at, type } = event;
  const place = registry.place(subject);
  if (place === undefined) return [];
  const isOver = type === 'incident.closed';
  return registry.placesNear(place.position, relatedMeters).flatMap((near) => {
    if (near.id === subject) return [];
    const meters = Math.round(distanceMeters(place.position, near.position));
    return [{ subject: near.id, heard: { kind: 'neighbour', subject, isOver, neighbour: { incident, at, meters } } }];
  });
}

/** Folds what was heard: one open incident a neighbour. */
export function hearNeighbour(state: FireState, { subject, neighbour, isOver }: HeardNeighbour): FireState {
  const { [subject]: known, ...others } = state.neighbours;
  if (isOver) return known?.incident === neighbour.incident ? { ...state, neighbours: others } : state;
  return { ...state, neighbours: { ...others, [subject]: neighbour } };
}

/** When the open incident has a neighbour that it does not know of yet: at once. */
export function neighbourDueAt(state: FireState): Millis | undefined {
  const [first] = unknownNeighbours(state);
  return first === undefined || state.open === null ? undefined : Math.max(first.at, state.open.raisedAt);
}

/** The facts that tie the open incident to those next door. */
export function relate(state: FireState, at: Millis): FireFact[] {
  const { open } = state;
  if (open === null) return [];
  return unknownNeighbours(state).map(({ subject, incident: other, meters }): FireFactOf<'incident.related'> => {
    return { type: 'incident.related', at, data: { incident: open.id, other, subject, meters } };
  });
}

function unknownNeighbours({ open, neighbours }: FireState): (Neighbour & { readonly subject: string })[] {
  const related = open?.related ?? [];
  // An area has no place, so it has no neighbours either.
  if (open === null || related.length >= mostRelated) return [];
  return Object.entries(neighbours)
    .filter(([, { incident }]) => !related.some((one) => one.incident === incident))
    .map(([subject, neighbour]) => ({ subject, ...neighbour }))
    .sort((a, b) => b.at - a.at)
    .slice(0, mostRelated - related.length)
    .reverse();
}

/** One relation more. */
export function withRelated(incident: Incident, { data }: FireFactOf<'incident.related'>): Incident {
  const { other, subject, meters } = data;
  return { ...incident, related: [...(incident.related ?? []), { incident: other, subject, meters }] };
}
