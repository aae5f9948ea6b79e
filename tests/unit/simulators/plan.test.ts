import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDispatcher } from '../../../simulators/dispatch.ts';
import { feeOf } from '../../../simulators/fee.ts';
import type { Network, Trip } from '../../../simulators/gtfs.ts';
import { shareAt } from '../../../simulators/occupancy.ts';
import { mergePlan, type Planned, settle } from '../../../simulators/plan.ts';
import { freshPlate } from '../../../simulators/plate.ts';
import { randomStream } from '../../../simulators/random.ts';
import { createReceiver, send } from '../../../simulators/tracker.ts';

const at = (atMs: number, deviceId = 'd'): Planned => ({ atMs, deviceId, action: { kind: 'cut', forMs: 1 } });
const times = (plan: Iterable<Planned>): number[] => [...plan].map((planned) => planned.atMs);

test('merging ordered actors gives every action once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(1000)), { maxLength: 12 }), (lists) => {
      const actors = lists.map((list) =>
        list
          .toSorted((left, right) => left - right)
          .map((time) => at(time))
          .values(),
      );
      expect(times(mergePlan(actors))).toEqual(lists.flat().sort((left, right) => left - right));
    }),
  );
});

test('at equal times the earlier actor goes first', () => {
  const merged = [...mergePlan([[at(5, 'a')].values(), [at(5, 'b')].values(), [at(4, 'c')].values()])];
  expect(merged.map((planned) => planned.deviceId)).toEqual(['c', 'a', 'b']);
});

test('an actor that says things up to 30 s early is put in order', () => {
  const actions = [at(0), at(25_000), at(10_000), at(60_000), at(40_000), at(100_000)];
  expect(times(settle(actions.values(), 30_000))).toEqual([0, 10_000, 25_000, 40_000, 60_000, 100_000]);
});

test('a stream of numbers is the same for the same seed and name and another for each other', () => {
  const first = (seed: number, name: string): number[] => {
    const random = randomStream(seed, name);
    return [random.next(), random.next(), random.next()].map((value) => Math.round(value * 1e6));
  };
  expect(first(7, 'bus-1')).toEqual(first(7, 'bus-1'));
  expect(first(7, 'bus-1')).not.toEqual(first(8, 'bus-1'));
  expect(first(7, 'bus-1')).not.toEqual(first(7, 'bus-2'));
});

test('streams are even, and normal where they say so', () => {
  const random = randomStream(1, 'statistics');
  const draws = Array.from({ length: 20_000 }, () => random.gaussian());
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  expect(new Set(Array.from({ length: 200 }, () => random.whole(1, 6)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});

const trip = (id: string, startSeconds: number, from: number, to: number): Trip => {
  const shape = [from, to].map((lon) => ({ lat: 21, lon }));
  const [distances, stopIds] = [
    [0, 5000],
    ['x', 'y'],
  ];
  const pattern = { routeId: '01', direction: 0 as const, shape, distances, stopIds, stopDistances: distances };
  return { id, pattern, startSeconds, arrivals: [0, 1800], departures: [0, 1800] };
};
const network: Network = {
  routes: ['01'],
  trips: [
    trip('early', 36_000, 105.8, 105.85),
    trip('there', 37_000, 105.8, 105.85),
    trip('back', 38_000, 105.85, 105.8),
  ],
};

test('a bus starts with a trip under way, and goes on from the terminus where it stands', () => {
  const dispatcher = createDispatcher(network, 36_600);
  const first = dispatcher.next(0, '01', undefined);
  expect(first?.trip.id).toBe('early');
  expect(first?.startMs).toBe(-600_000);
  expect(dispatcher.next(1_260_000, '01', { lat: 21, lon: 105.85 })?.trip.id).toBe('back');
});

test('no trip is given out twice on a day, and the next day it runs again', () => {
  const dispatcher = createDispatcher(network, 36_600);
  const given = [1, 2, 3].map(() => dispatcher.next(0, undefined, undefined)?.trip.id);
  expect(given).toEqual(['early', 'there', 'back']);
  expect(dispatcher.next(0, undefined, undefined)).toBeUndefined();
  expect(dispatcher.next(86_400_000, undefined, undefined)?.startMs).toBe(85_800_000);
});

test('a tracker loses no fix: what it did not send live comes as a batch', () => {
  const random = randomStream(3, 'tracker');
  const receiver = createReceiver(random);
  const fixes = Array.from({ length: 2_000 }, (_, index) =>
    receiver.fix(index * 7_000, { lat: 21.03, lon: 105.85 }, 6, 90),
  );
  const said = send('bus-1', fixes, random);
  const seqs = said.flatMap(({ action }) => {
    if (action.kind === 'busPosition') return [action.body.seq];
    return action.kind === 'busPositions' ? action.body.map((position) => position.seq) : [];
  });
  expect(new Set(seqs).size).toBe(2_000);
  expect(said.some(({ action }) => action.kind === 'busPositions')).toBe(true);
  // It lies a little: some fixes come twice, some carry an old time.
  expect(seqs.length).toBeGreaterThan(2_000);
  const stale = said.filter(({ atMs, action }) => action.kind === 'busPosition' && atMs - action.body.ts >= 60_000);
  expect(stale.length).toBeGreaterThan(0);
});

test('gates charge as the tariffs that their lots name', () => {
  const noon = 12 * 3600;
  const stay = (minutes: number) => ({ enteredAtMs: 0, leftAtMs: minutes * 60_000 });
  expect(feeOf('car', 'hanoi', stay(60), noon)).toBe(30_000);
  expect(feeOf('car', 'hanoi', stay(61), noon)).toBe(60_000);
  expect(feeOf('car', 'hanoi-progressive', stay(300), noon)).toBe(165_000);
  expect(feeOf('motorbike', 'hanoi', stay(90), noon)).toBe(5_000);
  expect(feeOf('motorbike', 'hanoi', stay(90), 20 * 3600)).toBe(8_000);
  expect(feeOf('motorbike', 'hanoi', stay(90), 17 * 3600)).toBe(12_000);
});

test('offices are full at eleven, houses at night, and the curve goes round midnight without a jump', () => {
  expect(shareAt('office', 11 * 3600)).toBeCloseTo(0.89, 1);
  expect(shareAt('residential', 2 * 3600)).toBeGreaterThan(0.9);
  for (const kind of ['office', 'market', 'hospital', 'residential', 'leisure']) {
    expect(shareAt(kind, 86_399)).toBeCloseTo(shareAt(kind, 0), 2);
    expect(shareAt(kind, -60)).toBeCloseTo(shareAt(kind, 86_340), 5);
  }
});

test('plates look like those of Hanoi', () => {
  const random = randomStream(5, 'plates');
  for (let count = 0; count < 200; count++) {
    expect(freshPlate('car', random)).toMatch(/^(29|30|31|33)[A-HK-NPS-VX-Z]-\d{3}\.\d{2}$/);
    expect(freshPlate('motorbike', random)).toMatch(/^29-[A-HK-NPS-VX-Z][1-9] \d{3}\.\d{2}$/);
  }
});
