/** Lines and their live buses. Pure. */
import type { VehicleRow } from '../../../hub/domains/bus/view.ts';
import { foldForSearch } from '../i18n/translate.ts';
import type { Freshness } from '../live/link.ts';

/** REST `/routes`. */
export type RouteItem = {
  readonly id: string;
  readonly shortName: string;
  readonly longName: string;
  readonly color: string | null;
};

/** REST `/routes/:id`. */
export type StopItem = { readonly id: string; readonly name: string; readonly lat: number; readonly lon: number };
export type PatternItem = {
  readonly id: string;
  readonly directionId: 0 | 1;
  readonly headsign: string | null;
  readonly shape: { readonly coordinates: readonly (readonly number[])[] };
  readonly stops: readonly StopItem[];
};
export type RouteDetail = RouteItem & { readonly patterns: readonly PatternItem[] };

/** A line with what runs on it now. */
export type Line = RouteItem & { readonly buses: number; readonly newestAt: number | null };

// A tracker sends every 10 to 15 s. GTFS-Realtime: past 90 s a position is not the present.
const busIntervalMs = 15_000;
export const busStaleMs = 90_000;

/** How far a bus' position stands for the present. */
export function busFreshness(at: number, now: number): Freshness {
  const ageMs = now - at;
  if (ageMs > busStaleMs) return 'stale';
  return ageMs > 2 * busIntervalMs ? 'late' : 'live';
}

/** Every line, those with buses first, each group by number as people count: 2 before 10, 10 before 10A. */
export function linesOf(routes: readonly RouteItem[], vehicles: Iterable<VehicleRow>): readonly Line[] {
  const byRoute = new Map<string, { buses: number; newestAt: number }>();
  for (const [, , , , , routeId, , , at] of vehicles) {
    if (routeId === null) continue;
    const known = byRoute.get(routeId);
    byRoute.set(routeId, {
      buses: (known?.buses ?? 0) + 1,
      newestAt: Math.max(known?.newestAt ?? 0, at),
    });
  }
  const lines = routes.map((route): Line => {
    const live = byRoute.get(route.id);
    return { ...route, buses: live?.buses ?? 0, newestAt: live?.newestAt ?? null };
  });
  return lines.toSorted(
    (a, b) => Number(b.buses > 0) - Number(a.buses > 0) || byNumber.compare(a.shortName, b.shortName),
  );
}

const byNumber = new Intl.Collator('vi', { numeric: true });

/** Lines whose number or ends hold these words, diacritics or not. */
export function findLines(lines: readonly Line[], words: string): readonly Line[] {
  const sought = foldForSearch(words.trim());
  if (sought === '') return lines;
  return lines.filter((line) => foldForSearch(`${line.shortName} ${line.longName}`).includes(sought));
}

/** The stop nearest to a position, straight; undefined when the line has none. */
export function nearestStop(stops: readonly StopItem[], lat: number, lon: number): StopItem | undefined {
  const shrink = Math.cos((lat * Math.PI) / 180);
  let best: StopItem | undefined;
  let bestSquare = Infinity;
  for (const stop of stops) {
    const square = (stop.lat - lat) ** 2 + ((stop.lon - lon) * shrink) ** 2;
    if (square < bestSquare) {
      best = stop;
      bestSquare = square;
    }
  }
  return best;
}

/** A line's colour for the map: the network's own, or one of ours by its number, the same each time. */
export function lineColor(route: RouteItem | undefined): string {
  if (route === undefined) return '#9aa7b3';
  if (route.color !== null && /^[0-9a-f]{6}$/i.test(route.color)) return `#${route.color.toLowerCase()}`;
  let sum = 0;
  for (const letter of route.shortName) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return ownColors[sum % ownColors.length] ?? '#3fc7b4';
}

// None of the alarm fills: a bus must never look like an alarm.
const ownColors = ['#3fc7b4', '#a78bfa', '#7bc96f', '#5aa9e6', '#d58bd0', '#9fb54a', '#4fb3a2', '#8f9df0'];
