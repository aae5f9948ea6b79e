/** What speaks of the fire: points by class, and how many of them still do. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';

export type Sounding = { readonly class: string; readonly count: number };

/** Points by class, the most numerous first; a call point before all, for a person pulled it. */
export function soundingsOf({ points }: Pick<IncidentView, 'points'>): readonly Sounding[] {
  const counts = new Map<string, number>();
  for (const point of points) counts.set(point.class, (counts.get(point.class) ?? 0) + 1);
  const rank = (one: Sounding): number => (one.class === 'callPoint' ? 1 : 0);
  return [...counts]
    .map(([name, count]) => ({ class: name, count }))
    .toSorted((a, b) => rank(b) - rank(a) || b.count - a.count || (a.class < b.class ? -1 : 1));
}
