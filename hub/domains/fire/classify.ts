/** How urgent a signal is, by what it says and which sensor says it (fire.md §5.2). Pure. */
import type { FireEvent } from '../../../devices/fire/message.ts';

/** 1 to 8; a lower number never waits behind a higher one. */
export type Priority = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

type Classified = Pick<FireEvent, 'kind' | 'class' | 'panelVerified'>;

/** P1 proven fire, P2 single automatic detector or unknown, P3 CO and gas, P4 pre-alarm, P5 supervisory, P6 trouble, P7 test, P8 information. */
export function priorityOf(signal: Classified): Priority {
  switch (signal.kind) {
    case 'alarm':
      return alarmPriority(signal);
    case 'prealarm':
      return 4;
    case 'supervisory':
      return 5;
    case 'trouble':
    case 'tamper':
      return 6;
    case 'test':
      return 7;
    case 'restore':
    case 'troubleRestore':
      return 8;
  }
}

function alarmPriority(signal: Classified): Priority {
  switch (signal.class) {
    case 'callPoint':
      return 1;
    // A panel's verification of a gas alarm proves gas, not fire.
    case 'co':
    case 'gas':
      return 3;
    case 'smoke':
    case 'heat':
    case 'flame':
    case 'waterflow':
    // An unknown code from a fire device goes to a human as a possible fire.
    case 'other':
      return signal.panelVerified === true ? 1 : 2;
  }
}

/** Whether the class speaks of fire itself; CO and gas alone do not. */
export function isFireClass(sensor: FireEvent['class']): boolean {
  return sensor !== 'co' && sensor !== 'gas';
}

/** A person pulled it: it cannot be refuted while it is active. */
export function isManual(sensor: FireEvent['class']): boolean {
  return sensor === 'callPoint';
}
