import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anonymous, type Principal } from '../../../../../hub/access/policy.ts';
import type { Api, DomainKit } from '../../../../../hub/domain.ts';
import { parking } from '../../../../../hub/domains/parking/index.ts';
import { defineParking, ParkingFilter } from '../../../../../hub/domains/parking/live.ts';
import { type LotState, stepCount, unknownLot } from '../../../../../hub/domains/parking/lot.ts';
import { registerParkingRoutes } from '../../../../../hub/domains/parking/routes.ts';
import { HubError } from '../../../../../hub/errors.ts';
import type { EventQuery, RegistryReader, StoredEvent } from '../../../../../hub/ports.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { bike, car, eight, hear, lot, minute, only } from './gate.ts';

const quiet = { id: 'lot-2', name: 'Bãi xe Hàng Da', position: { lat: 21.03, lon: 105.85 } };
const registry: RegistryReader = {
  ...emptyRegistry,
  lot: (id) => [lot, quiet].find((each) => each.id === id),
  lots: () => [lot, quiet],
};
const clerk: Principal = { kind: 'token', id: 'clerk', name: 'clerk', roles: ['parking'] };
const driver: Principal = { kind: 'token', id: 'bus', name: 'bus', roles: ['transit'] };

const day = hear([
  { kind: 'entry', ...car },
  { kind: 'entry', ...bike, at: eight + minute },
  { kind: 'payment', ...car, amount: 30_000, reference: 'A', method: 'qr', at: eight + 50 * minute },
  { kind: 'exit', ...car, at: eight + 55 * minute },
  { kind: 'payment', amount: 5_000, reference: 'B', method: 'cash', at: eight + 56 * minute },
]);
const counted = stepCount(
  day.state,
  'lot-1',
  { ts: eight + 59 * minute, occupied: 3, capacity: 100 },
  eight + 59 * minute,
  { lot },
);
const states = new Map<string, LotState>([['lot-1', counted.state]]);
const now = eight + 60 * minute;

describe('the API', () => {
  let api: Api;
  let who: Principal;

  beforeEach(async () => {
    who = anonymous;
    const none = () => Promise.resolve([]);
    const stored: StoredEvent[] = day.facts.map((fact, index) => ({
      ...fact,
      cursor: index + 1,
      id: `id-${index}`,
      domain: 'parking',
      subject: 'lot-1',
    }));
    const read = ({ before = 0, types = [], limit, subject }: EventQuery) =>
      Promise.resolve(
        stored
          .filter(
            (event) =>
              event.cursor < before && types.includes(event.type) && (subject ?? event.subject) === event.subject,
          )
          .reverse()
          .slice(0, limit),
      );
    const kit: DomainKit<LotState> = {
      states,
      registry,
      journal: { read, event: () => Promise.resolve(undefined), receipts: none, deadLetters: none },
      history: { query: none },
      now: () => now,
      principal: () => who,
      command: () => Promise.resolve(),
    };
    api = fastify().withTypeProvider<TypeBoxTypeProvider>();
    api.setErrorHandler((error, _request, reply) =>
      reply.code(error instanceof HubError ? error.status : 400).send({ detail: String(error) }),
    );
    registerParkingRoutes(api, kit);
    await api.ready();
  });

  afterEach(() => api.close());

  const get = async (url: string) => {
    const response = await api.inject({ url: `/api/v1/parking/${url}` });
    return { status: response.statusCode, body: response.json() };
  };

  test('lots for everybody, the unknown ones as unknown', async () => {
    const { body } = await get('lots');
    expect(body).toEqual({
      items: [
        {
          id: 'lot-1',
          name: 'Bãi xe Hồ Tây',
          address: null,
          wardCode: null,
          lat: 21.05,
          lon: 105.82,
          capacity: 100,
          free: 97,
          basis: 'all',
          quality: 'counted',
          observedAt: '2026-02-16T01:59:00.000Z',
          ageSeconds: 60,
          openSessions: 1,
        },
        expect.objectContaining({
          id: 'lot-2',
          capacity: null,
          free: null,
          quality: 'unknown',
          observedAt: null,
          ageSeconds: null,
        }),
      ],
      next: null,
    });
    expect((await get('lots?bbox=105.84,21.0,105.9,21.1')).body.items).toHaveLength(1);
    expect((await get('lots?bbox=1,2,3')).status).toBe(400);
  });

  test("today's takings for those who may see money", async () => {
    expect((await get('lots/lot-1')).body).not.toHaveProperty('revenueToday');
    who = driver;
    expect((await get('lots/lot-1')).body).not.toHaveProperty('revenueToday');
    who = clerk;
    expect((await get('lots/lot-1')).body.revenueToday).toBe(35_000);
  });

  test('a lot says how each method counts, and which decision it charges by', async () => {
    const { body } = await get('lots/lot-1');
    expect(body.counts).toEqual({ counter: 3, sessions: 1, bays: { occupied: 0, known: 0 }, difference: 2 });
    expect(body.tariff).toMatchObject({ id: 'hanoi', decision: '44/2017/QĐ-UBND', illustration: true });
    expect((await get('lots/none')).status).toBe(404);
  });

  test('sessions, open with the price until now and closed with their lines', async () => {
    const open = await get('sessions?lot=lot-1');
    expect(open.body.items).toMatchObject([
      { id: 'gate-1.e1', lot: 'lot-1', state: 'open', plate: '29B112345', total: 5_000, durationSeconds: 3_540 },
    ]);
    const closed = await get('sessions?state=closed&limit=1');
    expect(closed.body).toMatchObject({
      items: [
        {
          id: 'gate-1.e0',
          state: 'closed',
          outcome: 'paid',
          total: 30_000,
          paid: 30_000,
          exitAt: '2026-02-16T01:55:00.000Z',
        },
      ],
    });
    expect((await get(`sessions?state=closed&limit=1&cursor=${closed.body.next}`)).body).toEqual({
      items: [],
      next: null,
    });
  });

  test('revenue and review items', async () => {
    expect((await get('revenue')).body.items).toMatchObject([
      {
        day: '2026-02-16',
        lot: 'lot-1',
        entries: 2,
        exits: 1,
        payments: 2,
        amount: 35_000,
        byMethod: { qr: 30_000, cash: 5_000 },
        suspense: 5_000,
      },
    ]);
    expect((await get('revenue?from=2026-02-17&to=2026-02-16')).status).toBe(400);
    expect((await get('reviews')).body.items).toMatchObject([
      { lot: 'lot-1', reason: 'paymentUnmatched', amount: 5_000 },
    ]);
  });

  test('the ledger of a day holds every lot, adds up, and names no plate', async () => {
    const { body } = await get('ledger/2026-02-16');
    expect(body).toEqual({
      day: '2026-02-16',
      zone: 'Asia/Ho_Chi_Minh',
      isOver: false,
      lots: [
        {
          id: 'lot-1',
          name: 'Bãi xe Hồ Tây',
          entries: 2,
          exits: 1,
          payments: 2,
          amount: 35_000,
          byMethod: { qr: 30_000, cash: 5_000 },
          suspense: 5_000,
        },
        {
          id: 'lot-2',
          name: 'Bãi xe Hàng Da',
          entries: 0,
          exits: 0,
          payments: 0,
          amount: 0,
          byMethod: {},
          suspense: 0,
        },
      ],
      total: { payments: 2, amount: 35_000, byMethod: { qr: 30_000, cash: 5_000 }, suspense: 5_000 },
    });
    expect(JSON.stringify(body)).not.toContain('29A');
    expect((await get('ledger/2026-02-15')).body.isOver).toBe(true);
    expect((await get('ledger/2026-02-17')).status).toBe(404);
    expect((await get('ledger/2026-02-30')).status).toBe(400);
    expect((await get('ledger/yesterday')).status).toBe(400);
  });
});

describe('live', () => {
  const live = defineParking();
  const viewer = { principal: anonymous, at: now, registry };

  test.each([
    [{}, ['lot-1', 'lot-2']],
    [{ lots: ['lot-2', 'none'] }, ['lot-2']],
    [{ bbox: [105.8, 21.04, 105.83, 21.06] }, ['lot-1']],
  ])('a snapshot for %j', (filter, ids) => {
    expect(live.snapshot(states, filter, viewer)).toEqual({
      at: now,
      lots: ids.map((id) => expect.arrayContaining([id])),
    });
  });

  test('a box that is none is refused by the filter', () => {
    const filter = Compile(ParkingFilter);
    expect(filter.Check({ bbox: [106, 21, 105, 22] })).toBe(false);
    expect(filter.Check({ lots: ['lot-1'], since: 4 })).toBe(true);
  });

  test.each([
    ['anonymous', anonymous, false],
    ['transit', driver, false],
    ['parking', clerk, true],
  ])('sessions and plates: %s', (_name, principal, isShown) => {
    const closed = only(day.facts, 'session.closed');
    const event = { ...closed, cursor: 4, id: 'x', domain: 'parking', subject: 'lot-1' };
    expect(live.present?.(event, counted.state, {}, { ...viewer, principal }) !== undefined).toBe(isShown);
    expect(live.present?.(event, counted.state, { lots: ['lot-2'] }, { ...viewer, principal })).toBeUndefined();
  });
});

test('the subject is the lot that the device is bound to, else the device', () => {
  const gate = { id: 'g1', domain: 'parking', model: 'gate', name: 'g1', heartbeatMs: 60_000, synthetic: false };
  const binding = { kind: 'lot', target: 'lot-1', state: 'verified', since: 0, by: 'test' } as const;
  expect(parking.locate({ ...gate, binding }, registry, now)).toEqual({ subject: 'lot-1', context: { lot } });
  expect(parking.locate(gate, registry, now)).toEqual({ subject: 'g1', context: { lot: undefined } });
});

test('nothing is known of a lot at first', () => {
  expect(parking.initial('lot-1')).toBe(unknownLot);
});
