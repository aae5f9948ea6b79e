/** One cause, many devices: a mains failure or a dead provider is one line on the screen (fire.md §5.9). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import { type AreaCount, countOf, noCount, overdueMs, writable } from './area-count.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import { incidentId } from './incident.ts';
import { eachMember, keepMembers, type Member, type Members, memberOf, noMembers, withMember } from './members.ts';

/** The classes of trouble that devices share; each is a subject `area:<class>`. A fire is none of them. */
export const troubleClasses = ['mains', 'comm', 'battery', 'line', 'tamper', 'supervisory', 'other'] as const;
export type TroubleClass = (typeof troubleClasses)[number];

/** So many devices within `withinMs` have one cause; or this part of a ward or a gateway, when it is not a mere handful. */
export const areaRule = { devices: 20, groupShare: 0.05, groupLeast: 3, withinMs: 120_000 } as const;
/** How often a standing area is looked at for those. */
const overdueEveryMs: Millis = 60_000;
/** The counter reaches the screens at most so often. */
const shownEveryMs: Millis = 10_000;
/** All are well for so long: it closes itself. */
const closedAfterMs: Millis = 10 * 60_000;

/** The devices of one class that are in trouble, and what the screens were last told. */
export type Area = {
  readonly class: TroubleClass;
  readonly members: Members;
  /** When a member changed that nobody has looked at yet. */
  readonly changedAt: Millis | null;
  readonly shown: AreaCount;
  readonly shownAt: Millis;
  /** The last look of the clock. Not folded from facts: after a restart it is looked at once more. */
  readonly lookedAt: Millis;
  readonly restoredAt: Millis | null;
  /** What began before the last one was closed belongs to it. */
  readonly closedAt: Millis;
};

export function newArea(troubleClass: TroubleClass): Area {
  return {
    class: troubleClass,
    members: noMembers,
    changedAt: null,
    shown: noCount,
    shownAt: 0,
    lookedAt: 0,
    restoredAt: null,
    closedAt: 0,
  };
}

export type HeardTrouble = {
  readonly kind: 'trouble';
  readonly class: TroubleClass;
  readonly device: string;
  readonly ward: string | null;
  readonly gateway: string | null;
  readonly synthetic: boolean;
  readonly isOver: boolean;
  readonly at: Millis;
};

/** A device that falls into trouble, or comes out of it. Joins silently. */
export function hearTrouble(area: Area, heard: HeardTrouble, isOpen: boolean): Area {
  const { device, isOver, at } = heard;
  if (at <= area.closedAt) return area;
  const known = memberOf(area.members, device);
  const member = isOver ? restored(known, at) : standing(known, heard);
  if (member === known || member === undefined) return area;
  // Before the incident stands, the earliest change counts: a storm without a pause must not put off the look at it.
  const changedAt = isOpen ? Math.max(area.changedAt ?? 0, at) : Math.min(area.changedAt ?? at, at);
  return { ...area, members: withMember(area.members, device, member), changedAt };
}

function restored(known: Member | undefined, at: Millis): Member | undefined {
  if (known === undefined || known.restoredAt !== null) return known;
  return { ...known, restoredAt: at };
}

function standing(known: Member | undefined, { ward, gateway, synthetic, at }: HeardTrouble): Member {
  return known !== undefined && known.restoredAt === null ? known : { at, ward, gateway, synthetic, restoredAt: null };
}

/** Folds the facts of the area's own incident. */
export function foldArea(area: Area, fact: FireFact): Area {
  switch (fact.type) {
    case 'incident.areaRaised':
    case 'incident.areaChanged':
      return { ...area, shown: fact.data.count, shownAt: fact.at };
    case 'incident.restored':
      return { ...area, restoredAt: fact.at };
    case 'incident.reactivated':
      return { ...area, restoredAt: null };
    case 'incident.closed':
      return {
        ...newArea(area.class),
        members: keepMembers(area.members, ({ at }) => at > fact.at),
        closedAt: fact.at,
      };
    default:
      return area;
  }
}

/** The incident that many devices raise together. */
export function openArea({ at, data }: FireFactOf<'incident.areaRaised'>): Incident {
  return {
    id: data.incident,
    raisedAt: at,
    raisedBy: { device: '', event: '' },
    receivedAfterMs: 0,
    lastEventAt: at,
    shownAt: at,
    synthetic: data.synthetic,
    priority: 6,
    evidence: 'corroborated',
    verdict: null,
    handling: 'raised',
    source: 'active',
    quality: [],
    acknowledged: null,
    dispatched: null,
    resolved: null,
    closed: null,
    previous: null,
    points: [],
    signals: [],
    timeline: [{ at, type: 'incident.areaRaised', by: 'hub', text: `${data.class}: ${data.count.members}` }],
  };
}

/** When the area next needs the clock. */
export function areaDueAt(area: Area, open: Incident | null): Millis | undefined {
  if (open === null) return area.changedAt ?? undefined;
  const closesAt = area.restoredAt === null ? undefined : area.restoredAt + closedAfterMs;
  const looksAt =
    area.shown.standing === 0 ? undefined : Math.max(open.raisedAt + overdueMs, area.lookedAt + overdueEveryMs);
  const showsAt = area.changedAt === null ? undefined : Math.max(area.changedAt, area.shownAt + shownEveryMs);
  const times = [closesAt, looksAt, showsAt].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** How many fire devices the registry knows of a ward, or of a gateway. */
export type GroupSize = (group: { readonly ward: string } | { readonly gateway: string }) => number;

/** The facts of a look at the area; none when nothing is worth telling. */
export function lookAtArea(area: Area, open: Incident | null, at: Millis, sizeOf: GroupSize): FireFact[] {
  if (open === null) return raiseArea(area, at, sizeOf);
  const count = countOf(area.members, at);
  const facts: FireFact[] = [];
  const data = { incident: open.id, device: '' };
  const { shown } = area;
  const isOverdueNews = count.overdue !== (shown.overdue ?? 0);
  const isNews = count.members !== shown.members || count.standing !== shown.standing || isOverdueNews;
  if (isNews && mayShow(area, at)) {
    const synthetic = open.synthetic && isSimulated(area.members);
    facts.push({ type: 'incident.areaChanged', at, data: { incident: open.id, synthetic, count: writable(count) } });
  }
  if (count.standing === 0 && open.source === 'active') facts.push({ type: 'incident.restored', at, data });
  if (count.standing > 0 && open.source === 'restored') facts.push({ type: 'incident.reactivated', at, data });
  return facts;
}

/** Whether the screens may be told of the counter again. */
export function mayShow(area: Area, at: Millis): boolean {
  return at >= area.shownAt + shownEveryMs;
}

/** Everything that was restored for long enough closes itself. */
export function isAreaOver(area: Area, open: Incident, at: Millis): boolean {
  return open.source === 'restored' && area.restoredAt !== null && at >= area.restoredAt + closedAfterMs;
}

function raiseArea(area: Area, at: Millis, sizeOf: GroupSize): FireFact[] {
  const members = [...eachMember(area.members)].filter(([, member]) => member.restoredAt === null);
  const standingNow = members.map(([, member]) => member);
  if (!hasOneCause(standingNow, sizeOf)) return [];
  const first = members.reduce((a, b) => (b[1].at < a[1].at || (b[1].at === a[1].at && b[0] < a[0]) ? b : a))[0];
  const incident = incidentId(at, `area:${area.class}`, first);
  const count = writable(countOf(area.members, at));
  const synthetic = isSimulated(area.members);
  return [{ type: 'incident.areaRaised', at, data: { incident, class: area.class, synthetic, count } }];
}

/** One real device makes it real; never the other way. */
function isSimulated(members: Members): boolean {
  for (const [, { synthetic }] of eachMember(members)) if (!synthetic) return false;
  return true;
}

function hasOneCause(members: readonly Member[], sizeOf: GroupSize): boolean {
  if (together(members) >= areaRule.devices) return true;
  const isShare = (some: readonly Member[], size: number): boolean => {
    const most = together(some);
    return most >= areaRule.groupLeast && most >= size * areaRule.groupShare;
  };
  const wards = Map.groupBy(members, ({ ward }) => ward);
  const gateways = Map.groupBy(members, ({ gateway }) => gateway);
  return (
    [...wards].some(([ward, some]) => ward !== null && isShare(some, sizeOf({ ward }))) ||
    [...gateways].some(([gateway, some]) => gateway !== null && isShare(some, sizeOf({ gateway })))
  );
}

function together(members: readonly Member[]): number {
  return densest(members.map(({ at }) => at).sort((a, b) => a - b));
}

/** The most of these times (ascending) that lie within the rule's time of each other. */
function densest(times: readonly Millis[]): number {
  let most = 0;
  let from = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? time) > areaRule.withinMs) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
