/** The fire domain's one step: a signal, a command, a receipt or the clock, and what follows from it. Pure. */
import type { FireHeartbeat, fireMessages } from '../../../devices/fire/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { Input, Send, Step } from '../../domain.ts';
import type { DeviceRecord, Place } from '../../registry/records.ts';
import type { GroupSize } from './area.ts';
import { isLatched } from './chatter.ts';
import { skewSamples } from './clock.ts';
import { stepTick } from './clockwork.ts';
import { type fireCommands, stepCommand } from './commands.ts';
import { rowOf } from './device-state.ts';
import type { FireFact, Incident } from './events.ts';
import { activePoints, alarmedRows, assess, incidentPriority, provesMore, sourceOf } from './evidence.ts';
import { evidenceOf, incidentId, linkedWithinMs, repeatShownMs } from './incident.ts';
import type { Whereabouts } from './notice-facts.ts';
import { receiptFor, stepReceipt } from './receipts.ts';
import { reportsBefore, stepReport } from './report-command.ts';
import { lookAtReadings, remember } from './rising.ts';
import { takeReception } from './signal.ts';
import type { Signal } from './signal-schema.ts';
import { applyFact, deviceOf, type FireState } from './state.ts';
import { ruleFor } from './verification.ts';
import { isWindowCommand, stepWindow } from './window-commands.ts';
import { isMoreSerious, type Standing, standingOf } from './windows.ts';

/** What the registry says of the subject. */
export type FireContext = {
  readonly place: Place | undefined;
  /** The registry's devices of this subject; asked by commands only, it is a walk over all of them. */
  devicesHere?(): readonly DeviceRecord[];
  /** How many fire devices a ward or a gateway has; likewise. */
  groupSize?: GroupSize;
  /** What the registry knows around an incident, for notices. */
  whereabouts?: Whereabouts;
};

export type FireInput = Input<typeof fireMessages, typeof fireCommands>;
export type FireStep = Step<FireState, FireFact>;

/** Decides what an input means. Never throws; what a person may not do comes back as a rejection. */
export function stepFire(state: FireState, input: FireInput, context: FireContext): FireStep {
  switch (input.kind) {
    case 'message':
      return input.name === 'event' ? stepEvent(state, input, context) : stepHeartbeat(state, input);
    case 'command':
      if (input.name === 'report') return stepReport(state, input);
      return isWindowCommand(input)
        ? stepWindow(state, input, context.devicesHere ?? (() => []))
        : stepCommand(state, input, context.devicesHere);
    case 'receipt':
      return stepReceipt(state, input);
    case 'tick':
      return stepTick(state, input.at, context.groupSize);
  }
}

type EventInput = Extract<FireInput, { kind: 'message'; name: 'event' }>;
type HeartbeatInput = Extract<FireInput, { kind: 'message'; name: 'heartbeat' }>;

function stepEvent(state: FireState, input: EventInput, context: FireContext): FireStep {
  const { body, device, at, retained } = input;
  // Sent again for a duplicate too: the device repeats because it missed the first.
  const sends: Send[] = [receiptFor({ device: device.id, event: body.id }, 'stored', at)];
  const reception = { body, device, at, retained, placeKnown: context.place !== undefined };
  const taken = takeReception(reception, deviceOf(state, device.id));
  if (taken === undefined) return { state, sends };
  if ('secondOf' in taken) {
    const again: FireFact = {
      type: 'signal.receivedAgain',
      at,
      data: { device: device.id, event: taken.secondOf, path: taken.path },
    };
    return { state: applyFact(state, again), events: [again], sends };
  }
  const standing = standingOf(state.windows, taken, at);
  const signal = standing === undefined ? taken : { ...taken, standing };
  const received: FireFact = { type: 'signal.received', at, data: signal };
  const after = applyFact(state, received);
  const consequences = consequencesOf(state, after, { signal, device }, at, context);
  return { state: consequences.reduce(applyFact, after), events: [received, ...consequences], sends };
}

/** A signal, and the registry's record of the device that sent it. */
type Taken = { readonly signal: Signal; readonly device: DeviceRecord };

function consequencesOf(before: FireState, after: FireState, taken: Taken, at: Millis, context: FireContext) {
  const { signal } = taken;
  if (signal.kind !== 'alarm' && signal.kind !== 'restore') return [];
  if (after.open !== null) return consequencesForOpen(before, after, after.open, taken, at);
  if (signal.kind !== 'alarm') return [];
  const raised = raise(after, signal, at, context);
  return [raised, ...reportsBefore(applyFact(after, raised), at)];
}

function raise(after: FireState, signal: Signal, at: Millis, { place }: FireContext): FireFact {
  const rows = alarmedRows(after.devices);
  const { evidence } = assess(rows);
  const last = after.closed[0];
  const isLinked = last?.closed != null && at - last.closed.at <= linkedWithinMs;
  const { id, name, address, wardCode } = place ?? {};
  const hasPlace = id !== undefined && name !== undefined && address !== undefined;
  return {
    type: 'incident.raised',
    at,
    data: {
      incident: incidentId(at, signal.device, signal.event),
      ...pointOf(signal),
      priority: incidentPriority(rows, evidence),
      evidence,
      source: sourceOf(rows),
      quality: signal.quality,
      synthetic: signal.synthetic,
      ...(signal.standing === undefined ? {} : { standing: signal.standing }),
      receivedAfterMs: at - signal.ts,
      previous: isLinked ? last.id : null,
      rule: ruleFor(place, at),
      place: hasPlace ? { id, name, address, wardCode: wardCode ?? null } : null,
    },
  };
}

function consequencesForOpen(
  before: FireState,
  after: FireState,
  open: Incident,
  { signal, device }: Taken,
  at: Millis,
) {
  const facts: FireFact[] = [];
  const incident = open.id;
  const rows = alarmedRows(after.devices);
  const was = rowOf(deviceOf(before, signal.device), signal);
  const now = rowOf(deviceOf(after, signal.device), signal);
  const isNewPoint = signal.kind === 'alarm' && (was?.count ?? 0) === 0;
  const source = sourceOf(rows);
  const isAgain = open.source === 'restored' && source === 'active';
  const data = { incident, ...pointOf(signal) };
  const isNews = (isNewPoint || isAgain) && !isLessSerious(signal, open);
  const isOver = open.handling === 'resolved' || evidenceOf(open) === 'refuted';
  if (isNews && (isOver || (open.handling !== 'raised' && isOtherStranger(before, device, signal)))) {
    const refuted = evidenceOf(open) === 'refuted';
    facts.push({
      type: 'incident.reopened',
      at,
      data: { incident, device: signal.device, was: open.handling, refuted },
    });
  }
  facts.push(...standingFacts(open, signal, at));
  if (isNewPoint) facts.push({ type: 'incident.joined', at, data });
  if (isAgain) facts.push({ type: 'incident.reactivated', at, data: { incident, device: signal.device } });
  if (open.source === 'active' && source === 'restored') {
    facts.push({ type: 'incident.restored', at, data: { incident, device: signal.device } });
  } else if (signal.kind === 'restore' && activePoints(rows) < activePoints(alarmedRows(before.devices))) {
    facts.push({ type: 'incident.pointRestored', at, data });
  }
  if (hasBegunToChatter(before, after, signal)) facts.push({ type: 'incident.chattering', at, data });
  facts.push(...evidenceFacts(open, rows, signal.device, at));
  // A repetition is counted at once and shown at most once in 10 s: a chattering detector must not fill the screens.
  if (facts.length === 0 && signal.kind === 'alarm' && at - open.shownAt >= repeatShownMs) {
    facts.push({ type: 'incident.repeated', at, data: { ...data, count: now?.count ?? 1 } });
  }
  return facts;
}

/** What a window speaks for takes nothing back that is real: a walk test must not call anyone out again. */
function isLessSerious({ standing }: Signal, open: Incident): boolean {
  return standing !== undefined && isMoreSerious(open.standing ?? 'actual', standing);
}

/** Devices that nobody has registered share a stand-in, and its incident; another of them is another house, in nobody's hand yet. */
function isOtherStranger(before: FireState, { id, model }: DeviceRecord, { point }: Signal): boolean {
  if (model !== 'stand-in') return false;
  const nameOf = (text: string) => text.split(' ', 1).join('');
  return !alarmedRows(before.devices).some(
    ({ deviceId, row }) => deviceId === id && nameOf(row.point) === nameOf(point),
  );
}

function hasBegunToChatter(before: FireState, after: FireState, signal: Signal): boolean {
  const was = deviceOf(before, signal.device);
  const now = deviceOf(after, signal.device);
  return Object.entries(now.points).some(([key, row]) => {
    const old = was.points[key];
    return row.count > 0 && isLatched(now, row) && (old === undefined || !isLatched(was, old));
  });
}

/** A real alarm makes a drill real, whatever the drill was: nothing outside a window is ever hidden by it. */
function standingFacts(open: Incident, signal: Signal, at: Millis): FireFact[] {
  const standing: Standing = signal.standing ?? 'actual';
  if (open.standing === undefined || signal.kind !== 'alarm' || !isMoreSerious(standing, open.standing)) return [];
  const data = { incident: open.id, device: signal.device, was: open.standing, standing };
  return [{ type: 'incident.standingChanged', at, data }];
}

function evidenceFacts(open: Incident, rows: ReturnType<typeof alarmedRows>, by: string, at: Millis): FireFact[] {
  if (open.evidence === 'confirmed') return [];
  const { evidence, reason } = assess(rows);
  if (!provesMore(evidence, open.evidence)) return [];
  const data = { incident: open.id, from: open.evidence, to: evidence, reason, by };
  return [{ type: 'incident.evidenceRaised', at, data }];
}

/** A heartbeat is a measurement and shows how far the device's clock is off; a fact only when its readings begin or cease to rise. */
function stepHeartbeat(state: FireState, { body, device, at, retained }: HeartbeatInput): FireStep {
  if (retained) return { state };
  const known = deviceOf(state, device.id);
  const offsetsMs = [...known.offsetsMs, at - body.ts].slice(-skewSamples);
  const heard = { ...known, offsetsMs, readings: remember(known.readings, body, at) };
  const after = { ...state, devices: { ...state.devices, [device.id]: heard } };
  const points = [heartbeatPoint(device.id, body, at)];
  const events = lookAtReadings(device.id, heard, at);
  return events.length === 0 ? { state: after, points } : { state: events.reduce(applyFact, after), events, points };
}

function heartbeatPoint(deviceId: string, body: FireHeartbeat, at: Millis) {
  const { battery, signal, temperature, smoke } = body;
  return { measurement: 'fire_heartbeat', subject: deviceId, at, fields: { battery, signal, temperature, smoke } };
}

function pointOf(signal: Signal) {
  return { device: signal.device, event: signal.event, point: signal.point, class: signal.class };
}
