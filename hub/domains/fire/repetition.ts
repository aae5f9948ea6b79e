/** Whether a message came before: a repetition, a second way of the same alarm, or an old name for something new (fire.md §5.10). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceState, Seen } from './device-state.ts';
import type { Signal } from './signal-schema.ts';

/** Two receptions of one alarm over two ways lie at most this far apart. */
export const twoPathsMs: Millis = 600_000;

/** The earlier reception of the same event, if there was one. */
export type Repetition =
  | { readonly kind: 'none' | 'identityReused' }
  | { readonly kind: 'duplicate'; readonly of: Seen; readonly isNewPath: boolean };

/**
 * A duplicate has the same id, or the same boot and counter, and says the same; over another path the same moment is enough.
 * A device whose ids or counters start anew says something else under an old name: that is a new signal, never dropped.
 */
export function repetitionOf(device: DeviceState, signal: Omit<Seen, 'at'>, at: Millis): Repetition {
  let reused = false;
  for (const seen of device.seen) {
    const path = signal.paths?.[0];
    const isNear = at - seen.at <= twoPathsMs;
    const isOtherPath = isNear && path !== undefined && seen.paths !== undefined && seen.paths[0] !== path;
    const isNewPath = isOtherPath && !seen.paths.includes(path);
    const sameBoot = seen.boot === signal.boot;
    const sameId = seen.event === signal.event;
    const saysTheSame = seen.kind === signal.kind && seen.point === signal.point;
    if (isOtherPath && saysTheSame && seen.class === signal.class && seen.ts === signal.ts)
      return { kind: 'duplicate', of: seen, isNewPath };
    if (!sameId && !(sameBoot && seen.seq === signal.seq)) continue;
    if (saysTheSame && (seen.ts === signal.ts || (sameId && sameBoot)))
      return { kind: 'duplicate', of: seen, isNewPath };
    reused = true;
  }
  return { kind: reused ? 'identityReused' : 'none' };
}

/** The second way of an event that was taken. */
export function rememberPath(device: DeviceState, event: string, path: string): DeviceState {
  const seen = device.seen.map((one) => (one.event === event ? { ...one, paths: [...(one.paths ?? []), path] } : one));
  return { ...device, seen };
}

/** The way that a signal came, when its device says so. */
export function pathOf(values: Signal['values']): string | undefined {
  return typeof values?.path === 'string' && values.path !== '' ? values.path : undefined;
}
