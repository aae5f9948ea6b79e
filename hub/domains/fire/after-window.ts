/** What follows when a window ends: what still burns is real now, what is over is put away. Pure; fire.md §5.8. */
import { isActive } from './device-state.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import { alarmedRows, type Row } from './evidence.ts';
import { evidenceOf } from './incident.ts';
import { applyFact, type FireState } from './state.ts';
import { covers, isMoreSerious, standingOf, type Window } from './windows.ts';

type Ended = FireFactOf<'window.ended'>;

/** The facts that follow `window.ended`, which `state` already holds. */
export function afterWindow(state: FireState, ended: FireFactOf<'window.ended'>): FireFact[] {
  const { open } = state;
  const rows = alarmedRows(state.devices).filter((one) => one.active);
  const burning = rows.filter(({ deviceId, row }) => covers(ended.data, deviceId, row.point));
  if (open !== null && burning.length > 0) return stillBurning(state, open, ended, burning);
  if (open !== null && rows.length === 0 && isOver(open, state.windows)) return [putAway(state, open, ended)];
  return ended.data.kind === 'isolation' ? stillInAlarm(state, ended) : [];
}

/** Another window may still speak for what burns: it is then no more real than that one says. */
function stillBurning(state: FireState, open: Incident, ended: Ended, burning: readonly Row[]): FireFact[] {
  const { at } = ended;
  const incident = open.id;
  const facts: FireFact[] = [];
  const [first] = burning;
  if (first !== undefined && open.source === 'restored') {
    facts.push({ type: 'incident.reactivated', at, data: { incident, device: first.deviceId } });
  }
  let was = open.standing;
  const real = burning.find((one) => isNews(state, one, ended));
  const refuted = evidenceOf(open) === 'refuted';
  if (was === undefined && real !== undefined && (refuted || open.handling === 'resolved')) {
    const data = { incident, device: real.deviceId, was: open.handling, refuted };
    facts.push({ type: 'incident.reopened', at, data });
  }
  for (const { deviceId: device, row } of burning) {
    const standing = standingOf(state.windows, { device, point: row.point }, at) ?? 'actual';
    if (was === undefined || !isMoreSerious(standing, was)) continue;
    facts.push({ type: 'incident.standingChanged', at, data: { incident, device, was, standing } });
    was = standing === 'actual' ? undefined : standing;
  }
  return facts;
}

/** It began within the window, and no other speaks for it: nobody has been told of it as real. */
function isNews({ windows }: FireState, { deviceId, row }: Row, { at, data }: Ended): boolean {
  const isWithin = row.alarmedAt >= (data.opened?.at ?? 0);
  return isWithin && standingOf(windows, { device: deviceId, point: row.point }, at) === undefined;
}

/** No window stands any more that could have made it what it is. */
function isOver({ standing }: Incident, windows: readonly Window[]): boolean {
  if (standing === 'exercise') return !windows.some(({ kind }) => kind === 'drill');
  return standing === 'test' && !windows.some(({ kind }) => kind === 'walkTest' || kind === 'commissioning');
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
    const isBurnt =
      device !== undefined &&
      Object.values(device.points).some((row) => covers(data, id, row.point) && isActive(device, row));
    return isBurnt ? [{ type: 'device.troubled', at, data: { device: id, code: 'stillInAlarm' } }] : [];
  });
}
