import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import type { BusPosition } from '../../../../../devices/bus/message.ts';
import { anonymous, type Principal } from '../../../../../hub/access/policy.ts';
import { approaching } from '../../../../../hub/domains/bus/arrivals.ts';
import type { BusFact } from '../../../../../hub/domains/bus/events.ts';
import { defineTransit, rowOf, TransitFilter } from '../../../../../hub/domains/bus/live.ts';
import { stepPosition, unknownVehicle, type VehicleState } from '../../../../../hub/domains/bus/vehicle.ts';
import { city, eight, stops } from './city.ts';

const transit = defineTransit();
const viewer = { principal: anonymous, at: eight + 1_000, registry: city };

function at(position: Partial<BusPosition>, id = 'bus-2'): VehicleState {
  return stepPosition(unknownVehicle, id, { ts: eight, lat: 20.985, lon: 105.84, ...position }, eight, city).state;
}

const states = new Map([
  ['bus-1', at({ speed: 5, bearing: 0, trip: 't32-0800' }, 'bus-1')],
  ['bus-2', at({ lat: 20.99, route: '01' })],
  ['bus-3', at({ lat: 21.2 })],
  ['bus-4', unknownVehicle],
]);

test.each([
  ['nothing asked: every live bus', {}, ['bus-1', 'bus-2', 'bus-3']],
  ['a box, its edges included', { bbox: [105.8, 20.985, 105.84, 21] }, ['bus-1', 'bus-2']],
  ['a route by its short name', { routes: ['32'] }, ['bus-1']],
  ['both directions of a short name', { routes: ['01'] }, ['bus-2']],
  ['every route of a stop', { stops: ['s2'] }, ['bus-1']],
  ['routes or stops', { routes: ['01'], stops: ['s2'] }, ['bus-1', 'bus-2']],
  ['box and route together', { bbox: [105.8, 20.989, 105.9, 21], routes: ['32'] }, []],
  ['an unknown route: nothing', { routes: ['99'] }, []],
])('%s', (_name, filter, ids) => {
  const snapshot = transit.snapshot(states, filter, viewer);
  expect(snapshot).toEqual({ at: eight + 1_000, vehicles: ids.map((id) => expect.arrayContaining([id])) });
  const [frame] = transit.frames ?? [];
  expect([...states].filter(([id, state]) => frame?.matches(id, state, filter, viewer)).map(([id]) => id)).toEqual(ids);
});

test('a row holds what is known and null for what is not', () => {
  expect(rowOf('bus-1', at({ speed: 5, bearing: 12, trip: 't32-0800' }, 'bus-1'), eight)).toEqual([
    'bus-1',
    20.985,
    105.84,
    12,
    5,
    'r32',
    't32-0800',
    null,
    eight,
  ]);
  expect(rowOf('bus-2', at({}), eight)).toEqual(['bus-2', 20.985, 105.84, null, null, null, null, null, eight]);
});

test.each([
  ['90 s', 90_000, true],
  ['90.001 s', 90_001, false],
])('a fix of %s', (_name, age, isShown) => {
  expect(rowOf('bus-2', at({}), eight + age) !== undefined).toBe(isShown);
});

describe('a filter', () => {
  const schema = Compile(TransitFilter);
  test.each([
    [{}, true],
    [{ bbox: [105.7, 20.9, 106, 21.2] }, true],
    [{ routes: ['32'], stops: ['s1'], since: 17 }, true],
    [{ bbox: [106, 20.9, 105.7, 21.2] }, false],
    [{ bbox: [100, 20, 110, 21] }, false],
    [{ bbox: [105, 20, 106] }, false],
    [{ bbox: '105,20,106,21' }, false],
    [{ routes: Array.from({ length: 51 }, () => '32') }, false],
    [{ route: '32' }, false],
  ])('%j', (filter, isGood) => {
    expect(schema.Check(filter)).toBe(isGood);
  });
});

describe('an SOS', () => {
  const sos: BusFact = {
    type: 'sos.raised',
    at: eight,
    data: { device: 't1', event: 'e1', boot: 1, seq: 1, ts: eight, quality: [] },
  };
  const journalled = { ...sos, cursor: 1, id: 'x', domain: 'bus', subject: 'bus-1' };
  const role = (name: 'operator' | 'fire' | 'transit' | 'parking'): Principal => ({
    kind: 'token',
    id: name,
    name,
    roles: [name],
  });

  test.each([
    ['anonymous', anonymous, false],
    ['transit', role('transit'), false],
    ['parking', role('parking'), false],
    ['operator', role('operator'), true],
    ['fire', role('fire'), true],
  ])('%s', (_name, principal, isShown) => {
    const shown = transit.present?.(journalled, unknownVehicle, {}, { ...viewer, principal });
    expect(shown !== undefined).toBe(isShown);
  });

  test('is the only event that is shown', () => {
    const door = { ...journalled, type: 'door.opened' as const };
    expect(transit.present?.(door, unknownVehicle, {}, { ...viewer, principal: role('operator') })).toBeUndefined();
  });
});

describe('buses on their way to a stop', () => {
  const stop = stops[2] ?? { id: '', name: '', position: { lat: 0, lon: 0 }, clusterId: '' };
  const coming = (position: Partial<BusPosition>, now = eight) =>
    approaching(stop, new Map([['b', at({ route: '32', ...position }, 'b')]]), city, now);

  test('tell distance along the line and stops, the nearest first', () => {
    const two = new Map([
      ['far', at({ route: '32', direction: 0, lat: 20.981 }, 'far')],
      ['near', at({ route: '32', direction: 0, lat: 20.995 }, 'near')],
    ]);
    expect(approaching(stop, two, city, eight)).toEqual([
      {
        vehicleId: 'near',
        routeId: 'r32',
        patternId: 'p32n',
        headsign: 'Nhổn',
        directionId: 0,
        distanceMeters: 556,
        stopsAway: 1,
        ts: eight,
      },
      {
        vehicleId: 'far',
        routeId: 'r32',
        patternId: 'p32n',
        headsign: 'Nhổn',
        directionId: 0,
        distanceMeters: 2113,
        stopsAway: 2,
        ts: eight,
      },
    ]);
  });

  test.each([
    ['the bearing tells the direction', { bearing: 10 }, 1],
    ['the other direction has left the stop behind', { bearing: 190 }, 0],
    ['neither direction nor bearing: not claimed', {}, 0],
    ['300 m off the line is a detour', { direction: 0 as const, lon: 105.843 }, 0],
    ['another route', { route: '01', direction: 0 as const }, 0],
  ])('%s', (_name, position, count) => {
    expect(coming(position)).toHaveLength(count);
  });

  test('an old fix is no bus on its way', () => {
    expect(coming({ direction: 0 }, eight + 90_001)).toHaveLength(0);
  });
});
