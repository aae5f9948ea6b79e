/** What the fleet knows of one device, folded from the journal, and its supervision since the hub's start. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FleetFact } from './events.ts';

export type FleetState = {
  /** As the journal knows it; `late` comes and goes and is not kept. */
  readonly link: 'never' | 'online' | 'lost';
  /** Since when the link is so. */
  readonly since: Millis | null;
  /** The boot that is running, with the time of its first word. */
  readonly session: { readonly boot: number | string; readonly ts: Millis } | null;
  readonly firmware: string | null;
  readonly isBatteryLow: boolean;
  /** Forgotten at a restart: `null` until the first look after it. */
  readonly watch: Watch | null;
};

/** The running supervision of a device. */
export type Watch = {
  /** Silence is counted from here: the last message, or the end of the hold after a start. */
  readonly countedFrom: Millis;
  /** The registry had heard of the device at the last look. */
  readonly isHeard: boolean;
  /** When its will came, unless it spoke since. */
  readonly willAt: Millis | null;
  readonly dueAt: Millis;
};

export const neverHeard: FleetState = {
  link: 'never',
  since: null,
  session: null,
  firmware: null,
  isBatteryLow: false,
  watch: null,
};

/** Folds one fact. */
export function applyFact(state: FleetState, fact: FleetFact): FleetState {
  switch (fact.type) {
    case 'device.cameOnline':
    case 'device.returned':
      return { ...state, ...sessionOf(state, fact.data), link: 'online', since: fact.at };
    case 'device.rebooted':
      return { ...state, ...sessionOf(state, fact.data) };
    case 'device.lost':
      return { ...state, link: 'lost', since: fact.at };
    case 'device.batteryLow':
      return { ...state, isBatteryLow: true };
    case 'device.batteryRecovered':
      return { ...state, isBatteryLow: false };
  }
}

function sessionOf(state: FleetState, said: Pick<FleetState, 'session' | 'firmware'>) {
  return { session: said.session ?? state.session, firmware: said.firmware ?? state.firmware };
}
