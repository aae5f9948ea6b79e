/** An incident as REST tells it, made into the form that the live channel has. Pure. */
import type {
  EscalationView,
  IncidentView,
  PointView,
  ReportView,
  TimelineEntry,
} from '../../../hub/domains/fire/view.ts';

type Marked<Mark extends { readonly at: number }> = Omit<Mark, 'at'> & { readonly at: string };

/** The same fields with times in ISO 8601. */
export type RestIncident = Omit<
  IncidentView,
  | 'raisedAt'
  | 'lastEventAt'
  | 'points'
  | 'timeline'
  | 'acknowledged'
  | 'dispatched'
  | 'progress'
  | 'resolved'
  | 'closed'
  | 'escalation'
  | 'reports'
> & {
  readonly raisedAt: string;
  readonly lastEventAt: string;
  readonly points: readonly (Omit<PointView, 'since' | 'lastAt' | 'restoredAt'> & {
    readonly since: string;
    readonly lastAt: string;
    readonly restoredAt?: string;
  })[];
  readonly timeline: readonly Marked<TimelineEntry>[];
  readonly acknowledged?: Marked<NonNullable<IncidentView['acknowledged']>>;
  readonly dispatched?: Marked<NonNullable<IncidentView['dispatched']>>;
  readonly progress?: readonly Marked<NonNullable<IncidentView['progress']>[number]>[];
  readonly escalation?: Omit<EscalationView, 'nextAt'> & { readonly nextAt?: string };
  readonly reports?: readonly Marked<ReportView>[];
  readonly resolved?: Marked<NonNullable<IncidentView['resolved']>>;
  readonly closed?: Marked<NonNullable<IncidentView['closed']>>;
};

/** The incident with its times as Unix ms. */
export function fromRest(rest: RestIncident): IncidentView {
  const { acknowledged, dispatched, progress, resolved, closed, escalation, reports, ...standing } = rest;
  return {
    ...standing,
    raisedAt: Date.parse(rest.raisedAt),
    lastEventAt: Date.parse(rest.lastEventAt),
    points: rest.points.map(({ restoredAt, ...point }) => ({
      ...point,
      since: Date.parse(point.since),
      lastAt: Date.parse(point.lastAt),
      ...(restoredAt === undefined ? {} : { restoredAt: Date.parse(restoredAt) }),
    })),
    timeline: rest.timeline.map((entry) => ({ ...entry, at: Date.parse(entry.at) })),
    ...(acknowledged === undefined ? {} : { acknowledged: { ...acknowledged, at: Date.parse(acknowledged.at) } }),
    ...(dispatched === undefined ? {} : { dispatched: { ...dispatched, at: Date.parse(dispatched.at) } }),
    ...(progress === undefined ? {} : { progress: progress.map((one) => ({ ...one, at: Date.parse(one.at) })) }),
    ...(reports === undefined ? {} : { reports: reports.map((one) => ({ ...one, at: Date.parse(one.at) })) }),
    ...(escalation === undefined ? {} : { escalation: escalationOf(escalation) }),
    ...(resolved === undefined ? {} : { resolved: { ...resolved, at: Date.parse(resolved.at) } }),
    ...(closed === undefined ? {} : { closed: { ...closed, at: Date.parse(closed.at) } }),
  };
}

function escalationOf({ nextAt, ...escalation }: NonNullable<RestIncident['escalation']>): EscalationView {
  return { ...escalation, ...(nextAt === undefined ? {} : { nextAt: Date.parse(nextAt) }) };
}
