/** Drills, walk tests, isolations and commissioning: windows that people open at the hub, and that end by themselves (fire.md §5.8). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceState, Service } from './device-state.ts';
import type { FireFact, FireFactOf } from './events.ts';
import type { Signal } from './signal-schema.ts';
import type { WindowRecord } from './window-schema.ts';

/** How long a window may last at once, and when nobody says (ms). */
export const windowLimits = {
  drill: { usualMs: 60 * 60_000, longestMs: 4 * 3_600_000 },
  walkTest: { usualMs: 2 * 3_600_000, longestMs: 8 * 3_600_000 },
  isolation: { usualMs: 8 * 3_600_000, longestMs: 24 * 3_600_000 },
  commissioning: { usualMs: 2 * 3_600_000, longestMs: 24 * 3_600_000 },
} as const;

/** An isolation that was extended beyond this is a trouble of its own. */
export const isolatedTooLongMs: Millis = 24 * 3_600_000;

/** A window that stands open, with the points that were heard in it. */
export type Window = WindowRecord & { readonly from: Millis; readonly seen: readonly string[] };

/** Devices, or only some points of them: a zone of a panel may be walked through while the others watch. */
export type Extent = Pick<WindowRecord, 'devices' | 'points'>;

/** Whether a window speaks for this point of this device. */
export function covers({ devices, points }: Extent, device: string, point: string): boolean {
  return devices.includes(device) && (points === undefined || points.includes(pointName(device, point)));
}

/** The devices that a list of `<device>/<point>` names; a device's id has no slash. */
export function devicesOf(points: readonly string[]): string[] {
  return [...new Set(points.map((name) => name.split('/', 1).join('')))];
}

/** Whether two windows speak for a point in common. */
export function overlaps(a: Extent, b: Extent): boolean {
  const { points } = b;
  if (a.points === undefined || points === undefined) return a.devices.some((device) => b.devices.includes(device));
  return a.points.some((name) => points.includes(name));
}

/** How a signal counts: a device cannot say so itself, only a window at the hub can. `undefined`: real. */
export function standingOf(
  windows: readonly Window[],
  { device, point }: Pick<Signal, 'device' | 'point'>,
  at: Millis,
): Signal['standing'] {
  const kinds = windows.filter((one) => at < one.until && covers(one, device, point)).map(({ kind }) => kind);
  if (kinds.includes('isolation')) return 'isolated';
  if (kinds.includes('drill')) return 'exercise';
  return kinds.length > 0 ? 'test' : undefined;
}

// Real first: what is more serious wins.
const seriousness = ['actual', 'isolated', 'exercise', 'test'] as const;
export type Standing = (typeof seriousness)[number];

/** Whether `a` is more serious than `b`. */
export function isMoreSerious(a: Standing, b: Standing): boolean {
  return seriousness.indexOf(a) < seriousness.indexOf(b);
}

/** The open windows after a fact. */
export function foldWindows(windows: readonly Window[], fact: FireFact): readonly Window[] {
  switch (fact.type) {
    case 'window.opened':
      return [...windows, { ...fact.data, from: fact.at, seen: [] }];
    case 'window.extended':
      return windows.map((one) => (one.window === fact.data.window ? { ...one, until: fact.data.until } : one));
    case 'window.ended':
      return windows.filter((one) => one.window !== fact.data.window);
    case 'signal.received':
      return windows.length === 0 ? windows : windows.map((one) => withSeen(one, fact.data, fact.at));
    default:
      return windows;
  }
}

/** What a window means for a whole device's service; a drill and a window over some points leave it in service. */
export function serviceIn(fact: FireFactOf<'window.opened'>): Service | undefined {
  const { kind, by, reason, until, points } = fact.data;
  if (kind === 'drill' || points !== undefined) return undefined;
  return { kind: kind === 'isolation' ? 'isolated' : kind, by, reason, until };
}

/** The points of a device that are isolated while the others are not. */
export function isolatedPointsOf(windows: readonly Window[], device: string): readonly string[] {
  const own = windows.flatMap(({ kind, points = [] }) => (kind === 'isolation' ? points : []));
  return own.filter((name) => name.startsWith(`${device}/`)).map((name) => name.slice(device.length + 1));
}

/** Which points of a window were heard, and which never. A device that never named a point counts as one. */
export function coverageOf(window: Window, devices: Readonly<Record<string, DeviceState>>): Coverage {
  const whole = window.points === undefined ? window.devices : [];
  const expected = whole.flatMap((id) => {
    const points = [...new Set(Object.values(devices[id]?.points ?? {}).map(({ point }) => point))];
    return points.length === 0 ? [pointName(id, '')] : points.map((point) => pointName(id, point));
  });
  const never = [...(window.points ?? []), ...expected].filter((name) => !window.seen.includes(name));
  return { seen: [...window.seen], never };
}

/** `seen` and `never` are names `<device>/<point>`. */
export type Coverage = { readonly seen: string[]; readonly never: string[] };

/** Ends every window whose time is over, with what was heard in it. */
export function expire(windows: readonly Window[], devices: Readonly<Record<string, DeviceState>>, at: Millis) {
  return windows.filter(({ until }) => until <= at).map((one) => ending(one, devices, at, 'hub', 'expired'));
}

/** The fact that ends a window. */
export function ending(
  window: Window,
  devices: Readonly<Record<string, DeviceState>>,
  at: Millis,
  by: string,
  reason: string,
): FireFactOf<'window.ended'> {
  const { kind, devices: ids, points } = window;
  const extent = points === undefined ? { devices: ids } : { devices: ids, points };
  const opened = { at: window.from, by: window.by, reason: window.reason };
  const data = { window: window.window, kind, ...extent, by, reason, coverage: coverageOf(window, devices), opened };
  return { type: 'window.ended', at, data };
}

function withSeen(window: Window, signal: Signal, at: Millis): Window {
  const isHeard = signal.kind === 'alarm' || signal.kind === 'prealarm' || signal.kind === 'test';
  if (!isHeard || at >= window.until || !covers(window, signal.device, signal.point)) return window;
  const name = pointName(signal.device, signal.point);
  return window.seen.includes(name) ? window : { ...window, seen: [...window.seen, name] };
}

const pointName = (device: string, point: string) => `${device}/${point}`;
