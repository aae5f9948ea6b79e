/** Entry and exit: which facts they become. Never a free exit without a trace, never a session closed by guess. Pure. */
import type { ParkingEvent } from '../../../devices/parking/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import { bookLimits, type LotBook, unpaidReviewId } from './book.ts';
import { quoteFor } from './due.ts';
import type { Cause, Closed, Outcome, ParkingFact, Quality, Session } from './events.ts';
import { normalisePlate } from './plate.ts';
import { reviewFact } from './reviews.ts';
import { timeOf } from './times.ts';

/** One message on its way to facts. */
export type Case = {
  readonly event: ParkingEvent;
  readonly cause: Cause;
  readonly at: Millis;
  readonly tariff: string;
};

/** A camera that reads the same plate again within this time saw the same car. */
const sameEntryMs: Millis = 60_000;
/** Below this a plate is marked as unsure. */
const sureConfidence = 0.8;
/** Time to reach the exit after paying. */
export const graceMs: Millis = 15 * 60_000;

/** An entry opens a session; a plate that is still inside ends its old session as one whose exit was missed. */
export function enter(book: LotBook, given: Case): readonly ParkingFact[] {
  const { cause, at } = given;
  const session = sessionOf(given);
  const inside = session.plate === null ? undefined : findByPlate(book, session.plate, session.vehicleClass)[0];
  if (inside !== undefined && Math.abs(session.entryAt - inside.entryAt) < sameEntryMs) {
    return [{ type: 'entry.repeated', at, data: { cause, sessionId: inside.id } }];
  }
  const facts: ParkingFact[] = [];
  if (inside !== undefined) facts.push(...missedExit(inside, given));
  else if (Object.keys(book.open).length >= bookLimits.openSessions) {
    const oldest = Object.values(book.open).reduce((a, b) => (a.entryAt <= b.entryAt ? a : b));
    facts.push(...missedExit(oldest, given));
  }
  facts.push({ type: 'session.opened', at, data: { cause, session } });
  if (session.quality.includes('clock')) {
    facts.push(reviewFact(given, { reason: 'clock', sessionId: session.id, plate: session.plate, amount: null }));
  }
  return facts;
}

/** An exit closes the one session that it can belong to; else a person has to look. */
export function leave(book: LotBook, given: Case): readonly ParkingFact[] {
  const { event, cause, at } = given;
  const plate = normalisePlate(event.plate);
  const candidates = candidatesFor(book, event.reference, plate, event.vehicleClass ?? null);
  const [session] = candidates;
  if (session !== undefined && candidates.length === 1) return close(session, given);
  const reason = candidates.length === 0 ? 'entryNotFound' : 'ambiguousPlate';
  const data = { cause, plate, vehicleClass: event.vehicleClass ?? null, lane: event.lane ?? null };
  return [{ type: 'exit.unmatched', at, data }, reviewFact(given, { reason, sessionId: null, plate, amount: null })];
}

/** Open sessions by ticket, else by plate and class; a plate without a class may be several vehicles. */
export function candidatesFor(
  book: LotBook,
  ticket: string | undefined,
  plate: string | null,
  vehicleClass: Session['vehicleClass'],
): readonly Session[] {
  if (ticket !== undefined) {
    const byTicket = Object.values(book.open).filter((session) => session.ticket === ticket);
    if (byTicket.length > 0) return byTicket;
  }
  return plate === null ? [] : findByPlate(book, plate, vehicleClass);
}

/** A vehicle is its plate and its class: 29A11234 may be a car and a motorbike. Unknown classes fit any. */
function findByPlate(book: LotBook, plate: string, vehicleClass: Session['vehicleClass']): readonly Session[] {
  const samePlate = Object.values(book.open).filter((session) => session.plate === plate);
  if (vehicleClass === null) return samePlate;
  const exact = samePlate.filter((session) => session.vehicleClass === vehicleClass);
  return exact.length > 0 ? exact : samePlate.filter((session) => session.vehicleClass === null);
}

function sessionOf({ event, cause, at, tariff }: Case): Session {
  const told = timeOf(event.ts, at);
  const plate = normalisePlate(event.plate);
  const quality: Quality[] = told.doubt === null ? [] : [told.doubt];
  if (plate === null) quality.push('noPlate');
  else if (event.plateConfidence !== undefined && event.plateConfidence < sureConfidence) quality.push('plateUnsure');
  return {
    id: `${cause.device}.${cause.event}`,
    plate,
    vehicleClass: event.vehicleClass ?? null,
    ticket: event.reference ?? null,
    lane: event.lane ?? null,
    entryAt: told.at,
    heardAt: at,
    tariff,
    paid: 0,
    settledAt: null,
    isExempt: false,
    quality,
  };
}

function missedExit(session: Session, given: Case): readonly ParkingFact[] {
  const { cause, at } = given;
  const data: Closed = {
    cause,
    session,
    exitAt: at,
    lane: null,
    outcome: 'exitMissed',
    decision: null,
    lines: [],
    total: 0,
    outstanding: 0,
    quality: session.quality,
  };
  return [
    { type: 'session.closed', at, data },
    reviewFact(given, { reason: 'exitMissed', sessionId: session.id, plate: session.plate, amount: null }),
  ];
}

function close(open: Session, given: Case): readonly ParkingFact[] {
  const { event, cause, at } = given;
  const told = timeOf(event.ts, at);
  const isBackwards = told.at < open.entryAt;
  // An exit before its entry: one clock is wrong, nobody knows which. Both times are then the hub's own.
  const session = isBackwards ? { ...open, entryAt: open.heardAt } : open;
  const exitAt = isBackwards ? Math.max(at, open.heardAt) : told.at;
  const doubts = new Set<Quality>(session.quality);
  if (told.doubt !== null) doubts.add(told.doubt);
  if (isBackwards) doubts.add('clock');
  const bill = billFor(session, exitAt, event.vehicleClass ?? null);
  if (bill.isClassAssumed) doubts.add('classAssumed');
  const { outcome, decision, lines, total, outstanding } = bill;
  const data: Closed = {
    cause,
    session,
    exitAt,
    lane: event.lane ?? null,
    outcome,
    decision,
    lines: lines.map(({ text, amount }) => ({ text, amount })),
    total,
    outstanding,
    quality: [...doubts],
  };
  return [
    { type: 'session.closed', at, data },
    ...reviewsOf(session, data, isBackwards || told.doubt === 'clock', given),
  ];
}

type Bill = Pick<Closed, 'outcome' | 'decision' | 'lines' | 'total' | 'outstanding'> & { isClassAssumed: boolean };

/** What the stay cost and how it ended. Paid in time, the way out costs nothing more. */
function billFor(session: Session, exitAt: Millis, classAtExit: Session['vehicleClass']): Bill {
  const isInGrace = session.settledAt !== null && exitAt <= session.settledAt + graceMs;
  const until = isInGrace && session.settledAt !== null ? Math.min(session.settledAt, exitAt) : exitAt;
  const quote = quoteFor(session, until, classAtExit);
  if (session.isExempt) {
    return { outcome: 'pass', decision: null, lines: [], total: 0, outstanding: 0, isClassAssumed: false };
  }
  if (quote.kind === 'unknown') {
    return { outcome: 'noTariff', decision: null, lines: [], total: 0, outstanding: 0, isClassAssumed: false };
  }
  const { decision, total, isClassAssumed } = quote;
  const outstanding = Math.max(0, total - session.paid);
  const lines = quote.lines.map(({ text, amount }) => ({ text: { ...text }, amount }));
  return { outcome: outcomeOf(total, session.paid), decision, lines, total, outstanding, isClassAssumed };
}

function outcomeOf(total: number, paid: number): Outcome {
  if (total === 0) return paid === 0 ? 'free' : 'paid';
  if (paid >= total) return 'paid';
  return paid === 0 ? 'unpaid' : 'underpaid';
}

function reviewsOf(session: Session, closed: Closed, isClockWrong: boolean, given: Case): readonly ParkingFact[] {
  const about = { sessionId: session.id, plate: session.plate };
  const facts: ParkingFact[] = [];
  if (closed.outstanding > 0) {
    const reason = closed.outcome === 'unpaid' ? 'unpaidExit' : 'underpaidExit';
    facts.push(reviewFact(given, { ...about, reason, amount: closed.outstanding }, unpaidReviewId(session.id)));
  }
  if (closed.outcome === 'noTariff') facts.push(reviewFact(given, { ...about, reason: 'noTariff', amount: null }));
  if (session.paid > closed.total && closed.outcome !== 'noTariff') {
    facts.push(reviewFact(given, { ...about, reason: 'overpaid', amount: session.paid - closed.total }));
  }
  if (isClockWrong) facts.push(reviewFact(given, { ...about, reason: 'clock', amount: null }));
  return facts;
}
