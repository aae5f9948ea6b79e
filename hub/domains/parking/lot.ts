/** A car park: its counter's word, its book, and what each message makes of them. Pure. */

import { futureToleranceMs } from '../../../devices/fields.ts';
import type { ParkingCount, ParkingEvent } from '../../../devices/parking/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { Step } from '../../domain.ts';
import type { Point } from '../../ports.ts';
import type { Lot } from '../../registry/records.ts';
import { emptyBook, type LotBook, writeDown } from './book.ts';
import type { Cause, ParkingFact } from './events.ts';
import { pay } from './payments.ts';
import { reviewFact } from './reviews.ts';
import { type Case, enter, leave } from './sessions.ts';
import { defaultTariff } from './tariffs.ts';

/** What the counter said last, as it said it. */
export type Count = { readonly ts: Millis; readonly at: Millis; readonly occupied: number; readonly capacity: number };

/** What is known of a lot. `count` is stream state, `book` the fold of the journal. */
export type LotState = {
  readonly count: Count | null;
  /** The registry's word for the places, as of the last message. */
  readonly capacity: number | null;
  readonly book: LotBook;
};

/** What a step needs of the registry. */
export type LotContext = { readonly lot: Lot | undefined };

export const unknownLot: LotState = { count: null, capacity: null, book: emptyBook };

type LotStep = Step<LotState, ParkingFact>;

/** What the counter shows. An older word never replaces a newer one; one from the future is refused. */
export function stepCount(
  state: LotState,
  subject: string,
  count: ParkingCount,
  at: Millis,
  context: LotContext,
): LotStep {
  if (count.ts > at + futureToleranceMs) {
    const ahead = Math.round((count.ts - at) / 1_000);
    return { state, refused: { reason: 'time', detail: `ts is ${ahead} s ahead of the hub's clock` } };
  }
  const points = [countPoint(subject, count)];
  if (state.count !== null && count.ts < state.count.ts) return { state, points };
  const { ts, occupied, capacity } = count;
  return {
    state: { count: { ts, at, occupied, capacity }, capacity: context.lot?.capacity ?? null, book: state.book },
    points,
  };
}

/** An entry, exit, payment, bay change or barrier cycle: at least one fact, once. */
export function stepEvent(
  state: LotState,
  subject: string,
  deviceId: string,
  event: ParkingEvent,
  at: Millis,
  context: LotContext,
): LotStep {
  const { id, boot, seq, ts } = event;
  const cause: Cause = { device: deviceId, event: id, boot, seq, ts, digest: digestOf(event) };
  const given: Case = { event, cause, at, tariff: context.lot?.tariff ?? defaultTariff };
  const known = state.book.seen[`device ${deviceId}`]?.filter((seen) => seen.event === id) ?? [];
  if (known.some((seen) => seen.digest === cause.digest)) return { state };
  const facts = known.length > 0 ? [conflict(given)] : factsOf(state.book, given);
  const book = facts.reduce(writeDown, state.book);
  const points = facts.flatMap((fact) =>
    fact.type === 'payment.received' ? [moneyPoint(subject, at, fact.data.amount, fact.data.method)] : [],
  );
  return { state: { count: state.count, capacity: context.lot?.capacity ?? null, book }, events: facts, points };
}

/** Folds a journalled fact. */
export function foldFact(state: LotState, fact: ParkingFact): LotState {
  return { ...state, book: writeDown(state.book, fact) };
}

function factsOf(book: LotBook, given: Case): readonly ParkingFact[] {
  const { event, cause, at } = given;
  switch (event.kind) {
    case 'entry':
      return enter(book, given);
    case 'exit':
      return leave(book, given);
    case 'payment':
      return pay(book, given);
    case 'bay':
      return [{ type: 'bay.changed', at, data: { cause, bay: event.bay ?? '', isOccupied: event.occupied ?? false } }];
    case 'barrier':
      return [{ type: 'barrier.cycled', at, data: { cause, lane: event.lane ?? null } }];
  }
}

/** The same id with other contents: both are kept, neither is believed over the other, a person looks. */
function conflict(given: Case): ParkingFact {
  const { amount, plate } = given.event;
  return reviewFact(given, { reason: 'conflict', sessionId: null, plate: plate ?? null, amount: amount ?? null });
}

/** FNV-1a over the fields that mean something: tells a repetition from a contradiction. */
function digestOf(event: ParkingEvent): string {
  const { kind, ts, lane, plate, vehicleClass, bay, occupied, amount, method, reference } = event;
  const text = JSON.stringify([kind, ts, lane, plate, vehicleClass, bay, occupied, amount, method, reference]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function countPoint(subject: string, { ts, occupied, capacity }: ParkingCount): Point {
  return { measurement: 'parking_count', subject, at: ts, fields: { occupied, capacity, free: capacity - occupied } };
}

function moneyPoint(subject: string, at: Millis, amount: number, method: string): Point {
  return { measurement: 'parking_money', subject, at, fields: { amount, method } };
}
