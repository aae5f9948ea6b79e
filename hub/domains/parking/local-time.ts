/** Days and hours of the city. Tariffs and ledger days follow the clock on its walls. Pure. */
import type { Millis } from '../../../devices/wire.ts';

/** UTC+7 without daylight saving time today; by name, so that the tz database decides and not this file. */
export const cityZone = 'Asia/Ho_Chi_Minh';

const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: cityZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** How far the city's clock is ahead of UTC at this time, in ms. */
export function zoneOffsetMs(at: Millis): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** The day on the city's calendar: `2026-02-16`. */
export function localDay(at: Millis): string {
  return new Date(at + zoneOffsetMs(at)).toISOString().slice(0, 10);
}
