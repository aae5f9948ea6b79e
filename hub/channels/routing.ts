/** Which channels a notice takes: by audience, by the ward and the stations of its place, and by step. Pure. */
import type { Notice } from '../notice.ts';
import type { RouteRecord } from './route-table.ts';

/** A route with the channels that it stands for. */
export type Route = Pick<RouteRecord, 'to' | 'ward' | 'station' | 'steps' | 'channel'> & {
  /** Several for several telephones; of contacts the first, second … contact of the place. */
  readonly channels: readonly string[];
};

/** The names of the channels of every route that fits; `fallback` when none does: rather the wrong person than nobody. */
export function channelsFor(notice: Notice, routes: readonly Route[], fallback: readonly string[]): readonly string[] {
  const fitting = routes.filter((route) => fits(route, notice));
  if (fitting.length === 0) return fallback;
  const calls = notice.facts?.place?.contacts ?? 0;
  return [
    ...new Set(fitting.flatMap((route) => (isOfContacts(route) ? route.channels.slice(0, calls) : route.channels))),
  ];
}

/** A route that calls the people of the place: as many as there are. */
export function isOfContacts({ to, channel }: Pick<Route, 'to' | 'channel'>): boolean {
  return to.includes('contacts') && (channel === 'sms' || channel === 'voice');
}

function fits(route: Route, notice: Notice): boolean {
  return isForAudience(route, notice.audience) && isAtStep(route, notice) && isInPlace(route, notice);
}

/** Everyone is everyone who works; the people of the place have been called already. */
function isForAudience({ to }: Route, audience: string): boolean {
  if (audience === 'everyone') return to.some((one) => one !== 'contacts');
  return to.some((one) => one === audience);
}

/** Nobody's telephone rings while a screen or a first channel may still have it (fire.md §5.7: after 15 s). */
const beforeTelephones: ReadonlySet<string> = new Set(['raised', 'evidence', 'secondChannel']);

function isAtStep({ steps, channel }: Route, { step }: Notice): boolean {
  if (steps !== undefined) return steps.includes(step);
  return channel === 'webhook' || channel === 'mail' || !beforeTelephones.has(step);
}

function isInPlace({ ward, station, to }: Route, { audience, facts }: Notice): boolean {
  if (ward === undefined && station === undefined) return true;
  // Of the hub itself: no ward's business.
  if (facts === undefined) return false;
  // Where nobody knows the ward or the station, the alarm is everyone's.
  const isOfWard = ward === undefined || facts.ward === null || ward.includes(facts.ward.code);
  const [nearest, neighbour] = facts.stations;
  const meant = [
    ...(audience === 'neighbourStation' ? [] : [nearest]),
    ...(audience === 'neighbourStation' || (audience === 'everyone' && to.includes('neighbourStation'))
      ? [neighbour]
      : []),
  ].filter((one) => one !== undefined);
  const isOfStation = station === undefined || meant.length === 0 || meant.some(({ id }) => station.includes(id));
  return isOfWard && isOfStation;
}
