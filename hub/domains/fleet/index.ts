/** Device health, shared by all domains: who is online, late, lost or was never heard. */
import { fleetMessages } from '../../../devices/fleet/message.ts';
import type { Domain } from '../../domain.ts';
import { type FleetFact, FleetFactSchema } from './events.ts';
import { fleetLive } from './live.ts';
import { registerFleetRoutes } from './routes.ts';
import { applyFact, type FleetState, neverHeard } from './state.ts';
import { type FleetContext, fleetCommands, fleetDueAt, stepFleet } from './step.ts';

/** Subject: the device. Takes `status` of every domain's devices. */
export const fleet: Domain<
  typeof fleetMessages,
  typeof fleetCommands,
  typeof FleetFactSchema,
  FleetState,
  FleetFact,
  FleetContext
> = {
  name: 'fleet',
  title: { vi: 'Thiết bị', en: 'Devices' },
  first: false,
  messages: fleetMessages,
  commands: fleetCommands,
  events: FleetFactSchema,
  measurements: {},
  locate: (device, registry) => ({
    subject: device.id,
    context: { device, presence: registry.presence(device.id) },
  }),
  contextOf: (subject, registry) => ({ device: registry.device(subject), presence: registry.presence(subject) }),
  initial: () => neverHeard,
  apply: applyFact,
  step: stepFleet,
  dueAt: fleetDueAt,
  live: fleetLive,
  routes: registerFleetRoutes,
};
