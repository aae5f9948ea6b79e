/** How sure the devices of a place make us, by the rules of fire.md §5.5. Pure; independent of the order of arrival. */
import type { Millis } from '../../../devices/wire.ts';
import { isLatched } from './chatter.ts';
import { isFireClass, isManual, priorityOf } from './classify.ts';
import { type DeviceState, isActive, isIsolated, type PointState } from './device-state.ts';
import type { Incident } from './events.ts';

/** Two different points within this time corroborate each other. */
export const twoPointsMs: Millis = 300_000;
/** The same point again this long after its reset, and within `againWithinMs` of it (EN 54-2 A), corroborates itself. */
export const againAfterMs: Millis = 60_000;
export const againWithinMs: Millis = 30 * 60_000;
/** Water that flows this long is no pressure surge. */
export const waterflowMs: Millis = 60_000;

/** A sensor that takes part in the open incident. An isolated one is shown, and holds nothing open. */
export type Row = { readonly deviceId: string; readonly row: PointState; readonly active: boolean };
type Devices = Readonly<Record<string, DeviceState>>;

/** Every sensor that raised an alarm since the last incident was closed. */
export function alarmedRows(devices: Devices): readonly Row[] {
  return Object.entries(devices).flatMap(([deviceId, device]) =>
    Object.values(device.points)
      .filter((row) => row.count > 0)
      .map((row) => ({
        deviceId,
        row,
        active: !isIsolated(device, row) && (isActive(device, row) || isLatched(device, row)),
      })),
  );
}

/** The sensors whose word proves something. */
export function soundRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ row }) => row.isSound);
}

/** `active` while any sensor is in alarm. */
export function sourceOf(rows: readonly Row[]): Incident['source'] {
  return rows.some((one) => one.active) ? 'active' : 'restored';
}

/** What the sensors prove together, and why. */
export type Assessment = { readonly evidence: Incident['evidence']; readonly reason: string };

/** A call point or a panel's word confirms; two points, or one again after a reset, corroborate; one alone does not. */
export function assess(all: readonly Row[]): Assessment {
  const rows = soundRows(all);
  if (rows.some(({ row }) => isManual(row.class))) return { evidence: 'confirmed', reason: 'callPoint' };
  if (rows.some(({ row }) => row.panelVerified)) return { evidence: 'confirmed', reason: 'panelVerified' };
  if (hasTwoPoints(rows)) return { evidence: 'corroborated', reason: 'twoPoints' };
  if (rows.some(({ row }) => isAgain(row))) return { evidence: 'corroborated', reason: 'againAfterReset' };
  return { evidence: 'unverified', reason: 'single' };
}

const rank = { unverified: 0, corroborated: 1, confirmed: 2 } as const;

/** True when `a` proves more than `b`. Evidence of devices only rises. */
export function provesMore(a: Incident['evidence'], b: Incident['evidence']): boolean {
  return rank[a] > rank[b];
}

/** The incident's urgency: its most urgent sensor, and P1 once fire itself is corroborated. */
export function incidentPriority(rows: readonly Row[], evidence: Incident['evidence']): number {
  const single = rows.map(({ row }) => {
    const own = priorityOf({ kind: 'alarm', class: row.class, panelVerified: row.panelVerified });
    return row.isSound ? own : Math.max(own, 2);
  });
  const isProvenFire = evidence !== 'unverified' && rows.some(({ row }) => isFireClass(row.class));
  return Math.min(8, isProvenFire ? 1 : 8, ...single);
}

/** How many different points are in alarm; two sensors of one point are one. */
export function activePoints(rows: readonly Row[]): number {
  return new Set(rows.filter((one) => one.active).map(physical)).size;
}

/** When a flow of water that is still unproven will have lasted long enough (hub time). */
export function waterflowDueAt(rows: readonly Row[]): Millis | undefined {
  const flows = rows.filter(({ row, active }) => active && row.class === 'waterflow');
  return flows.length === 0 ? undefined : Math.min(...flows.map(({ row }) => row.alarmedAt + waterflowMs));
}

const physical = ({ deviceId, row }: Row) => `${deviceId}/${row.point}`;

/** Two different points within five minutes. */
export function hasTwoPoints(rows: readonly Row[]): boolean {
  const alarms = rows.flatMap((one) => one.row.alarms.map((time) => ({ time, point: physical(one) })));
  alarms.sort((a, b) => a.time - b.time);
  // Where two points are near in time, two neighbours in the sorted list are.
  return alarms.some((alarm, index) => {
    const next = alarms[index + 1];
    return next !== undefined && next.point !== alarm.point && next.time - alarm.time <= twoPointsMs;
  });
}

/** The same point again after its reset. */
export function isAgain(row: PointState): boolean {
  const first = row.alarms[0];
  if (first === undefined) return false;
  return row.restores.some(
    (restore) =>
      restore > first &&
      row.alarms.some((alarm) => alarm - restore >= againAfterMs && alarm - restore <= againWithinMs),
  );
}
