/** What the journal knows of a bus: the running trip, its doors, the last SOS; each device event counted once. Pure. */
import type { BusEvent } from '../../../devices/bus/message.ts';
import { futureToleranceMs } from '../../../devices/fields.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { BusEventData, BusFact } from './events.ts';

/** How many device events are remembered against repetition: more than a tracker stores while it is offline. */
export const rememberedEvents = 256;

/** The durable part of a vehicle's state: the fold of its facts. */
export type Logbook = {
  readonly trip: { readonly id: string | null; readonly route: string | null; readonly since: Millis } | null;
  readonly doors: { readonly open: boolean; readonly since: Millis } | null;
  readonly sos: { readonly event: string; readonly at: Millis } | null;
  /** Taps counted since the trip began. */
  readonly taps: number;
  /** The last device events, oldest first: `<device> <event id>` and `<device> <boot> <seq>`. */
  readonly seen: readonly { readonly event: string; readonly place: string }[];
};

export const emptyLogbook: Logbook = { trip: null, doors: null, sos: null, taps: 0, seen: [] };

/** What to do with a device's event: note it, or leave it because it is known or contradicts a known one. */
export type Decision =
  | { readonly kind: 'fact'; readonly fact: BusFact }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'conflict'; readonly detail: string };

/** Decides on a device's event. The same id is a repetition; another id with the same boot and seq contradicts. */
export function decide(logbook: Logbook, deviceId: string, event: BusEvent, at: Millis): Decision {
  const id = `${deviceId} ${event.id}`;
  const place = `${deviceId} ${event.boot} ${event.seq}`;
  for (const seen of logbook.seen) {
    if (seen.event === id) return { kind: 'repeated' };
    if (seen.place === place) {
      return {
        kind: 'conflict',
        detail: `boot ${event.boot} seq ${event.seq} was event "${seen.event.slice(deviceId.length + 1)}" before, now it is "${event.id}"`,
      };
    }
  }
  return { kind: 'fact', fact: factOf(deviceId, event, at) };
}

/** Folds one fact into the logbook. */
export function writeDown(logbook: Logbook, fact: BusFact): Logbook {
  const { data } = fact;
  const seen = { event: `${data.device} ${data.event}`, place: `${data.device} ${data.boot} ${data.seq}` };
  const next = { ...logbook, seen: [...logbook.seen.slice(1 - rememberedEvents), seen] };
  switch (fact.type) {
    case 'trip.started':
      return { ...next, trip: { id: data.trip ?? null, route: data.route ?? null, since: fact.at }, taps: 0 };
    case 'trip.ended':
      return { ...next, trip: null };
    case 'door.opened':
      return { ...next, doors: { open: true, since: fact.at } };
    case 'door.closed':
      return { ...next, doors: { open: false, since: fact.at } };
    case 'ticket.tapped':
      return { ...next, taps: logbook.taps + 1 };
    case 'sos.raised':
      return { ...next, sos: { event: data.event, at: fact.at } };
  }
}

function factOf(device: string, event: BusEvent, at: Millis): BusFact {
  const { id, kind, ts, boot, seq, route, direction, trip, stop, lat, lon } = event;
  const data: BusEventData = {
    device,
    event: id,
    boot,
    seq,
    ts,
    ...(route === undefined ? {} : { route }),
    ...(direction === undefined ? {} : { direction }),
    ...(trip === undefined ? {} : { trip }),
    ...(stop === undefined ? {} : { stop }),
    ...(lat === undefined ? {} : { lat }),
    ...(lon === undefined ? {} : { lon }),
    quality: ts > at + futureToleranceMs ? ['clock'] : [],
  };
  switch (kind) {
    case 'tripStart':
      return { type: 'trip.started', at, data };
    case 'tripEnd':
      return { type: 'trip.ended', at, data };
    case 'doorOpen':
      return { type: 'door.opened', at, data };
    case 'doorClose':
      return { type: 'door.closed', at, data };
    case 'tap':
      return { type: 'ticket.tapped', at, data };
    case 'sos':
      return { type: 'sos.raised', at, data };
  }
}
