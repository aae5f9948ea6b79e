/** Which alarm stands where in the dispatcher's queue. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';

/** The four levels that eyes and ears tell apart. */
export type Level = 1 | 2 | 3 | 4;

/** Fire and gas are danger to life; a pre-alarm is rising; supervisory and trouble hurt the service; the rest can wait. */
export function levelOf(priority: number): Level {
  if (priority <= 3) return 1;
  if (priority === 4) return 2;
  return priority <= 6 ? 3 : 4;
}

/** How long an alarm of this level may wait for a person, ms; the lowest may wait for the whole shift. */
export const acceptWithinMs: Readonly<Record<Level, number>> = {
  1: 60_000,
  2: 300_000,
  3: 900_000,
  4: 28_800_000,
};

export function isUnaccepted(incident: IncidentView): boolean {
  return incident.handling === 'raised';
}

/** It waits for a person and may call one: a device that is isolated or under test is shown and rings nobody. */
export function callsPeople(incident: IncidentView): boolean {
  return isUnaccepted(incident) && toneOf(incident) !== 'muted';
}

/** How it is drawn and heard: a drill in its own colour and tone, what is isolated or under test without any. */
export type Tone = 'real' | 'drill' | 'muted';

export function toneOf({ isolated, status }: Pick<IncidentView, 'isolated' | 'status'>): Tone {
  if (isolated === true || status === 'test') return 'muted';
  return status === 'exercise' ? 'drill' : 'real';
}

// What is real stands above a drill, and a drill above what calls nobody.
const toneOrder: readonly Tone[] = ['real', 'drill', 'muted'];

/** Real ones above drills, these above tests and what is isolated; unaccepted first; then the worst level and priority; then unaccepted the oldest, accepted the newest first. */
export function compareIncidents(a: IncidentView, b: IncidentView): number {
  const byTone = toneOrder.indexOf(toneOf(a)) - toneOrder.indexOf(toneOf(b));
  if (byTone !== 0) return byTone;
  const waitingA = isUnaccepted(a);
  if (waitingA !== isUnaccepted(b)) return waitingA ? -1 : 1;
  if (a.priority !== b.priority) return a.priority - b.priority;
  const byAge = a.raisedAt - b.raisedAt;
  return (waitingA ? byAge : -byAge) || (a.id < b.id ? -1 : 1);
}

export type Arrangement = {
  /** Real emergencies that nobody accepted: their own block, which never scrolls away. */
  readonly pinned: readonly IncidentView[];
  readonly rest: readonly IncidentView[];
  /** New ones that wait because somebody's hand is on the list. */
  readonly waiting: number;
};

/** The places of the rows at which somebody is aiming, by id. */
export type HeldOrder = { readonly pinned: readonly string[]; readonly rest: readonly string[] };

/**
 * Arranges the queue. While `held` is given, rows keep their places, those that left disappear and new ones wait;
 * otherwise everything takes its right place.
 */
export function arrange(incidents: readonly IncidentView[], held: HeldOrder | undefined): Arrangement {
  if (held === undefined) {
    const sorted = incidents.toSorted(compareIncidents);
    const isPinned = (incident: IncidentView): boolean =>
      isUnaccepted(incident) && toneOf(incident) === 'real' && levelOf(incident.priority) === 1;
    return { pinned: sorted.filter(isPinned), rest: sorted.filter((one) => !isPinned(one)), waiting: 0 };
  }
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const pinned = held.pinned.flatMap((id) => byId.get(id) ?? []);
  const rest = held.rest.flatMap((id) => byId.get(id) ?? []);
  return { pinned, rest, waiting: incidents.length - pinned.length - rest.length };
}

/** Open and unaccepted incidents of each level; drills, tests and what is isolated are counted apart. */
export function countLevels(
  incidents: Iterable<IncidentView>,
): Readonly<Record<Level, { readonly unaccepted: number; readonly open: number }>> {
  const counts = {
    1: { unaccepted: 0, open: 0 },
    2: { unaccepted: 0, open: 0 },
    3: { unaccepted: 0, open: 0 },
    4: { unaccepted: 0, open: 0 },
  };
  for (const incident of incidents) {
    if (toneOf(incident) !== 'real') continue;
    const count = counts[levelOf(incident.priority)];
    count.open += 1;
    if (isUnaccepted(incident)) count.unaccepted += 1;
  }
  return counts;
}

/** What the row says of the devices: how many detectors, and the class of the worst. */
export function evidenceOf(incident: IncidentView): { readonly detectors: number; readonly class: string } {
  const devices = new Set(incident.points.map((point) => `${point.deviceId}/${point.point}`));
  const active = incident.points.find((point) => point.restoredAt === undefined) ?? incident.points[0];
  return { detectors: devices.size, class: active?.class ?? 'other' };
}

/** What the bell is for: the worst real level that waits; a drill only when nothing real does. */
export function callOf(incidents: Iterable<IncidentView>): Level | 'drill' | undefined {
  let found: Level | undefined;
  let hasDrill = false;
  for (const incident of incidents) {
    if (!callsPeople(incident)) continue;
    const level = levelOf(incident.priority);
    if (toneOf(incident) === 'drill') hasDrill = true;
    else if (found === undefined || level < found) found = level;
  }
  return found ?? (hasDrill ? 'drill' : undefined);
}
