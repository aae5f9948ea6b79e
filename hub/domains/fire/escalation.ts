/** Nobody answers: who is told next, and when (fire.md §5.7). The timers are state, folded from the facts. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import type { Rule } from './verification.ts';

/** The clockwork of the open incident. A reopened incident begins a new round. */
export type Watch = {
  readonly round: number;
  /** When the round began: the raise, the reopening, or when an exercise became real. */
  readonly from: Millis;
  /** The first screen that had it in this round. */
  readonly receivedAt: Millis | null;
  /** Steps of this round that were taken. */
  readonly taken: readonly string[];
  readonly rule: Rule;
};

/** Why a step was taken. */
export type EscalationReason = 'noReceipt' | 'notAcknowledged' | 'undecided' | 'notEnRoute';

type Rung = {
  readonly step: string;
  readonly afterMs: Millis;
  readonly reason: EscalationReason;
  readonly to: readonly string[];
};

/** The chain: what must have happened by when, and who is told if it has not. */
export const chain: readonly Rung[] = [
  { step: 'secondChannel', afterMs: 5_000, reason: 'noReceipt', to: ['station'] },
  { step: 'voice', afterMs: 15_000, reason: 'noReceipt', to: ['station', 'wardTeam'] },
  { step: 'shiftLead', afterMs: 30_000, reason: 'notAcknowledged', to: ['shiftLead', 'neighbourStation'] },
  { step: 'cityCentre', afterMs: 60_000, reason: 'notAcknowledged', to: ['cityCentre'] },
  { step: 'everyone', afterMs: 90_000, reason: 'notAcknowledged', to: ['everyone'] },
  { step: 'undecided', afterMs: 60_000, reason: 'undecided', to: ['station', 'shiftLead'] },
  { step: 'notEnRoute', afterMs: 120_000, reason: 'notEnRoute', to: ['station', 'shiftLead'] },
];

/** The clockwork of an incident that was just raised. */
export function firstWatch(fact: FireFactOf<'incident.raised'>): Watch {
  return { round: 1, from: fact.at, receivedAt: null, taken: [], rule: fact.data.rule ?? 'day' };
}

/** Folds what a fact means for the clockwork. */
export function foldWatch(watch: Watch, fact: FireFact): Watch {
  switch (fact.type) {
    case 'incident.delivered':
      return { ...watch, receivedAt: watch.receivedAt ?? fact.at };
    case 'incident.escalated':
      return { ...watch, taken: [...watch.taken, fact.data.step] };
    case 'incident.standingChanged':
      // Exercises are escalated too, within the house; when one becomes real, the chain begins anew.
      if (fact.data.standing !== 'actual') return watch;
      return { ...watch, round: watch.round + 1, from: fact.at, receivedAt: null, taken: [] };
    case 'incident.reopened':
      return { ...watch, round: watch.round + 1, from: fact.at, receivedAt: null, taken: [] };
    default:
      return watch;
  }
}

/** A step that is still to come, and when. */
export type Pending = { readonly step: string; readonly dueAt: Millis; readonly rung: Rung };

/** Every step that is still to be taken if nobody does anything, the next one first. */
export function pendingSteps(open: Incident, watch: Watch): readonly Pending[] {
  const pending = chain.flatMap((rung): Pending[] => {
    const from = watch.taken.includes(rung.step) ? undefined : countedFrom(rung.reason, open, watch);
    return from === undefined ? [] : [{ step: rung.step, dueAt: from + rung.afterMs, rung }];
  });
  return pending.sort((a, b) => a.dueAt - b.dueAt);
}

/** The facts of every step whose time has come. A hub that was away takes all that it missed, in order. */
export function escalate(open: Incident, watch: Watch, at: Millis): FireFact[] {
  return pendingSteps(open, watch)
    .filter(({ dueAt }) => dueAt <= at)
    .map(({ rung: { step, to, reason }, dueAt }) => ({
      type: 'incident.escalated',
      at,
      data: { incident: open.id, round: watch.round, step, to: [...to], reason, dueAt },
    }));
}

/** Since when the chain waits for this, or `undefined` when it does not (any more). */
function countedFrom(reason: EscalationReason, open: Incident, watch: Watch): Millis | undefined {
  if (open.verdict?.kind === 'refuted' || open.resolved !== null) return undefined;
  // A walk test rings at every point, and an isolated device is known to be wrong: both are shown, neither calls anyone.
  if (open.standing === 'test' || open.standing === 'isolated') return undefined;
  switch (reason) {
    case 'noReceipt':
      return watch.receivedAt === null && open.acknowledged === null ? watch.from : undefined;
    case 'notAcknowledged':
      return open.acknowledged === null ? watch.from : undefined;
    case 'undecided':
      return open.dispatched === null ? open.acknowledged?.at : undefined;
    case 'notEnRoute':
      return open.progress?.length ? undefined : open.dispatched?.at;
  }
}
