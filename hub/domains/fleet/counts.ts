/** How many devices are online, late, lost and never heard, by domain: once a second, for the pulse. */
import type { Millis } from '../../../devices/wire.ts';
import type { RegistryReader } from '../../ports.ts';
import { linkOf } from './link.ts';
import type { FleetState } from './state.ts';
import type { FleetCounts, Link } from './view.ts';

/** Counts every registered device in one pass; `states` are the fleet's, as the composition root holds them. */
export function fleetCounts(
  states: ReadonlyMap<string, unknown>,
  registry: Pick<RegistryReader, 'devices' | 'presence'>,
  at: Millis,
): FleetCounts {
  const counts = new Map<string, Record<Link, number>>();
  for (const device of registry.devices()) {
    // The hub's own; no device of the city.
    if (device.model === 'watchdog') continue;
    let domain = counts.get(device.domain);
    if (domain === undefined) {
      domain = { never: 0, online: 0, late: 0, lost: 0 };
      counts.set(device.domain, domain);
    }
    const state = states.get(device.id);
    domain[linkOf(device, isFleetState(state) ? state : undefined, registry.presence(device.id), at)]++;
  }
  return Object.fromEntries(counts);
}

/** The composition root holds all domains' states alike; ours are told by their link. */
function isFleetState(state: unknown): state is Pick<FleetState, 'link' | 'since'> {
  return typeof state === 'object' && state !== null && 'link' in state && 'since' in state;
}
