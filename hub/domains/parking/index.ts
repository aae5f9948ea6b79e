/** Car parks: gates, counters and payments in, free places and audited money out. */
import { parkingMessages } from '../../../devices/parking/message.ts';
import type { Domain } from '../../domain.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { ParkingEventsSchema, type ParkingFact } from './events.ts';
import { defineParking } from './live.ts';
import { foldFact, type LotContext, type LotState, stepCount, stepEvent, unknownLot } from './lot.ts';
import { registerParkingRoutes } from './routes.ts';

const parkingCommands = {} as const;

/** The parking domain. Its subject is the lot: what the device is bound to, else the device itself. */
export const parking: Domain<
  typeof parkingMessages,
  typeof parkingCommands,
  typeof ParkingEventsSchema,
  LotState,
  ParkingFact,
  LotContext
> = {
  name: 'parking',
  title: { vi: 'Bãi đỗ xe', en: 'Car parks' },
  first: false,
  messages: parkingMessages,
  commands: parkingCommands,
  events: ParkingEventsSchema,
  measurements: {
    parking_count: { occupied: 'number', capacity: 'number', free: 'number' },
    parking_money: { amount: 'number', method: 'string' },
  },
  guarded: { parking_money: 'parking.money' },
  locate(device, registry) {
    const subject = subjectOf(device);
    return { subject, context: { lot: registry.lot(subject) } };
  },
  contextOf: (subject, registry) => ({ lot: registry.lot(subject) }),
  initial: () => unknownLot,
  apply: foldFact,
  step(state, input, context) {
    if (input.kind !== 'message') return { state };
    const { device, at } = input;
    switch (input.name) {
      case 'event':
        return stepEvent(state, subjectOf(device), device.id, input.body, at, context);
      case 'count':
        return stepCount(state, subjectOf(device), input.body, at, context);
    }
  },
  live: defineParking(),
  routes: registerParkingRoutes,
};

function subjectOf(device: DeviceRecord): string {
  return device.binding?.kind === 'lot' ? device.binding.target : device.id;
}
