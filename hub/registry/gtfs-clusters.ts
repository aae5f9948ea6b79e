/** Joins the stop ids that one pole or pair of poles really is: feeds often give each route and direction its own. Pure. */

import { Gazetteer } from './gazetteer.ts';
import { courseDegrees } from './geometry.ts';
import type { FeedStop } from './gtfs-feed.ts';
import type { Stop } from './records.ts';

/** Poles of one stop stand closer; two stops of one street farther. */
const reachMeters = 30;
/** Buses that leave in nearly the same direction use the same side of the road. */
const headingToleranceDegrees = 45;

/**
 * Gives each stop its cluster: stops within 30 m of the cluster's first stop with the same name or nearly the same
 * heading. The first stop in the order of ids names the cluster, so a chain of near stops never grows into one and the
 * same feed always gives the same clusters.
 */
export function clusterStops(stops: readonly FeedStop[], sequences: readonly (readonly FeedStop[])[]): readonly Stop[] {
  const headings = headingsOf(sequences);
  const near = new Gazetteer<FeedStop>();
  for (const stop of stops) near.set(stop);
  const clusters = new Map<string, string>();
  for (const first of [...stops].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (clusters.has(first.id)) continue;
    clusters.set(first.id, first.id);
    for (const { record } of near.within(first.position, reachMeters)) {
      if (!clusters.has(record.id) && isSameStop(first, record, headings)) clusters.set(record.id, first.id);
    }
  }
  return stops.map((stop) => ({ ...stop, clusterId: clusters.get(stop.id) ?? stop.id }));
}

function isSameStop(a: FeedStop, b: FeedStop, headings: ReadonlyMap<string, number>): boolean {
  if (plainName(a.name) === plainName(b.name)) return true;
  const [one, other] = [headings.get(a.id), headings.get(b.id)];
  if (one === undefined || other === undefined) return false;
  const turn = Math.abs(one - other) % 360;
  return Math.min(turn, 360 - turn) <= headingToleranceDegrees;
}

/** Where buses go from each stop; at a last stop, where they came from. */
function headingsOf(sequences: readonly (readonly FeedStop[])[]): ReadonlyMap<string, number> {
  const headings = new Map<string, number>();
  for (const stops of sequences) {
    for (const [index, stop] of stops.entries()) {
      if (headings.has(stop.id)) continue;
      const next = stops[index + 1];
      const before = stops[index - 1];
      if (next !== undefined) headings.set(stop.id, courseDegrees(stop.position, next.position));
      else if (before !== undefined) headings.set(stop.id, courseDegrees(before.position, stop.position));
    }
  }
  return headings;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\s+/g, ' ').trim();
}
