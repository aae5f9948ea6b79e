/** Money that arrived: whose is it, and does it cover what is due? What fits nobody waits in suspense. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Debt, LotBook } from './book.ts';
import { quoteFor } from './due.ts';
import type { ParkingFact, Payment, Session } from './events.ts';
import { normalisePlate } from './plate.ts';
import { reviewFact } from './reviews.ts';
import { type Case, candidatesFor } from './sessions.ts';
import { timeOf } from './times.ts';

/** A payment this long after the exit still pays that exit (tags and wallets settle late). */
const lateForMs: Millis = 24 * 3_600_000;

/** A payment: counted once by its reference, given to the open session of its plate, else to a recent debt. */
export function pay(book: LotBook, given: Case): readonly ParkingFact[] {
  const { event, cause, at } = given;
  const { reference = '', amount = 0, method = 'unknown' } = event;
  const plate = normalisePlate(event.plate);
  if (method !== 'pass' && book.references.includes(reference)) {
    return [{ type: 'payment.repeated', at, data: { cause, reference, amount } }];
  }
  const told = timeOf(event.ts, at);
  const candidates = candidatesFor(book, undefined, plate, event.vehicleClass ?? null);
  const [session] = candidates;
  const base: Base = { cause, reference, amount, method, plate };
  if (session !== undefined && candidates.length === 1) return paySession(session, base, told.at, at);
  const debt = candidates.length === 0 ? findDebt(book, plate, told.at) : undefined;
  if (debt !== undefined) return payDebt(debt, base, told.at, at);
  return [
    { type: 'payment.received', at, data: { ...base, sessionId: null, due: null } },
    reviewFact(given, { reason: 'paymentUnmatched', sessionId: null, plate, amount }),
  ];
}

type Base = Omit<Payment, 'sessionId' | 'due'>;

function paySession(session: Session, base: Base, paidAt: Millis, at: Millis): readonly ParkingFact[] {
  const isPass = base.method === 'pass';
  // A payment told to be before the entry is priced as at the entry: nothing is due yet.
  const quote = quoteFor(session, Math.max(paidAt, session.entryAt));
  const due = quote.kind === 'unknown' || isPass ? null : Math.max(0, quote.total - session.paid);
  const received: ParkingFact = { type: 'payment.received', at, data: { ...base, sessionId: session.id, due } };
  const isSettled = isPass || (due !== null && base.amount >= due);
  if (!isSettled) return [received];
  const settledAt = Math.max(paidAt, session.entryAt);
  return [received, paidFact(base, at, { sessionId: session.id, settledAt, isExempt: isPass, isLate: false })];
}

function payDebt(debt: Debt, base: Base, paidAt: Millis, at: Millis): readonly ParkingFact[] {
  const sessionId = debt.session.id;
  const due = debt.outstanding;
  const received: ParkingFact = { type: 'payment.received', at, data: { ...base, sessionId, due } };
  if (base.amount < due && base.method !== 'pass') return [received];
  const facts = [
    received,
    paidFact(base, at, { sessionId, settledAt: paidAt, isExempt: base.method === 'pass', isLate: true }),
    { type: 'review.resolved', at, data: { cause: base.cause, id: debt.reviewId, by: 'payment' } } as const,
  ];
  if (base.amount <= due) return facts;
  const over = { reason: 'overpaid', sessionId, plate: base.plate, amount: base.amount - due } as const;
  return [...facts, reviewFact({ cause: base.cause, at }, over)];
}

function paidFact(
  base: Base,
  at: Millis,
  how: { sessionId: string; settledAt: Millis; isExempt: boolean; isLate: boolean },
): ParkingFact {
  return { type: 'session.paid', at, data: { cause: base.cause, ...how } };
}

/** The newest unpaid exit of this plate within a day. */
function findDebt(book: LotBook, plate: string | null, paidAt: Millis): Debt | undefined {
  if (plate === null) return undefined;
  return book.debts.findLast((debt) => debt.session.plate === plate && paidAt - debt.exitAt <= lateForMs);
}
