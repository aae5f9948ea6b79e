/** Fields that several domains' messages share, with their units and bounds. Pure. */
import { Type } from 'typebox';
import { BadMessage, type Millis } from './wire.ts';

/** Unix time in ms. Between 2001 and 2096: seconds, microseconds, 1970 and 2262 are a device's mistake. */
export const Time = Type.Integer({
  minimum: 1_000_000_000_000,
  maximum: 3_999_999_999_999,
  description: 'Unix time, ms',
});
/** The device's own id of an event: the same on every repetition. */
export const EventId = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[\\x21-\\x7e]+$',
  description: "the device's id of this event, the same when it is sent again",
});
/** Which start of the device this is: rises by one, or is a random word. */
export const Boot = Type.Union(
  [Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.String({ minLength: 1, maxLength: 64 })],
  { description: 'which start of the device' },
);
/** Rises by one with each event of a boot. */
export const Sequence = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'rises by one with each event of a boot',
});
export const Latitude = Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84, degrees' });
export const Longitude = Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84, degrees' });
export const Percent = Type.Number({ minimum: 0, maximum: 100, description: '%' });
export const ShortText = Type.String({ maxLength: 64 });

/** A position at exactly 0,0 is a receiver without a fix. @throws BadMessage `range`. */
export function refuseNullIsland(message: { readonly lat: number; readonly lon: number }): void {
  if (message.lat === 0 && message.lon === 0)
    throw new BadMessage('range', 'position 0,0 means that the receiver has no fix', '/lat');
}

/** How far ahead of the hub's clock a device's time may be before it is a fault. */
export const futureToleranceMs: Millis = 10_000;
