/** What buses say: `city/v1/bus/<id>/{position,positions,event}`. Pure. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Latitude, Longitude, refuseNullIsland, Sequence, ShortText, Time } from '../fields.ts';
import { defineMessage } from '../message.ts';

export const BusPositionSchema = Type.Object({
  ts: Time,
  lat: Latitude,
  lon: Longitude,
  speed: Type.Optional(Type.Number({ minimum: 0, maximum: 70, description: 'm/s' })),
  bearing: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: 'degrees clockwise from north' })),
  accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'm' })),
  odometer: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000_000_000, description: 'm' })),
  route: Type.Optional(ShortText),
  direction: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1)])),
  trip: Type.Optional(Type.String({ maxLength: 128 })),
  occupancy: Type.Optional(Type.Integer({ minimum: 0, maximum: 8, description: 'GTFS-Realtime OccupancyStatus' })),
  seq: Type.Optional(Sequence),
});

/** One fix of a bus. */
export type BusPosition = Static<typeof BusPositionSchema>;

export const BusPositionsSchema = Type.Array(BusPositionSchema, { minItems: 1, maxItems: 500 });

export const BusEventSchema = Type.Object({
  id: EventId,
  ts: Time,
  boot: Boot,
  seq: Sequence,
  kind: Type.Union([
    Type.Literal('doorOpen'),
    Type.Literal('doorClose'),
    Type.Literal('tripStart'),
    Type.Literal('tripEnd'),
    Type.Literal('sos'),
    Type.Literal('tap'),
  ]),
  route: Type.Optional(ShortText),
  direction: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1)])),
  trip: Type.Optional(Type.String({ maxLength: 128 })),
  stop: Type.Optional(ShortText),
  lat: Type.Optional(Latitude),
  lon: Type.Optional(Longitude),
});

/** A door, trip, tap or SOS event of a bus. */
export type BusEvent = Static<typeof BusEventSchema>;

/** Every message of the bus domain, by the last level of its topic. */
export const busMessages = {
  position: defineMessage({
    schema: BusPositionSchema,
    lane: 'stream',
    qos: 0,
    description: 'one fix',
    check: refuseNullIsland,
  }),
  positions: defineMessage({
    schema: BusPositionsSchema,
    lane: 'stream',
    qos: 1,
    description: 'stored fixes, any order',
    check: (positions) => positions.forEach(refuseNullIsland),
  }),
  event: defineMessage({ schema: BusEventSchema, lane: 'durable', qos: 1, description: 'door, trip, tap or SOS' }),
} as const;
