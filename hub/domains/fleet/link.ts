/** When a device is online, late or lost: silence by its nominal heartbeat, a will with a grace (fire.md §5.6). Pure. */

import type { DeviceStatus } from '../../../devices/fleet/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import type { FleetState } from './state.ts';
import type { Link } from './view.ts';

/** A will says that a path is down; a device that comes back within this was not lost. */
export const willGraceMs: Millis = 30_000;
/** Below this the battery is low, above the second it is well again (%). */
export const batteryLowPercent = 20;
export const batteryWellPercent = 30;

/** Silence after which a device is worth a look. */
export function lateAfterMs(device: Pick<DeviceRecord, 'heartbeatMs'>): Millis {
  return device.heartbeatMs * 1.5;
}

/** Silence after which a device is lost. */
export function lostAfterMs(device: Pick<DeviceRecord, 'heartbeatMs'>): Millis {
  return device.heartbeatMs * 2 + 10_000;
}

/** When the registry last heard of the device since the hub's start. */
export type Heard = { readonly lastAt: Millis } | undefined;

/**
 * The link as it is shown now. Only the step calls a supervised device lost, so that the screen and the journal agree:
 * after a restart, until the device speaks, an online device is shown late.
 */
export function linkOf(
  device: Pick<DeviceRecord, 'heartbeatMs'>,
  state: Pick<FleetState, 'link' | 'since'> | undefined,
  heard: Heard,
  at: Millis,
): Link {
  const known = state?.link ?? 'never';
  if (heard === undefined) return known === 'online' ? 'late' : known;
  if (known === 'lost' && heard.lastAt <= (state?.since ?? 0)) return 'lost';
  const silentMs = at - heard.lastAt;
  if (silentMs <= lateAfterMs(device)) return 'online';
  return silentMs > lostAfterMs(device) && known === 'never' ? 'lost' : 'late';
}

/** Whether an `online: false` ends the session that we know of. */
export function endsSession(state: Pick<FleetState, 'session'>, status: DeviceStatus): boolean {
  const { session } = state;
  // Within one boot clients send the same will at every reconnect, so its time says nothing.
  if (session === null || session.boot === status.boot) return true;
  if (typeof session.boot === 'number' && typeof status.boot === 'number') return status.boot > session.boot;
  return status.ts >= session.ts;
}
