/** The fleet on `/ops`: counts by domain, and devices that are lost or come back. */
import { Type } from 'typebox';
import type { LiveDefinition } from '../../domain.ts';
import { fleetCounts } from './counts.ts';
import { deviceView } from './device-view.ts';
import type { FleetFact } from './events.ts';
import type { FleetState } from './state.ts';
import type { DeviceView, OpsSnapshot } from './view.ts';

/** `data` of `device.lost` and `device.returned`. */
export type DeviceEventView = { readonly device: DeviceView };

export const fleetLive: LiveDefinition<FleetState, FleetFact> = {
  namespace: '/ops',
  action: 'ops.read',
  filter: Type.Object(
    { since: Type.Optional(Type.Integer({ minimum: 0, description: 'cursor of the last event that was received' })) },
    { additionalProperties: false },
  ),
  /** The live room adds the pulse. */
  snapshot(states, _filter, viewer): Omit<OpsSnapshot, 'pulse'> {
    return { at: viewer.at, fleet: fleetCounts(states, viewer.registry, viewer.at) };
  },
  present(event, state, _filter, viewer): DeviceEventView | undefined {
    if (event.type !== 'device.lost' && event.type !== 'device.returned') return undefined;
    const device = viewer.registry.device(event.subject);
    if (device === undefined) return undefined;
    return { device: deviceView(device, state, viewer.registry, viewer.at) };
  },
};
