/** `_HH:MM:SS,MM-DD-YYYY`, always UTC. Pure. */
import type { Millis } from '../../wire.ts';

/** An encrypted frame may be this far ahead of the receiver's clock (DC-09 §5.7) … */
export const aheadMs: Millis = 20_000;
/** … and this far behind it. Outside it is answered with NAK and the time. */
export const behindMs: Millis = 40_000;

const pattern = /_(\d\d):(\d\d):(\d\d),(\d\d)-(\d\d)-(\d{4})$/;

/** Takes the time off the end of a text; `time` is NaN where it names no moment (`25:61:00`). */
export function splitTime(text: string): { readonly rest: string; readonly time?: Millis } {
  const match = pattern.exec(text);
  if (match === null) return { rest: text };
  const [hour, minute, second, month, day, year] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  const isReal = formatTime(date.getTime()) === match[0];
  return { rest: text.slice(0, match.index), time: isReal ? date.getTime() : Number.NaN };
}

/** The time as panels write it. */
export function formatTime(time: Millis): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `_${clock.slice(0, 8)},${month}-${day}-${year}`;
}

/** Whether an encrypted frame of this time may be believed now. */
export function isTimely(time: Millis, at: Millis): boolean {
  return time - at <= aheadMs && at - time <= behindMs;
}
