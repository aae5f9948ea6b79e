/** How late the event loop runs: the worst of the last second, because an alarm waits exactly that long. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export type LoopDelay = {
  /** Worst delay of the last whole second, ms. */
  worstMs(): number;
  stop(): void;
};

const resolutionMs = 10;

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let worst = 0;
  const timer = setInterval(() => {
    // The histogram counts the timer's own interval too.
    worst = Math.max(0, histogram.max / 1e6 - resolutionMs);
    histogram.reset();
  }, 1_000);
  timer.unref();
  return {
    worstMs: () => Math.round(worst * 10) / 10,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
