/** An incident as the app sees it: where it is, how to get in, what the devices and people said. */
import type { Viewer } from '../../domain.ts';
import { isLatched } from './chatter.ts';
import { rowOf } from './device-state.ts';
import { pendingSteps } from './escalation.ts';
import type { Incident } from './events.ts';
import { alarmedRows } from './evidence.ts';
import { evidenceOf } from './incident.ts';
import { historyOf } from './ledger.ts';
import { placed } from './place-view.ts';
import { scoreOf } from './score.ts';
import type { PointRecord } from './signal-schema.ts';
import { type FireState, pointRecords } from './state.ts';
import type { AreaView, EscalationView, IncidentPlaceView, IncidentView, PointView } from './view.ts';

/** Points in one view, the first that raised: a tower block in alarm must not make each event a hundred kilobytes. */
const pointsShown = 100;

/** The view of an incident for this viewer. `state` is its place's, or `undefined` when only its record is left. */
export function incidentView(
  incident: Incident,
  subject: string,
  state: FireState | undefined,
  viewer: Viewer,
): IncidentView {
  const isOpen = state !== undefined && state.open?.id === incident.id;
  const points = isOpen ? pointRecords(state) : incident.points;
  const { acknowledged, dispatched, progress, resolved, closed } = incident;
  const area = isOpen ? areaView(state, viewer) : undefined;
  const escalation = isOpen ? escalationView(incident, state) : undefined;
  return {
    id: incident.id,
    subject,
    place: placeView(incident, subject, points, viewer),
    priority: incident.priority,
    evidence: evidenceOf(incident),
    handling: incident.handling,
    source: incident.source,
    synthetic: incident.synthetic,
    ...standingView(incident),
    ...(incident.commLost === undefined ? {} : { commLost: incident.commLost }),
    points: points.slice(0, pointsShown).map((point) => pointView(point, state)),
    ...(points.length > pointsShown ? { morePoints: points.length - pointsShown } : {}),
    raisedAt: incident.raisedAt,
    lastEventAt: incident.lastEventAt,
    receivedAfterMs: incident.receivedAfterMs,
    quality: incident.quality,
    ...(acknowledged === null ? {} : { acknowledged }),
    ...(dispatched === null ? {} : { dispatched }),
    ...(progress === undefined ? {} : { progress }),
    ...(resolved === null ? {} : { resolved }),
    ...(closed === null ? {} : { closed: closedView(closed) }),
    timeline: incident.timeline,
    ...(escalation === undefined ? {} : { escalation }),
    ...(area === undefined ? {} : { area }),
    ...(incident.related === undefined ? {} : { related: incident.related }),
    ...(incident.reports === undefined ? {} : { reports: incident.reports }),
    ...(isOpen && area === undefined
      ? { score: scoreOf(incident, alarmedRows(state.devices), state.ledger, viewer.at) }
      : {}),
    ...(isOpen && state.ledger.length > 0 ? { history: historyOf(state.ledger, viewer.at) } : {}),
  };
}

function standingView({ standing }: Incident): Pick<IncidentView, 'status' | 'isolated'> {
  if (standing === undefined) return {};
  return standing === 'isolated' ? { isolated: true } : { status: standing };
}

function escalationView(incident: Incident, { watch }: FireState): EscalationView | undefined {
  if (watch === null) return undefined;
  const next = pendingSteps(incident, watch)[0];
  const last = watch.taken.at(-1);
  if (next === undefined && last === undefined) return undefined;
  return { step: last ?? 'raised', ...(next === undefined ? {} : { next: next.step, nextAt: next.dueAt }) };
}

/** Worst first: nobody has taken it, then the more urgent, then the longer waiting. */
export function byUrgency(a: IncidentView, b: IncidentView): number {
  const taken = Number(a.handling !== 'raised') - Number(b.handling !== 'raised');
  return taken || a.priority - b.priority || a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1);
}

/** Whether a view is of one of these wards. An incident whose ward nobody knows is everyone's. */
export function isInWards(view: Pick<IncidentView, 'place' | 'area'>, wards: readonly string[] | undefined): boolean {
  if (wards !== undefined && view.area?.wards.length) return view.area.wards.some(({ code }) => wards.includes(code));
  const ward = view.place?.wardCode;
  return wards === undefined || ward === undefined || wards.includes(ward);
}

function closedView({ note, ...closed }: NonNullable<Incident['closed']>): NonNullable<IncidentView['closed']> {
  return note === null ? closed : { ...closed, note };
}

function pointView({ device, restoredAt, ...point }: PointRecord, state: FireState | undefined): PointView {
  const known = state?.devices[device];
  const row = known && rowOf(known, point);
  const isChattering = known !== undefined && row !== undefined && isLatched(known, row);
  return {
    deviceId: device,
    ...point,
    ...(restoredAt === null ? {} : { restoredAt }),
    ...(isChattering ? { chattering: true } : {}),
  };
}

function areaView({ area }: FireState, { registry }: Viewer): AreaView | undefined {
  if (area === undefined) return undefined;
  const { members, standing, wards, gateways = [], overdue = 0 } = area.shown;
  const named = wards.flatMap(({ ward: code, members: count }) => {
    if (code === null) return [];
    const name = registry.ward(code)?.name;
    return [{ code, ...(name === undefined ? {} : { name }), members: count }];
  });
  const through = gateways.map(({ gateway: id, members: count }) => ({ id, members: count }));
  return { class: area.class, members, standing, wards: named, gateways: through, overdue };
}

function placeView(
  incident: Incident,
  subject: string,
  points: readonly PointRecord[],
  viewer: Viewer,
): IncidentPlaceView | null {
  const { registry } = viewer;
  const devices = [...new Set([incident.raisedBy.device, ...points.map((point) => point.device)])];
  const place = registry.place(subject);
  if (place !== undefined) return placed(place, worstBinding(devices, viewer), incident, viewer);
  // A device that is bound to no place may still know where it is.
  const device = registry.device(incident.raisedBy.device);
  if (device?.position === undefined) return null;
  const unbound = { id: subject, name: device.name, address: '', position: device.position };
  return placed(unbound, 'claimed', incident, viewer);
}

/** How far the address of these devices together may be trusted. */
export function worstBinding(
  devices: readonly string[],
  { registry }: Pick<Viewer, 'registry'>,
): IncidentPlaceView['bindingState'] {
  const states = devices.map((id) => registry.device(id)?.binding?.state ?? 'claimed');
  if (states.includes('disputed')) return 'disputed';
  return states.includes('claimed') ? 'claimed' : 'verified';
}
