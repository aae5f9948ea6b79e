/** Fire alarms: from a device's signal to an incident that people handle. Life safety: first at every door. */
import { fireMessages } from '../../../devices/fire/message.ts';
import { salvageFireEvent } from '../../../devices/fire/salvage.ts';
import type { Domain } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import type { GroupSize } from './area.ts';
import { fireDueAt } from './clockwork.ts';
import { fireCommands } from './commands.ts';
import { type FireFact, FireFactSchema } from './events.ts';
import { fireHearing, subjectOf } from './hearing.ts';
import { fireLive } from './live.ts';
import { whereaboutsOf } from './notice-facts.ts';
import { fireNotices } from './notices.ts';
import { fireNumbers } from './performance-routes.ts';
import { registerFireRoutes } from './routes.ts';
import { applyFact, type FireState, initialState } from './state.ts';
import { type FireContext, stepFire } from './step.ts';

/**
 * Subject: the place, so that two detectors of one house that speak within a millisecond still make one incident; a device
 * that is bound to no place is a subject of its own, `device:<id>`.
 */
export const fire: Domain<
  typeof fireMessages,
  typeof fireCommands,
  typeof FireFactSchema,
  FireState,
  FireFact,
  FireContext
> = {
  name: 'fire',
  title: { vi: 'Báo cháy', en: 'Fire alarms' },
  first: true,
  messages: fireMessages,
  commands: fireCommands,
  events: FireFactSchema,
  measurements: {
    fire_heartbeat: { battery: 'number', signal: 'number', temperature: 'number', smoke: 'number' },
  },
  salvage(name, payload, at) {
    const event = name === 'event' ? salvageFireEvent(payload, at) : undefined;
    return event && fireMessages.event.build(event);
  },
  locate(device, registry) {
    const subject = subjectOf(device);
    return { subject, context: { place: registry.place(subject) } };
  },
  contextOf: (subject, registry) => ({
    place: registry.place(subject),
    devicesHere: () => [...registry.devices()].filter((one) => one.domain === 'fire' && subjectOf(one) === subject),
    groupSize: (group) => groupSize(registry, group),
    whereabouts: whereaboutsOf(subject, registry),
  }),
  initial: initialState,
  apply: applyFact,
  step: stepFire,
  dueAt: fireDueAt,
  notices: fireNotices,
  hears: fireHearing,
  numbers: fireNumbers,
  health: (message) =>
    message.name === 'heartbeat' && message.body.battery !== undefined ? { battery: message.body.battery } : undefined,
  live: fireLive,
  routes: registerFireRoutes,
};

function groupSize(registry: RegistryReader, group: Parameters<GroupSize>[0]): number {
  let size = 0;
  for (const device of registry.devices()) {
    if (device.domain !== 'fire') continue;
    if ('gateway' in group) size += Number(device.gateway === group.gateway);
    else {
      const place = registry.place(subjectOf(device));
      if (place !== undefined && (place.wardCode ?? registry.wardAt(place.position)?.code) === group.ward) size++;
    }
  }
  return size;
}
