/** The dispatcher's queue: what stands first, and that nothing moves under a hand. */
import { describe, expect, test } from 'vitest';
import { arrange, callOf, countLevels, evidenceOf, levelOf } from '../../../dashboards/src/fire/queue.ts';
import { incident } from './incidents.ts';

test.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [5, 3],
  [6, 3],
  [7, 4],
  [8, 4],
])('priority %i is level %i', (priority, level) => {
  expect(levelOf(priority)).toBe(level);
});

const ids = (incidents: readonly { readonly id: string }[]): readonly string[] => incidents.map(({ id }) => id);

describe('arrange', () => {
  const old = incident({ id: 'old', raisedAt: 1_000 });
  const young = incident({ id: 'young', raisedAt: 2_000 });
  const confirmed = incident({ id: 'confirmed', priority: 1, raisedAt: 3_000 });
  const accepted = incident({ id: 'accepted', priority: 1, handling: 'acknowledged', raisedAt: 500 });
  const trouble = incident({ id: 'trouble', priority: 6, raisedAt: 100 });

  test('unaccepted emergencies are pinned, the worst first, then the one that waits longest', () => {
    const { pinned, rest, waiting } = arrange([accepted, young, trouble, old, confirmed], undefined);
    expect(ids(pinned)).toEqual(['confirmed', 'old', 'young']);
    expect(ids(rest)).toEqual(['trouble', 'accepted']);
    expect(waiting).toBe(0);
  });

  test('while a hand is on the list rows keep their places and new ones wait', () => {
    const held = { pinned: ['old', 'young'], rest: ['accepted'] };
    const { pinned, rest, waiting } = arrange([accepted, confirmed, trouble, young, old], held);
    expect(ids(pinned)).toEqual(['old', 'young']);
    expect(ids(rest)).toEqual(['accepted']);
    expect(waiting).toBe(2);
  });

  test('a row that was accepted under the hand stays where it is; one that is closed leaves', () => {
    const held = { pinned: ['old', 'young'], rest: [] };
    const { pinned } = arrange([incident({ id: 'young', handling: 'acknowledged' })], held);
    expect(ids(pinned)).toEqual(['young']);
  });
});

test('counts tell unaccepted from open, by level', () => {
  const counts = countLevels([
    incident({ id: 'a', priority: 1 }),
    incident({ id: 'b', priority: 2, handling: 'dispatched' }),
    incident({ id: 'c', priority: 6 }),
  ]);
  expect(counts).toEqual({
    1: { unaccepted: 1, open: 2 },
    2: { unaccepted: 0, open: 0 },
    3: { unaccepted: 1, open: 1 },
    4: { unaccepted: 0, open: 0 },
  });
});

test('the row names the class that is still in alarm and counts detectors once', () => {
  const point = { deviceId: 'fd-1', point: '1', class: 'smoke', since: 1, lastAt: 1, count: 1 };
  const evidence = evidenceOf(
    incident({
      points: [
        { ...point, restoredAt: 5 },
        { ...point, deviceId: 'fd-2', class: 'heat' },
      ],
    }),
  );
  expect(evidence).toEqual({ detectors: 2, class: 'heat' });
});

describe('what the bell is for', () => {
  const drill = incident({ id: 'drill', priority: 1, status: 'exercise' });
  const trouble = incident({ id: 'trouble', priority: 6 });

  test.each([
    [[], undefined],
    [[drill], 'drill'],
    [[drill, trouble], 3],
    [[drill, trouble, incident({ priority: 2 })], 1],
    [[incident({ isolated: true }), incident({ status: 'test' })], undefined],
    [[incident({ handling: 'acknowledged' }), drill], 'drill'],
  ] as const)('case %#: %s', (incidents, call) => {
    expect(callOf(incidents)).toBe(call);
  });

  test('a drill is counted with no level', () => {
    expect(countLevels([drill])[1]).toEqual({ unaccepted: 0, open: 0 });
  });
});
