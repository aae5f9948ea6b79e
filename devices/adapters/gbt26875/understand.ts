/** From a frame to messages of ours. Pure. */
import type { Millis } from '../../wire.ts';
import { type Adapted, believable, valueText } from '../adapted.ts';
import { adaptReading, type Flags } from '../edges.ts';
import { readObjects } from './data.ts';
import { addressText, command, type GbFrame, type RawGbFrame, readTime } from './frame.ts';

export type GbUnderstood = {
  /** `confirm`: once the messages are stored. `none`: silence, the sender tries again. */
  readonly answer: 'confirm' | 'none';
  readonly deviceId: string;
  readonly messages: readonly Adapted[];
  readonly flags: Flags | undefined;
};

/** `gbt-<address>`, as the registry knows the transmitter. */
export const transmitterId = (frame: GbFrame): string => `gbt-${addressText(frame.source)}`;

/** Understands one frame; `flags` are what the transmitter told before. Never throws. */
export function understandGbFrame(raw: RawGbFrame, before: Flags | undefined, at: Millis): GbUnderstood {
  const { frame, sumOk } = raw;
  const deviceId = transmitterId(frame);
  if (!sumOk || frame.command === command.confirm || frame.command === command.deny) {
    return { answer: 'none', deviceId, messages: [], flags: before };
  }
  const messages: Adapted[] = [];
  let flags = before;
  for (const [index, object] of readObjects(frame.data).entries()) {
    const time = object.time ?? readTime(frame.time);
    const adapted = adaptReading(
      {
        dialect: 'gbt',
        deviceId,
        ...(time === undefined ? {} : { time }),
        // Sent up to three times with the same number; the number alone wraps.
        identity: `${frame.serial} ${Buffer.from(frame.time).toString('hex')} ${index}`,
        conditions: object.conditions,
        values: { ...object.values, serial: frame.serial, ...clockText(frame) },
      },
      { at, retained: false, flagsOf: () => flags },
    );
    flags = adapted.flags;
    messages.push(...adapted.messages);
  }
  const { ts } = believable(readTime(frame.time), at);
  messages.push({ deviceId, message: 'heartbeat', body: { ts }, quality: [] });
  // A request or answer of ours would not come up; whatever else is whole is confirmed.
  return { answer: frame.command === command.answer ? 'none' : 'confirm', deviceId, messages, flags };
}

/** A clock that names no moment is kept as it came. */
function clockText(frame: GbFrame): Readonly<Record<string, string>> {
  const text = Buffer.from(frame.time).toString('hex');
  return readTime(frame.time) === undefined ? { deviceTime: valueText(text) } : {};
}
