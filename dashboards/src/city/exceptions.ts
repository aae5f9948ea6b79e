/** What is out of the ordinary now, the gravest first. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import type { Level } from '../fire/queue.ts';
import { compareIncidents, levelOf } from '../fire/queue.ts';
import type { LotNow } from '../parking/lots.ts';
import { isFull } from '../parking/lots.ts';

/** One line of the feed. */
export type CityException =
  | { readonly kind: 'incident'; readonly level: Level; readonly incident: IncidentView }
  | { readonly kind: 'device'; readonly level: 3; readonly id: string; readonly at: number | null }
  | { readonly kind: 'lotFull'; readonly level: 4; readonly lot: LotNow };

// A feed for eyes: more lines than this nobody reads; the screens behind hold all.
const shownAtMost = 60;

/** Incidents that are open, devices that are lost, lots without a place. */
export function exceptionsOf(
  incidents: readonly IncidentView[],
  lost: readonly { readonly id: string; readonly lastMessageAt: string | null }[],
  lots: readonly LotNow[],
): readonly CityException[] {
  const open = incidents
    .toSorted(compareIncidents)
    .map((incident): CityException => ({ kind: 'incident', level: levelOf(incident.priority), incident }));
  const full = lots.filter(isFull).map((lot): CityException => ({ kind: 'lotFull', level: 4, lot }));
  const silent = lost.map(
    ({ id, lastMessageAt }): CityException => ({
      kind: 'device',
      level: 3,
      id,
      at: lastMessageAt === null ? null : Date.parse(lastMessageAt),
    }),
  );
  return [...open, ...silent, ...full].slice(0, shownAtMost);
}
