/** All that the passing of time decides at a place, in one order: what is due, and the facts of it. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Step } from '../../domain.ts';
import { afterWindow } from './after-window.ts';
import { areaDueAt, type GroupSize, isAreaOver, lookAtArea, mayShow } from './area.ts';
import { isLatched, quietMs } from './chatter.ts';
import { isActive, type PointState } from './device-state.ts';
import { escalate, pendingSteps } from './escalation.ts';
import type { FireFact, FireFactOf, Incident } from './events.ts';
import { alarmedRows, sourceOf, waterflowDueAt } from './evidence.ts';
import { floodDueAt, forgetOld, lookAtFlood } from './flood.ts';
import { neighbourDueAt, relate } from './neighbours.ts';
import { applyFact, type FireState } from './state.ts';
import { deadLines, findTroubles, noteDeadLines, troublesToCome } from './supervision.ts';
import { endHold, heldUntil } from './verification.ts';
import { expire } from './windows.ts';

/** One thing that waits for the clock. `decide` gives facts that end the wait, so that a tick never finds the same twice. */
type Clock = {
  dueAt(state: FireState): Millis | undefined;
  decide(state: FireState, at: Millis, sizeOf: GroupSize): FireFact[];
  /** What follows from each fact that was decided, once it is folded. */
  follow?(state: FireState, fact: FireFact): FireFact[];
};

const clocks: readonly Clock[] = [
  {
    dueAt: ({ area, open }) => area && areaDueAt(area, open),
    decide: ({ area, open }, at, sizeOf) => (area === undefined ? [] : lookAtArea(area, open, at, sizeOf)),
  },
  {
    // What lookAtArea has just restored may be over only later.
    dueAt: () => undefined,
    decide: (state, at) => closeArea(state, at),
  },
  {
    dueAt: ({ flood }) => flood && floodDueAt(flood),
    decide: ({ flood }, at) => (flood === undefined ? [] : lookAtFlood(flood, at)),
  },
  {
    dueAt: neighbourDueAt,
    decide: relate,
  },
  {
    dueAt: (state) => earliest(chattering(state).map(({ quietAt }) => quietAt)),
    decide: settleQuiet,
    follow: (state, fact) => (fact.type === 'incident.settled' ? afterSettling(state, fact) : []),
  },
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
export function stepTick(state: FireState, at: Millis, sizeOf: GroupSize = unknownSize): Step<FireState, FireFact> {
  const facts: FireFact[] = [];
  let after = state;
  for (const clock of clocks) {
    for (const fact of clock.decide(after, at, sizeOf)) {
      after = applyFact(after, fact);
      const consequences = clock.follow?.(after, fact) ?? [];
      after = consequences.reduce(applyFact, after);
      facts.push(fact, ...consequences);
    }
  }
  const seen = lookedAt(after, at);
  return facts.length === 0 ? { state: seen } : { state: seen, events: facts };
}

const unknownSize: GroupSize = () => Number.POSITIVE_INFINITY;

/** What was looked at waits for the next change. No fact: after a restart it is looked at again, with the same outcome. */
function lookedAt(state: FireState, at: Millis): FireState {
  const { area, open, flood } = state;
  if (flood !== undefined && flood.since === null) return { ...state, flood: forgetOld(flood, at) };
  if (area === undefined) return state;
  const isShown = area.changedAt === null || open === null || mayShow(area, at);
  return { ...state, area: { ...area, lookedAt: at, changedAt: isShown ? null : area.changedAt } };
}

function closeArea(state: FireState, at: Millis): FireFact[] {
  const { area, open } = state;
  if (area === undefined || open === null || !isAreaOver(area, open, at)) return [];
  const closing = (record: Incident): FireFact => ({
    type: 'incident.closed',
    at,
    data: { incident: open.id, by: 'hub', note: null, disposition: 'fault', causeDevice: null, record },
  });
  return [closing(applyFact(state, closing(open)).closed[0] ?? open)];
}

type Chattering = { readonly device: string; readonly row: PointState; readonly quietAt: Millis };

/** Sensors of the open incident that chattered and now say that all is well. */
function chattering({ open, devices }: FireState): Chattering[] {
  if (open === null) return [];
  return Object.entries(devices).flatMap(([id, device]) =>
    Object.values(device.points)
      .filter((row) => row.count > 0 && !isActive(device, row) && isLatched(device, row))
      .map((row) => ({ device: id, row, quietAt: row.heardAt + quietMs })),
  );
}

function settleQuiet(state: FireState, at: Millis): FireFact[] {
  const incident = state.open?.id;
  if (incident === undefined) return [];
  return chattering(state)
    .filter(({ quietAt }) => quietAt <= at)
    .map(({ device, row: { point, class: sensor, alarms, restores } }) => {
      const until = Math.max(0, ...alarms, ...restores, restoreTime(state, device, point));
      return { type: 'incident.settled', at, data: { incident, device, point, class: sensor, until } };
    });
}

/** A reset of the point or of the whole device speaks for the sensor too. */
function restoreTime({ devices }: FireState, device: string, point: string): Millis {
  const points = devices[device]?.points ?? {};
  return Math.max(0, ...(points[`${point}/other`]?.restores ?? []), ...(points['/other']?.restores ?? []));
}

function afterSettling({ open, devices }: FireState, { at, data }: FireFactOf<'incident.settled'>): FireFact[] {
  if (open === null || open.source !== 'active' || sourceOf(alarmedRows(devices)) === 'active') return [];
  return [{ type: 'incident.restored', at, data: { incident: open.id, device: data.device } }];
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
