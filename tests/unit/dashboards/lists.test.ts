/** Lines, lots, devices and exceptions as the screens list them. */
import { describe, expect, test } from 'vitest';
import type { Line, RouteItem } from '../../../dashboards/src/bus/lines.ts';
import { busFreshness, findLines, lineColor, linesOf, nearestStop } from '../../../dashboards/src/bus/lines.ts';
import { exceptionsOf } from '../../../dashboards/src/city/exceptions.ts';
import { doorsOf } from '../../../dashboards/src/devices/doors.ts';
import { findDevices, totalCounts } from '../../../dashboards/src/devices/fleet.ts';
import type { LotNow } from '../../../dashboards/src/parking/lots.ts';
import { findLots, isFull, lotsNow } from '../../../dashboards/src/parking/lots.ts';
import type { VehicleRow } from '../../../hub/domains/bus/view.ts';
import type { DeviceView } from '../../../hub/domains/fleet/view.ts';
import type { LotView } from '../../../hub/domains/parking/view.ts';
import { incident } from './incidents.ts';

const route = (id: string, longName = ''): RouteItem => ({ id, shortName: id, longName, color: null });
const bus = (id: string, routeId: string | null, at: number): VehicleRow => [
  id,
  21,
  105.8,
  null,
  5,
  routeId,
  null,
  null,
  at,
];

describe('bus lines', () => {
  test('lines with buses come first, numbers as people count', () => {
    const lines = linesOf(
      [route('10'), route('2'), route('55A'), route('09A')],
      [bus('a', '55A', 5), bus('b', '10', 9), bus('c', '10', 7), bus('d', null, 9)],
    );
    expect(lines.map(({ id, buses, newestAt }) => [id, buses, newestAt])).toEqual([
      ['10', 2, 9],
      ['55A', 1, 5],
      ['2', 0, null],
      ['09A', 0, null],
    ]);
  });

  test('a line is found without diacritics', () => {
    const line = (id: string, longName: string): Line => ({ ...route(id, longName), buses: 0, newestAt: null });
    const found = findLines([line('32', 'Bến xe Giáp Bát - Nhổn'), line('01', 'Gia Lâm - Yên Nghĩa')], 'giap bat');
    expect(found.map(({ id }) => id)).toEqual(['32']);
  });

  test('a position past 90 s is never the present', () => {
    expect(busFreshness(0, 30_000)).toBe('live');
    expect(busFreshness(0, 30_001)).toBe('late');
    expect(busFreshness(0, 90_001)).toBe('stale');
  });

  test('the network’s colour is used when it is one, else one of ours', () => {
    expect(lineColor({ ...route('01'), color: 'D7263D' })).toBe('#d7263d');
    expect(lineColor({ ...route('01'), color: 'red' })).toMatch(/^#[0-9a-f]{6}$/);
  });

  test('the nearest stop is measured with the degrees’ true lengths', () => {
    const stops = [
      { id: 'east', name: 'East', lat: 60, lon: 10.0019 },
      { id: 'north', name: 'North', lat: 60.0011, lon: 10 },
    ];
    expect(nearestStop(stops, 60, 10)?.id).toBe('east');
    expect(nearestStop([], 60, 10)).toBeUndefined();
  });
});

describe('car parks', () => {
  const view: LotView = {
    id: 'lot-1',
    name: 'Bãi Trần Quang Khải',
    address: null,
    wardCode: null,
    lat: 21,
    lon: 105.8,
    capacity: 100,
    free: 60,
    basis: 'all',
    quality: 'counted',
    observedAt: '2026-11-22T07:00:00.000Z',
    ageSeconds: 5,
    openSessions: 0,
  };
  const lot = (changes: Partial<LotNow>): LotNow => {
    const [base] = lotsNow([view], new Map());
    if (base === undefined) throw new Error('there is one lot');
    return { ...base, ...changes };
  };

  test('the live count replaces the first answer', () => {
    const [now] = lotsNow([view], new Map([['lot-1', ['lot-1', 25, 100, 'sessions', 7] as const]]));
    expect(now).toMatchObject({ free: 25, used: 0.75, quality: 'sessions', at: 7 });
  });

  test('without a live count the first answer stands, with its time', () => {
    expect(lot({})).toMatchObject({ free: 60, used: 0.4, at: 1_795_330_800_000 });
  });

  test('a stale zero is not "full"', () => {
    expect(isFull(lot({ free: 0 }))).toBe(true);
    expect(isFull(lot({ free: 0, quality: 'stale' }))).toBe(false);
  });

  test('lots with room come first, what is not known last', () => {
    const lots = [
      lot({ id: 'stale', free: 90, quality: 'stale' }),
      lot({ id: 'full', free: 0 }),
      lot({ id: 'room', free: 10 }),
    ];
    expect(findLots(lots, '', false).map(({ id }) => id)).toEqual(['room', 'full', 'stale']);
    expect(findLots(lots, 'tran quang', true).map(({ id }) => id)).toEqual(['room']);
  });

  test('the city’s feed: incidents, then silent devices, then full lots', () => {
    const feed = exceptionsOf(
      [incident()],
      [{ id: 'fd-9', lastMessageAt: null }],
      [lot({ free: 0 }), lot({ id: 'room' })],
    );
    expect(feed.map(({ kind, level }) => [kind, level])).toEqual([
      ['incident', 1],
      ['device', 3],
      ['lotFull', 4],
    ]);
  });
});

describe('devices', () => {
  const device = (id: string, link: DeviceView['link'], domain = 'fire'): DeviceView => ({
    id,
    domain,
    model: 'smoke-detector',
    name: `Đầu báo ${id}`,
    link,
    since: null,
    lastMessageAt: null,
    ageSeconds: null,
    messages: 0,
    refused: 0,
    battery: null,
    firmware: null,
    binding: null,
    synthetic: false,
  });

  test('the silent ones come first', () => {
    const all = [device('a', 'online'), device('b', 'never'), device('c', 'lost'), device('d', 'late')];
    expect(findDevices(all, { domain: '', link: '', words: '' }).map(({ id }) => id)).toEqual(['c', 'd', 'b', 'a']);
  });

  test('filters join', () => {
    const all = [device('a', 'online'), device('b', 'online', 'bus'), device('c', 'lost')];
    expect(findDevices(all, { domain: 'fire', link: 'online', words: 'dau bao' }).map(({ id }) => id)).toEqual(['a']);
  });

  test('totals are over all domains', () => {
    const fleet = {
      fire: { never: 1, online: 2, late: 3, lost: 4 },
      bus: { never: 0, online: 10, late: 0, lost: 1 },
    };
    expect(totalCounts(fleet)).toEqual({ never: 1, online: 12, late: 3, lost: 5, total: 21 });
  });
});

describe('doors for other systems', () => {
  test('show what happened: what is well first, then what somebody should look at', () => {
    const counts = { frames: 20, connections: 3, answers: 1, busy: 0, wrongCrc: 2, acked: 12, nakKey: 5 };
    expect(doorsOf({ 'sia-dc09': counts })).toEqual([
      {
        gateway: 'sia-dc09',
        connections: 3,
        frames: 20,
        outcomes: [
          { outcome: 'acked', count: 12, isFault: false },
          { outcome: 'wrongCrc', count: 2, isFault: true },
          { outcome: 'nakKey', count: 5, isFault: true },
        ],
      },
    ]);
  });

  test('are not there where none is open', () => {
    expect(doorsOf(undefined)).toEqual([]);
  });
});
