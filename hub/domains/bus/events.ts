/** Facts of a bus, as they stand in the journal. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Latitude, Longitude, Sequence, ShortText, Time } from '../../../devices/fields.ts';

const data = Type.Object({
  device: Type.String({ maxLength: 64 }),
  event: EventId,
  boot: Boot,
  seq: Sequence,
  /** Device time. */
  ts: Time,
  route: Type.Optional(ShortText),
  direction: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1)])),
  trip: Type.Optional(Type.String({ maxLength: 128 })),
  stop: Type.Optional(ShortText),
  lat: Type.Optional(Latitude),
  lon: Type.Optional(Longitude),
  /** Doubts: `clock` when the device's time was more than 10 s ahead of the hub's. */
  quality: Type.Array(Type.Literal('clock')),
});

/** What each fact carries. */
export type BusEventData = Static<typeof data>;

const at = Type.Integer();

export const BusEventsSchema = Type.Union([
  Type.Object({ type: Type.Literal('trip.started'), at, data }),
  Type.Object({ type: Type.Literal('trip.ended'), at, data }),
  Type.Object({ type: Type.Literal('door.opened'), at, data }),
  Type.Object({ type: Type.Literal('door.closed'), at, data }),
  Type.Object({ type: Type.Literal('ticket.tapped'), at, data }),
  Type.Object({ type: Type.Literal('sos.raised'), at, data }),
]);

/** A trip, door, tap or SOS that happened. */
export type BusFact = Static<typeof BusEventsSchema>;
