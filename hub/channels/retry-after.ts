/** When a receiver asks to come back (RFC 9110 §10.2.3): seconds, or an HTTP date. Pure. */
import type { Millis } from '../../devices/wire.ts';

/** A receiver may put us off this long, not longer: an alarm ages. */
const longestMs: Millis = 3_600_000;

/** The wait in ms, at most an hour; `undefined` when nothing that can be read was said. A date that is past is no wait. */
export function retryAfterMs(header: string | undefined, at: Millis): Millis | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);
  // Only the two forms of a date that begin with a weekday; Date.parse alone would take almost anything.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const time = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - at), longestMs);
}
