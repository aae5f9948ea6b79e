/** Which time counts: the device's, unless it cannot be true. A wrong clock never charges money. Pure. */
import { futureToleranceMs } from '../../../devices/fields.ts';
import type { Millis } from '../../../devices/wire.ts';

/** A gate that was offline tells its events later; older than this its clock is doubted, not believed. */
const longestOfflineMs: Millis = 3 * 86_400_000;
const lateAfterMs: Millis = 3_600_000;

/** The time that counts, and what to think of it. */
export type Told = { readonly at: Millis; readonly doubt: 'clock' | 'late' | null };

/** The device's time, never after the hub's; the hub's own when the device's is ahead or more than three days back. */
export function timeOf(ts: Millis, at: Millis): Told {
  if (ts > at + futureToleranceMs || ts < at - longestOfflineMs) return { at, doubt: 'clock' };
  if (ts < at - lateAfterMs) return { at: ts, doubt: 'late' };
  return { at: Math.min(ts, at), doubt: null };
}
