/** Reads one histogram out of the hub's metrics page (Prometheus text format). Pure. */

export type Histogram = {
  readonly count: number;
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
};

/** The histogram of this name without labels; empty when the page has none. */
export function readHistogram(page: string, name: string): Histogram {
  const buckets = [...page.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)`, 'gm'))].map(
    ([, bound = '', count]) => ({ atMost: bound === '+Inf' ? Infinity : Number(bound), count: Number(count) }),
  );
  return { count: buckets.at(-1)?.count ?? 0, buckets: buckets.toSorted((a, b) => a.atMost - b.atMost) };
}
