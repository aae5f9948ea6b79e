/** How many places are free, by which method, and how far that may be trusted. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { LotState } from './lot.ts';
import type { LotQuality, LotRow } from './view.ts';

/** A counter that has been silent for longer is stale: it reports at least every few minutes. */
export const counterStaleAfterMs: Millis = 15 * 60_000;
/** Gates speak only when somebody moves: a quiet night is no fault, half a day is. */
export const sessionsStaleAfterMs: Millis = 12 * 3_600_000;

/** One number with its basis, its age and its quality. */
export type Availability = {
  readonly free: number | null;
  readonly capacity: number | null;
  readonly quality: LotQuality;
  /** Time of the observation; 0 when there was none. */
  readonly ts: Millis;
};

/**
 * The counter's word where there is one, else entries less exits. A number outside 0..capacity is published as
 * unknown, never clamped: clamping hides a broken counter.
 */
export function availability(state: LotState, at: Millis, knownCapacity = state.capacity): Availability {
  const { count, book } = state;
  if (count !== null) {
    const capacity = count.capacity > 0 ? count.capacity : knownCapacity;
    return judged(count.occupied, capacity, count.ts, 'counted', at - count.ts > counterStaleAfterMs);
  }
  if (book.movedAt === 0) return { free: null, capacity: knownCapacity, quality: 'unknown', ts: 0 };
  const isStale = at - book.movedAt > sessionsStaleAfterMs;
  return judged(openSessions(state), knownCapacity, book.movedAt, 'sessions', isStale);
}

/** Vehicles inside, by entries less exits. */
export function openSessions(state: LotState): number {
  return Object.keys(state.book.open).length;
}

/** Bays that a sensor says are taken, of all that have a sensor. */
export function bayCounts(state: LotState): { readonly occupied: number; readonly known: number } {
  const bays = Object.values(state.book.bays);
  return { occupied: bays.filter((bay) => bay.isOccupied).length, known: bays.length };
}

/** The live row of a lot. Every lot is shown, the unknown ones as unknown. */
export function rowOf(subject: string, state: LotState, at: Millis, knownCapacity = state.capacity): LotRow {
  const { free, capacity, quality, ts } = availability(state, at, knownCapacity);
  return [subject, free, capacity, quality, ts];
}

function judged(
  occupied: number,
  capacity: number | null,
  ts: Millis,
  method: 'counted' | 'sessions',
  isStale: boolean,
): Availability {
  if (capacity === null || occupied < 0 || occupied > capacity) return { free: null, capacity, quality: 'unknown', ts };
  return { free: capacity - occupied, capacity, quality: isStale ? 'stale' : method, ts };
}
