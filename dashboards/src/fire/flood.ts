/** More new alarms than people can look at. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';

// The hub's rule: ten within ten minutes begin a flood, fewer than five end it.
const withinMs = 600_000;
const fromCount = 10;
const belowCount = 5;

export type Flood = { readonly since: number; readonly count: number };

/**
 * The flood that goes on at `now`, or `undefined`. The hub says it with each snapshot (`since`); between snapshots the
 * incidents at hand tell whether one began or ended.
 */
export function floodOf(incidents: Iterable<IncidentView>, since: number | undefined, now: number): Flood | undefined {
  const times = [...incidents].map(({ raisedAt }) => raisedAt).filter((at) => at > now - withinMs);
  const count = times.length;
  if (since !== undefined) return count < belowCount ? undefined : { since, count };
  return count < fromCount ? undefined : { since: Math.min(...times), count };
}
