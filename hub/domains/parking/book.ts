/** What the journal knows of a car park: open sessions, bays, review items, days; the fold of its facts. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import { countFact, type DayTotals } from './day-totals.ts';
import type { Cause, ParkingFact, Review, Session } from './events.ts';

/** A session that left without paying; a payment soon after still finds it. */
export type Debt = {
  readonly session: Session;
  readonly exitAt: Millis;
  readonly outstanding: number;
  readonly reviewId: string;
};

/** A device event that was taken in, and how to know it again. */
export type Seen = { readonly event: string; readonly digest: string };

/** The durable part of a lot's state. Keys of records carry a prefix, so that no name from outside is a special one. */
export type LotBook = {
  /** By session id. */
  readonly open: Readonly<Record<string, Session>>;
  readonly debts: readonly Debt[];
  /** By `bay <name>`. */
  readonly bays: Readonly<Record<string, { readonly isOccupied: boolean; readonly since: Millis }>>;
  /** Open review items, oldest first. */
  readonly reviews: readonly Review[];
  /** Oldest first, today last. */
  readonly days: readonly DayTotals[];
  /** By `device <id>`, oldest first. */
  readonly seen: Readonly<Record<string, readonly Seen[]>>;
  /** References of payments, oldest first. */
  readonly references: readonly string[];
  /** Hub time of the last entry or exit; 0 when there was none. */
  readonly movedAt: Millis;
};

export const emptyBook: LotBook = {
  open: {},
  debts: [],
  bays: {},
  reviews: [],
  days: [],
  seen: {},
  references: [],
  movedAt: 0,
};

/** The bounds of a lot's memory; the oldest go, the journal keeps all. */
export const bookLimits = {
  /** More vehicles than any lot of the city holds: beyond it exits are being missed. */
  openSessions: 5_000,
  debts: 200,
  bays: 5_000,
  reviews: 1_000,
  /** Events remembered for each device: more than a gate stores while it is offline. */
  seenPerDevice: 512,
  references: 5_000,
};

/** Folds one fact into the book. */
export function writeDown(book: LotBook, fact: ParkingFact): LotBook {
  const next = { ...book, seen: remember(book.seen, fact.data.cause), days: countFact(book.days, fact) };
  switch (fact.type) {
    case 'session.opened':
      return { ...next, open: { ...book.open, [fact.data.session.id]: fact.data.session }, movedAt: fact.at };
    case 'session.closed': {
      const { [fact.data.session.id]: _closed, ...open } = book.open;
      return { ...next, open, debts: debtsAfter(book.debts, fact), movedAt: fact.at };
    }
    case 'session.paid':
      return settled(next, fact.data.sessionId, fact.data);
    case 'payment.received': {
      const references = [...book.references, fact.data.reference].slice(-bookLimits.references);
      return paidInto({ ...next, references }, fact.data.sessionId, fact.data.amount);
    }
    case 'review.opened':
      return { ...next, reviews: [...book.reviews, fact.data.review].slice(-bookLimits.reviews) };
    case 'review.resolved':
      return { ...next, reviews: book.reviews.filter((review) => review.id !== fact.data.id) };
    case 'bay.changed':
      return { ...next, bays: withBay(book.bays, fact.data.bay, fact.data.isOccupied, fact.at) };
    case 'exit.unmatched':
      return { ...next, movedAt: fact.at };
    case 'payment.repeated':
    case 'entry.repeated':
    case 'barrier.cycled':
      return next;
  }
}

/** The id of the review item about a session's unpaid exit. */
export function unpaidReviewId(sessionId: string): string {
  return `unpaid ${sessionId}`;
}

function remember(seen: LotBook['seen'], cause: Cause): LotBook['seen'] {
  const key = `device ${cause.device}`;
  const known = seen[key] ?? [];
  const last = known.at(-1);
  // Several facts may come from one message.
  if (last?.event === cause.event && last.digest === cause.digest) return seen;
  return {
    ...seen,
    [key]: [...known.slice(1 - bookLimits.seenPerDevice), { event: cause.event, digest: cause.digest }],
  };
}

function debtsAfter(debts: readonly Debt[], fact: Extract<ParkingFact, { type: 'session.closed' }>): readonly Debt[] {
  const { session, exitAt, outstanding } = fact.data;
  if (outstanding === 0) return debts;
  const debt = { session, exitAt, outstanding, reviewId: unpaidReviewId(session.id) };
  return [...debts, debt].slice(-bookLimits.debts);
}

function paidInto(book: LotBook, sessionId: string | null, amount: number): LotBook {
  if (sessionId === null) return book;
  const session = book.open[sessionId];
  if (session !== undefined) {
    return { ...book, open: { ...book.open, [sessionId]: { ...session, paid: session.paid + amount } } };
  }
  const debts = book.debts.map((debt) =>
    debt.session.id === sessionId ? { ...debt, outstanding: Math.max(0, debt.outstanding - amount) } : debt,
  );
  return { ...book, debts };
}

function settled(book: LotBook, sessionId: string, how: { settledAt: Millis; isExempt: boolean }): LotBook {
  const session = book.open[sessionId];
  if (session === undefined) {
    return { ...book, debts: book.debts.filter((debt) => debt.session.id !== sessionId) };
  }
  const { settledAt, isExempt } = how;
  return { ...book, open: { ...book.open, [sessionId]: { ...session, settledAt, isExempt } } };
}

function withBay(bays: LotBook['bays'], name: string, isOccupied: boolean, since: Millis): LotBook['bays'] {
  const key = `bay ${name}`;
  if (bays[key] === undefined && Object.keys(bays).length >= bookLimits.bays) return bays;
  return { ...bays, [key]: { isOccupied, since } };
}
