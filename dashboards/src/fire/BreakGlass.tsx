/**
 * Break glass: who is inside, for the unit that has the incident, with a reason, each look on record. What comes lives in
 * this panel's memory and nowhere else: closing the incident or the panel, another page and signing out all drop it.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { HubProblem } from '../live/hub.ts';
import { useApp } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useDeskWords } from './desk-words.ts';
import { ResidentList } from './ResidentList.tsx';
import { peopleRefusal } from './refusal.ts';
import type { Residents } from './residents.ts';
import '../style/break-glass.css';

type State =
  | { readonly kind: 'shut' | 'asking' | 'opening' }
  | { readonly kind: 'shown'; readonly residents: Residents; readonly at: number }
  | { readonly kind: 'refused'; readonly problem: HubProblem | undefined };

export default function BreakGlass({ incidentId }: { readonly incidentId: string }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [state, setState] = useState<State>({ kind: 'shut' });
  // A page that the browser keeps for its back button must not keep the people.
  useEffect(() => {
    const forget = (): void => setState({ kind: 'shut' });
    addEventListener('pagehide', forget);
    return () => removeEventListener('pagehide', forget);
  }, []);
  const open = (reason: string): void => {
    setState({ kind: 'opening' });
    store.hub.post<Residents>(`/incidents/${encodeURIComponent(incidentId)}/people`, { reason }).then(
      (residents) => setState({ kind: 'shown', residents, at: store.now.value }),
      (error: unknown) => setState({ kind: 'refused', problem: error instanceof HubProblem ? error : undefined }),
    );
  };
  return (
    <section class="block glass">
      <h3>{t('people.title')}</h3>
      {state.kind === 'shut' && (
        <button type="button" class="button glass-open" onClick={() => setState({ kind: 'asking' })}>
          <Icon name="people" />
          <span>
            <b>{t('people.open')}</b>
            <span class="sub">{t('people.logged')}</span>
          </span>
        </button>
      )}
      {state.kind === 'asking' && <ReasonForm onSend={open} onCancel={() => setState({ kind: 'shut' })} />}
      {state.kind === 'opening' && <p role="status">{t('people.opening')}</p>}
      {state.kind === 'refused' && (
        <div class="glass-refused" role="alert">
          <p>
            <b>{t('people.refused')}</b> {peopleRefusal(t, state.problem)}
          </p>
          <button type="button" class="button small" onClick={() => setState({ kind: 'asking' })}>
            {t('load.retry')}
          </button>
        </div>
      )}
      {state.kind === 'shown' && (
        <ResidentList residents={state.residents} at={state.at} onHide={() => setState({ kind: 'shut' })} />
      )}
    </section>
  );
}

const reasons = ['rescue', 'evacuate', 'contact'] as const;

function ReasonForm({ onSend, onCancel }: { onSend(reason: string): void; onCancel(): void }): JSX.Element {
  const { t } = useDeskWords();
  const [reason, setReason] = useState('');
  const [isShort, setIsShort] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    // The hub asks for at least three signs; one that is refused for it would cost seconds.
    if (reason.trim().length < 3) setIsShort(true);
    else onSend(reason.trim());
  };
  return (
    <form
      class="verb-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <p>{t('people.logged')}</p>
      <div class="chips">
        {reasons.map((one) => (
          <button key={one} type="button" class="chip-button" onClick={() => setReason(t(`people.reason.${one}`))}>
            {t(`people.reason.${one}`)}
          </button>
        ))}
      </div>
      <label>
        {t('people.reason')}
        <input
          autocomplete="off"
          value={reason}
          maxLength={500}
          aria-invalid={isShort}
          onInput={(event) => {
            setReason(event.currentTarget.value);
            setIsShort(false);
          }}
        />
        {isShort && <span class="field-error">{t('people.reasonShort')}</span>}
      </label>
      <div class="form-row">
        <button type="submit" class="button primary">
          {t('people.show')}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t('verb.cancel')}
        </button>
      </div>
    </form>
  );
}
