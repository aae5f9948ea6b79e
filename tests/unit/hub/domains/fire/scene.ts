/** A place with detectors and a dispatcher, moved by hand: what the fire tests share. */
import type { FireEvent } from '../../../../../devices/fire/message.ts';
import type { Millis } from '../../../../../devices/wire.ts';
import type { Principal } from '../../../../../hub/access/policy.ts';
import type { Rejection, Send } from '../../../../../hub/domain.ts';
import type { FireCommand } from '../../../../../hub/domains/fire/commands.ts';
import { newDevice } from '../../../../../hub/domains/fire/device-state.ts';
import type { FireFact, Incident } from '../../../../../hub/domains/fire/events.ts';
import { applyFact, type FireState, noFireState } from '../../../../../hub/domains/fire/state.ts';
import { type FireContext, type FireInput, stepFire } from '../../../../../hub/domains/fire/step.ts';
import type { DeviceRecord, Place } from '../../../../../hub/registry/records.ts';

/** 2026-11-24 14:00:00 in Hanoi. */
export const noon: Millis = 1_795_503_600_000;

export const house: Place = {
  id: 'HN-12-34-HB',
  name: 'Nhà 12 ngõ 34',
  address: '12 ngõ 34 Hàng Bạc',
  wardCode: '00070',
  position: { lat: 21.0337, lon: 105.8513 },
  access: { footMeters: 85, alleyWidthMeters: 1.4 },
  contacts: [{ name: 'Bà Hoa', phone: '0900000001' }],
};

export const lan: Principal = { kind: 'token', id: 't-lan', name: 'Lan', roles: ['fire'] };
export const minh: Principal = { kind: 'token', id: 't-minh', name: 'Minh', roles: ['fire'] };
export const operator: Principal = { kind: 'token', id: 't-op', name: 'Operator', roles: ['operator'] };

/** A detector of the house, bound and verified. */
export function detector(id: string, change: Partial<DeviceRecord> = {}): DeviceRecord {
  return {
    id,
    domain: 'fire',
    model: 'smoke-detector',
    name: id,
    heartbeatMs: 60_000,
    binding: { kind: 'place', target: house.id, state: 'verified', since: 0, by: 'installer' },
    synthetic: false,
    ...change,
  };
}

/** What a message may say besides the usual: smoke alarm, sent now, next in the counter. */
export type Say = Partial<FireEvent> & {
  readonly at?: Millis;
  readonly retained?: boolean;
  /** Whether the registry knows the place. */
  readonly isPlaced?: boolean;
};

/** The outcome of one input. */
export type Outcome = { readonly types: string[]; readonly sends: readonly Send[]; readonly rejection?: Rejection };

/** Steps the pure function along and keeps what came out. */
export function openScene(initial: FireState = noFireState) {
  let state = initial;
  let seq = 0;
  const facts: FireFact[] = [];

  function enter(input: FireInput, context: FireContext = { place: house }): Outcome {
    const step = stepFire(state, input, context);
    const events = step.events ?? [];
    state = step.state;
    facts.push(...events);
    return {
      types: events.map((event) => event.type),
      sends: step.sends ?? [],
      ...(step.rejection === undefined ? {} : { rejection: step.rejection }),
    };
  }

  function say(device: DeviceRecord, said: Say): Outcome {
    const { at = noon, retained = false, isPlaced = true, ...body } = said;
    seq++;
    const usual = { id: `e${seq}`, ts: at, boot: 1, seq, kind: 'alarm', class: 'smoke' } as const;
    const input: FireInput = { kind: 'message', name: 'event', at, device, retained, body: { ...usual, ...body } };
    return enter(input, { place: isPlaced ? house : undefined });
  }

  return {
    say,
    enter,
    /** The device's clock is `offsetMs` behind the hub's, as its heartbeats show. */
    heartbeat: (device: DeviceRecord, at: Millis, offsetMs = 0) =>
      enter({ kind: 'message', name: 'heartbeat', at, device, retained: false, body: { ts: at - offsetMs } }),
    act: (by: Principal, at: Millis, command: FireCommand) =>
      enter({ kind: 'command', at, id: `c${at}`, by, ...command }),
    state: () => state,
    facts: () => facts,
    /** The open incident; fails loudly when there is none. */
    open(): Incident {
      if (state.open === null) throw new Error('no incident is open');
      return state.open;
    },
    /** What a restart would bring back. */
    folded: () => facts.reduce(applyFact, noFireState),
  };
}

/** The part of a state that must survive a restart. */
export function durable(state: FireState): FireState {
  const devices = Object.entries(state.devices)
    .map(([id, device]) => [id, { ...device, offsetsMs: [], readings: {} }] as const)
    .filter(([, device]) => JSON.stringify(device) !== JSON.stringify(newDevice));
  return { ...state, devices: Object.fromEntries(devices) };
}
