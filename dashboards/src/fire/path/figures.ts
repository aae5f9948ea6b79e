/** How fast alarms reach screens and people, as the hub counts it. Pure. */
import type { Histogram } from '../../live/histogram.ts';

/** `GET /fire/performance`, as far as it is shown. */
export type Performance = {
  readonly alarms: number;
  readonly precision: number | null;
  readonly answered: { readonly count: number; readonly p80Ms: number | null; readonly p985Ms: number | null };
};

/** The bound (s) below which this share of them stayed; `undefined` while there is none. */
export function quantileOf({ count, buckets }: Histogram, share: number): number | undefined {
  if (count === 0) return undefined;
  return buckets.find((bucket) => bucket.count >= share * count)?.atMost ?? Infinity;
}
