/** What car park devices say: `city/v1/parking/<id>/{event,count}`. Pure. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Sequence, ShortText, Time } from '../fields.ts';
import { defineMessage } from '../message.ts';
import { BadMessage } from '../wire.ts';

export const ParkingEventSchema = Type.Object({
  id: EventId,
  ts: Time,
  boot: Boot,
  seq: Sequence,
  kind: Type.Union([
    Type.Literal('entry'),
    Type.Literal('exit'),
    Type.Literal('bay'),
    Type.Literal('payment'),
    Type.Literal('barrier'),
  ]),
  lane: Type.Optional(ShortText),
  plate: Type.Optional(Type.String({ maxLength: 20 })),
  plateConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  vehicleClass: Type.Optional(
    Type.Union([
      Type.Literal('bicycle'),
      Type.Literal('motorbike'),
      Type.Literal('car'),
      Type.Literal('truck'),
      Type.Literal('coach'),
    ]),
  ),
  bay: Type.Optional(ShortText),
  occupied: Type.Optional(Type.Boolean()),
  amount: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'đồng' })),
  method: Type.Optional(
    Type.Union([
      Type.Literal('qr'),
      Type.Literal('card'),
      Type.Literal('wallet'),
      Type.Literal('etc'),
      Type.Literal('pass'),
      Type.Literal('cash'),
    ]),
  ),
  reference: Type.Optional(Type.String({ maxLength: 128 })),
});

/** An entry, exit, payment, bay change or barrier cycle at a car park. */
export type ParkingEvent = Static<typeof ParkingEventSchema>;

export const ParkingCountSchema = Type.Object({
  ts: Time,
  // A count outside 0..capacity is kept as the device said it and shown as unknown, never clamped.
  occupied: Type.Integer({ minimum: -100_000, maximum: 100_000 }),
  capacity: Type.Integer({ minimum: 0, maximum: 100_000 }),
});

/** What a lot's counter shows. */
export type ParkingCount = Static<typeof ParkingCountSchema>;

/** Every message of the parking domain, by the last level of its topic. */
export const parkingMessages = {
  event: defineMessage({
    schema: ParkingEventSchema,
    lane: 'durable',
    qos: 1,
    description: 'entry, exit, payment, bay change or barrier cycle',
    check: refuseIncomplete,
  }),
  count: defineMessage({ schema: ParkingCountSchema, lane: 'stream', qos: 0, description: 'what the counter shows' }),
} as const;

/** Money without an amount or a reference cannot be booked once; a bay without a name or state says nothing. */
function refuseIncomplete(event: ParkingEvent): void {
  const needed = event.kind === 'payment' ? paymentFields : event.kind === 'bay' ? bayFields : [];
  for (const field of needed) {
    if (event[field] === undefined || event[field] === '') {
      throw new BadMessage('schema', `a ${event.kind} event needs "${field}"`, `/${field}`);
    }
  }
}

const paymentFields = ['amount', 'reference'] as const;
const bayFields = ['bay', 'occupied'] as const;
