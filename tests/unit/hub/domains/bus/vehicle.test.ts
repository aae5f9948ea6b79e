import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BusEvent, BusPosition } from '../../../../../devices/bus/message.ts';
import type { BusFact } from '../../../../../hub/domains/bus/events.ts';
import { bus } from '../../../../../hub/domains/bus/index.ts';
import {
  foldFact,
  stepEvent,
  stepPosition,
  stepPositions,
  unknownVehicle,
  type VehicleState,
} from '../../../../../hub/domains/bus/vehicle.ts';
import { city, eight, tracker } from './city.ts';

const here: BusPosition = { ts: eight, lat: 21.0, lon: 105.84 };

function drive(positions: readonly BusPosition[], at = eight + 60_000, subject = 'bus-2'): VehicleState {
  return positions.reduce((state, position) => stepPosition(state, subject, position, at, city).state, unknownVehicle);
}

const shown = (state: VehicleState) => state.fix && [state.fix.ts - eight, state.fix.lat, state.fix.lon];

describe('the live position', () => {
  test('is the newest by device time, in whatever order pings come', () => {
    const track = Array.from({ length: 6 }, (_, index) => ({
      ...here,
      ts: eight + index * 10_000,
      lat: 21 + index * 0.001,
    }));
    fc.assert(
      fc.property(fc.shuffledSubarray(track, { minLength: 6, maxLength: 6 }), (shuffled) => {
        expect(shown(drive(shuffled))).toEqual([50_000, 21.005, 105.84]);
      }),
      { numRuns: 720 },
    );
  });

  test('does not move back for an older ping, which goes to the history', () => {
    const state = drive([{ ...here, ts: eight + 5_000 }]);
    const step = stepPosition(state, 'bus-2', { ...here, lat: 21.001 }, eight + 6_000, city);
    expect(step.state).toBe(state);
    expect(step.points).toHaveLength(1);
    expect(step.points?.[0]?.at).toBe(eight);
  });

  test('ignores the same ping again', () => {
    const state = drive([here]);
    expect(stepPosition(state, 'bus-2', here, eight + 1_000, city)).toEqual({ state });
  });

  test.each([
    ['10 s ahead is a clock that is a little fast', 10_000, undefined],
    ['10.001 s ahead is a fault', 10_001, 'time'],
    ['a year ahead is a fault', 31_536_000_000, 'time'],
  ])('%s', (_name, ahead, reason) => {
    const step = stepPosition(unknownVehicle, 'bus-2', { ...here, ts: eight + ahead }, eight, city);
    expect(step.refused?.reason).toBe(reason);
    expect(step.state.fix === null).toBe(reason !== undefined);
    expect(step.points?.length ?? 0).toBe(reason === undefined ? 1 : 0);
  });

  test.each([
    ['10 minutes old is history only', 600_000, null],
    ['just under 10 minutes is shown', 599_999, [0, 21, 105.84]],
  ])('%s', (_name, age, expected) => {
    const step = stepPosition(unknownVehicle, 'bus-2', here, eight + age, city);
    expect(shown(step.state)).toEqual(expected);
    expect(step.points).toHaveLength(1);
  });
});

describe('an implausible jump', () => {
  const far = { ...here, ts: eight + 10_000, lat: 21.3 };
  const alsoFar = { ...here, ts: eight + 20_000, lat: 21.301 };

  test('is history, but not shown, until a second ping agrees', () => {
    const once = drive([here, far]);
    expect(shown(once)).toEqual([0, 21, 105.84]);
    expect(once.suspect?.lat).toBe(21.3);
    expect(shown(drive([here, far, alsoFar]))).toEqual([20_000, 21.301, 105.84]);
  });

  test('is forgotten when the next ping is where the bus was', () => {
    const state = drive([here, far, { ...here, ts: eight + 20_000, lat: 21.001 }]);
    expect(shown(state)).toEqual([20_000, 21.001, 105.84]);
    expect(state.suspect).toBeNull();
  });

  test('confirmed by two pings ends in the same place in every order', () => {
    for (const order of permutations([here, far, alsoFar])) {
      expect(shown(drive(order))).toEqual([20_000, 21.301, 105.84]);
    }
  });

  test('of 1 km is no jump, nor is a long way in a long time', () => {
    expect(shown(drive([here, { ...here, ts: eight + 1_000, lat: 21.0089 }]))?.[0]).toBe(1_000);
    expect(shown(drive([here, { ...here, ts: eight + 60_000, lat: 21.029 }]))?.[0]).toBe(60_000);
  });
});

test('stored pings all go to the history in order, and the newest moves the bus', () => {
  const batch = [20_000, 0, 10_000, 20_000].map((after) => ({ ...here, ts: eight + after, lat: 21 + after / 1e7 }));
  const step = stepPositions(unknownVehicle, 'bus-2', batch, eight + 30_000, city);
  expect(step.points?.map((point) => point.at - eight)).toEqual([0, 10_000, 20_000]);
  expect(shown(step.state)).toEqual([20_000, 21.002, 105.84]);
});

test('a batch loses its fixes from the future and keeps the others', () => {
  const batch = [here, { ...here, ts: eight + 3_600_000 }];
  const step = stepPositions(unknownVehicle, 'bus-2', batch, eight, city);
  expect(step.points).toHaveLength(1);
  expect(step.state.futureFixes).toBe(1);
  expect(stepPositions(unknownVehicle, 'bus-2', batch.slice(1), eight, city).refused?.reason).toBe('time');
});

describe('the route', () => {
  test.each([
    ['a route id', 'bus-2', { route: 'r32' }, 'r32', 'device'],
    ['a short name', 'bus-2', { route: '32' }, 'r32', 'device'],
    ['a short name of two routes, first of the feed', 'bus-2', { route: '01' }, '01_1', 'device'],
    ['a short name and a direction', 'bus-2', { route: '01', direction: 1 as const }, '01_2', 'device'],
    ['no word, but the vehicle table', 'bus-1', {}, 'r32', 'table'],
    ['an unknown word and the vehicle table', 'bus-1', { route: '99' }, 'r32', 'table'],
    ['an unknown word and nothing else', 'bus-2', { route: '99' }, null, 'none'],
  ])('from %s', (_name, subject, words, routeId, source) => {
    const { fix } = drive([{ ...here, ...words }], eight, subject);
    expect(fix?.route).toEqual({ routeId, source });
  });

  test('is looked up again after a minute, so that an import reaches a standing bus', () => {
    const empty = { ...city, route: () => undefined, routes: () => [] };
    const before = stepPosition(unknownVehicle, 'bus-1', here, eight, empty).state;
    expect(before.fix?.route.routeId).toBeNull();
    const soon = stepPosition(before, 'bus-1', { ...here, ts: eight + 59_000 }, eight + 59_000, city).state;
    expect(soon.fix?.route.routeId).toBeNull();
    const later = stepPosition(soon, 'bus-1', { ...here, ts: eight + 60_000 }, eight + 60_000, city).state;
    expect(later.fix?.route.routeId).toBe('r32');
  });
});

describe('the bearing', () => {
  test.each([
    ['the device says it', [{ ...here, bearing: 123 }], 123],
    ['nothing is known at first', [here], null],
    ['13 m are noise', [here, { ...here, ts: eight + 5_000, lat: 21.00012 }], null],
    ['17 m to the north', [here, { ...here, ts: eight + 5_000, lat: 21.00015 }], 0],
    [
      'two steps of 11 m to the east',
      [here, { ...here, ts: eight + 5_000, lon: 105.8401 }, { ...here, ts: eight + 9_000, lon: 105.8402 }],
      90,
    ],
    [
      'it stays while the bus stands',
      [here, { ...here, ts: eight + 5_000, lat: 20.999 }, { ...here, ts: eight + 9_000, lat: 20.999 }],
      180,
    ],
    [
      'it is forgotten over a long pause',
      [
        { ...here, ts: eight - 300_000 },
        { ...here, lat: 20.999 },
      ],
      null,
    ],
  ])('%s', (_name, track, bearing) => {
    expect(drive(track).fix?.bearing).toBe(bearing);
  });
});

describe('events', () => {
  const event: BusEvent = {
    id: 'e1',
    ts: eight - 1_000,
    boot: 1,
    seq: 1,
    kind: 'tripStart',
    route: '32',
    trip: 't32-0800',
  };

  test.each([
    ['tripStart', 'trip.started'],
    ['tripEnd', 'trip.ended'],
    ['doorOpen', 'door.opened'],
    ['doorClose', 'door.closed'],
    ['tap', 'ticket.tapped'],
    ['sos', 'sos.raised'],
  ] as const)('%s becomes %s', (kind, type) => {
    const step = stepEvent(unknownVehicle, 'tracker-1', { ...event, kind }, eight);
    expect(step.events).toEqual([
      {
        type,
        at: eight,
        data: {
          device: 'tracker-1',
          event: 'e1',
          boot: 1,
          seq: 1,
          ts: eight - 1_000,
          route: '32',
          trip: 't32-0800',
          quality: [],
        },
      },
    ]);
  });

  test('counts once by its id, and contradicts with another id at the same place', () => {
    const { state } = stepEvent(unknownVehicle, 'tracker-1', event, eight);
    expect(stepEvent(state, 'tracker-1', event, eight + 5_000)).toEqual({ state });
    const other = stepEvent(state, 'tracker-1', { ...event, id: 'e2' }, eight);
    expect(other.refused).toEqual({ reason: 'conflict', detail: 'boot 1 seq 1 was event "e1" before, now it is "e2"' });
    expect(stepEvent(state, 'tracker-2', event, eight).events).toHaveLength(1);
    expect(stepEvent(state, 'tracker-1', { ...event, id: 'e2', boot: 2 }, eight).events).toHaveLength(1);
  });

  test('of a wrong clock is kept and flagged', () => {
    const step = stepEvent(unknownVehicle, 'tracker-1', { ...event, ts: eight + 60_000 }, eight);
    expect(step.events?.[0]?.data.quality).toEqual(['clock']);
  });

  test('folded from the journal give the state that the steps gave', () => {
    const kinds = ['tripStart', 'doorOpen', 'tap', 'tap', 'doorClose', 'sos', 'tap'] as const;
    const facts: BusFact[] = [];
    const stepped = kinds.reduce((state, kind, index) => {
      const step = stepEvent(state, 'tracker-1', { ...event, kind, id: `e${index}`, seq: index }, eight + index);
      facts.push(...(step.events ?? []));
      return step.state;
    }, unknownVehicle);
    expect(facts.reduce(foldFact, unknownVehicle)).toEqual(stepped);
    expect(stepped.logbook.taps).toBe(3);
    expect(stepped.logbook.doors).toEqual({ open: false, since: eight + 4 });
    expect(stepped.logbook.sos).toEqual({ event: 'e5', at: eight + 5 });
    expect(stepped.logbook.trip).toEqual({ id: 't32-0800', route: '32', since: eight });
  });
});

test('the subject is the vehicle that the device is bound to, else the device', () => {
  expect(bus.locate(tracker('t1', 'bus-1'), city, eight).subject).toBe('bus-1');
  expect(bus.locate(tracker('t1'), city, eight).subject).toBe('t1');
});

test('a point carries what the message said, with the route as the hub knows it', () => {
  const full = { ...here, speed: 5, bearing: 10, accuracy: 4, odometer: 900, route: '32', trip: 'x', occupancy: 2 };
  expect(stepPosition(unknownVehicle, 'bus-2', full, eight, city).points).toEqual([
    {
      measurement: 'bus_position',
      subject: 'bus-2',
      at: eight,
      fields: {
        lat: 21,
        lon: 105.84,
        speed: 5,
        bearing: 10,
        accuracy: 4,
        odometer: 900,
        route: 'r32',
        trip: 'x',
        occupancy: 2,
      },
    },
  ]);
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
