/** A car park for tests: messages in, facts and state out. */
import type { ParkingEvent } from '../../../../../devices/parking/message.ts';
import type { ParkingFact } from '../../../../../hub/domains/parking/events.ts';
import { type LotState, stepEvent, unknownLot } from '../../../../../hub/domains/parking/lot.ts';
import type { Lot } from '../../../../../hub/registry/records.ts';

/** 2026-02-16 08:00 in Hanoi. */
export const eight = 1_771_203_600_000;
export const minute = 60_000;

export const lot: Lot = {
  id: 'lot-1',
  name: 'Bãi xe Hồ Tây',
  position: { lat: 21.05, lon: 105.82 },
  capacity: 100,
};

/** A message as the test needs it: id, boot and seq follow from its place. */
export type Said = Partial<ParkingEvent> &
  Pick<ParkingEvent, 'kind'> & { readonly device?: string; readonly at?: number };

/** Lets a lot hear messages one after the other; `at` is hub time and the device's too unless `ts` says otherwise. */
export function hear(said: readonly Said[], start: LotState = unknownLot, standing: Lot = lot) {
  const facts: ParkingFact[] = [];
  let state = start;
  said.forEach(({ device = 'gate-1', at = eight, ...event }, index) => {
    const whole: ParkingEvent = { id: `e${index}`, ts: at, boot: 1, seq: index, ...event };
    const step = stepEvent(state, standing.id, device, whole, at, { lot: standing });
    facts.push(...(step.events ?? []));
    state = step.state;
  });
  return { state, facts, types: facts.map(({ type }) => type) };
}

/** The one fact of a type. */
export function only<T extends ParkingFact['type']>(
  facts: readonly ParkingFact[],
  type: T,
): Extract<ParkingFact, { type: T }> {
  const found = facts.filter((fact): fact is Extract<ParkingFact, { type: T }> => fact.type === type);
  const [fact] = found;
  if (fact === undefined || found.length > 1) throw new Error(`${found.length} facts of type ${type}`);
  return fact;
}

/** Reasons of the open review items. */
export const reviewsOf = (state: LotState): string[] => state.book.reviews.map(({ reason }) => reason);

export const car = { plate: '29A-123.45', vehicleClass: 'car' } as const;
export const bike = { plate: '29-B1 123.45', vehicleClass: 'motorbike' } as const;
