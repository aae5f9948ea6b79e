/** Joins alarms to the bell: every message and every beat asks what must ring. */
import { alarmPath } from '../live/alarm-path.ts';
import type { Outbox } from '../live/outbox.ts';
import type { Store } from '../live/store.ts';
import { callOf, callsPeople } from './queue.ts';
import type { Ringer } from './ringer.ts';

/** Follows the store for as long as the page lives. */
export function watchAlarms(store: Store, ringer: Ringer, outbox: Outbox): void {
  let wasFrozen = false;
  let wasMissed = false;

  const call = () => callOf([...store.fire.value.incidents.values()].map(({ incident }) => incident));
  const isFlood = () => store.fire.value.floodSince !== undefined;

  store.onFire((before, after) => {
    const hasNew = [...after.incidents.values()].some(
      ({ incident }) => callsPeople(incident) && !before.incidents.has(incident.id),
    );
    ringer.ring(call(), hasNew, isFlood());
  });

  store.onBeat(() => {
    ringer.ring(call(), false, isFlood());
    outbox.beat(Date.now());
    const isFrozen = store.link.value.kind === 'frozen' && store.session.value.kind === 'known';
    if (isFrozen && !wasFrozen) ringer.ringLost();
    wasFrozen = isFrozen;
    const isMissed = alarmPath(store.ops.value.pulse, true).kind === 'missed';
    if (isMissed && !wasMissed) ringer.ringLost();
    wasMissed = isMissed;
  });
}
