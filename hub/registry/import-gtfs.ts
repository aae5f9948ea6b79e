/** GTFS (a zip or a folder) into routes, patterns, stops, trips and calendars. Pure apart from reading the file. */
import { type OnFile, readFeed } from './gtfs-feed.ts';
import { type BuiltNetwork, buildNetwork } from './gtfs-network.ts';
import { openGtfsSource } from './gtfs-source.ts';
import type { Refusals } from './import-summary.ts';

export type ParsedNetwork = {
  readonly network: BuiltNetwork;
  readonly read: number;
  readonly refusals: Refusals;
  readonly ignored: number;
  readonly notes: readonly string[];
  readonly sha256: string;
};

/**
 * Reads a feed: patterns are the unique stop sequences of a route and direction; lines come from shapes.txt or else from
 * the stops; open times are filled in by distance; stops are clustered. Broken references are refused by file and line.
 *
 * @throws HubError `invalid` when it is no feed, a needed file or column is missing, or it is larger than the bounds.
 */
export async function parseGtfs(path: string, onFile: OnFile = () => undefined): Promise<ParsedNetwork> {
  const source = await openGtfsSource(path);
  try {
    const feed = await readFeed(source, onFile);
    const network = buildNetwork(feed);
    const notes = [...feed.notes];
    if (network.emptyTrips > 0) notes.push(`${network.emptyTrips} trips have fewer than two stops and were left out`);
    const fromStops = network.patterns.filter((pattern) => pattern.shapeSource === 'stops').length;
    if (fromStops > 0)
      notes.push(
        `${fromStops} of ${network.patterns.length} patterns have no shape; lines were drawn from stop to stop`,
      );
    const lines = network.routes.filter((route) => route.oppositeId !== undefined).length / 2;
    if (lines > 0) notes.push(`${lines * 2} routes are the two directions of ${lines} lines`);
    const { rows, refusals } = feed;
    return { network, read: rows, refusals, ignored: 0, notes, sha256: await source.hash() };
  } finally {
    source.close();
  }
}
