/** More new alarms than people can look at: the hub says when that begins and ends. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';

// The hub counts over ten minutes; what is shown beside its word is of the same time.
const withinMs = 600_000;
/** From this priority on rows are folded away in a flood: supervisory, trouble, tests. */
export const foldedFrom = 5;

export type Flood = { readonly since: number; readonly count: number };

/** The flood that the hub told of, with the open incidents of its last ten minutes. */
export function floodOf(incidents: Iterable<IncidentView>, since: number | undefined, now: number): Flood | undefined {
  if (since === undefined) return undefined;
  return { since, count: [...incidents].filter(({ raisedAt }) => raisedAt > now - withinMs).length };
}
