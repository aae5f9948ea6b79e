/** Numbers, times, ages and distances as people here read them: vi-VN figures, 24 hours, Hanoi's clock. Pure. */
import type { Language } from './translate.ts';
import { translate } from './translate.ts';

const zone = 'Asia/Ho_Chi_Minh';
const integers = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('vi-VN', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('vi-VN', {
  timeZone: zone,
  hour12: false,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const dayOfTime = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
// vi-VN writes 22-11 here; people write 22/11.
const dayShown = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: '2-digit', month: '2-digit' });

/** `12.345` */
export function formatInteger(value: number): string {
  return integers.format(value);
}

/** `0,8` */
export function formatTenths(value: number): string {
  return tenths.format(value);
}

/** `1.234.000 ₫` */
export function formatDong(value: number): string {
  return `${integers.format(value)} ₫`;
}

/** `14:02:11` */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** `14:02:11` today, `20/11 14:02:11` on another day. */
export function formatMoment(at: number, now: number): string {
  return dayOfTime.format(at) === dayOfTime.format(now)
    ? clock.format(at)
    : `${dayShown.format(at)} ${clock.format(at)}`;
}

/** A running time: `02:14`, `1:05:09`, `3d 04:00` with days named by the language. Negative counts as zero. */
export function formatElapsed(elapsedMs: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (days > 0) return `${translate(language, 'unit.day', { n: days })} ${two(hours)}:${two(minutes)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${two(minutes)}:${two(seconds % 60)}`;
}

/** How old in one unit: `8 giây`, `12 phút`, `3 giờ`, `2 ngày`. */
export function formatAge(ageMs: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 100) return translate(language, 'unit.second', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) return translate(language, 'unit.minute', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return translate(language, 'unit.hour', { n: hours });
  return translate(language, 'unit.day', { n: formatInteger(Math.floor(hours / 24)) });
}

/** A short span: `840 ms`, `1,2 s`, `95 s`. */
export function formatSpan(spanMs: number): string {
  const size = Math.abs(spanMs);
  if (size < 1000) return `${Math.round(size)} ms`;
  return size < 10_000 ? `${tenths.format(size / 1000)} s` : `${integers.format(size / 1000)} s`;
}

/** `340 m`, `1,2 km` */
export function formatDistance(meters: number): string {
  return meters < 1000 ? `${integers.format(Math.round(meters / 10) * 10)} m` : `${tenths.format(meters / 1000)} km`;
}

/** `43 %` of a share between 0 and 1; a share that is not whole never shows as 100 %. */
export function formatShare(share: number): string {
  const percent = share < 1 ? Math.min(99, Math.round(share * 100)) : 100;
  return `${percent} %`;
}
