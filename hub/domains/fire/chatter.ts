/** A sensor that cannot make up its mind is one alarm with a counter, latched until it is quiet (fire.md §5.9). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceState, PointState } from './device-state.ts';

/** So many changes of its word after the alarm, within this time. */
export const chatterRule = { changes: 3, withinMs: 60_000 } as const;
/** Quiet for so long: the latch opens. */
export const quietMs: Millis = 60_000;

/** Whether the sensor chatters. It follows from the times alone, whatever their order of arrival. */
export function isLatched(device: DeviceState, row: PointState): boolean {
  if (row.alarms.length < 2) return false;
  const changes = changesOf(device, row);
  return changes.some((time, index) => {
    const last = changes[index + chatterRule.changes - 1];
    return last !== undefined && last - time <= chatterRule.withinMs;
  });
}

/** When it changed its word after the first alarm, ascending; what was settled is forgotten. */
function changesOf(device: DeviceState, row: PointState): Millis[] {
  const restores = [row, device.points[`${row.point}/other`], device.points['/other']].flatMap(
    (one) => one?.restores ?? [],
  );
  const said = [
    ...row.alarms.map((time) => ({ time, isAlarm: true })),
    ...restores.map((time) => ({ time, isAlarm: false })),
  ].sort((a, b) => a.time - b.time || Number(b.isAlarm) - Number(a.isAlarm));
  const changes: Millis[] = [];
  let isAlarm = false;
  for (const one of said) {
    if (one.isAlarm === isAlarm) continue;
    isAlarm = one.isAlarm;
    changes.push(one.time);
  }
  return changes.slice(1).filter((time) => time > row.settledAt);
}
