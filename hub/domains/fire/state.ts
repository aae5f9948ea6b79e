/** All that the fire domain knows of one place, folded from the journal. Pure. */

import type { Millis } from '../../../devices/wire.ts';
import { type Area, foldArea, newArea, openArea, troubleClasses } from './area.ts';
import { type DeviceState, foldSignal, forgetAlarms, newDevice, restoreOf, settle, tested } from './device-state.ts';
import { firstWatch, foldWatch, type Watch } from './escalation.ts';
import type { FireFact, FireFactOf, Incident, IncidentFact } from './events.ts';
import { alarmedRows, incidentPriority } from './evidence.ts';
import { type Flood, foldFlood, noFlood } from './flood.ts';
import { applyToIncident, openIncident, takeSignal, withLine } from './incident.ts';
import { book, type LedgerRow } from './ledger.ts';
import type { Neighbours } from './neighbours.ts';
import { foldReport, type PersonReport } from './person-report.ts';
import { rememberPath } from './repetition.ts';
import { foldRise } from './rising.ts';
import type { PointRecord } from './signal-schema.ts';
import { covers, foldWindows, isolatedPointsOf, serviceIn, type Window } from './windows.ts';

/** A place (or a device that is bound to none): its devices, the open incident, and the last closed ones, newest first. */
export type FireState = {
  readonly devices: Readonly<Record<string, DeviceState>>;
  readonly open: Incident | null;
  /** The clockwork of the open incident. */
  readonly watch: Watch | null;
  readonly closed: readonly Incident[];
  /** Drills, walk tests, isolations and commissioning that stand open. */
  readonly windows: readonly Window[];
  /** How the place's alarms ended, newest last. */
  readonly ledger: readonly LedgerRow[];
  /** Open incidents next door, by their place. */
  readonly neighbours: Neighbours;
  /** What people told of this place lately. */
  readonly reports: readonly PersonReport[];
  /** Of a subject `area:<class>` only: the devices that share a trouble. */
  readonly area?: Area;
  /** Of the subject `flood` only. */
  readonly flood?: Flood;
};

/** Closed incidents kept in memory for each place: a screen that was away can still be told how they ended. */
export const closedKept = 4;

export const noFireState: FireState = {
  devices: {},
  open: null,
  watch: null,
  closed: [],
  windows: [],
  ledger: [],
  neighbours: {},
  reports: [],
};

/** The device within its place, new when it was never heard. */
export function deviceOf(state: FireState, deviceId: string): DeviceState {
  return (Object.hasOwn(state.devices, deviceId) ? state.devices[deviceId] : undefined) ?? newDevice;
}

/** The open or a lately closed incident of this place. */
export function incidentOf(state: FireState, id: string): Incident | undefined {
  return state.open?.id === id ? state.open : state.closed.find((incident) => incident.id === id);
}

/** Folds one fact; `step` uses nothing else to change what the journal must bring back. */
export function applyFact(state: FireState, fact: FireFact): FireState {
  switch (fact.type) {
    case 'signal.received':
      return takeIn(state, fact);
    case 'window.opened':
    case 'window.extended':
    case 'window.ended':
      return changeService(state, fact);
    case 'device.troubled': {
      const device = deviceOf(state, fact.data.device);
      const troubles = { ...device.troubles, [`hub:${fact.data.code}`]: { time: fact.at, seq: 0 } };
      return { ...state, devices: { ...state.devices, [fact.data.device]: { ...device, troubles } } };
    }
    case 'device.prealarmed':
    case 'device.prealarmEnded': {
      const device = deviceOf(state, fact.data.device);
      const after = { ...device, rising: foldRise(device.rising, fact) };
      return { ...state, devices: { ...state.devices, [fact.data.device]: after } };
    }
    case 'report.given':
      return { ...state, reports: foldReport(state.reports, fact) };
    case 'signal.receivedAgain':
      return receiveAgain(state, fact);
    case 'flood.began':
    case 'flood.ended':
      return { ...state, flood: foldFlood(state.flood ?? noFlood, fact) };
    case 'incident.areaRaised':
      return {
        ...state,
        open: openArea(fact),
        ...(state.area === undefined ? {} : { area: foldArea(state.area, fact) }),
      };
    case 'incident.settled': {
      const { device: id, point, class: sensor, until } = fact.data;
      const devices = { ...state.devices, [id]: settle(deviceOf(state, id), point, sensor, until) };
      return changeIncident({ ...state, devices }, fact);
    }
    case 'incident.raised':
      return { ...state, open: openIncident(fact), watch: firstWatch(fact) };
    case 'incident.closed':
      return close(state, fact);
    default:
      return changeIncident(state, fact);
  }
}

/** The state of a subject that nothing is known of: `area:<class>` and `flood` are collections, all others places. */
export function initialState(subject: string): FireState {
  const found = troubleClasses.find((one) => subject === `area:${one}`);
  if (found !== undefined) return { ...noFireState, area: newArea(found) };
  return subject === 'flood' ? { ...noFireState, flood: noFlood } : noFireState;
}

function receiveAgain(state: FireState, { at, data }: FireFactOf<'signal.receivedAgain'>): FireState {
  const devices = {
    ...state.devices,
    [data.device]: rememberPath(deviceOf(state, data.device), data.event, data.path),
  };
  const { open } = state;
  const isOurs = open?.signals.some(({ device, event }) => device === data.device && event === data.event);
  if (open === null || !isOurs) return { ...state, devices };
  return { ...state, devices, open: withLine(open, { at, type: 'signal.receivedAgain' }, data.device, data.path) };
}

function takeIn(state: FireState, fact: FireFactOf<'signal.received'>): FireState {
  const signal = fact.data;
  const folded = foldSignal(deviceOf(state, signal.device), signal, fact.at);
  const isWalked =
    signal.standing === 'test' &&
    signal.kind === 'alarm' &&
    state.windows.some((one) => one.kind === 'walkTest' && covers(one, signal.device, signal.point));
  const devices = { ...state.devices, [signal.device]: isWalked ? tested(folded, signal.time) : folded };
  const heard = { ...state, devices, windows: foldWindows(state.windows, fact) };
  if (state.open === null || (signal.kind !== 'alarm' && signal.kind !== 'restore')) return heard;
  const priority = incidentPriority(alarmedRows(devices), state.open.evidence);
  return { ...heard, open: takeSignal(state.open, signal, fact.at, priority) };
}

type WindowFact = FireFactOf<'window.opened' | 'window.extended' | 'window.ended'>;

/** The devices of a window, taken out of service or put back: whole, or some points of them. */
function changeService(state: FireState, fact: WindowFact): FireState {
  const windows = foldWindows(state.windows, fact);
  const window =
    fact.type === 'window.extended' ? state.windows.find((one) => one.window === fact.data.window) : fact.data;
  if (window === undefined || window.kind === 'drill') return { ...state, windows };
  const changed = window.devices.map((id) => {
    const device = { ...deviceOf(state, id), isolatedPoints: isolatedPointsOf(windows, id) };
    if (fact.type === 'window.opened') return [id, { ...device, service: serviceIn(fact) ?? device.service }] as const;
    if (fact.type === 'window.ended') return [id, backInService(device, window.points !== undefined)] as const;
    const { service } = device;
    const until = fact.data.until;
    return [id, { ...device, service: service.kind === 'inService' ? service : { ...service, until } }] as const;
  });
  return { ...state, windows, devices: { ...state.devices, ...Object.fromEntries(changed) } };
}

function backInService(device: DeviceState, isPartly: boolean): DeviceState {
  const { 'hub:isolatedTooLong': _over, ...troubles } = device.troubles;
  return { ...device, troubles, service: isPartly ? device.service : { kind: 'inService' } };
}

/** What the fleet says of a device: there, or lost. No fact of ours; the journal brings it back as the fleet's. */
export function hearLink(state: FireState, heard: HeardLink): FireState {
  const device = deviceOf(state, heard.device);
  const known = { ...device, knownSince: device.knownSince ?? heard.at, lostAt: heard.isLost ? heard.at : null };
  return { ...state, devices: { ...state.devices, [heard.device]: known } };
}

export type HeardLink = {
  readonly kind: 'link';
  readonly device: string;
  readonly isLost: boolean;
  readonly at: Millis;
};

/** The sensors of the open incident as records, in the order in which they raised. */
export function pointRecords(state: FireState): PointRecord[] {
  const records = alarmedRows(state.devices).map(({ deviceId, row, active }) => ({
    device: deviceId,
    point: row.point,
    class: row.class,
    since: row.alarms[0] ?? 0,
    lastAt: row.alarm?.time ?? 0,
    restoredAt: active ? null : (restoreOf(deviceOf(state, deviceId), row)?.time ?? null),
    count: row.count,
  }));
  const nameOf = ({ device, point, class: sensor }: PointRecord) => `${device}/${point}/${sensor}`;
  return records.sort((a, b) => a.since - b.since || (nameOf(a) < nameOf(b) ? -1 : 1));
}

function changeIncident(state: FireState, fact: IncidentFact): FireState {
  const change = (incident: Incident) =>
    incident.id === fact.data.incident ? applyToIncident(incident, fact) : incident;
  const open = state.open === null ? null : change(state.open);
  if (open !== null && open.id === fact.data.incident) {
    const rows = alarmedRows(state.devices);
    const priority = Math.min(open.priority, incidentPriority(rows, open.evidence));
    const area = state.area && foldArea(state.area, fact);
    const watch = state.watch && foldWatch(state.watch, fact);
    return { ...state, open: { ...open, priority }, watch, ...(area === undefined ? {} : { area }) };
  }
  return { ...state, closed: state.closed.map(change) };
}

function close(state: FireState, fact: Extract<FireFact, { type: 'incident.closed' }>): FireState {
  if (state.open === null || state.open.id !== fact.data.incident) return state;
  const closed = { ...applyToIncident(state.open, fact), points: pointRecords(state) };
  const devices = Object.entries(state.devices).map(([id, device]) => [id, forgetAlarms(device)] as const);
  return {
    ...state,
    ...(state.area === undefined ? {} : { area: foldArea(state.area, fact) }),
    devices: Object.fromEntries(devices),
    open: null,
    watch: null,
    ledger: book(state.ledger, state.open, fact),
    closed: [closed, ...state.closed].slice(0, closedKept),
  };
}
