/** How a device is, told apart: what it senses, whether it latched, what is wrong, its line, its service, its address (fire.md §5.3). Pure. */
import { type DeviceState, isActive, isPrealarm, type Service } from './device-state.ts';

/** The six axes of a device; `comm` and `binding` are known to the fleet and the registry. */
export type Axes = {
  readonly sensing: 'normal' | 'prealarm' | 'alarm';
  /** Latched from the alarm until its incident is closed, also when the sensor is normal again. */
  readonly latch: 'clear' | 'latched';
  /** Codes of standing troubles; empty is well. */
  readonly health: readonly string[];
  readonly comm: 'never' | 'online' | 'late' | 'lost';
  readonly service: Service['kind'];
  readonly binding: 'none' | 'claimed' | 'verified' | 'disputed';
};

/** The axes as they stand. */
export function axesOf(device: DeviceState, known: Pick<Axes, 'comm' | 'binding'>): Axes {
  return {
    sensing: sensingOf(device),
    latch: Object.values(device.points).some((row) => row.count > 0) ? 'latched' : 'clear',
    health: Object.keys(device.troubles).sort(),
    comm: known.comm,
    service: device.service.kind,
    binding: known.binding,
  };
}

/** The worst that its points sense, and its readings. */
export function sensingOf(device: DeviceState): Axes['sensing'] {
  const rows = Object.values(device.points);
  if (rows.some((row) => isActive(device, row))) return 'alarm';
  const isRising = device.rising.smoke !== undefined || device.rising.temperature !== undefined;
  return isRising || rows.some((row) => isPrealarm(device, row)) ? 'prealarm' : 'normal';
}

export const badges = ['alarm', 'latched', 'prealarm', 'outOfService', 'lost', 'trouble', 'late', 'normal'] as const;
export type Badge = (typeof badges)[number];

/** The worst of the axes, for a list; rules read the axes themselves. */
export function badgeOf(axes: Axes): Badge {
  if (axes.sensing === 'alarm') return 'alarm';
  if (axes.latch === 'latched') return 'latched';
  if (axes.sensing === 'prealarm') return 'prealarm';
  if (axes.service !== 'inService') return 'outOfService';
  if (axes.comm === 'lost') return 'lost';
  if (axes.health.length > 0 || axes.binding === 'disputed') return 'trouble';
  return axes.comm === 'late' ? 'late' : 'normal';
}

/** The states of ISA-18.2 that an alarm can be in. */
export const alarmStates = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returnedUnacknowledged',
  'latched',
  'shelved',
  'suppressedByDesign',
  'outOfService',
] as const;
export type AlarmState = (typeof alarmStates)[number];

/**
 * The state of ISA-18.2 that follows from the axes and from whether a person has taken the incident. What people took aside
 * is told first, as there: an isolation is shelving (who, why, until when), a walk test is suppression by design.
 */
export function alarmStateOf(
  { sensing, latch, service }: Pick<Axes, 'sensing' | 'latch' | 'service'>,
  isAcknowledged: boolean,
): AlarmState {
  switch (service) {
    case 'isolated':
      return 'shelved';
    case 'walkTest':
      return 'suppressedByDesign';
    case 'commissioning':
    case 'retired':
      return 'outOfService';
    case 'inService':
      break;
  }
  // An alarm whose incident was closed while it was set aside rings for nobody: it waits for its reset.
  if (latch === 'clear') return sensing === 'alarm' ? 'latched' : 'normal';
  if (sensing === 'alarm') return isAcknowledged ? 'acknowledged' : 'unacknowledged';
  return isAcknowledged ? 'latched' : 'returnedUnacknowledged';
}
