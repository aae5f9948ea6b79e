/** Whether a device's clock may be believed, and which time orders its signals (fire.md §5.10). Pure. */
import type { Millis } from '../../../devices/wire.ts';

/** A device ahead of the hub by more than this has a wrong clock. */
export const aheadToleranceMs: Millis = 20_000;
/** A device behind the hub by more than this has a wrong clock, or was away. */
export const behindToleranceMs: Millis = 40_000;
/** A signal older than this is late: it still raises, marked. */
export const lateAfterMs: Millis = 5 * 60_000;
/** Heartbeats remembered for a device's skew. */
export const skewSamples = 5;

/** The time that orders a signal, and the doubts about it. */
export type Judged = { readonly time: Millis; readonly late: boolean; readonly clockTrusted: boolean };

/**
 * Judges a device's time by the hub's. `skewMs` is hub minus device as its heartbeats show it: a signal that was stored
 * on the way is then told from a wrong clock. Unknown skew: the signal alone must be near the hub's time.
 */
export function judgeTime(ts: Millis, at: Millis, skewMs: number | undefined): Judged {
  const offsetMs = at - ts;
  const clockTrusted = skewMs === undefined ? isNear(offsetMs) : isNear(skewMs) && offsetMs >= -aheadToleranceMs;
  const ageMs = skewMs === undefined || isNear(skewMs) ? offsetMs : offsetMs - skewMs;
  return { time: clockTrusted ? ts : at, late: ageMs > lateAfterMs, clockTrusted };
}

/** The middle of the last heartbeats' offsets; `undefined` before the first. */
export function skewOf(offsetsMs: readonly number[]): number | undefined {
  return [...offsetsMs].sort((a, b) => a - b)[Math.floor(offsetsMs.length / 2)];
}

function isNear(offsetMs: number): boolean {
  return offsetMs >= -aheadToleranceMs && offsetMs <= behindToleranceMs;
}
