/** One cause, many devices: a mains failure or a dead provider is one line on the screen (fire.md §5.9). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import { incidentId } from './incident.ts';
import { eachMember, keepMembers, type Member, type Members, memberOf, noMembers, withMember } from './members.ts';

/** The classes of trouble that devices share; each is a subject `area:<class>`. A fire is none of them. */
export const troubleClasses = ['mains', 'comm', 'battery', 'line', 'tamper', 'supervisory', 'other'] as const;
export type TroubleClass = (typeof troubleClasses)[number];

/** So many devices within `withinMs` have one cause; or this part of a ward, when it is not a mere handful. */
export const areaRule = { devices: 20, wardShare: 0.05, wardLeast: 3, withinMs: 120_000 } as const;
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
  readonly restoredAt: Millis | null;
  /** What began before the last one was closed belongs to it. */
  readonly closedAt: Millis;
};

export type AreaCount = {
  readonly members: number;
  readonly standing: number;
  readonly wards: readonly { readonly ward: string | null; readonly members: number }[];
};

const nothing: AreaCount = { members: 0, standing: 0, wards: [] };

export function newArea(troubleClass: TroubleClass): Area {
  return {
    class: troubleClass,
    members: noMembers,
    changedAt: null,
    shown: nothing,
    shownAt: 0,
    restoredAt: null,
    closedAt: 0,
  };
}

export type HeardTrouble = {
  readonly kind: 'trouble';
  readonly class: TroubleClass;
  readonly device: string;
  readonly ward: string | null;
  readonly isOver: boolean;
  readonly at: Millis;
};

/** A device that falls into trouble, or comes out of it. Joins silently. */
export function hearTrouble(area: Area, { device, ward, isOver, at }: HeardTrouble, isOpen: boolean): Area {
  if (at <= area.closedAt) return area;
  const known = memberOf(area.members, device);
  const member = isOver ? restored(known, at) : standing(known, ward, at);
  if (member === known || member === undefined) return area;
  // Before the incident stands, the earliest change counts: a storm without a pause must not put off the look at it.
  const changedAt = isOpen ? Math.max(area.changedAt ?? 0, at) : Math.min(area.changedAt ?? at, at);
  return { ...area, members: withMember(area.members, device, member), changedAt };
}

function restored(known: Member | undefined, at: Millis): Member | undefined {
  if (known === undefined || known.restoredAt !== null) return known;
  return { ...known, restoredAt: at };
}

function standing(known: Member | undefined, ward: string | null, at: Millis): Member {
  return known !== undefined && known.restoredAt === null ? known : { at, ward, restoredAt: null };
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
  if (area.changedAt === null) return closesAt;
  return Math.min(Math.max(area.changedAt, area.shownAt + shownEveryMs), closesAt ?? Number.POSITIVE_INFINITY);
}

/** How many devices of a ward the registry knows. */
export type WardSize = (ward: string) => number;

/** The facts of a look at the area; none when nothing is worth telling. */
export function lookAtArea(area: Area, open: Incident | null, at: Millis, wardSize: WardSize): FireFact[] {
  if (open === null) return raiseArea(area, at, wardSize);
  const count = countOf(area.members);
  const facts: FireFact[] = [];
  const data = { incident: open.id, device: '' };
  const isNews = count.members !== area.shown.members || count.standing !== area.shown.standing;
  if (isNews && mayShow(area, at)) {
    facts.push({ type: 'incident.areaChanged', at, data: { incident: open.id, count: writable(count) } });
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

function raiseArea(area: Area, at: Millis, wardSize: WardSize): FireFact[] {
  const members = [...eachMember(area.members)].filter(([, member]) => member.restoredAt === null);
  if (
    !hasOneCause(
      members.map(([, member]) => member),
      wardSize,
    )
  )
    return [];
  const first = members.reduce((a, b) => (b[1].at < a[1].at || (b[1].at === a[1].at && b[0] < a[0]) ? b : a))[0];
  const incident = incidentId(at, `area:${area.class}`, first);
  const count = writable(countOf(area.members));
  return [{ type: 'incident.areaRaised', at, data: { incident, class: area.class, synthetic: false, count } }];
}

function hasOneCause(members: readonly Member[], wardSize: WardSize): boolean {
  const times = (some: readonly Member[]) => some.map(({ at }) => at).sort((a, b) => a - b);
  if (densest(times(members)) >= areaRule.devices) return true;
  return [...Map.groupBy(members, ({ ward }) => ward)].some(([ward, some]) => {
    const together = ward === null ? 0 : densest(times(some));
    return ward !== null && together >= areaRule.wardLeast && together >= wardSize(ward) * areaRule.wardShare;
  });
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

function countOf(members: Members): AreaCount {
  const wards = new Map<string | null, number>();
  let standingNow = 0;
  for (const [, member] of eachMember(members)) {
    wards.set(member.ward, (wards.get(member.ward) ?? 0) + 1);
    if (member.restoredAt === null) standingNow++;
  }
  const sorted = [...wards].map(([ward, count]) => ({ ward, members: count })).sort((a, b) => b.members - a.members);
  return { members: members.size, standing: standingNow, wards: sorted };
}

function writable({ members, standing: standingNow, wards }: AreaCount) {
  return { members, standing: standingNow, wards: [...wards] };
}
