/** Money by day and lot, out of the folded facts: reports for staff, and the public ledger without plates. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Lot } from '../../registry/records.ts';
import { type DayTotals, emptyDay } from './day-totals.ts';
import { cityZone, localDay } from './local-time.ts';
import type { LotState } from './lot.ts';
import type { Ledger, RevenueDay } from './schemas.ts';

/** Đồng received today. */
export function revenueToday(state: LotState, now: Millis): number {
  return dayOf(state, localDay(now))?.amount ?? 0;
}

/** A lot's days from `from` to `to` (`YYYY-MM-DD`, both inclusive), oldest first; days without facts are left out. */
export function revenueOf(lot: string, state: LotState, from: string, to: string): RevenueDay[] {
  return state.book.days
    .filter(({ day }) => from <= day && day <= to)
    .map((totals) => ({ lot, ...totals, byMethod: plainMethods(totals) }));
}

/** The public ledger of a day: every known lot, also those that took nothing. */
export function ledgerOf(day: string, states: ReadonlyMap<string, LotState>, lots: Iterable<Lot>, now: Millis): Ledger {
  const names = new Map<string, string>();
  for (const lot of lots) names.set(lot.id, lot.name);
  for (const id of states.keys()) if (!names.has(id)) names.set(id, id);
  const rows = [...names].map(([id, name]) => {
    const state = states.get(id);
    const totals = (state && dayOf(state, day)) ?? emptyDay(day);
    const { entries, exits, payments, amount, suspense } = totals;
    return { id, name, entries, exits, payments, amount, byMethod: plainMethods(totals), suspense };
  });
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { day, zone: cityZone, isOver: day < localDay(now), lots: rows, total: sumOf(rows) };
}

function sumOf(rows: readonly Ledger['total'][]): Ledger['total'] {
  const byMethod: Record<string, number> = {};
  const total = { payments: 0, amount: 0, byMethod, suspense: 0 };
  for (const row of rows) {
    total.payments += row.payments;
    total.amount += row.amount;
    total.suspense += row.suspense;
    for (const [method, amount] of Object.entries(row.byMethod)) {
      byMethod[method] = (byMethod[method] ?? 0) + amount;
    }
  }
  return total;
}

function dayOf(state: LotState, day: string): DayTotals | undefined {
  return state.book.days.findLast((totals) => totals.day === day);
}

function plainMethods(totals: DayTotals): Record<string, number> {
  const methods: Record<string, number> = {};
  for (const [method, amount] of Object.entries(totals.byMethod)) methods[method] = amount;
  return methods;
}
