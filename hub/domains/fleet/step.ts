/** The fleet's one step: a status or the clock, and whether the device came, went or came back. Pure. */
import type { DeviceStatus, fleetMessages } from '../../../devices/fleet/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { Input, Step } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import type { FleetFact } from './events.ts';
import { batteryLowPercent, batteryWellPercent, endsSession, lostAfterMs, willGraceMs } from './link.ts';
import { applyFact, type FleetState, type Watch } from './state.ts';

/** The device and when it was last heard; `undefined` when it is in the registry no more. */
export type FleetContext = {
  readonly device: DeviceRecord | undefined;
  readonly presence: ReturnType<RegistryReader['presence']>;
};

/** The fleet takes no commands; changing devices is the registry's. */
export const fleetCommands = {};
export type FleetInput = Input<typeof fleetMessages, typeof fleetCommands>;
type FleetStep = Step<FleetState, FleetFact>;

/** A device that was removed is looked at again after this, should it come back. */
const removedCheckMs: Millis = 24 * 3_600_000;
/** A lost device that only sends readings is found again within this. */
const lostCheckMs: Millis = 60_000;
/** A look that comes later than this means that the hub itself was away: a restart, or a machine asleep. */
const overdueMs: Millis = 10_000;

/** Decides what a status or a tick means for the link. */
export function stepFleet(state: FleetState, input: FleetInput, context: FleetContext): FleetStep {
  switch (input.kind) {
    case 'message':
      return stepStatus(state, input, context);
    case 'tick':
      return look(state, input.at, context);
    case 'receipt':
      return { state };
  }
}

/** When the device is next looked at; at once after a restart, for a device that was ever heard. */
export function fleetDueAt(state: FleetState): Millis | undefined {
  if (state.watch !== null) return state.watch.dueAt;
  return state.link === 'never' ? undefined : 0;
}

type StatusInput = Extract<FleetInput, { kind: 'message' }>;

function stepStatus(state: FleetState, input: StatusInput, context: FleetContext): FleetStep {
  const { body, at, device } = input;
  // A retained status tells of the past: it is neither a sign of life nor a farewell.
  if (input.retained) return { state };
  const heard = { device, presence: { messages: 1, refused: 0, ...context.presence, lastAt: at } };
  if (body.online) {
    const facts = onlineFacts(state, body, device.id, at);
    const online = facts.reduce(applyFact, state);
    const watch = watchFrom(online, device, at, { countedFrom: at, isHeard: true, willAt: null });
    return withBattery({ ...online, watch }, facts, at, heard);
  }
  if (!endsSession(state, body)) return look(state, at, heard);
  const facts = state.link === 'never' ? onlineFacts(state, body, device.id, at) : [];
  const known = facts.reduce(applyFact, state);
  const countedFrom = Math.max(state.watch?.countedFrom ?? at, context.presence?.lastAt ?? 0);
  const watch = watchFrom(known, device, at, { countedFrom, isHeard: true, willAt: at });
  return withBattery({ ...known, watch }, facts, at, heard);
}

function onlineFacts(state: FleetState, status: DeviceStatus, device: string, at: Millis): FleetFact[] {
  const session = { boot: status.boot, ts: status.ts };
  const data = { device, session, firmware: status.firmware ?? null };
  switch (state.link) {
    case 'never':
      return [{ type: 'device.cameOnline', at, data }];
    case 'lost':
      return [{ type: 'device.returned', at, data: { ...data, awayMs: at - (state.since ?? at) } }];
    case 'online': {
      const isSame = state.session?.boot === status.boot;
      return isSame ? [] : [{ type: 'device.rebooted', at, data }];
    }
  }
}

/** Looks at a device: who was heard, who is silent for too long, whose will has had its grace. */
function look(state: FleetState, at: Millis, context: FleetContext): FleetStep {
  const { device, presence } = context;
  if (device === undefined) {
    return { state: { ...state, watch: watchOf(at, { isHeard: false, willAt: null, dueAt: at + removedCheckMs }) } };
  }
  const lastAt = presence?.lastAt ?? 0;
  const willBefore = state.watch?.willAt ?? null;
  const willAt = willBefore !== null && lastAt > willBefore ? null : willBefore;
  const countedFrom = Math.max(lastAt, holdUntil(state, at, context, device));
  const facts = linkFacts(state, at, device, { lastAt, willAt, countedFrom });
  const known = facts.reduce(applyFact, state);
  const isHeard = presence !== undefined;
  const watch = watchFrom(known, device, at, {
    countedFrom,
    isHeard,
    willAt: known.link === 'lost' ? null : willAt,
  });
  return withBattery({ ...known, watch }, facts, at, context);
}

/**
 * Where silence is counted from, besides the last message. After a start, or when the hub slept, all timers are held for one
 * nominal period: a hub that was away must not call a hundred thousand devices lost.
 */
function holdUntil(state: FleetState, at: Millis, context: FleetContext, device: DeviceRecord): Millis {
  const { watch } = state;
  const held = at + device.heartbeatMs;
  // Heard since the start: its silence is counted from its last word.
  if (watch === null) return context.presence === undefined ? held : 0;
  const isRestarted = watch.isHeard && context.presence === undefined;
  return isRestarted || at > watch.dueAt + overdueMs ? held : watch.countedFrom;
}

type Signs = { readonly lastAt: Millis; readonly willAt: Millis | null; readonly countedFrom: Millis };

function linkFacts(state: FleetState, at: Millis, device: DeviceRecord, signs: Signs): FleetFact[] {
  const said = { device: device.id, session: null, firmware: null };
  const lastAt = signs.lastAt === 0 ? null : signs.lastAt;
  switch (state.link) {
    case 'never':
      return lastAt === null ? [] : [{ type: 'device.cameOnline', at, data: said }];
    case 'lost': {
      const since = state.since ?? 0;
      if (lastAt === null || lastAt <= since) return [];
      return [{ type: 'device.returned', at, data: { ...said, awayMs: lastAt - since } }];
    }
    case 'online': {
      if (signs.willAt !== null && at >= signs.willAt + willGraceMs) {
        return [{ type: 'device.lost', at, data: { device: device.id, cause: 'will', lastAt } }];
      }
      if (at - signs.countedFrom <= lostAfterMs(device)) return [];
      return [{ type: 'device.lost', at, data: { device: device.id, cause: 'silence', lastAt } }];
    }
  }
}

function watchFrom(state: FleetState, device: DeviceRecord, at: Millis, seen: Omit<Watch, 'dueAt'>): Watch {
  if (state.link === 'lost') return { ...seen, dueAt: at + lostCheckMs };
  const silentAt = seen.countedFrom + lostAfterMs(device) + 1;
  const goneAt = seen.willAt === null ? silentAt : seen.willAt + willGraceMs;
  // Never in the past: a look that changes nothing must not come again at once.
  return { ...seen, dueAt: Math.max(Math.min(silentAt, goneAt), at + 1_000) };
}

function watchOf(countedFrom: Millis, seen: Omit<Watch, 'countedFrom'>): Watch {
  return { countedFrom, ...seen };
}

function withBattery(state: FleetState, facts: readonly FleetFact[], at: Millis, context: FleetContext): FleetStep {
  const battery = context.presence?.battery;
  if (battery === undefined || context.device === undefined) return { state, events: facts };
  const data = { device: context.device.id, battery };
  const change: FleetFact | undefined =
    !state.isBatteryLow && battery < batteryLowPercent
      ? { type: 'device.batteryLow', at, data }
      : state.isBatteryLow && battery >= batteryWellPercent
        ? { type: 'device.batteryRecovered', at, data }
        : undefined;
  return change === undefined
    ? { state, events: facts }
    : { state: applyFact(state, change), events: [...facts, change] };
}
