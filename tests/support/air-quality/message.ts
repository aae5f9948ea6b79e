/** What an air-quality station says: the fourth domain that proves the house. */
import { type Static, Type } from 'typebox';
import { EventId, Time } from '../../../devices/fields.ts';
import { defineMessage } from '../../../devices/message.ts';

export const AirReadingSchema = Type.Object({ ts: Time, pm25UgPerM3: Type.Number({ minimum: 0, maximum: 2_000 }) });
export type AirReading = Static<typeof AirReadingSchema>;

export const AirAlertSchema = Type.Object({
  id: EventId,
  ts: Time,
  level: Type.Union([Type.Literal('unhealthy'), Type.Literal('hazardous')]),
});

export const airMessages = {
  reading: defineMessage({ schema: AirReadingSchema, lane: 'stream', qos: 0, description: 'one reading' }),
  alert: defineMessage({ schema: AirAlertSchema, lane: 'durable', qos: 1, description: 'a threshold was passed' }),
} as const;
