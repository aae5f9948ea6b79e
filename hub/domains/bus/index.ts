/** Buses: positions in, live map and standard feeds out. */
import { busMessages } from '../../../devices/bus/message.ts';
import type { Domain } from '../../domain.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { BusEventsSchema, type BusFact } from './events.ts';
import { defineTransit } from './live.ts';
import type { BusRegistry } from './route-word.ts';
import { registerBusRoutes } from './routes.ts';
import { foldFact, stepEvent, stepPosition, stepPositions, unknownVehicle, type VehicleState } from './vehicle.ts';

const busCommands = {} as const;

/** The bus domain. Its subject is the vehicle: what the device is bound to, else the device itself. */
export const bus: Domain<
  typeof busMessages,
  typeof busCommands,
  typeof BusEventsSchema,
  VehicleState,
  BusFact,
  BusRegistry
> = {
  name: 'bus',
  title: { vi: 'Xe buýt', en: 'Buses' },
  first: false,
  messages: busMessages,
  commands: busCommands,
  events: BusEventsSchema,
  measurements: {
    bus_position: {
      lat: 'number',
      lon: 'number',
      speed: 'number',
      bearing: 'number',
      accuracy: 'number',
      odometer: 'number',
      route: 'string',
      trip: 'string',
      occupancy: 'number',
    },
  },
  // The registry itself is the context: only a new route word makes the step look something up.
  locate: (device, registry) => ({
    subject: subjectOf(device),
    context: registry,
  }),
  contextOf: (_subject, registry) => registry,
  initial: () => unknownVehicle,
  apply: foldFact,
  step(state, input, registry) {
    if (input.kind !== 'message') return { state };
    const { device, at } = input;
    switch (input.name) {
      case 'position':
        return stepPosition(state, subjectOf(device), input.body, at, registry);
      case 'positions':
        return stepPositions(state, subjectOf(device), input.body, at, registry);
      case 'event':
        return stepEvent(state, device.id, input.body, at);
    }
  },
  live: defineTransit(),
  routes: registerBusRoutes,
};

function subjectOf(device: DeviceRecord): string {
  return device.binding?.kind === 'vehicle' ? device.binding.target : device.id;
}
