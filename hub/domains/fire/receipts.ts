/** The receipts that go down to a device: stored, delivered to a screen, accepted by a person. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Principal } from '../../access/policy.ts';
import type { DomainEvent, Send, Step } from '../../domain.ts';
import type { FireFact, Incident } from './events.ts';
import { applyFact, type FireState, incidentOf } from './state.ts';

/** How far an event has come. */
export type Hop = 'stored' | 'delivered' | 'accepted';

/** Tells the device how far its event has come: `city/v1/fire/<id>/receipt`. */
export function receiptFor(signal: { readonly device: string; readonly event: string }, hop: Hop, at: Millis): Send {
  return { deviceId: signal.device, message: 'receipt', payload: { id: signal.event, state: hop, ts: at } };
}

/** `accepted` for every event of the incident that no person had accepted yet. */
export function acceptReceipts(incident: Incident, at: Millis): Send[] {
  return incident.signals
    .filter((signal) => signal.hop !== 'accepted')
    .map((signal) => receiptFor(signal, 'accepted', at));
}

type ReceiptInput = {
  readonly at: Millis;
  readonly by: Principal;
  /** The fact that was received, when the live room still has it. */
  readonly of?: DomainEvent;
};

/** A screen has acknowledged a fact of this place: its devices learn it once. */
export function stepReceipt(state: FireState, input: ReceiptInput): Step<FireState, FireFact> {
  const incident = receivedIncident(state, input.of);
  if (incident === undefined) return { state };
  // An old fact's receipt proves nothing about alarms that joined after it.
  const until = input.of?.at ?? input.at;
  const signals = incident.signals
    .filter((signal) => signal.hop === 'stored' && signal.at <= until)
    .map(({ device, event }) => ({ device, event }));
  if (signals.length === 0) return { state };
  const fact: FireFact = {
    type: 'incident.delivered',
    at: input.at,
    data: { incident: incident.id, by: input.by.name, signals },
  };
  return {
    state: applyFact(state, fact),
    events: [fact],
    sends: signals.map((signal) => receiptFor(signal, 'delivered', input.at)),
  };
}

function receivedIncident(state: FireState, of: DomainEvent | undefined): Incident | undefined {
  if (of === undefined) return state.open ?? undefined;
  const data = of.data;
  if (typeof data !== 'object' || data === null || !('incident' in data)) return undefined;
  return typeof data.incident === 'string' ? incidentOf(state, data.incident) : undefined;
}
