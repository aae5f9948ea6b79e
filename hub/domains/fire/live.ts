/** Fire on `/fire`: everything that is not closed, worst first, then each change of an incident, acknowledged. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { JournalledEvent, LiveDefinition, Viewer } from '../../domain.ts';
import type { FireFact, Incident, IncidentFact } from './events.ts';
import { byUrgency, incidentView, isInWards } from './incident-view.ts';
import { type FireState, incidentOf } from './state.ts';
import type { FireEventView, FireSnapshot, FireWindowView, IncidentView, PrealarmView } from './view.ts';
import { fireFrames, isSubjectInWards, prealarmOf, windowViews } from './window-view.ts';

export const FireFilter = Type.Object(
  {
    wards: Type.Optional(
      Type.Array(Type.String({ maxLength: 16 }), { maxItems: 200, description: 'ward codes; all when absent' }),
    ),
    since: Type.Optional(Type.Integer({ minimum: 0, description: 'cursor of the last event that was received' })),
  },
  { additionalProperties: false },
);
export type FireFilter = Static<typeof FireFilter>;

const filterSchema = Compile(FireFilter);

/** The live definition of fire. A filter that does not fit was refused by the live room and sees nothing here. */
export const fireLive: LiveDefinition<FireState, FireFact> = {
  namespace: '/fire',
  action: 'fire.read',
  filter: FireFilter,
  snapshot(states, filter, viewer): FireSnapshot {
    const wards = wardsOf(filter);
    const incidents: IncidentView[] = [];
    const windows: FireWindowView[] = [];
    const prealarms: PrealarmView[] = [];
    let last: { readonly closed: Incident; readonly view: IncidentView } | undefined;
    for (const [subject, state] of states) {
      if (state.open !== null) {
        const view = incidentView(state.open, subject, state, viewer);
        if (isInWards(view, wards)) incidents.push(view);
      }
      if (state.windows.length > 0 && isSubjectInWards(subject, wards, viewer.registry)) {
        windows.push(...windowViews(subject, state));
      }
      const near = prealarmOf(subject, state);
      if (near !== undefined && isSubjectInWards(subject, wards, viewer.registry)) prealarms.push(near);
      const closed = state.closed[0];
      if (closed === undefined || closedAt(closed) <= closedAt(last?.closed)) continue;
      const view = incidentView(closed, subject, state, viewer);
      if (isInWards(view, wards)) last = { closed, view };
    }
    incidents.sort(byUrgency);
    const since = states.get('flood')?.flood?.since ?? null;
    return {
      at: viewer.at,
      incidents,
      ...(last === undefined ? {} : { lastClosed: last.view }),
      ...(since === null ? {} : { flood: { since } }),
      windows: windows.sort((a, b) => a.until - b.until),
      ...(prealarms.length === 0 ? {} : { prealarms }),
    };
  },
  present(event, state, filter, viewer): FireEventView | WatchdogView | undefined {
    // Only beats go to the hub itself: were it to receive an incident, nobody would be told that no screen has it.
    if (viewer.principal.kind === 'system') return beatOf(event, viewer);
    // A screen's own receipt changes nothing that it shows; the next event brings it along.
    if (!isIncidentEvent(event) || event.type === 'incident.delivered') return undefined;
    const view = viewAfter(event, state, viewer);
    return view !== undefined && isInWards(view, wardsOf(filter)) ? { incident: view } : undefined;
  },
  frames: fireFrames(wardsOf),
};

/** The hub's own test alarm, for the hub's own eyes. */
type WatchdogView = { readonly beat: string };

function beatOf(event: JournalledEvent<FireFact>, { registry }: Viewer): WatchdogView | undefined {
  if (event.type !== 'signal.received' || event.data.kind !== 'test') return undefined;
  return registry.device(event.data.device)?.model === 'watchdog' ? { beat: event.data.event } : undefined;
}

/** The incident as it now is; one that memory has let go is told by its closing alone. */
function viewAfter(event: JournalledEvent<IncidentFact>, state: FireState, viewer: Viewer): IncidentView | undefined {
  const kept = incidentOf(state, event.data.incident);
  const incident = kept ?? (event.type === 'incident.closed' ? event.data.record : undefined);
  return incident && incidentView(incident, event.subject, state, viewer);
}

function isIncidentEvent(event: JournalledEvent<FireFact>): event is JournalledEvent<IncidentFact> {
  return event.type.startsWith('incident.');
}

function wardsOf(filter: unknown): readonly string[] | undefined {
  if (filter === undefined || filter === null) return undefined;
  return filterSchema.Check(filter) ? filter.wards : [];
}

function closedAt(incident: Incident | undefined): number {
  return incident?.closed?.at ?? 0;
}
