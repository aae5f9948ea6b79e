/** What one fire device says of itself and its points, folded from its signals in any order (fire.md §5.3, §5.10). Pure. */
import type { FireEvent } from '../../../devices/fire/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import { isAfter, later, type Moment } from './moment.ts';
import { pathOf } from './repetition.ts';
import type { Readings, Rising } from './rising.ts';
import type { Signal } from './signal-schema.ts';
import { beginTrouble, clearTroubles, endTroubles } from './troubles.ts';

/** One sensor of one point. `count` is 0 while it is in no open incident. */
export type PointState = {
  readonly point: string;
  readonly class: FireEvent['class'];
  readonly alarm: Moment | null;
  readonly restore: Moment | null;
  readonly prealarm: Moment | null;
  readonly count: number;
  /** Hub time of the newest alarm. */
  readonly alarmedAt: Millis;
  readonly panelVerified: boolean;
  /** An alarm of it came from a device that we know, in words that we could read: only such alarms prove anything. */
  readonly isSound: boolean;
  /** Times of alarms and restores since the last incident was closed, ascending, bounded. */
  readonly alarms: readonly Millis[];
  readonly restores: readonly Millis[];
  /** Hub time of the newest alarm or restore. */
  readonly heardAt: Millis;
  /** Changes up to this time are no chatter any more. */
  readonly settledAt: Millis;
};

/** Whether the device takes part; walk tests, isolation and commissioning carry who, why and until when. */
export type Service =
  | { readonly kind: 'inService' }
  | {
      readonly kind: 'walkTest' | 'isolated' | 'commissioning' | 'retired';
      readonly by: string;
      readonly reason: string;
      readonly until: Millis | null;
    };

/** A signal that was taken, to know its repetition. */
export type Seen = Pick<Signal, 'event' | 'boot' | 'seq' | 'kind' | 'class' | 'point' | 'ts'> & {
  readonly at: Millis;
  /** The ways it came, when the device says by which. */
  readonly paths?: readonly string[];
};

/** A device within its place. All but `offsetsMs` and `readings` is folded from the journal. */
export type DeviceState = {
  readonly points: Readonly<Record<string, PointState>>;
  /** Standing troubles by `<kind>:<point>`. */
  readonly troubles: Readonly<Record<string, Moment>>;
  /** The newest end of troubles by point; '' is the whole device's. */
  readonly troubleEnds: Readonly<Record<string, Moment>>;
  /** What rises from heartbeat to heartbeat. */
  readonly rising: Rising;
  readonly service: Service;
  /** Points that are isolated while the device itself is in service. */
  readonly isolatedPoints: readonly string[];
  readonly lastTestAt: Millis | null;
  /** Since when the hub knows that it is there; the fleet tells. */
  readonly knownSince: Millis | null;
  /** Since when the fleet has lost it; `null` while it is heard. */
  readonly lostAt: Millis | null;
  readonly seen: readonly Seen[];
  /** Hub time minus device time of the last heartbeats: not a fact, forgotten at a restart. */
  readonly offsetsMs: readonly number[];
  /** Likewise. */
  readonly readings: Readings;
};

export const newDevice: DeviceState = {
  points: {},
  troubles: {},
  troubleEnds: {},
  rising: {},
  service: { kind: 'inService' },
  isolatedPoints: [],
  lastTestAt: null,
  knownSince: null,
  lostAt: null,
  seen: [],
  offsetsMs: [],
  readings: {},
};

/** Sensors kept for one device; further points share one row, so that none is lost and nothing grows for ever. */
export const maxPoints = 512;
/** Alarm and restore times kept for one sensor. */
export const maxTimes = 32;
// A device that was away sends again what was not acknowledged: an hour of it, up to 256; the last 32 always.
const seenKeptMs = 60 * 60_000;
const seenAlways = 32;
const seenAtMost = 256;

/** Anybody who reaches a panel's port can write such words: they reach a person, and two of them do not prove each other. */
const unsound: ReadonlySet<string> = new Set(['unknownAccount', 'unreadable']);

/** Folds a signal in. The result does not depend on the order of the signals, but for the bounds. */
export function foldSignal(device: DeviceState, signal: Signal, at: Millis): DeviceState {
  const moment = { time: signal.time, seq: signal.seq };
  const heard = { ...device, seen: remember(device.seen, signal, at) };
  switch (signal.kind) {
    case 'alarm':
      return withPoint(heard, signal, (row) => ({
        ...row,
        alarm: later(row.alarm, moment),
        count: row.count + 1,
        alarmedAt: Math.max(row.alarmedAt, at),
        panelVerified: row.panelVerified || signal.panelVerified,
        isSound: row.isSound || !signal.quality.some((doubt) => unsound.has(doubt)),
        alarms: insert(row.alarms, signal.time),
        heardAt: Math.max(row.heardAt, at),
      }));
    case 'restore':
      return withPoint(
        clearTroubles(heard, [`supervisory:${signal.point}`, 'hub:stillInAlarm'], moment),
        signal,
        (row) => ({
          ...row,
          restore: later(row.restore, moment),
          restores: insert(row.restores, signal.time),
          heardAt: Math.max(row.heardAt, at),
        }),
      );
    case 'prealarm':
      return withPoint(heard, signal, (row) => ({ ...row, prealarm: later(row.prealarm, moment) }));
    case 'trouble':
    case 'tamper':
    case 'supervisory':
      return beginTrouble(heard, signal.kind, signal.point, moment);
    case 'troubleRestore':
      return endTroubles(heard, signal.point, moment);
    case 'test':
      return tested(heard, signal.time);
  }
}

/** A test that was heard, by its own word or in a walk test. */
export function tested(device: DeviceState, time: Millis): DeviceState {
  const { 'hub:notTested': _over, ...troubles } = device.troubles;
  return { ...device, troubles, lastTestAt: Math.max(device.lastTestAt ?? 0, time) };
}

/** Whether the sensor is in alarm: its newest alarm is not older than the newest restore that speaks for it. */
export function isActive(device: DeviceState, row: PointState): boolean {
  return row.alarm !== null && isAfter(row.alarm, restoreOf(device, row));
}

/** Whether the sensor itself says that it is near its alarm. */
export function isPrealarm(device: DeviceState, row: PointState): boolean {
  return row.prealarm !== null && isAfter(row.prealarm, restoreOf(device, row));
}

/** Whether people have taken the sensor out of service: by itself, or with its device. */
export function isIsolated(device: DeviceState, { point }: Pick<PointState, 'point'>): boolean {
  return device.service.kind === 'isolated' || device.isolatedPoints.includes(point);
}

/** The newest restore that speaks for a sensor: its own, its point's (`other`), or the whole device's. */
export function restoreOf(device: DeviceState, row: PointState): Moment | null {
  const restores = [row, device.points[keyOf(row.point, 'other')], device.points[keyOf('', 'other')]];
  return restores.reduce<Moment | null>((newest, one) => (one?.restore ? later(newest, one.restore) : newest), null);
}

/** The point's tallies start anew once its incident is closed. */
export function forgetAlarms(device: DeviceState): DeviceState {
  const points = Object.entries(device.points).map(
    ([key, row]) =>
      [key, { ...row, count: 0, panelVerified: false, isSound: false, alarms: [], restores: [] }] as const,
  );
  return { ...device, points: Object.fromEntries(points) };
}

/** A sensor whose chatter has ended. */
export function settle(device: DeviceState, point: string, sensor: string, until: Millis): DeviceState {
  const points = Object.entries(device.points).map(
    ([key, row]) => [key, row.point === point && row.class === sensor ? { ...row, settledAt: until } : row] as const,
  );
  return { ...device, points: Object.fromEntries(points) };
}

/** The row that a signal speaks of. */
export function rowOf(
  device: DeviceState,
  signal: { readonly point: string; readonly class: string },
): PointState | undefined {
  return device.points[keyOf(signal.point, signal.class)] ?? device.points[keyOf(overflowPoint, signal.class)];
}

// One row a sensor, so that a heat restore does not silence the smoke alarm of the same point.
const keyOf = (point: string, sensor: string) => `${point}/${sensor}`;
const overflowPoint = '…';

function withPoint(device: DeviceState, signal: Signal, change: (row: PointState) => PointState): DeviceState {
  const wanted = keyOf(signal.point, signal.class);
  const known = device.points[wanted];
  if (known !== undefined) return { ...device, points: { ...device.points, [wanted]: change(known) } };
  const points = Object.keys(device.points).length < maxPoints ? device.points : withoutQuietest(device);
  if (Object.keys(points).length < maxPoints) {
    return { ...device, points: { ...points, [wanted]: change(newPoint(signal.point, signal.class)) } };
  }
  // Every row is in alarm: further alarms share one row, and no single point's restore may clear that.
  if (signal.kind === 'restore') return signal.class === 'other' ? restoreRows(device, signal.point, change) : device;
  const shared = keyOf(overflowPoint, signal.class);
  const row = points[shared] ?? newPoint(overflowPoint, signal.class);
  return { ...device, points: { ...points, [shared]: change(row) } };
}

/** A reset of a point or of the whole device, when there is no room to remember it in a row of its own. */
function restoreRows(device: DeviceState, point: string, change: (row: PointState) => PointState): DeviceState {
  const rows = Object.entries(device.points);
  const points = rows.map(([key, row]) => [key, point === '' || row.point === point ? change(row) : row] as const);
  return { ...device, points: Object.fromEntries(points) };
}

function withoutQuietest(device: DeviceState): DeviceState['points'] {
  const newest = (row: PointState) => Math.max(row.restore?.time ?? 0, row.prealarm?.time ?? 0, row.alarm?.time ?? 0);
  let quietest: string | undefined;
  for (const [key, row] of Object.entries(device.points)) {
    if (row.count > 0 || isActive(device, row)) continue;
    const other = quietest === undefined ? undefined : device.points[quietest];
    if (other === undefined || newest(row) < newest(other)) quietest = key;
  }
  return Object.fromEntries(Object.entries(device.points).filter(([key]) => key !== quietest));
}

function newPoint(point: string, sensor: FireEvent['class']): PointState {
  return {
    point,
    class: sensor,
    alarm: null,
    restore: null,
    prealarm: null,
    count: 0,
    alarmedAt: 0,
    panelVerified: false,
    isSound: false,
    alarms: [],
    restores: [],
    heardAt: 0,
    settledAt: 0,
  };
}

function insert(times: readonly Millis[], time: Millis): readonly Millis[] {
  const sorted = [...times, time].sort((a, b) => a - b);
  // At the bound the first (since when) and the newest stay.
  return sorted.length <= maxTimes ? sorted : [...sorted.slice(0, 1), ...sorted.slice(1 - maxTimes)];
}

function remember(seen: readonly Seen[], signal: Signal, at: Millis): readonly Seen[] {
  const { event, boot, seq, kind, class: sensor, point, ts } = signal;
  const recent = seen.filter((one, index) => one.at > at - seenKeptMs || index >= seen.length - seenAlways + 1);
  const path = pathOf(signal.values);
  const paths = path === undefined ? {} : { paths: [path] };
  return [...recent, { event, boot, seq, kind, class: sensor, point, ts, at, ...paths }].slice(-seenAtMost);
}
