/** Which public warnings an incident has led to so far: CAP 1.2 messages, folded from its facts. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { StoredFact } from './incident-facts.ts';
import type { Evidence } from './view.ts';

export type CapStatus = 'Actual' | 'Exercise' | 'Test';

/** `burning`: people keep away; `over`: it was real and has ended; `withdrawn`: it was nothing. */
export type CapPhase = 'burning' | 'over' | 'withdrawn';

/** One message. `identifier` never changes its meaning: the same facts give the same messages for ever. */
export type CapMessage = {
  readonly identifier: string;
  readonly sentAt: Millis;
  readonly status: CapStatus;
  readonly msgType: 'Alert' | 'Update' | 'Cancel';
  /** Earlier messages of the same warning, oldest first. */
  readonly references: readonly { readonly identifier: string; readonly sentAt: Millis }[];
  readonly incident: string;
  readonly phase: CapPhase;
  readonly evidence: Evidence;
  readonly isSourceActive: boolean;
  readonly onsetAt: Millis;
};

/** What a message can be refused for is decided by who raised it: devices that are made up, and drills. */
export type CapContext = {
  /** Whether this device is a simulator's or a watchdog's. */
  isSynthetic(deviceId: string): boolean;
};

type Fold = {
  readonly isSynthetic: boolean;
  /** Which window of the hub it fell into; real when it is `actual`. */
  readonly standing: string;
  readonly deviceEvidence: Exclude<Evidence, 'refuted'>;
  readonly verdict: 'verified' | 'refuted' | undefined;
  readonly isDispatched: boolean;
  readonly isSourceActive: boolean;
  readonly end: 'over' | 'withdrawn' | undefined;
};

/**
 * The messages of an incident, oldest first; none while it is not public. It becomes public when units are dispatched or
 * fire is confirmed, and stays so until it is refuted, resolved or closed. A drill that turns out real starts anew as
 * Actual; nothing of a test is ever referred to by a real warning.
 */
export function capMessages(facts: readonly StoredFact[], context: CapContext): readonly CapMessage[] {
  const messages: CapMessage[] = [];
  let fold: Fold | undefined;
  let shown = '';
  let chain: CapMessage[] = [];
  for (const fact of facts) {
    const before = fold;
    fold = foldFact(fold, fact, context);
    if (fold === undefined) continue;
    const status = statusOf(fold);
    if (before !== undefined && statusOf(before) !== status) chain = [];
    const phase = phaseOf(fold, chain.length > 0);
    if (phase === undefined) continue;
    const evidence = evidenceIn(fold);
    const key = [status, phase, phase === 'burning' ? `${evidence} ${fold.isSourceActive}` : ''].join();
    if (chain.length > 0 && key === shown) continue;
    const message: CapMessage = {
      identifier: `${fact.data.incident}.${messages.length + 1}`,
      sentAt: fact.at,
      status,
      msgType: chain.length === 0 ? 'Alert' : phase === 'withdrawn' ? 'Cancel' : 'Update',
      references: chain.map(({ identifier, sentAt }) => ({ identifier, sentAt })),
      incident: fact.data.incident,
      phase,
      evidence,
      isSourceActive: fold.isSourceActive,
      onsetAt: facts[0]?.at ?? fact.at,
    };
    messages.push(message);
    shown = key;
    // A cancelled warning is never updated: what comes later is a new one.
    chain = phase === 'withdrawn' ? [] : [...chain, message];
  }
  return messages;
}

/** Whether people should still act on this message at that time. An ended one stays for an hour, so that all hear of it. */
export function isLive(message: CapMessage, at: Millis): boolean {
  return at - message.sentAt < (message.phase === 'burning' ? burningExpiresMs : endedExpiresMs);
}

/** A warning that nobody renews ends by itself. */
export const burningExpiresMs: Millis = 6 * 3_600_000;
export const endedExpiresMs: Millis = 3_600_000;

/** When a receiver may forget the message. */
export function expiresAt(message: CapMessage): Millis {
  return message.sentAt + (message.phase === 'burning' ? burningExpiresMs : endedExpiresMs);
}

/** Only what no simulator raised and no drill or test of the hub covers is real. */
function statusOf({ isSynthetic, standing }: Fold): CapStatus {
  if (standing === 'exercise') return 'Exercise';
  return isSynthetic || standing === 'test' ? 'Test' : 'Actual';
}

/** A person's verdict wins over the devices. */
function evidenceIn({ deviceEvidence, verdict }: Fold): Evidence {
  if (verdict === undefined) return deviceEvidence;
  return verdict === 'verified' ? 'confirmed' : 'refuted';
}

function phaseOf(fold: Fold, isWarned: boolean): CapPhase | undefined {
  // An isolated detector is known to be wrong: only people's word makes its alarm public, and then it is no test.
  const isBelieved = fold.standing !== 'isolated' && evidenceIn(fold) === 'confirmed';
  const isPublic = fold.isDispatched || fold.verdict === 'verified' || isBelieved;
  if (fold.end !== undefined) return isWarned ? fold.end : undefined;
  if (fold.verdict === 'refuted') return isWarned ? 'withdrawn' : undefined;
  return isPublic || isWarned ? 'burning' : undefined;
}

function foldFact(fold: Fold | undefined, fact: StoredFact, context: CapContext): Fold | undefined {
  if (fact.type === 'incident.raised') {
    return {
      isSynthetic: fact.data.synthetic,
      standing: fact.data.standing ?? 'actual',
      deviceEvidence: fact.data.evidence,
      verdict: undefined,
      isDispatched: false,
      isSourceActive: fact.data.source === 'active',
      end: undefined,
    };
  }
  if (fold === undefined) return undefined;
  switch (fact.type) {
    case 'incident.joined':
      // A real device among synthetic ones makes the incident real; never the other way.
      return context.isSynthetic(fact.data.device) ? fold : { ...fold, isSynthetic: false };
    case 'incident.evidenceRaised':
      return { ...fold, deviceEvidence: fact.data.to };
    case 'incident.setAside':
    case 'incident.restored':
      return { ...fold, isSourceActive: false };
    case 'incident.reactivated':
      return { ...fold, isSourceActive: true };
    case 'incident.verified':
      return { ...fold, verdict: 'verified' };
    case 'incident.refuted':
      return { ...fold, verdict: 'refuted' };
    case 'incident.dispatched':
      return { ...fold, isDispatched: true };
    case 'incident.resolved':
      return { ...fold, end: fold.verdict === 'refuted' ? 'withdrawn' : 'over' };
    case 'incident.closed':
      return { ...fold, end: fact.data.disposition === 'fire' ? 'over' : 'withdrawn' };
    case 'incident.reopened':
      return again(fold);
    case 'incident.standingChanged': {
      const { standing } = fact.data;
      // Who took the drill has not taken the fire.
      return standing === 'actual' ? { ...again(fold), standing } : { ...fold, standing };
    }
    default:
      return fold;
  }
}

/** Nobody has it in hand any more. */
function again(fold: Fold): Fold {
  return { ...fold, verdict: undefined, isDispatched: false, end: undefined };
}
