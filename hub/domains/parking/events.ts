/** Facts of a car park, as they stand in the journal. Plates are in them: they are shown to staff only. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Sequence, Time } from '../../../devices/fields.ts';

const at = Type.Integer();
const nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** The device's message that a fact comes from. */
export const CauseSchema = Type.Object({
  device: Type.String(),
  event: EventId,
  boot: Boot,
  seq: Sequence,
  /** Device time. */
  ts: Time,
  /** Digest of the message, to tell a repetition from a contradiction. */
  digest: Type.String(),
});
export type Cause = Static<typeof CauseSchema>;

export const ClassSchema = Type.Union([
  Type.Literal('bicycle'),
  Type.Literal('motorbike'),
  Type.Literal('car'),
  Type.Literal('truck'),
  Type.Literal('coach'),
]);

/**
 * Doubts that travel with a session. `clock`: the device's time could not be true, the hub's was used. `late`: told
 * more than an hour afterwards. `noPlate`, `plateUnsure`: not read, or with little confidence. `classAssumed`: priced
 * as a car because nobody said what it is.
 */
const Quality = Type.Array(
  Type.Union([
    Type.Literal('clock'),
    Type.Literal('late'),
    Type.Literal('noPlate'),
    Type.Literal('plateUnsure'),
    Type.Literal('classAssumed'),
  ]),
);
export type Quality = Static<typeof Quality>[number];

export const SessionSchema = Type.Object({
  id: Type.String(),
  /** Normalised; null when none was read. */
  plate: nullable(Type.String()),
  vehicleClass: Type.Union([ClassSchema, Type.Null()]),
  /** Ticket or card number, where the gate gives one. */
  ticket: nullable(Type.String()),
  lane: nullable(Type.String()),
  /** When charging begins. */
  entryAt: Type.Integer(),
  /** Hub time of the entry message. */
  heardAt: Type.Integer(),
  tariff: Type.String(),
  /** Đồng so far. */
  paid: Type.Integer({ minimum: 0 }),
  /** When what was due was covered; the way out is free for the grace time after it. */
  settledAt: nullable(Type.Integer()),
  /** A pass covers the stay. */
  isExempt: Type.Boolean(),
  quality: Quality,
});
/** A vehicle in the lot. */
export type Session = Static<typeof SessionSchema>;

const Line = Type.Object({ text: Type.Object({ vi: Type.String(), en: Type.String() }), amount: Type.Integer() });

export const OutcomeSchema = Type.Union([
  Type.Literal('paid'),
  Type.Literal('free'),
  Type.Literal('pass'),
  Type.Literal('unpaid'),
  Type.Literal('underpaid'),
  /** No exit was seen; nothing can be charged. */
  Type.Literal('exitMissed'),
  /** The lot's tariff is not known here. */
  Type.Literal('noTariff'),
]);
export type Outcome = Static<typeof OutcomeSchema>;

const ClosedSchema = Type.Object({
  cause: CauseSchema,
  session: SessionSchema,
  exitAt: Type.Integer(),
  lane: nullable(Type.String()),
  outcome: OutcomeSchema,
  /** Which decision the lines follow; null without a tariff. */
  decision: nullable(Type.String()),
  lines: Type.Array(Line),
  total: Type.Integer({ minimum: 0 }),
  outstanding: Type.Integer({ minimum: 0 }),
  quality: Quality,
});
export type Closed = Static<typeof ClosedSchema>;

export const MethodSchema = Type.Union([
  Type.Literal('qr'),
  Type.Literal('card'),
  Type.Literal('wallet'),
  Type.Literal('etc'),
  Type.Literal('pass'),
  Type.Literal('cash'),
  Type.Literal('unknown'),
]);
export type Method = Static<typeof MethodSchema>;

const PaymentSchema = Type.Object({
  cause: CauseSchema,
  reference: Type.String(),
  amount: Type.Integer({ minimum: 0 }),
  method: MethodSchema,
  plate: nullable(Type.String()),
  /** The session that it pays; null: nobody's, kept in suspense until a person decides. */
  sessionId: nullable(Type.String()),
  /** What was due at that moment, đồng; null when it matched nothing. */
  due: nullable(Type.Integer()),
});
export type Payment = Static<typeof PaymentSchema>;

export const ReviewReasonSchema = Type.Union([
  Type.Literal('entryNotFound'),
  Type.Literal('ambiguousPlate'),
  Type.Literal('unpaidExit'),
  Type.Literal('underpaidExit'),
  Type.Literal('overpaid'),
  Type.Literal('paymentUnmatched'),
  Type.Literal('exitMissed'),
  Type.Literal('noTariff'),
  Type.Literal('clock'),
  Type.Literal('conflict'),
]);

export const ReviewSchema = Type.Object({
  id: Type.String(),
  reason: ReviewReasonSchema,
  sessionId: nullable(Type.String()),
  plate: nullable(Type.String()),
  /** Đồng in question. */
  amount: nullable(Type.Integer()),
  openedAt: Type.Integer(),
  text: Type.Object({ vi: Type.String(), en: Type.String() }),
});
/** Something that a person must decide. */
export type Review = Static<typeof ReviewSchema>;

const fact = <const T extends string, D extends Parameters<typeof Type.Object>[0]>(type: T, data: D) =>
  Type.Object({ type: Type.Literal(type), at, data: Type.Object({ cause: CauseSchema, ...data }) });

export const ParkingEventsSchema = Type.Union([
  fact('session.opened', { session: SessionSchema }),
  Type.Object({ type: Type.Literal('session.closed'), at, data: ClosedSchema }),
  fact('session.paid', {
    sessionId: Type.String(),
    settledAt: Type.Integer(),
    isExempt: Type.Boolean(),
    /** Paid after the exit. */
    isLate: Type.Boolean(),
  }),
  Type.Object({ type: Type.Literal('payment.received'), at, data: PaymentSchema }),
  fact('payment.repeated', { reference: Type.String(), amount: Type.Integer() }),
  fact('entry.repeated', { sessionId: Type.String() }),
  fact('exit.unmatched', {
    plate: nullable(Type.String()),
    vehicleClass: Type.Union([ClassSchema, Type.Null()]),
    lane: nullable(Type.String()),
  }),
  fact('review.opened', { review: ReviewSchema }),
  fact('review.resolved', { id: Type.String(), by: Type.Literal('payment') }),
  fact('bay.changed', { bay: Type.String(), isOccupied: Type.Boolean() }),
  fact('barrier.cycled', { lane: nullable(Type.String()) }),
]);

/** Something that happened in a car park. */
export type ParkingFact = Static<typeof ParkingEventsSchema>;
