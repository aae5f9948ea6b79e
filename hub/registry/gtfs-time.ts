/** GTFS times and dates. Pure. */

/** `25:10:00` → 90,600 seconds of the service day; -1 when empty, NaN when no time. */
export function secondsOf(text: string): number {
  if (text === '') return -1;
  const match = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (match === null) return Number.NaN;
  return Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3]);
}

/** Why a time cell cannot be used, or nothing. */
export function timeFault(text: string, seconds: number): string | undefined {
  return Number.isNaN(seconds) ? `time "${text}" is not HH:MM:SS` : undefined;
}

/** `20260216` → 20260216; `undefined` when it is no day of the calendar. */
export function dateOf(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? Number(text) : undefined;
}
