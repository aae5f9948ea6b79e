/** When something was said, as far as it can be ordered (fire.md §5.10). Pure. */
import type { Millis } from '../../../devices/wire.ts';

/** Orders signals: time first, then the device's counter. */
export type Moment = { readonly time: Millis; readonly seq: number };

/** The later of the two. */
export function later(a: Moment | null, b: Moment): Moment {
  return a !== null && isAfter(a, b) ? a : b;
}

/** Whether what began at `a` outlasts its end at `b`. At the same moment the alarm stands: when in doubt it burns. */
export function isAfter(a: Moment, b: Moment | null): boolean {
  if (b === null) return true;
  return a.time === b.time ? a.seq >= b.seq : a.time > b.time;
}
