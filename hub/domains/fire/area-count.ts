/** What a screen is told of an area: how many devices, how many still, where and through which gateways most of them. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import { eachMember, type Member, type Members } from './members.ts';

/** A device that is still in trouble then needs somebody to go there: a ticket of its own in the list of members. */
export const overdueMs: Millis = 15 * 60_000;
/** Gateways told in one fact: those with most members. */
const mostGateways = 20;

/** As the facts keep it; the last two are absent in facts of before. */
export type AreaCount = {
  readonly members: number;
  readonly standing: number;
  readonly wards: readonly { readonly ward: string | null; readonly members: number }[];
  readonly gateways?: readonly { readonly gateway: string; readonly members: number }[];
  readonly overdue?: number;
};

export const noCount: AreaCount = { members: 0, standing: 0, wards: [] };

/** Counts the members as they are at this time. */
export function countOf(members: Members, at: Millis): Required<AreaCount> {
  const wards = new Map<string | null, number>();
  const gateways = new Map<string, number>();
  let standingNow = 0;
  let overdue = 0;
  for (const [, member] of eachMember(members)) {
    wards.set(member.ward, (wards.get(member.ward) ?? 0) + 1);
    if (member.gateway !== null) gateways.set(member.gateway, (gateways.get(member.gateway) ?? 0) + 1);
    if (member.restoredAt !== null) continue;
    standingNow++;
    if (isOverdue(member, at)) overdue++;
  }
  return {
    members: members.size,
    standing: standingNow,
    wards: [...wards].map(([ward, count]) => ({ ward, members: count })).sort((a, b) => b.members - a.members),
    gateways: [...gateways]
      .map(([gateway, count]) => ({ gateway, members: count }))
      .sort((a, b) => b.members - a.members),
    overdue,
  };
}

/** Still in trouble after so long: it is not coming back with the others. */
export function isOverdue({ at: since, restoredAt }: Member, at: Millis): boolean {
  return restoredAt === null && at - since >= overdueMs;
}

/** The count as a fact takes it. */
export function writable({ wards, gateways, ...count }: Required<AreaCount>) {
  return { ...count, wards: [...wards], gateways: gateways.slice(0, mostGateways) };
}
