/** Whether an alarm would get through: the hub sends itself one and counts what does not come back. Pure. */
import type { Pulse } from '../../../hub/domains/fleet/view.ts';

/** `missed`: trials in a row that did not come back. `at`: hub time of the last that did, ms; null without trials. */
export type AlarmPath =
  | { readonly kind: 'broken' }
  | { readonly kind: 'missed'; readonly missed: number }
  | { readonly kind: 'ok' | 'slow'; readonly at: number | null; readonly tripMs: number };

// The loop's worst delay above which an alarm would be felt to lag.
const slowLoopMs = 250;
// One lost trial may be chance; the second is not.
const missedFrom = 2;

/** How the way of an alarm stands; without a trial the loop's delay is all that is known. */
export function alarmPath(pulse: Pulse | undefined, isLinked: boolean): AlarmPath {
  if (!isLinked || pulse === undefined) return { kind: 'broken' };
  const { watchdog, loopDelayMs } = pulse;
  if (watchdog !== undefined && watchdog.missed >= missedFrom) return { kind: 'missed', missed: watchdog.missed };
  const kind = loopDelayMs > slowLoopMs ? 'slow' : 'ok';
  if (watchdog === undefined || watchdog.lastAt === null || watchdog.roundTripMs === null) {
    return { kind, at: null, tripMs: loopDelayMs };
  }
  return { kind, at: watchdog.lastAt, tripMs: watchdog.roundTripMs };
}
