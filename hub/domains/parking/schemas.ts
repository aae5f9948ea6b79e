/** REST shapes of car parks. */
import { type Static, Type } from 'typebox';
import { pageOf } from '../../page.ts';
import { ClassSchema, type MethodSchema, OutcomeSchema, ReviewReasonSchema } from './events.ts';

const nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Dong = (description: string) => Type.Integer({ description: `${description}, đồng` });
const Time = Type.String({ format: 'date-time' });

/** `LotView` of view.ts. */
export const LotSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  address: nullable(Type.String()),
  wardCode: nullable(Type.String()),
  lat: Type.Number(),
  lon: Type.Number(),
  capacity: nullable(Type.Integer()),
  free: Type.Union([Type.Integer(), Type.Null()], { description: 'null when it is not known' }),
  basis: Type.Literal('all', { description: 'what is counted: all places' }),
  quality: Type.Union([
    Type.Literal('counted'),
    Type.Literal('sessions'),
    Type.Literal('stale'),
    Type.Literal('unknown'),
  ]),
  observedAt: nullable(Type.String({ format: 'date-time' })),
  ageSeconds: nullable(Type.Integer()),
  openSessions: Type.Integer(),
  revenueToday: Type.Optional(Dong("today's takings; only for those who may see money")),
});

export const LotDetailSchema = Type.Object({
  ...LotSchema.properties,
  tariff: Type.Union([
    Type.Object({
      id: Type.String(),
      version: Type.Integer(),
      name: Type.Object({ vi: Type.String(), en: Type.String() }),
      decision: Type.String(),
      effectiveFrom: Type.String(),
      illustration: Type.Boolean({ description: 'true: figures not checked against the decision' }),
    }),
    Type.Null(),
  ]),
  counts: Type.Object(
    {
      counter: nullable(Type.Integer({ description: 'vehicles, as the counter said it' })),
      sessions: Type.Integer({ description: 'entries less exits' }),
      bays: Type.Object({ occupied: Type.Integer(), known: Type.Integer({ description: 'bays with a sensor' }) }),
      difference: nullable(Type.Integer({ description: 'counter less sessions' })),
    },
    { description: 'the same quantity by each method, so that they can be compared' },
  ),
});

export const SessionViewSchema = Type.Object({
  id: Type.String(),
  lot: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  plate: nullable(Type.String()),
  vehicleClass: Type.Union([ClassSchema, Type.Null()]),
  ticket: nullable(Type.String()),
  entryAt: Time,
  exitAt: nullable(Type.String({ format: 'date-time' })),
  durationSeconds: Type.Integer(),
  outcome: Type.Union([OutcomeSchema, Type.Null()]),
  decision: nullable(Type.String()),
  lines: Type.Array(
    Type.Object({ text: Type.Object({ vi: Type.String(), en: Type.String() }), amount: Type.Integer() }),
  ),
  total: Type.Union([Dong('price until now, or until the exit'), Type.Null()]),
  paid: Dong('paid'),
  quality: Type.Array(Type.String()),
});

const byMethod = Type.Record(Type.String(), Type.Integer(), { description: 'đồng by method of payment' });

export const RevenueDaySchema = Type.Object({
  day: Type.String(),
  lot: Type.String(),
  entries: Type.Integer(),
  exits: Type.Integer(),
  payments: Type.Integer(),
  amount: Dong('received, matched or not'),
  byMethod,
  suspense: Dong('received for no known session'),
  unpaidExits: Type.Integer(),
  outstanding: Dong('left open by exits of that day; a later payment counts as received and does not change it'),
  unmatchedExits: Type.Integer(),
  barrierCycles: Type.Integer(),
});

const Totals = { payments: Type.Integer(), amount: Dong('received'), byMethod, suspense: Dong('without a session') };

export const LedgerSchema = Type.Object({
  day: Type.String(),
  zone: Type.String(),
  isOver: Type.Boolean({ description: 'false: the day is still running' }),
  lots: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), entries: Type.Integer(), exits: Type.Integer(), ...Totals }),
  ),
  total: Type.Object(Totals),
});

export const ReviewViewSchema = Type.Object({
  id: Type.String(),
  lot: Type.String(),
  reason: ReviewReasonSchema,
  sessionId: nullable(Type.String()),
  plate: nullable(Type.String()),
  amount: nullable(Type.Integer()),
  openedAt: Time,
  text: Type.Object({ vi: Type.String(), en: Type.String() }),
});

export const LotPage = pageOf(LotSchema);
export const SessionPage = pageOf(SessionViewSchema);
export const RevenuePage = pageOf(RevenueDaySchema);
export const ReviewPage = pageOf(ReviewViewSchema);

export type LotDetail = Static<typeof LotDetailSchema>;
export type SessionView = Static<typeof SessionViewSchema>;
export type RevenueDay = Static<typeof RevenueDaySchema>;
export type Ledger = Static<typeof LedgerSchema>;
export type ReviewView = Static<typeof ReviewViewSchema>;
export type MethodName = Static<typeof MethodSchema>;
