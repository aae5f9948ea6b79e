/** How long a single detector may wait for somebody's answer, by hour and by who sleeps there (fire.md §5.5). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Place } from '../../registry/records.ts';
import type { FireFact, Incident } from './events.ts';

/** Nobody has taken it by then: it is treated as corroborated. */
export const answerMs: Millis = 15_000;
/** Somebody has taken it, and has not decided by then. */
export const decisionMs: Millis = 60_000;
/** No verification takes longer, whatever happens (NFPA 72). */
export const ceilingMs: Millis = 90_000;

/** `day`: there is time to look. `night` and `sleepingRisk`: none. */
export type Rule = 'day' | 'night' | 'sleepingRisk';

const nightFromHour = 22;
const nightUntilHour = 6;
/** Vietnam, UTC+7, no summer time. */
const offsetMs: Millis = 7 * 3_600_000;

// People sleep there whom nobody wakes, or who cannot leave alone. Words of OpenStreetMap and of the registry's imports.
const sleepingUses: ReadonlySet<string> = new Set([
  'mini-apartment',
  'hotel',
  'hostel',
  'guest_house',
  'dormitory',
  'hospital',
  'clinic',
  'nursing-home',
  'nursing_home',
  'kindergarten',
  'karaoke',
]);

/** Which rule holds for a place at a time. */
export function ruleFor(place: Pick<Place, 'use'> | undefined, at: Millis): Rule {
  if (place?.use !== undefined && sleepingUses.has(place.use)) return 'sleepingRisk';
  const hour = new Date(at + offsetMs).getUTCHours();
  return hour >= nightFromHour || hour < nightUntilHour ? 'night' : 'day';
}

type Watched = { readonly from: Millis; readonly rule: Rule };

/** When an unproven alarm is treated as corroborated, and why; `undefined` when it is proven, or somebody has decided. */
export function heldUntil(
  open: Incident,
  watch: Watched,
): { readonly dueAt: Millis; readonly reason: string } | undefined {
  const isDecided = open.verdict !== null || open.dispatched !== null || open.resolved !== null;
  const isShownOnly = open.standing === 'test' || open.standing === 'isolated';
  if (open.evidence !== 'unverified' || isDecided || isShownOnly) return undefined;
  if (watch.rule !== 'day') return { dueAt: watch.from, reason: watch.rule };
  if (open.acknowledged === null) return { dueAt: watch.from + answerMs, reason: 'noAnswer' };
  return { dueAt: Math.min(open.acknowledged.at + decisionMs, watch.from + ceilingMs), reason: 'undecided' };
}

/** The fact that ends the wait, when its time has come. */
export function endHold(open: Incident, watch: Watched, at: Millis): FireFact[] {
  const held = heldUntil(open, watch);
  if (held === undefined || held.dueAt > at) return [];
  const data = { incident: open.id, from: open.evidence, to: 'corroborated' as const, reason: held.reason, by: 'hub' };
  return [{ type: 'incident.evidenceRaised', at, data }];
}
