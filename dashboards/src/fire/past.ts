/** An incident as REST tells it, made into the form that the live channel has. Pure. */
import type { IncidentView, PointView, TimelineEntry } from '../../../hub/domains/fire/view.ts';

type Marked<Mark extends { readonly at: number }> = Omit<Mark, 'at'> & { readonly at: string };

/** The same fields with times in ISO 8601. */
export type RestIncident = Omit<
  IncidentView,
  'raisedAt' | 'lastEventAt' | 'points' | 'timeline' | 'acknowledged' | 'dispatched' | 'resolved' | 'closed'
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
  readonly resolved?: Marked<NonNullable<IncidentView['resolved']>>;
  readonly closed?: Marked<NonNullable<IncidentView['closed']>>;
};

/** The incident with its times as Unix ms. */
export function fromRest(rest: RestIncident): IncidentView {
  const { acknowledged, dispatched, resolved, closed, ...standing } = rest;
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
    ...(resolved === undefined ? {} : { resolved: { ...resolved, at: Date.parse(resolved.at) } }),
    ...(closed === undefined ? {} : { closed: { ...closed, at: Date.parse(closed.at) } }),
  };
}
