/** More alarms than people can look at: ten in ten minutes begin a flood, fewer than five end it (EEMUA 191, fire.md §5.9). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FireFact } from './events.ts';

export const floodRule = { withinMs: 10 * 60_000, from: 10, below: 5 } as const;

/** New alarms of the city; only their times, newest last. */
export type Flood = { readonly raises: readonly Millis[]; readonly since: Millis | null };

export const noFlood: Flood = { raises: [], since: null };

export type HeardRaise = { readonly kind: 'raise'; readonly at: Millis };

export function hearRaise(flood: Flood, { at }: HeardRaise): Flood {
  return { ...flood, raises: [...flood.raises, at].sort((a, b) => a - b).slice(-floodRule.from) };
}

export function foldFlood(flood: Flood, fact: FireFact): Flood {
  if (fact.type === 'flood.began') return { ...flood, since: fact.at };
  return fact.type === 'flood.ended' ? { ...forgetOld(flood, fact.at), since: null } : flood;
}

/** What is past its time begins no flood any more. */
export function forgetOld(flood: Flood, at: Millis): Flood {
  return { ...flood, raises: flood.raises.filter((time) => time > at - floodRule.withinMs) };
}

/** When it begins or ends if no further alarm comes. */
export function floodDueAt({ raises, since }: Flood): Millis | undefined {
  if (since !== null) return (raises.at(-floodRule.below) ?? since) + floodRule.withinMs;
  const [first] = raises.slice(-floodRule.from);
  const last = raises.at(-1);
  const isFull = raises.length === floodRule.from && first !== undefined && last !== undefined;
  return isFull && last - first < floodRule.withinMs ? last : undefined;
}

export function lookAtFlood(flood: Flood, at: Millis): FireFact[] {
  const dueAt = floodDueAt(flood);
  if (dueAt === undefined || dueAt > at) return [];
  const count = flood.raises.filter((time) => time > at - floodRule.withinMs).length;
  if (flood.since !== null) return count < floodRule.below ? [{ type: 'flood.ended', at, data: { count } }] : [];
  return count >= floodRule.from ? [{ type: 'flood.began', at, data: { count } }] : [];
}
