/** What every device says of itself: `city/v1/<domain>/<id>/status` (retained, and the last will). Pure. */
import { type Static, Type } from 'typebox';
import { Boot, ShortText, Time } from '../fields.ts';
import { defineMessage } from '../message.ts';

export const DeviceStatusSchema = Type.Object({
  online: Type.Boolean(),
  boot: Boot,
  ts: Time,
  firmware: Type.Optional(ShortText),
});

/** Connected or gone; an old boot's will never ends a newer session. */
export type DeviceStatus = Static<typeof DeviceStatusSchema>;

/** Messages that all domains share; they go to the fleet. */
export const fleetMessages = {
  status: defineMessage({
    schema: DeviceStatusSchema,
    lane: 'stream',
    qos: 1,
    description: 'connected or gone; retained, and the last will',
  }),
} as const;
