/** The metrics, made before the parts whose numbers they show. */
import { createMetrics, type Numbers } from './api/metrics.ts';
import { version } from './version.ts';

/** Metrics and their feed. */
export type Meter = ReturnType<typeof createMeter>;

/** `feed` says where the numbers come from, once they are there. */
export function createMeter() {
  let source = (): Numbers => ({});
  return {
    metrics: createMetrics({ version, collect: () => source() }),
    feed(collect: () => Numbers): void {
      source = collect;
    },
  };
}
