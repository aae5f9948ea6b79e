/** REST of car parks: `/api/v1/parking/*`. Free places and the ledger are open to everyone, the rest needs `parking.money`. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { BoxQuery, isInBox, parseBox } from '../../box.ts';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { type Page, type PageQuery, pageByKey, pageByNumber, pageQuery } from '../../page.ts';
import { keptDays } from './day-totals.ts';
import { ParkingEventsSchema } from './events.ts';
import { ledgerOf, revenueOf } from './ledger.ts';
import { seesMoney } from './live.ts';
import { localDay } from './local-time.ts';
import { type LotState, unknownLot } from './lot.ts';
import {
  LedgerSchema,
  LotDetailSchema,
  LotPage,
  RevenuePage,
  ReviewPage,
  SessionPage,
  type SessionView,
} from './schemas.ts';
import { closedView, lotDetail, lotView, openView, reviewView } from './views.ts';

const open = { action: 'anonymous' } as const;
const staff = { action: 'parking.money' } as const;
const tags = ['parking'];
const LotQuery = Type.Optional(Type.String({ maxLength: 64, description: 'lot id' }));
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: "YYYY-MM-DD on the city's calendar" });

/** Registers all routes of the parking domain. */
export function registerParkingRoutes(api: Api, kit: DomainKit<LotState>): void {
  registerLots(api, kit);
  registerSessions(api, kit);
  registerMoney(api, kit);
}

function registerLots(api: Api, kit: DomainKit<LotState>): void {
  const { registry, states } = kit;
  const querystring = Type.Object({ bbox: BoxQuery, ...pageQuery(1_000) });
  api.get(
    '/api/v1/parking/lots',
    { config: open, schema: { tags, summary: 'Car parks with free places', querystring, response: { 200: LotPage } } },
    (request) => {
      const box = parseBox(request.query.bbox);
      const isMoneyShown = seesMoney({ principal: kit.principal(request) });
      const now = kit.now();
      const lots = [...registry.lots()].filter((lot) => box === null || isInBox(box, lot.position));
      const { items, next } = pageByKey(sortedBy(lots, idOf), idOf, request.query);
      return { items: items.map((lot) => lotView(lot, states.get(lot.id) ?? unknownLot, now, isMoneyShown)), next };
    },
  );
  const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
  const summary = 'A car park with its tariff and its counts by each method';
  api.get(
    '/api/v1/parking/lots/:id',
    { config: open, schema: { tags, summary, params, response: { 200: LotDetailSchema } } },
    (request) => {
      const lot = registry.lot(request.params.id);
      if (lot === undefined) throw new HubError('notFound', `there is no car park "${request.params.id}"`);
      const isMoneyShown = seesMoney({ principal: kit.principal(request) });
      return lotDetail(lot, states.get(lot.id) ?? unknownLot, kit.now(), isMoneyShown);
    },
  );
}

function registerSessions(api: Api, kit: DomainKit<LotState>): void {
  const querystring = Type.Object({
    lot: LotQuery,
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')], { default: 'open' })),
    ...pageQuery(500),
  });
  const description = 'Open: vehicles inside, in order of their ids, with the price until now. Closed: newest first.';
  api.get(
    '/api/v1/parking/sessions',
    {
      config: staff,
      schema: { tags, summary: 'Parking sessions', description, querystring, response: { 200: SessionPage } },
    },
    async ({ query }) => {
      if (query.state === 'closed') return closedSessions(kit, query);
      const now = kit.now();
      const sessions: SessionView[] = [];
      for (const [lot, state] of chosen(kit.states, query.lot)) {
        for (const session of Object.values(state.book.open)) sessions.push(openView(lot, session, now));
      }
      return pageByKey(sortedBy(sessions, lotKeyOf), lotKeyOf, query);
    },
  );
  const summary = 'What a person has to decide: exits without entry, unpaid exits, money without a session';
  const reviewQuery = Type.Object({ lot: LotQuery, ...pageQuery(500) });
  api.get(
    '/api/v1/parking/reviews',
    { config: staff, schema: { tags, summary, querystring: reviewQuery, response: { 200: ReviewPage } } },
    ({ query }) => {
      const reviews = [...chosen(kit.states, query.lot)].flatMap(([lot, state]) =>
        state.book.reviews.map((review) => reviewView(lot, review)),
      );
      return pageByKey(sortedBy(reviews, lotKeyOf), lotKeyOf, query);
    },
  );
}

function registerMoney(api: Api, kit: DomainKit<LotState>): void {
  const querystring = Type.Object({
    lot: LotQuery,
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    ...pageQuery(1_000),
  });
  const description = `Today without from and to. The last ${keptDays} days with activity of each lot; older ones are in the journal.`;
  api.get(
    '/api/v1/parking/revenue',
    {
      config: staff,
      schema: { tags, summary: 'Takings by lot and day', description, querystring, response: { 200: RevenuePage } },
    },
    ({ query }) => {
      const today = localDay(kit.now());
      const to = query.to ?? today;
      const from = query.from ?? to;
      if (from > to) throw new HubError('invalid', 'from must not be after to');
      const days = [...chosen(kit.states, query.lot)].flatMap(([lot, state]) => revenueOf(lot, state, from, to));
      const keyOf = (row: { readonly day: string; readonly lot: string }): string => `${row.day} ${row.lot}`;
      return pageByKey(sortedBy(days, keyOf), keyOf, query);
    },
  );
  api.get(
    '/api/v1/parking/ledger/:day',
    {
      config: open,
      schema: {
        tags,
        summary: "A day's takings of every lot, without plates",
        params: Type.Object({ day: Day }),
        response: { 200: LedgerSchema },
      },
    },
    ({ params }) => {
      const now = kit.now();
      const time = Date.parse(`${params.day}T00:00:00Z`);
      // 30 February parses as 2 March: only a day that comes back the same is one.
      const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(params.day);
      if (!isDay) throw new HubError('invalid', `"${params.day}" is not a day of the calendar`);
      const oldest = localDay(now - (keptDays - 1) * 86_400_000);
      if (params.day > localDay(now) || params.day < oldest) {
        throw new HubError('notFound', `the ledger holds the days from ${oldest} to today`);
      }
      return ledgerOf(params.day, kit.states, kit.registry.lots(), now);
    },
  );
}

const factSchema = Compile(ParkingEventsSchema);

async function closedSessions(
  kit: DomainKit<LotState>,
  { lot, ...query }: PageQuery & { readonly lot?: string },
): Promise<Page<SessionView>> {
  const subject = lot === undefined ? {} : { subject: lot };
  const stored = await pageByNumber(
    query,
    (part) => kit.journal.read({ domain: 'parking', types: ['session.closed'], ...subject, ...part }),
    (event) => event.cursor,
  );
  const items = stored.items.flatMap((event) => {
    const fact: unknown = { type: event.type, at: event.at, data: event.data };
    return factSchema.Check(fact) && fact.type === 'session.closed' ? [closedView(event.subject, fact.data)] : [];
  });
  return { items, next: stored.next };
}

function chosen(states: ReadonlyMap<string, LotState>, lot: string | undefined): Iterable<readonly [string, LotState]> {
  if (lot === undefined) return states;
  const state = states.get(lot);
  return state === undefined ? [] : [[lot, state]];
}

const idOf = (item: { readonly id: string }): string => item.id;
const lotKeyOf = (item: { readonly lot: string; readonly id: string }): string => `${item.lot} ${item.id}`;

/** By code unit, as `pageByKey` compares. */
function sortedBy<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
