/** What every adapter of a foreign device language makes of a frame: messages of ours. Pure. */
import { createHash } from 'node:crypto';
import type { FireDoubt, FireEvent, FireHeartbeat } from '../fire/message.ts';
import type { DeviceStatus } from '../fleet/message.ts';
import { isDeviceId, type Millis } from '../wire.ts';

/** One message as our own devices would send it to `city/v1/fire/<deviceId>/<message>`. */
export type Adapted = { readonly deviceId: string; readonly quality: readonly FireDoubt[] } & (
  | { readonly message: 'event'; readonly body: FireEvent }
  | { readonly message: 'heartbeat'; readonly body: FireHeartbeat }
  | { readonly message: 'status'; readonly body: DeviceStatus }
);

/** An event with its doubts inside and beside it. */
export function adaptedEvent(deviceId: string, event: FireEvent, quality: readonly FireDoubt[]): Adapted {
  const body = quality.length === 0 ? event : { ...event, quality: [...quality] };
  return { deviceId, message: 'event', body, quality };
}

/** An event id that is the same whenever the parts are: a repetition then collapses behind it. */
export function stableId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}-${digest(parts.join('\0'))}`;
}

/**
 * A device id from a foreign name: kept when it may stand in a topic, else cleaned and told apart by a digest, so that
 * `Bếp 1` and `Bep_1` stay two devices.
 */
export function deviceIdOf(prefix: string, foreign: string): string {
  const plain = `${prefix}-${foreign}`;
  if (isDeviceId(plain)) return plain;
  const cleaned = foreign
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_');
  return `${plain.slice(0, prefix.length + 1)}${cleaned.slice(0, 30)}-${digest(foreign).slice(0, 8)}`;
}

/** The bounds of a time on our wire (`devices/fields.ts`): outside of them a clock is not worth repeating. */
const earliest: Millis = 1_000_000_000_000;
const latest: Millis = 3_999_999_999_999;

/** The device's time, or the hub's with the doubt `clock` when no believable one was given. */
export function believable(time: Millis | undefined, at: Millis): { readonly ts: Millis; readonly isWrong: boolean } {
  if (time === undefined) return { ts: at, isWrong: false };
  const isWrong = !Number.isFinite(time) || time < earliest || time > latest;
  return { ts: isWrong ? at : Math.trunc(time), isWrong };
}

/** Text for `values`: whole characters, no control characters, at most 128. */
export function valueText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\uFFFD')
    .slice(0, 128)
    .toWellFormed();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
