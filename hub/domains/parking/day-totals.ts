/** What a lot did on each day of the city's calendar: the ledger by day, folded from the facts. Pure. */
import type { Method, ParkingFact } from './events.ts';
import { localDay } from './local-time.ts';

/** One day of one lot. Money counts on the day when the hub received the payment. */
export type DayTotals = {
  readonly day: string;
  readonly entries: number;
  readonly exits: number;
  readonly payments: number;
  /** Đồng received, matched or not. */
  readonly amount: number;
  readonly byMethod: Readonly<Partial<Record<Method, number>>>;
  /** The part of `amount` that belongs to no session. */
  readonly suspense: number;
  /** Exits without full payment, and what they left open (đồng). */
  readonly unpaidExits: number;
  readonly outstanding: number;
  readonly unmatchedExits: number;
  readonly barrierCycles: number;
};

/** Days kept in memory for reports; the journal keeps all. */
export const keptDays = 92;

/** The totals with one more fact; the newest day last. */
export function countFact(days: readonly DayTotals[], fact: ParkingFact): readonly DayTotals[] {
  const day = localDay(fact.at);
  const last = days.at(-1);
  // A hub clock that was set back books on the newest day: a day once passed stays as it was reported.
  if (last !== undefined && day <= last.day) {
    const counted = countOn(last, fact);
    return counted === last ? days : [...days.slice(0, -1), counted];
  }
  return [...days.slice(1 - keptDays), countOn(emptyDay(day), fact)];
}

/** A day on which nothing happened. */
export function emptyDay(day: string): DayTotals {
  return {
    day,
    entries: 0,
    exits: 0,
    payments: 0,
    amount: 0,
    byMethod: {},
    suspense: 0,
    unpaidExits: 0,
    outstanding: 0,
    unmatchedExits: 0,
    barrierCycles: 0,
  };
}

function countOn(day: DayTotals, fact: ParkingFact): DayTotals {
  switch (fact.type) {
    case 'session.opened':
      return { ...day, entries: day.entries + 1 };
    case 'session.closed': {
      const { outcome, outstanding } = fact.data;
      if (outcome === 'exitMissed') return day;
      const isOpen = outcome === 'unpaid' || outcome === 'underpaid';
      return {
        ...day,
        exits: day.exits + 1,
        unpaidExits: day.unpaidExits + (isOpen ? 1 : 0),
        outstanding: day.outstanding + outstanding,
      };
    }
    case 'payment.received': {
      const { amount, method, sessionId } = fact.data;
      return {
        ...day,
        payments: day.payments + 1,
        amount: day.amount + amount,
        byMethod: { ...day.byMethod, [method]: (day.byMethod[method] ?? 0) + amount },
        suspense: day.suspense + (sessionId === null ? amount : 0),
      };
    }
    case 'exit.unmatched':
      return { ...day, unmatchedExits: day.unmatchedExits + 1 };
    case 'barrier.cycled':
      return { ...day, barrierCycles: day.barrierCycles + 1 };
    case 'session.paid':
    case 'payment.repeated':
    case 'entry.repeated':
    case 'review.opened':
    case 'review.resolved':
    case 'bay.changed':
      return day;
  }
}
