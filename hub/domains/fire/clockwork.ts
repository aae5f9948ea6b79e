/** All that the passing of time decides at a place, in one order: what is due, and the facts of it. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Step } from '../../domain.ts';
import { escalate, pendingSteps } from './escalation.ts';
import type { FireFact } from './events.ts';
import { alarmedRows, waterflowDueAt } from './evidence.ts';
import { applyFact, type FireState } from './state.ts';
import { endHold, heldUntil } from './verification.ts';

/** One thing that waits for the clock. `decide` gives facts that end the wait, so that a tick never finds the same twice. */
type Clock = { dueAt(state: FireState): Millis | undefined; decide(state: FireState, at: Millis): FireFact[] };

const clocks: readonly Clock[] = [
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
  let next: Millis | undefined;
  for (const clock of clocks) {
    const dueAt = clock.dueAt(state);
    if (dueAt !== undefined && (next === undefined || dueAt < next)) next = dueAt;
  }
  return next;
}

/** Everything whose time has come. */
export function stepTick(state: FireState, at: Millis): Step<FireState, FireFact> {
  const facts: FireFact[] = [];
  let after = state;
  for (const clock of clocks) {
    const decided = clock.decide(after, at);
    after = decided.reduce(applyFact, after);
    facts.push(...decided);
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
