/** Ten thousand devices as plain data: kept in small parts, so that one more copies a few dozen entries, not all. Pure. */
import type { Millis } from '../../../devices/wire.ts';

/** A device of an area incident. */
export type Member = {
  readonly at: Millis;
  readonly ward: string | null;
  readonly gateway: string | null;
  readonly synthetic: boolean;
  readonly restoredAt: Millis | null;
};
type Part = Readonly<Record<string, Member>>;
export type Members = { readonly parts: Readonly<Record<number, Part>>; readonly size: number };

export const noMembers: Members = { parts: {}, size: 0 };
const partCount = 256;

export function memberOf({ parts }: Members, id: string): Member | undefined {
  const part = parts[partOf(id)];
  return part !== undefined && Object.hasOwn(part, id) ? part[id] : undefined;
}

export function withMember(members: Members, id: string, member: Member): Members {
  const number = partOf(id);
  const size = members.size + (memberOf(members, id) === undefined ? 1 : 0);
  return { parts: { ...members.parts, [number]: { ...members.parts[number], [id]: member } }, size };
}

export function keepMembers(members: Members, isKept: (member: Member) => boolean): Members {
  let kept = noMembers;
  for (const [id, member] of eachMember(members)) if (isKept(member)) kept = withMember(kept, id, member);
  return kept;
}

export function* eachMember({ parts }: Members): Generator<readonly [string, Member]> {
  for (const part of Object.values(parts)) yield* Object.entries(part);
}

function partOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index++) hash = (hash * 31 + id.charCodeAt(index)) | 0;
  return (hash >>> 0) % partCount;
}
