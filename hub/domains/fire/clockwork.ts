/** All that the passing of time decides at a place, in one order: what is due, and the facts of it. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Step } from '../../domain.ts';
import { afterWindow } from './after-window.ts';
import { escalate, pendingSteps } from './escalation.ts';
import type { FireFact } from './events.ts';
import { alarmedRows, waterflowDueAt } from './evidence.ts';
import { applyFact, type FireState } from './state.ts';
import { deadLines, findTroubles, noteDeadLines, troublesToCome } from './supervision.ts';
import { endHold, heldUntil } from './verification.ts';
import { expire } from './windows.ts';

/** One thing that waits for the clock. `decide` gives facts that end the wait, so that a tick never finds the same twice. */
type Clock = {
  dueAt(state: FireState): Millis | undefined;
  decide(state: FireState, at: Millis): FireFact[];
  /** What follows from each fact that was decided, once it is folded. */
  follow?(state: FireState, fact: FireFact): FireFact[];
};

const clocks: readonly Clock[] = [
  {
    dueAt: ({ windows }) => earliest(windows.map(({ until }) => until)),
    decide: ({ windows, devices }, at) => expire(windows, devices, at),
    follow: (state, fact) => (fact.type === 'window.ended' ? afterWindow(state, fact) : []),
  },
  {
    dueAt: (state) => earliest(deadLines(state).map(({ lostAt }) => lostAt)),
    decide: noteDeadLines,
  },
  {
    dueAt: (state) => earliest(troublesToCome(state).map(({ dueAt }) => dueAt)),
    decide: findTroubles,
  },
  {
    dueAt: flowDueAt,
    decide: (state, at) => ((flowDueAt(state) ?? at + 1) <= at ? flowBelieved(state, at) : []),
  },
  {
    dueAt: ({ open, watch, devices }) =>
      open && watch && isDetected(devices) ? heldUntil(open, watch)?.dueAt : undefined,
    decide: ({ open, watch, devices }, at) => (open && watch && isDetected(devices) ? endHold(open, watch, at) : []),
  },
  {
    dueAt: ({ open, watch }) => (open && watch ? pendingSteps(open, watch)[0]?.dueAt : undefined),
    decide: ({ open, watch }, at) => (open && watch ? escalate(open, watch, at) : []),
  },
];

/** A detector spoke; water that flows is judged by how long it flows, not by who answers. */
function isDetected(devices: FireState['devices']): boolean {
  return alarmedRows(devices).some(({ row }) => row.class !== 'waterflow');
}

/** When the place next needs the clock. */
export function fireDueAt(state: FireState): Millis | undefined {
  return earliest(clocks.map((clock) => clock.dueAt(state)));
}

function earliest(times: readonly (Millis | undefined)[]): Millis | undefined {
  let first: Millis | undefined;
  for (const time of times) if (time !== undefined && (first === undefined || time < first)) first = time;
  return first;
}

/** Everything whose time has come. */
export function stepTick(state: FireState, at: Millis): Step<FireState, FireFact> {
  const facts: FireFact[] = [];
  let after = state;
  for (const clock of clocks) {
    for (const fact of clock.decide(after, at)) {
      after = applyFact(after, fact);
      const consequences = clock.follow?.(after, fact) ?? [];
      after = consequences.reduce(applyFact, after);
      facts.push(fact, ...consequences);
    }
  }
  return facts.length === 0 ? { state } : { state: after, events: facts };
}

/** When an unproven flow of water in the open incident will have lasted long enough to be believed. */
function flowDueAt(state: FireState): Millis | undefined {
  if (state.open === null || state.open.evidence !== 'unverified') return undefined;
  return waterflowDueAt(alarmedRows(state.devices));
}

function flowBelieved({ open }: FireState, at: Millis): FireFact[] {
  if (open === null) return [];
  const data = { incident: open.id, from: open.evidence, to: 'corroborated' as const, reason: 'waterflow', by: 'hub' };
  return [{ type: 'incident.evidenceRaised', at, data }];
}
