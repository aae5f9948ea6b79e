/** What a dispatcher does: one key each. The first asks nothing; what cannot be taken back asks once. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatAge } from '../i18n/format.ts';
import type { Sending, Verb } from '../live/outbox.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useKeys } from '../parts/keys.ts';
import { CloseDialog } from './CloseDialog.tsx';
import { refusalText } from './refusal.ts';
import { areaClassOf } from './title.ts';
import { UnitProgress } from './UnitProgress.tsx';
import { VerbForm } from './VerbForm.tsx';

/** Verbs that ask for a word or a confirmation below the buttons. */
export type AskingVerb = 'verify' | 'refute' | 'dispatch' | 'note' | 'resolve';

/** Those with a key of their own. */
type KeyVerb = Exclude<Verb, 'progress'>;

const keys: readonly { readonly key: string; readonly verb: KeyVerb }[] = [
  { key: 'A', verb: 'acknowledge' },
  { key: 'V', verb: 'verify' },
  { key: 'D', verb: 'dispatch' },
  { key: 'X', verb: 'refute' },
  { key: 'N', verb: 'note' },
  { key: 'R', verb: 'resolve' },
  { key: 'E', verb: 'close' },
];

// Devices without mains are no fire: nothing to verify, refute or send a truck to.
const areaVerbs: ReadonlySet<KeyVerb> = new Set(['acknowledge', 'note', 'resolve', 'close']);

/** The verbs that make sense for this incident. */
function keysFor(incident: IncidentView): typeof keys {
  return areaClassOf(incident) === undefined ? keys : keys.filter(({ verb }) => areaVerbs.has(verb));
}

export function Verbs({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { outbox } = useApp();
  const { t } = useWords();
  const [asking, setAsking] = useState<AskingVerb>();
  const [closing, setClosing] = useState(false);
  const sending = outbox.waiting.value.get(incident.id);
  const standard = defaultVerb(incident);

  const act = (verb: KeyVerb): void => {
    if (isDone(incident, verb)) return;
    if (verb === 'acknowledge') outbox.send(incident.id, verb, {});
    else if (verb === 'close') setClosing(true);
    else setAsking(asking === verb ? undefined : verb);
  };
  useKeys((key, event) => {
    if (key === 'Enter' && !(event.target instanceof HTMLElement && event.target.closest('a, button, summary'))) {
      act(standard);
      return true;
    }
    const found = keysFor(incident).find((one) => one.key === key.toUpperCase());
    if (found !== undefined) act(found.verb);
    return found !== undefined;
  });
  const send = (verb: Verb, body: object): void => {
    setAsking(undefined);
    setClosing(false);
    outbox.send(incident.id, verb, body);
  };
  return (
    <div class="verbs">
      <div class="verb-row">
        {keysFor(incident).map(({ key, verb }) => (
          <button
            key={verb}
            type="button"
            class={verb === standard ? 'button primary' : 'button'}
            disabled={isDone(incident, verb)}
            aria-expanded={verb === asking ? true : undefined}
            onClick={() => act(verb)}
          >
            {t(`verb.${verb}`)} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      <UnitProgress incident={incident} onSend={(body) => send('progress', body)} />
      <Progress sending={sending} incident={incident} onDismiss={() => outbox.dismiss(incident.id)} />
      {asking !== undefined && (
        <VerbForm
          key={asking}
          verb={asking}
          onSend={(body) => send(asking, body)}
          onCancel={() => setAsking(undefined)}
        />
      )}
      {closing && (
        <CloseDialog incident={incident} onSend={(body) => send('close', body)} onClose={() => setClosing(false)} />
      )}
    </div>
  );
}

/** What the next step most likely is. */
function defaultVerb(incident: IncidentView): KeyVerb {
  switch (incident.handling) {
    case 'raised':
      return 'acknowledge';
    case 'acknowledged':
      return areaClassOf(incident) === undefined ? 'dispatch' : 'resolve';
    case 'dispatched':
      return 'resolve';
    case 'resolved':
    case 'closed':
      return 'close';
  }
}

function isDone(incident: IncidentView, verb: KeyVerb): boolean {
  switch (verb) {
    case 'acknowledge':
      return incident.acknowledged !== undefined;
    case 'verify':
      return incident.evidence === 'confirmed';
    case 'refute':
      return incident.evidence === 'refuted';
    case 'resolve':
      return incident.resolved !== undefined;
    case 'dispatch':
    case 'note':
    case 'close':
      return false;
  }
}

function Progress({
  sending,
  incident,
  onDismiss,
}: {
  readonly sending: Sending | undefined;
  readonly incident: IncidentView;
  onDismiss(): void;
}): JSX.Element | null {
  const { store } = useApp();
  const { t, language } = useWords();
  if (sending === undefined) return null;
  if (sending.state === 'sending' || sending.state === 'unsent') {
    return (
      <p class="progress" role="status">
        {t(`verb.${sending.verb}`)}: {t(sending.state === 'sending' ? 'fire.sending' : 'fire.unsent')}
      </p>
    );
  }
  const { acknowledged } = incident;
  const lostRace = sending.state === 'refused' && sending.verb === 'acknowledge' && acknowledged !== undefined;
  return (
    <p class="progress failed" role="alert">
      {sending.state === 'expired'
        ? t('fire.phone')
        : lostRace
          ? t('fire.race', { name: acknowledged.by, age: formatAge(store.now.value - acknowledged.at, language) })
          : t('verb.failed', { reason: refusalText(t, sending) })}{' '}
      <button type="button" class="button small" onClick={onDismiss}>
        {t('banner.dismiss')}
      </button>
    </p>
  );
}
