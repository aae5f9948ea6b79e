/** One incident's life: how each fact changes its three axes and its time line (fire.md §5.4). Pure. */
import { createHash } from 'node:crypto';
import type { Millis } from '../../../devices/wire.ts';
import type { FireFactOf, Incident, IncidentFact } from './events.ts';
import { withRelated } from './neighbours.ts';
import { withReport } from './person-report.ts';
import type { Signal } from './signal-schema.ts';
import type { Evidence } from './view.ts';

/** A new alarm this soon after a closing is linked to the closed incident. */
export const linkedWithinMs: Millis = 30 * 60_000;
/** Repetitions of a point reach the screens at most this often; each is counted. */
export const repeatShownMs: Millis = 10_000;
/** Lines kept; the journal, and with it the report, has them all. */
const timelineLines = 200;
/** The first lines tell how it began: they stay. */
const timelineFirst = 50;
/** What was decided is given up last. */
const decisive: ReadonlySet<string> = new Set<IncidentFact['type']>([
  'incident.raised',
  'incident.areaRaised',
  'incident.acknowledged',
  'incident.verified',
  'incident.refuted',
  'incident.dispatched',
  'incident.progressed',
  'incident.reopened',
  'incident.standingChanged',
  'incident.resolved',
  'incident.closed',
]);
/** Notes taken for one incident: more is a log that belongs elsewhere, and would push all else off the time line. */
export const maxNotes = 200;
/** Receipts kept open: the oldest are given up, the device still has `stored`. */
const maxSignals = 256;

/**
 * The id of the incident that this event raises: a UUID that begins with the time (version 7's layout) and ends with a
 * hash of the event, so that the same input always gives the same id and ids sort by time.
 */
export function incidentId(at: Millis, deviceId: string, eventId: string): string {
  const time = at.toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(`${deviceId}\n${eventId}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** When an incident was raised, read from its id; `undefined` when it is no id of ours. */
export function raisedAtOf(id: string): Millis | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}

/** A new incident. */
export function openIncident(fact: FireFactOf<'incident.raised'>): Incident {
  const { data, at } = fact;
  const opened: Incident = {
    id: data.incident,
    raisedAt: at,
    raisedBy: { device: data.device, event: data.event },
    receivedAfterMs: data.receivedAfterMs,
    lastEventAt: at,
    shownAt: at,
    synthetic: data.synthetic,
    ...(data.standing === undefined ? {} : { standing: data.standing }),
    priority: data.priority,
    evidence: data.evidence,
    verdict: null,
    handling: 'raised',
    source: data.source,
    quality: data.quality,
    acknowledged: null,
    dispatched: null,
    resolved: null,
    closed: null,
    previous: data.previous,
    points: [],
    signals: [{ device: data.device, event: data.event, at, hop: 'stored' }],
    timeline: [],
  };
  const raised = withLine(opened, fact, data.device, data.point || data.class);
  if (data.previous === null) return raised;
  return withLine(raised, { at, type: 'incident.linked' }, data.device, data.previous);
}

/** A further alarm or restore of the place while the incident is open. `priority` is of all its sensors together. */
export function takeSignal(incident: Incident, signal: Signal, at: Millis, priority: number): Incident {
  const heard = { ...incident, lastEventAt: at };
  if (signal.kind !== 'alarm') return heard;
  return {
    ...heard,
    // A real device makes a synthetic incident real; never the other way.
    synthetic: incident.synthetic && signal.synthetic,
    priority: Math.min(incident.priority, priority),
    quality: [...new Set([...incident.quality, ...signal.quality])],
    signals: [...incident.signals, { device: signal.device, event: signal.event, at, hop: 'stored' as const }].slice(
      -maxSignals,
    ),
  };
}

/** Folds a fact into the incident that it names. Closing and raising move incidents and are done by the state. */
export function applyToIncident(incident: Incident, fact: IncidentFact): Incident {
  const changed = changeAxes(incident, fact);
  const { by, text } = lineOf(fact);
  const shownAt = fact.type === 'incident.delivered' ? incident.shownAt : fact.at;
  return withLine({ ...changed, lastEventAt: Math.max(incident.lastEventAt, fact.at), shownAt }, fact, by, text);
}

/** How sure we are: a person's verdict wins over the devices. */
export function evidenceOf(incident: Incident): Evidence {
  if (incident.verdict === null) return incident.evidence;
  return incident.verdict.kind === 'verified' ? 'confirmed' : 'refuted';
}

function changeAxes(incident: Incident, fact: IncidentFact): Incident {
  const { at } = fact;
  switch (fact.type) {
    case 'incident.raised':
    case 'incident.joined':
    case 'incident.repeated':
    case 'incident.pointRestored':
    case 'incident.escalated':
    case 'incident.areaRaised':
    case 'incident.chattering':
    case 'incident.settled':
      return incident;
    case 'incident.areaChanged':
      return { ...incident, synthetic: incident.synthetic && fact.data.synthetic !== false };
    case 'incident.related':
      return withRelated(incident, fact);
    case 'incident.reported':
      return withReport(incident, fact);
    case 'incident.noted':
      return acceptSignals({ ...incident, notes: (incident.notes ?? 0) + 1 });
    case 'incident.setAside':
    case 'incident.restored':
      return { ...incident, source: 'restored' };
    case 'incident.reactivated':
      return { ...incident, source: 'active' };
    case 'incident.evidenceRaised':
      return { ...incident, evidence: fact.data.to };
    case 'incident.reopened':
      return beginAgain(incident);
    case 'incident.commLost':
      return { ...incident, commLost: [...(incident.commLost ?? []), fact.data.device] };
    case 'incident.standingChanged':
      return changeStanding(incident, fact.data.standing);
    case 'incident.delivered':
      return deliverSignals(incident, fact);
    case 'incident.acknowledged': {
      const firstTakenAt = incident.firstTakenAt ?? at;
      const acknowledged = { at, by: fact.data.by };
      return acceptSignals({ ...incident, handling: 'acknowledged', acknowledged, firstTakenAt });
    }
    case 'incident.verified':
      return acceptSignals({ ...incident, verdict: { kind: 'verified', at, by: fact.data.by } });
    case 'incident.refuted':
      return acceptSignals({ ...incident, verdict: { kind: 'refuted', at, by: fact.data.by } });
    case 'incident.dispatched': {
      const units = [incident.dispatched?.units, fact.data.units].filter(Boolean).join(', ');
      const dispatched = { at: incident.dispatched?.at ?? at, by: incident.dispatched?.by ?? fact.data.by, units };
      return acceptSignals({ ...incident, handling: 'dispatched', dispatched });
    }
    case 'incident.progressed': {
      const progress = [...(incident.progress ?? []), { at, by: fact.data.by, stage: fact.data.stage }];
      return acceptSignals({ ...incident, progress });
    }
    case 'incident.resolved':
      return acceptSignals({ ...incident, handling: 'resolved', resolved: { at, by: fact.data.by } });
    case 'incident.closed': {
      const { by, disposition, note } = fact.data;
      return acceptSignals({ ...incident, handling: 'closed', closed: { at, by, disposition, note } });
    }
  }
}

function lineOf(fact: IncidentFact): { readonly by: string; readonly text?: string | null } {
  switch (fact.type) {
    case 'incident.raised':
    case 'incident.joined':
    case 'incident.pointRestored':
    case 'incident.chattering':
    case 'incident.settled':
      return { by: fact.data.device, text: fact.data.point || fact.data.class };
    case 'incident.areaRaised':
    case 'incident.areaChanged':
      return { by: 'hub', text: `${fact.data.count.standing}/${fact.data.count.members}` };
    case 'incident.repeated':
      return { by: fact.data.device, text: String(fact.data.count) };
    case 'incident.restored':
    case 'incident.reactivated':
    case 'incident.commLost':
      return { by: fact.data.device };
    case 'incident.standingChanged':
      return { by: fact.data.device, text: `${fact.data.was} → ${fact.data.standing}` };
    case 'incident.setAside':
      return { by: fact.data.by, text: fact.data.reason };
    case 'incident.reopened':
      return { by: fact.data.by ?? fact.data.device, text: fact.data.refuted ? 'refuted' : fact.data.was };
    case 'incident.related':
      return { by: 'hub', text: `${fact.data.subject}, ${fact.data.meters} m` };
    case 'incident.reported':
      // The words stand once, with the report.
      return { by: fact.data.by, text: fact.data.source };
    case 'incident.evidenceRaised':
      return { by: fact.data.by, text: `${fact.data.to}: ${fact.data.reason}` };
    case 'incident.escalated':
      return { by: 'hub', text: `${fact.data.step}: ${fact.data.reason}` };
    case 'incident.dispatched':
      return { by: fact.data.by, text: fact.data.units };
    case 'incident.progressed':
      return { by: fact.data.by, text: fact.data.stage };
    case 'incident.refuted':
      return { by: fact.data.by, text: [fact.data.reason, fact.data.onSite].filter(Boolean).join(' · ') };
    case 'incident.noted':
      return { by: fact.data.by, text: fact.data.text };
    case 'incident.verified':
    case 'incident.resolved':
      return { by: fact.data.by, text: fact.data.note };
    case 'incident.closed':
      return { by: fact.data.by, text: [fact.data.disposition, fact.data.note].filter(Boolean).join(': ') };
    case 'incident.acknowledged':
    case 'incident.delivered':
      return { by: fact.data.by };
  }
}

/** One line more on the time line. */
export function withLine(
  incident: Incident,
  fact: { readonly at: Millis; readonly type: string },
  by: string,
  text?: string | null,
): Incident {
  const line = { at: fact.at, type: fact.type, by, ...(text ? { text } : {}) };
  const lines = [...incident.timeline, line];
  if (lines.length <= timelineLines) return { ...incident, timeline: lines };
  const spare = lines.findIndex(({ type }, index) => index >= timelineFirst && !decisive.has(type));
  return { ...incident, timeline: lines.toSpliced(spare === -1 ? timelineFirst : spare, 1) };
}

/** What becomes real was in nobody's hand: who took the drill has not taken the fire. */
function changeStanding({ standing: _was, ...incident }: Incident, standing: Standing): Incident {
  return standing === 'actual' ? beginAgain(incident) : { ...incident, standing };
}

type Standing = FireFactOf<'incident.standingChanged'>['data']['standing'];

/** Nobody has it in hand any more: whoever did before must take it anew. */
function beginAgain({ progress: _before, ...incident }: Incident): Incident {
  return { ...incident, handling: 'raised', verdict: null, acknowledged: null, dispatched: null, resolved: null };
}

function acceptSignals(incident: Incident): Incident {
  return { ...incident, signals: incident.signals.map((signal) => ({ ...signal, hop: 'accepted' as const })) };
}

function deliverSignals(incident: Incident, fact: FireFactOf<'incident.delivered'>): Incident {
  const delivered = new Set(fact.data.signals.map((signal) => `${signal.device}\n${signal.event}`));
  return {
    ...incident,
    signals: incident.signals.map((signal) =>
      signal.hop === 'stored' && delivered.has(`${signal.device}\n${signal.event}`)
        ? { ...signal, hop: 'delivered' as const }
        : signal,
    ),
  };
}
