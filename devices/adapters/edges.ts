/**
 * Devices that tell a state (`smoke: true`) and not an event: what changed since they last spoke becomes an event. Pure; the
 * caller keeps the flags.
 */
import type { FireDoubt, FireEvent, FireHeartbeat } from '../fire/message.ts';
import type { Millis } from '../wire.ts';
import { type Adapted, adaptedEvent, believable, stableId } from './adapted.ts';

/** One thing that is so or not. */
export type Condition = {
  readonly kind: 'alarm' | 'prealarm' | 'supervisory' | 'trouble' | 'tamper' | 'test';
  readonly class: FireEvent['class'];
  /** Empty for the device's only sensor. */
  readonly point: string;
  readonly isOn: boolean;
  readonly isUnknown?: boolean;
};

/** What one foreign message tells. */
export type Reading = {
  /** The dialect's short name: the beginning of event ids. */
  readonly dialect: string;
  readonly deviceId: string;
  /** The device's own time, when it is given. */
  readonly time?: Millis;
  /** The network's own name of this message: the same on every repetition. */
  readonly identity?: string;
  readonly conditions: readonly Condition[];
  readonly heartbeat?: Omit<FireHeartbeat, 'ts'>;
  /** Connected or gone, when the message says that. */
  readonly isOnline?: boolean;
  readonly values?: NonNullable<FireEvent['values']>;
};

/** What was last told of each condition, and when it became an event. */
export type Flags = Readonly<Record<string, { readonly isOn: boolean; readonly at: Millis }>>;

/**
 * An alarm that stands is told again after this: its end may have been lost on the way, and the next one must not then pass
 * for the same.
 */
const tellAgainMs: Millis = 60_000;

export type AdaptContext = {
  /** The hub's time of reception. */
  readonly at: Millis;
  /** The broker had kept it: it may be old. */
  readonly retained: boolean;
  /** What the device told before; `undefined` when it is heard for the first time. */
  flagsOf(deviceId: string): Flags | undefined;
  /** The registry's id for a foreign name, where the person who connects it has chosen one. */
  deviceIdFor?(foreign: string): string | undefined;
  /** What a free contact of this device means: `Switch1` → `smoke`. */
  classFor?(foreign: string, contact: string): FireEvent['class'] | undefined;
};

/** The messages of one reading, and the flags to keep once they are handed on. */
export type AdaptedReading = {
  readonly deviceId: string;
  readonly messages: readonly Adapted[];
  readonly flags: Flags | undefined;
};

/**
 * A retained copy of a device that was never heard is an alarm only when its own time is as near as this; older, or without a
 * time, nobody knows whether it still burns or burnt last month.
 */
const retainedFreshMs: Millis = 600_000;

/** Turns a reading into messages. A first reading tells every state, because the hub may have missed the change. */
export function adaptReading(reading: Reading, context: AdaptContext): AdaptedReading {
  const { deviceId } = reading;
  const before = context.flagsOf(deviceId);
  const { ts, isWrong } = believable(reading.time, context.at);
  const doubts: readonly FireDoubt[] = isWrong ? ['clock'] : [];
  const moment = momentOf(reading, context);
  // A condition's number must not depend on what else is news: the same message is the same after a restart.
  const told = reading.conditions
    .map((condition, index) => ({ condition, index, news: newsOf(condition, before, reading, context) }))
    .filter(({ news }) => news !== 'none');
  const events = told
    // The end of a test is no news.
    .filter(({ condition: { kind, isOn } }) => isOn || kind !== 'test')
    .map(({ condition, index, news }) => {
      const shown = news === 'stale' ? { ...condition, kind: 'supervisory' as const } : condition;
      return eventOf({ reading, condition: shown, ts, moment, index, doubts });
    });
  const messages: Adapted[] = [...events];
  if (reading.heartbeat !== undefined && !context.retained) {
    messages.push({ deviceId, message: 'heartbeat', body: { ts, ...reading.heartbeat }, quality: doubts });
  }
  if (reading.isOnline !== undefined) {
    const body = { online: reading.isOnline, boot: reading.dialect, ts: context.at };
    messages.push({ deviceId, message: 'status', body, quality: [] });
  }
  const flags = told
    .filter(({ news }) => news === 'new')
    .map(({ condition }) => [keyOf(condition), { isOn: condition.isOn, at: context.at }] as const);
  return { deviceId, messages, flags: flags.length === 0 ? before : { ...before, ...Object.fromEntries(flags) } };
}

/**
 * `stale`: a retained alarm of which nobody knows when it began. It opens no incident, but a person should look: it is a
 * supervisory signal of the same point, until the device says something itself.
 */
type News = 'new' | 'stale' | 'none';

function newsOf(
  condition: Condition,
  flags: Flags | undefined,
  { time }: Reading,
  { at, retained }: Pick<AdaptContext, 'at' | 'retained'>,
): News {
  const { kind, isOn } = condition;
  const before = flags?.[keyOf(condition)];
  if (retained && isOn && (kind === 'alarm' || kind === 'prealarm')) {
    const isFresh = time !== undefined && at - time <= retainedFreshMs;
    if (before === undefined) return isFresh ? 'new' : 'stale';
    // It changed while nobody listened, or its own time says that it was told anew.
    return !before.isOn || (isFresh && time > before.at) ? 'new' : 'none';
  }
  if (before === undefined || before.isOn !== isOn) return 'new';
  return isOn && kind === 'alarm' && at - before.at >= tellAgainMs ? 'new' : 'none';
}

/** How a condition is remembered in `Flags`. */
export const keyOf = ({ kind, class: sensor, point }: Pick<Condition, 'kind' | 'class' | 'point'>): string =>
  `${kind}/${sensor}/${point}`;

/**
 * What tells this message from the next. A retained one comes again at every connection: without a time or name of its own it
 * is one event a day, so that it neither raises at each restart nor hides a real alarm for ever.
 */
function momentOf({ time, identity, conditions }: Reading, { at, retained }: AdaptContext): string {
  if (identity !== undefined) return identity;
  if (time !== undefined) return `${time}`;
  if (!retained) return `${at}`;
  const day = Math.floor(at / 86_400_000);
  return `retained ${day} ${conditions.map((one) => `${keyOf(one)}=${one.isOn}`).join(' ')}`;
}

type EventParts = {
  readonly reading: Reading;
  readonly condition: Condition;
  readonly ts: Millis;
  readonly moment: string;
  readonly index: number;
  readonly doubts: readonly FireDoubt[];
};

function eventOf({ reading, condition, ts, moment, index, doubts }: EventParts): Adapted {
  const { dialect, deviceId, values } = reading;
  const key = keyOf(condition);
  const event: FireEvent = {
    id: stableId(dialect, deviceId, key, `${condition.isOn}`, moment),
    ts,
    boot: stableId(dialect, moment),
    seq: index,
    kind: condition.isOn ? condition.kind : endOf(condition.kind),
    class: condition.class,
    ...(condition.point === '' ? {} : { point: condition.point }),
    ...(values === undefined || Object.keys(values).length === 0 ? {} : { values }),
  };
  return adaptedEvent(deviceId, event, condition.isUnknown ? [...doubts, 'unknownCode'] : doubts);
}

function endOf(kind: Condition['kind']): FireEvent['kind'] {
  switch (kind) {
    case 'alarm':
    case 'prealarm':
    case 'supervisory':
      return 'restore';
    case 'trouble':
    case 'tamper':
      return 'troubleRestore';
    case 'test':
      return 'test';
  }
}
