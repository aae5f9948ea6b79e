/** The app's view of lots, sessions and review items. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Lot } from '../../registry/records.ts';
import { quoteFor } from './due.ts';
import type { Closed, Review, Session } from './events.ts';
import { revenueToday } from './ledger.ts';
import type { LotState } from './lot.ts';
import { availability, bayCounts, openSessions } from './occupancy.ts';
import type { LotDetail, ReviewView, SessionView } from './schemas.ts';
import { defaultTariff, tariffAt, tariffVersions } from './tariffs.ts';
import type { LotView } from './view.ts';

/** A lot; with today's takings only when `isMoneyShown`. */
export function lotView(lot: Lot, state: LotState, now: Millis, isMoneyShown: boolean): LotView {
  const { free, capacity, quality, ts } = availability(state, now, lot.capacity ?? null);
  return {
    id: lot.id,
    name: lot.name,
    address: lot.address ?? null,
    wardCode: lot.wardCode ?? null,
    lat: lot.position.lat,
    lon: lot.position.lon,
    capacity,
    free,
    basis: 'all',
    quality,
    observedAt: ts === 0 ? null : iso(ts),
    ageSeconds: ts === 0 ? null : Math.max(0, Math.round((now - ts) / 1_000)),
    openSessions: openSessions(state),
    ...(isMoneyShown ? { revenueToday: revenueToday(state, now) } : {}),
  };
}

/** A lot with its tariff and the same quantity by each method. */
export function lotDetail(lot: Lot, state: LotState, now: Millis, isMoneyShown: boolean): LotDetail {
  const version = tariffAt(tariffVersions, lot.tariff ?? defaultTariff, now);
  const counter = state.count?.occupied ?? null;
  const sessions = openSessions(state);
  return {
    ...lotView(lot, state, now, isMoneyShown),
    tariff: version === undefined ? null : tariffView(version),
    counts: { counter, sessions, bays: bayCounts(state), difference: counter === null ? null : counter - sessions },
  };
}

/** A vehicle that is inside, with the price until now. */
export function openView(lot: string, session: Session, now: Millis): SessionView {
  const quote = quoteFor(session, now);
  const isPriced = quote.kind === 'quote' && !session.isExempt;
  return {
    ...common(lot, session),
    state: 'open',
    exitAt: null,
    durationSeconds: Math.max(0, Math.round((now - session.entryAt) / 1_000)),
    outcome: null,
    decision: isPriced ? quote.decision : null,
    lines: isPriced ? quote.lines.map(({ text, amount }) => ({ text: { ...text }, amount })) : [],
    total: isPriced ? quote.total : null,
    quality: [...session.quality],
  };
}

/** A stay that is over. */
export function closedView(lot: string, closed: Closed): SessionView {
  const { session, exitAt, outcome, decision, lines, total, quality } = closed;
  return {
    ...common(lot, session),
    state: 'closed',
    exitAt: iso(exitAt),
    durationSeconds: Math.max(0, Math.round((exitAt - session.entryAt) / 1_000)),
    outcome,
    decision,
    lines,
    total,
    quality,
  };
}

export function reviewView(lot: string, review: Review): ReviewView {
  return { ...review, lot, openedAt: iso(review.openedAt) };
}

function common(lot: string, session: Session) {
  const { id, plate, vehicleClass, ticket, paid } = session;
  return { id, lot, plate, vehicleClass, ticket, paid, entryAt: iso(session.entryAt) };
}

function tariffView(version: NonNullable<ReturnType<typeof tariffAt>>): NonNullable<LotDetail['tariff']> {
  const { id, name, decision, effectiveFrom, illustration } = version;
  return { id, version: version.version, name: { ...name }, decision, effectiveFrom, illustration };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
