/** Operators' commands on their way to the hub: sent at once, sent again while the hub is away, given up aloud after a minute. */
import type { Signal } from '@preact/signals';
import { signal } from '@preact/signals';
import { HubProblem } from './hub.ts';

/** What an operator can do to an incident: the last part of its REST path. */
export type Verb = 'acknowledge' | 'verify' | 'refute' | 'dispatch' | 'progress' | 'note' | 'resolve' | 'close';

/** A command that the hub has not confirmed. */
export type Sending = {
  readonly incidentId: string;
  readonly verb: Verb;
  readonly body: object;
  /** Local time of the operator's key. */
  readonly at: number;
  /** `expired`: a minute without the hub; the paper procedure takes over. `refused`: the hub said no. */
  readonly state: 'sending' | 'unsent' | 'expired' | 'refused';
  readonly reason?: string;
  readonly code?: string;
};

/** Commands under way or failed, one an incident: the newest. */
export type Outbox = {
  readonly waiting: Signal<ReadonlyMap<string, Sending>>;
  /** Sends a command. A second of the same kind while one is under way does nothing. */
  send(incidentId: string, verb: Verb, body: object): void;
  /** Takes a failed one off the screen. */
  dismiss(incidentId: string): void;
  /** Tries again what is unsent, gives up what is too old. Call it each second. */
  beat(now: number): void;
};

// ux: after 60 s an unsent action must turn into the phone procedure, not wait on.
export const giveUpAfterMs = 60_000;

/** The outbox; `post` carries a command to the hub. */
export function createOutbox(post: (path: string, body: object) => Promise<unknown>, now: () => number): Outbox {
  const waiting = signal<ReadonlyMap<string, Sending>>(new Map());

  function put(sending: Sending | undefined, incidentId: string): void {
    const next = new Map(waiting.value);
    if (sending === undefined) next.delete(incidentId);
    else next.set(incidentId, sending);
    waiting.value = next;
  }

  function attempt(sending: Sending): void {
    put({ ...sending, state: 'sending' }, sending.incidentId);
    post(`/incidents/${encodeURIComponent(sending.incidentId)}/${sending.verb}`, sending.body).then(
      () => put(undefined, sending.incidentId),
      (error: unknown) => {
        if (error instanceof HubProblem && error.status < 500) {
          put({ ...sending, state: 'refused', reason: error.message, code: error.code }, sending.incidentId);
        } else {
          put({ ...sending, state: 'unsent' }, sending.incidentId);
        }
      },
    );
  }

  return {
    waiting,
    send: (incidentId, verb, body) => {
      if (waiting.value.get(incidentId)?.state === 'sending') return;
      attempt({ incidentId, verb, body, at: now(), state: 'sending' });
    },
    dismiss: (incidentId) => put(undefined, incidentId),
    beat: (at) => {
      for (const sending of waiting.value.values()) {
        if (sending.state !== 'unsent') continue;
        if (at - sending.at > giveUpAfterMs) put({ ...sending, state: 'expired' }, sending.incidentId);
        else attempt(sending);
      }
    },
  };
}
