import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { ParkingEventsSchema } from '../../../../../hub/domains/parking/events.ts';
import { foldFact, stepCount, stepEvent, unknownLot } from '../../../../../hub/domains/parking/lot.ts';
import { availability, rowOf } from '../../../../../hub/domains/parking/occupancy.ts';
import { normalisePlate } from '../../../../../hub/domains/parking/plate.ts';
import { bike, car, eight, hear, lot, minute, only, reviewsOf } from './gate.ts';

const hour = 60 * minute;

describe('a stay', () => {
  test('that is paid and left within the grace costs what was paid', () => {
    const { state, facts, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 60_000, reference: 'FT1', method: 'qr', at: eight + 90 * minute },
      // The end of the grace.
      { kind: 'exit', ...car, at: eight + 105 * minute },
    ]);
    expect(types).toEqual(['session.opened', 'payment.received', 'session.paid', 'session.closed']);
    expect(only(facts, 'payment.received').data).toMatchObject({
      sessionId: 'gate-1.e0',
      due: 60_000,
      amount: 60_000,
      method: 'qr',
    });
    expect(only(facts, 'session.closed').data).toMatchObject({
      exitAt: eight + 105 * minute,
      outcome: 'paid',
      decision: '44/2017/QĐ-UBND',
      lines: [{ text: { vi: '2 lượt 60 phút × 30.000 đ', en: '2 × 60 minutes at 30,000 đ' }, amount: 60_000 }],
      total: 60_000,
      outstanding: 0,
    });
    expect(state.book.open).toEqual({});
    expect(reviewsOf(state)).toEqual([]);
  });

  test.each([
    ['at the end of the grace nothing more is due', 74, 'paid', 30_000, 0, []],
    ['after it the difference is', 75, 'underpaid', 60_000, 30_000, ['underpaidExit']],
  ])('%s', (_name, minutes, outcome, total, outstanding, reviews) => {
    const { state, facts } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 30_000, reference: 'FT1', method: 'card', at: eight + 59 * minute },
      { kind: 'exit', ...car, at: eight + minutes * minute },
    ]);
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome, total, outstanding });
    expect(reviewsOf(state)).toEqual(reviews);
  });

  test('that is not paid is closed as unpaid, with a review item', () => {
    const { state, facts } = hear([
      { kind: 'entry', ...car },
      { kind: 'exit', ...car, at: eight + 61 * minute },
    ]);
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome: 'unpaid', total: 60_000, outstanding: 60_000 });
    expect(only(facts, 'review.opened').data.review).toMatchObject({
      reason: 'unpaidExit',
      plate: '29A12345',
      amount: 60_000,
    });
    expect(state.book.debts).toHaveLength(1);
  });

  test('that is paid after the exit resolves its review item', () => {
    const { state, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'exit', ...car, at: eight + 61 * minute },
      { kind: 'payment', ...car, amount: 60_000, reference: 'ETC1', method: 'etc', at: eight + 62 * minute },
    ]);
    expect(types.slice(3)).toEqual(['payment.received', 'session.paid', 'review.resolved']);
    expect(reviewsOf(state)).toEqual([]);
    expect(state.book.debts).toEqual([]);
  });

  test('is paid in two parts', () => {
    const { facts, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 10_000, reference: 'A', method: 'qr', at: eight + 30 * minute },
      { kind: 'payment', ...car, amount: 20_000, reference: 'B', method: 'cash', at: eight + 31 * minute },
      { kind: 'exit', ...car, at: eight + 40 * minute },
    ]);
    expect(types).toEqual(['session.opened', 'payment.received', 'payment.received', 'session.paid', 'session.closed']);
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome: 'paid', total: 30_000 });
  });

  test('with a pass costs nothing', () => {
    const { facts, state } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 0, reference: 'VT-1', method: 'pass', at: eight + minute },
      { kind: 'exit', ...car, at: eight + 9 * hour },
    ]);
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome: 'pass', total: 0, outstanding: 0 });
    expect(reviewsOf(state)).toEqual([]);
  });

  test('with more paid than due is for a person', () => {
    const { state } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 50_000, reference: 'A', method: 'qr', at: eight + minute },
      { kind: 'exit', ...car, at: eight + 2 * minute },
    ]);
    expect(state.book.reviews).toMatchObject([{ reason: 'overpaid', amount: 20_000 }]);
  });

  test('in a lot whose tariff nobody knows is not given away', () => {
    const { state, facts } = hear(
      [
        { kind: 'entry', ...car },
        { kind: 'exit', ...car, at: eight + hour },
      ],
      unknownLot,
      { ...lot, tariff: 'elsewhere' },
    );
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome: 'noTariff', total: 0 });
    expect(reviewsOf(state)).toEqual(['noTariff']);
  });
});

describe('which session an exit closes', () => {
  const both = [
    { kind: 'entry', plate: '29A11234', vehicleClass: 'car' },
    { kind: 'entry', plate: '29-A1 1234', vehicleClass: 'motorbike' },
  ] as const;
  test.each([
    ['the motorbike of the same text', both, { plate: '29A11234', vehicleClass: 'motorbike' }, 'gate-1.e1'],
    ['neither, when the class was not seen', both, { plate: '29A11234' }, undefined],
    ['the only one, when the class was not seen', [both[0]], { plate: '29A11234' }, 'gate-1.e0'],
    [
      'one of unknown class',
      [{ kind: 'entry', plate: '29A11234' }],
      { plate: '29A11234', vehicleClass: 'car' },
      'gate-1.e0',
    ],
    ['not one of another class', [both[0]], { plate: '29A11234', vehicleClass: 'coach' }, undefined],
    [
      'the ticket before the plate',
      [...both, { kind: 'entry', reference: 'T7' }],
      { plate: '29A11234', reference: 'T7' },
      'gate-1.e2',
    ],
    ['written in another way', [{ kind: 'entry', ...car }], { plate: '29a 12345' }, 'gate-1.e0'],
    ['none without a plate', [{ kind: 'entry', ...car }], { plate: 'unknown' }, undefined],
  ] as const)('%s', (_name, entries, exit, closed) => {
    const { facts, state } = hear([...entries, { kind: 'exit', ...exit, at: eight + hour }]);
    if (closed !== undefined) expect(only(facts, 'session.closed').data.session.id).toBe(closed);
    else {
      expect(facts.map(({ type }) => type)).toContain('exit.unmatched');
      expect(Object.keys(state.book.open)).toHaveLength(entries.length);
      expect(reviewsOf(state)).toEqual([entries.length === 2 ? 'ambiguousPlate' : 'entryNotFound']);
    }
  });
});

describe('an entry', () => {
  test('that a camera reads twice within a minute is one session', () => {
    const { state, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'entry', ...car, at: eight + 59_000 },
    ]);
    expect(types).toEqual(['session.opened', 'entry.repeated']);
    expect(Object.keys(state.book.open)).toEqual(['gate-1.e0']);
  });

  test('of a plate that is still inside ends the old session without charging it', () => {
    const { state, facts, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'entry', ...car, at: eight + 9 * hour },
    ]);
    expect(types).toEqual(['session.opened', 'session.closed', 'review.opened', 'session.opened']);
    expect(only(facts, 'session.closed').data).toMatchObject({ outcome: 'exitMissed', total: 0, outstanding: 0 });
    expect(Object.keys(state.book.open)).toEqual(['gate-1.e1']);
  });
});

describe('money', () => {
  test('that fits nobody waits in suspense with a review item', () => {
    const { state, facts } = hear([
      { kind: 'payment', plate: '30K-999.99', amount: 30_000, reference: 'X', method: 'qr' },
    ]);
    expect(only(facts, 'payment.received').data).toMatchObject({ sessionId: null, due: null });
    expect(reviewsOf(state)).toEqual(['paymentUnmatched']);
    expect(state.book.days).toMatchObject([
      { day: '2026-02-16', amount: 30_000, suspense: 30_000, byMethod: { qr: 30_000 } },
    ]);
  });

  test('counts once by its reference, also from another device under another id', () => {
    const { state, types } = hear([
      { kind: 'entry', ...car },
      { kind: 'payment', ...car, amount: 30_000, reference: 'FT1', method: 'qr', at: eight + minute },
      {
        kind: 'payment',
        ...car,
        amount: 30_000,
        reference: 'FT1',
        method: 'qr',
        device: 'kiosk-2',
        at: eight + minute,
      },
    ]);
    expect(types).toEqual(['session.opened', 'payment.received', 'session.paid', 'payment.repeated']);
    expect(state.book.days[0]?.amount).toBe(30_000);
  });

  test('of each day is counted on the day when the hub received it', () => {
    const midnight = Date.parse('2026-02-17T00:00:00+07:00');
    const { state } = hear([
      { kind: 'payment', amount: 1_000, reference: 'A', method: 'cash', at: midnight - 1 },
      { kind: 'payment', amount: 2_000, reference: 'B', method: 'cash', at: midnight },
    ]);
    expect(state.book.days.map(({ day, amount }) => [day, amount])).toEqual([
      ['2026-02-16', 1_000],
      ['2026-02-17', 2_000],
    ]);
  });
});

describe("a device's clock", () => {
  test.each([
    ['an entry a minute ahead', minute, 'clock', 0],
    ['an entry 10 s ahead is a little fast', 10_000, undefined, 0],
    ['an entry told two hours late', -2 * hour, 'late', -2 * hour],
    ['an entry told four days late', -96 * hour, 'clock', 0],
  ])('%s', (_name, ahead, doubt, entryAfter) => {
    const { facts } = hear([{ kind: 'entry', ...car, ts: eight + ahead }]);
    const { session } = only(facts, 'session.opened').data;
    expect(session.entryAt - eight).toBe(entryAfter);
    expect(session.quality).toEqual(doubt === undefined ? [] : [doubt]);
  });

  test('that makes an exit come before its entry never charges for it: the hub counts the time between', () => {
    const { facts, state } = hear([
      { kind: 'entry', ...car },
      { kind: 'exit', ...car, ts: eight - 5 * hour, at: eight + 30 * minute },
    ]);
    expect(only(facts, 'session.closed').data).toMatchObject({
      exitAt: eight + 30 * minute,
      total: 30_000,
      quality: ['late', 'clock'],
    });
    expect(reviewsOf(state)).toEqual(['unpaidExit', 'clock']);
  });
});

test('the same event again changes nothing; with other contents it is for a person, once', () => {
  const { state } = hear([{ kind: 'entry', ...car }]);
  const event = { id: 'e0', ts: eight, boot: 1, seq: 0, kind: 'entry' as const, ...car };
  expect(stepEvent(state, 'lot-1', 'gate-1', event, eight + hour, { lot })).toEqual({ state });
  const other = stepEvent(state, 'lot-1', 'gate-1', { ...event, plate: '30K-999.99' }, eight + hour, { lot });
  expect(other.events?.map(({ type }) => type)).toEqual(['review.opened']);
  expect(Object.keys(other.state.book.open)).toEqual(['gate-1.e0']);
  const again = stepEvent(other.state, 'lot-1', 'gate-1', { ...event, plate: '30K-999.99' }, eight + hour, { lot });
  expect(again.events).toBeUndefined();
  const elsewhere = stepEvent(state, 'lot-1', 'gate-2', { ...event, ...bike }, eight, { lot });
  expect(elsewhere.events?.map(({ type }) => type)).toEqual(['session.opened']);
});

test('bays and barriers leave a fact each', () => {
  const { state, types } = hear([
    { kind: 'bay', bay: '__proto__', occupied: true },
    { kind: 'bay', bay: 'B2', occupied: true },
    { kind: 'bay', bay: 'B2', occupied: false },
    { kind: 'barrier', lane: 'out' },
  ]);
  expect(types).toEqual(['bay.changed', 'bay.changed', 'bay.changed', 'barrier.cycled']);
  expect(Object.values(state.book.bays).map(({ isOccupied }) => isOccupied)).toEqual([true, false]);
  expect(state.book.days[0]?.barrierCycles).toBe(1);
});

test('whatever a gate says, each new message leaves a fact that the journal can read back, and folding them gives the state', () => {
  const check = Compile(ParkingEventsSchema);
  const said = fc.record({
    kind: fc.constantFrom('entry', 'exit', 'payment', 'bay', 'barrier'),
    plate: fc.constantFrom('29A-123.45', '29A12345', '30K-1', 'unknown', '__proto__'),
    vehicleClass: fc.constantFrom('car', 'motorbike'),
    device: fc.constantFrom('gate-1', 'gate-2', '__proto__'),
    amount: fc.integer({ min: 0, max: 200_000 }),
    method: fc.constantFrom('qr', 'pass', 'cash'),
    reference: fc.constantFrom('A', 'B', 'C', 'D'),
    bay: fc.constantFrom('B1', 'B2', 'constructor'),
    occupied: fc.boolean(),
    at: fc.integer({ min: 0, max: 3 * 86_400 }).map((after) => eight + after * 1_000),
    ts: fc.integer({ min: -5 * 86_400, max: 5 * 86_400 }).map((after) => eight + after * 1_000),
  } as const);
  fc.assert(
    fc.property(fc.array(said, { maxLength: 30 }), (messages) => {
      const { state, facts } = hear(messages);
      for (const fact of facts) expect(check.Check(JSON.parse(JSON.stringify(fact)))).toBe(true);
      const devices = new Set(facts.map(({ data }) => `${data.cause.device} ${data.cause.event}`));
      expect(devices.size).toBe(messages.length);
      const folded = facts.reduce(foldFact, unknownLot);
      expect(folded.book).toEqual(state.book);
      const closed = facts.flatMap((fact) => (fact.type === 'session.closed' ? [fact.data] : []));
      for (const { lines, total, outstanding, exitAt, session } of closed) {
        expect(lines.reduce((sum, line) => sum + line.amount, 0)).toBe(total);
        expect(outstanding).toBeGreaterThanOrEqual(0);
        expect(exitAt >= session.entryAt || total === 0).toBe(true);
      }
      const received = facts.reduce((sum, fact) => sum + (fact.type === 'payment.received' ? fact.data.amount : 0), 0);
      expect(state.book.days.reduce((sum, day) => sum + day.amount, 0)).toBe(received);
    }),
    { numRuns: 300 },
  );
});

describe('free places', () => {
  const count = (occupied: number, capacity: number, ts = eight) =>
    stepCount(unknownLot, 'lot-1', { ts, occupied, capacity }, eight, { lot }).state;
  test.each([
    ['never heard', unknownLot, eight, ['lot-1', null, null, 'unknown', 0]],
    ['counted', count(41, 140), eight, ['lot-1', 99, 140, 'counted', eight]],
    ['full', count(140, 140), eight, ['lot-1', 0, 140, 'counted', eight]],
    ['over capacity is unknown, never clamped', count(8_259, 140), eight, ['lot-1', null, 140, 'unknown', eight]],
    ['below nothing is unknown', count(-3, 140), eight, ['lot-1', null, 140, 'unknown', eight]],
    ['a counter without a capacity: the registry says it', count(40, 0), eight, ['lot-1', 60, 100, 'counted', eight]],
    ['15 minutes old', count(41, 140), eight + 15 * minute, ['lot-1', 99, 140, 'counted', eight]],
    ['older', count(41, 140), eight + 15 * minute + 1, ['lot-1', 99, 140, 'stale', eight]],
    [
      'by sessions',
      hear([
        { kind: 'entry', ...car },
        { kind: 'entry', ...bike },
      ]).state,
      eight + hour,
      ['lot-1', 98, 100, 'sessions', eight],
    ],
    [
      'by sessions after half a day of silence',
      hear([{ kind: 'entry', ...car }]).state,
      eight + 13 * hour,
      ['lot-1', 99, 100, 'stale', eight],
    ],
  ] as const)('%s', (_name, state, at, row) => {
    expect(rowOf('lot-1', state, at)).toEqual(row);
  });

  test('without any capacity are unknown', () => {
    const { state } = hear([{ kind: 'entry', ...car }], unknownLot, {
      id: 'lot-2',
      name: 'x',
      position: { lat: 21, lon: 105 },
    });
    expect(availability(state, eight)).toEqual({ free: null, capacity: null, quality: 'unknown', ts: eight });
  });

  test('an older count does not replace a newer one, and one from the future is refused', () => {
    const newer = count(41, 140);
    const older = stepCount(newer, 'lot-1', { ts: eight - 1, occupied: 1, capacity: 140 }, eight, { lot });
    expect(older.state).toBe(newer);
    expect(older.points).toEqual([
      {
        measurement: 'parking_count',
        subject: 'lot-1',
        at: eight - 1,
        fields: { occupied: 1, capacity: 140, free: 139 },
      },
    ]);
    const future = stepCount(newer, 'lot-1', { ts: eight + 10_001, occupied: 1, capacity: 140 }, eight, { lot });
    expect(future).toEqual({
      state: newer,
      refused: { reason: 'time', detail: "ts is 10 s ahead of the hub's clock" },
    });
  });
});

test.each([
  ['29A-123.45', '29A12345'],
  ['29-B1 123.45', '29B112345'],
  [' 29ld 123.45 ', '29LD12345'],
  ['29MĐ1-123.45', '29MD112345'],
  ['80-011-NG-01', '80011NG01'],
  ['unknown', null],
  ['--', null],
  [undefined, null],
])('the plate %j', (text, plate) => {
  expect(normalisePlate(text)).toBe(plate);
});
