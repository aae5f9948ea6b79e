/** What the app sees of car parks. */
import type { Millis } from '../../../devices/wire.ts';

/**
 * How far a number may be trusted. `counted`: the lot's own counter. `sessions`: entries less exits.
 * `stale`: older than its `staleAfter`. `unknown`: never heard, or outside 0..capacity (never clamped).
 */
export type LotQuality = 'counted' | 'sessions' | 'stale' | 'unknown';

/** One row of the `lots` frame: [id, free, capacity, quality, ts of the observation]. */
export type LotRow = readonly [
  id: string,
  free: number | null,
  capacity: number | null,
  quality: LotQuality,
  ts: Millis,
];

/** Answer to `subscribe` on `/parking`. */
export type LotsSnapshot = { readonly at: Millis; readonly lots: readonly LotRow[] };

/** REST `/parking/lots`. */
export type LotView = {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly wardCode: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly capacity: number | null;
  readonly free: number | null;
  /** What the number counts: all places, by which method. */
  readonly basis: 'all';
  readonly quality: LotQuality;
  readonly observedAt: string | null;
  readonly ageSeconds: number | null;
  readonly openSessions: number;
  /** Today's takings in đồng; only for those who may see money. */
  readonly revenueToday?: number;
};
