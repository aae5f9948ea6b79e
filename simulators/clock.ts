/** Plan time and wall time: the plan counts milliseconds from its own start and never learns what day it is. Pure. */
import type { Millis } from '../devices/wire.ts';

/** Translates between the plan's offsets and the wall. */
export type Clock = {
  readonly startedAt: Millis;
  /** Plan milliseconds that pass in one millisecond of the wall. */
  readonly speed: number;
  /** Wall time of a plan offset. */
  wallAt(offsetMs: number): Millis;
  /** Plan offset of a wall time. */
  offsetAt(wall: Millis): number;
};

export function createClock(startedAt: Millis, speed: number): Clock {
  return {
    startedAt,
    speed,
    wallAt: (offsetMs) => Math.round(startedAt + offsetMs / speed),
    offsetAt: (wall) => (wall - startedAt) * speed,
  };
}

export const daySeconds = 86_400;

// Asia/Ho_Chi_Minh has had +07:00 without summer time since 1975.
const hanoiOffsetMs = 7 * 3_600_000;

/** Seconds after midnight in Hanoi. */
export function hanoiSecondsOfDay(wall: Millis): number {
  return Math.floor((wall + hanoiOffsetMs) / 1000) % daySeconds;
}

/** Day of the week in Hanoi, 0 = Sunday. */
export function hanoiWeekday(wall: Millis): number {
  return new Date(wall + hanoiOffsetMs).getUTCDay();
}

/** `07:30` as seconds after midnight; GTFS writes hours past 24 for the night after. `undefined` when it is no time. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^\s*(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0);
}

/** Seconds after midnight as `HH:MM:SS`. */
export function formatTimeOfDay(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
