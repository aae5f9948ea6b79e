/** Frames that were heard and cannot be believed: a trouble of the device that they name, until its next whole frame. Pure. */
import type { FireDoubt, FireEvent } from '../fire/message.ts';
import type { Millis } from '../wire.ts';
import { type Adapted, adaptedEvent, stableId } from './adapted.ts';

/** The point under which such frames are kept. */
export const framePoint = 'frame';

/** `time` and `address`: whole, and yet not to be believed. `replay`: a copy of something that was stored before. */
export type WhyDoubtful = 'crc' | 'sum' | 'decrypt' | 'time' | 'address' | 'replay';

export type DoubtfulFrame = {
  /** The dialect's short name: the beginning of event ids. */
  readonly dialect: string;
  readonly deviceId: string;
  readonly why: WhyDoubtful;
  readonly values: NonNullable<FireEvent['values']>;
  readonly quality?: readonly FireDoubt[];
  readonly at: Millis;
};

/**
 * One trouble an hour and reason, and for words that a key has proven, one for each: somebody who plays with a line must not
 * fill the journal.
 */
export function doubtfulFrame({ dialect, deviceId, why, values, quality = [], at }: DoubtfulFrame): Adapted {
  const hour = Math.floor(at / 3_600_000);
  const id = stableId(dialect, deviceId, 'doubtful', why, hour, values.data ?? '');
  const event: FireEvent = {
    id,
    ts: at,
    boot: id,
    seq: 0,
    kind: 'trouble',
    class: 'other',
    point: framePoint,
    values,
  };
  return adaptedEvent(deviceId, event, quality);
}

/** A whole frame came again. */
export function wellAgain(dialect: string, deviceId: string, at: Millis): Adapted {
  const event: FireEvent = {
    id: stableId(dialect, deviceId, 'well again', at),
    ts: at,
    boot: `well again ${at}`,
    seq: 0,
    kind: 'troubleRestore',
    class: 'other',
    point: framePoint,
  };
  return adaptedEvent(deviceId, event, []);
}
