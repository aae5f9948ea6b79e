/** Days of the city as moments: a name is valid from the beginning of one day to the end of another. Pure. */
import type { Millis } from '../../devices/wire.ts';

/** UTC+7. Vietnam has had no daylight saving time since 1975; registers of names do not go back so far. */
const offsetMs: Millis = 7 * 3_600_000;
export const dayMs: Millis = 86_400_000;

/** The first moment of `2025-07-01`, or of `01/07/2025` as it is written there; `undefined` when there is no such day. */
export function dayStart(text: string): Millis | undefined {
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const pad = (part = '') => part.padStart(2, '0');
  const day = local === null ? text : `${local[3]}-${pad(local[2])}-${pad(local[1])}`;
  const utc = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // Date.parse takes 2025-02-30 for the 2nd of March in some engines.
  return !Number.isNaN(utc) && new Date(utc).toISOString().startsWith(day) ? utc - offsetMs : undefined;
}

/** The day of a moment, `2025-07-01`. */
export function dayOf(at: Millis): string {
  return new Date(at + offsetMs).toISOString().slice(0, 10);
}
