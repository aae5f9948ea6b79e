/** What follows when a window ends: what still burns is real now, what is over is put away. Pure; fire.md §5.8. */
import { isActive } from './device-state.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import { alarmedRows } from './evidence.ts';
import { applyFact, type FireState } from './state.ts';

/** The facts that follow `window.ended`, which `state` already holds. */
export function afterWindow(state: FireState, ended: FireFactOf<'window.ended'>): FireFact[] {
  const { open } = state;
  const isOurs = ({ deviceId }: { readonly deviceId: string }) => ended.data.devices.includes(deviceId);
  const rows = alarmedRows(state.devices);
  const burning = rows.find((one) => one.active && isOurs(one));
  if (open !== null && burning !== undefined) return stillBurning(state, open, ended, burning.deviceId);
  if (
    open !== null &&
    isOver(
      open,
      rows.some((one) => one.active),
    )
  )
    return [putAway(state, open, ended)];
  return ended.data.kind === 'isolation' ? stillInAlarm(state, ended) : [];
}

function stillBurning(state: FireState, open: Incident, { at }: FireFact, device: string): FireFact[] {
  const incident = open.id;
  const facts: FireFact[] = [];
  if (open.source === 'restored') facts.push({ type: 'incident.reactivated', at, data: { incident, device } });
  const standing = open.standing ?? 'actual';
  if (standing !== 'actual') {
    facts.push({ type: 'incident.standingChanged', at, data: { incident, device, was: standing, standing: 'actual' } });
  }
  return state.open === null ? [] : facts;
}

function isOver(open: Incident, isActiveNow: boolean): boolean {
  return !isActiveNow && (open.standing === 'test' || open.standing === 'exercise');
}

/** A drill or a test whose sensors are all at rest needs nobody to close it. */
function putAway(state: FireState, open: Incident, { at, data }: FireFactOf<'window.ended'>): FireFact {
  const closing = (record: Incident): FireFact => ({
    type: 'incident.closed',
    at,
    data: {
      incident: open.id,
      by: data.by,
      note: null,
      disposition: open.standing === 'exercise' ? 'exercise' : 'test',
      causeDevice: null,
      record,
    },
  });
  return closing(applyFact(state, closing(open)).closed[0] ?? open);
}

/** Its incident was closed while it was isolated: in service again, and still in alarm, it is a trouble to look after. */
function stillInAlarm({ devices }: FireState, { at, data }: FireFactOf<'window.ended'>): FireFact[] {
  return data.devices.flatMap((id): FireFact[] => {
    const device = devices[id];
    const isBurnt = device !== undefined && Object.values(device.points).some((row) => isActive(device, row));
    return isBurnt ? [{ type: 'device.troubled', at, data: { device: id, code: 'stillInAlarm' } }] : [];
  });
}
