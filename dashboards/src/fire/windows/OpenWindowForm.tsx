/** Opens a window: what for, where, why, what stands in for an isolated device, how long. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatAge } from '../../i18n/format.ts';
import { HubProblem } from '../../live/hub.ts';
import { useApp } from '../../parts/app.tsx';
import { useQuery } from '../../parts/query.ts';
import { useDeskWords } from '../desk-words.ts';
import type { Draft } from './draft.ts';
import { bodyOf, missingIn, newDraft, withKind } from './draft.ts';
import { lengthsOf, windowKinds } from './lengths.ts';
import { TargetPicker } from './TargetPicker.tsx';
import { windowRefusal } from './window-refusal.ts';

export function OpenWindowForm({ onOpened }: { onOpened(): void }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const query = useQuery();
  const device = query.get('device');
  const [draft, setDraft] = useState<Draft | undefined>(() => (device === '' ? undefined : newDraft(device)));
  const [fault, setFault] = useState<string>();
  if (draft === undefined) {
    return (
      <button type="button" class="button" onClick={() => setDraft(newDraft(''))}>
        {t('windows.new')}
      </button>
    );
  }
  const leave = (): void => {
    setDraft(undefined);
    setFault(undefined);
    if (device !== '') query.set({ device: '' });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const missing = missingIn(draft);
    if (missing !== undefined) {
      setFault(t(`windows.missing.${missing}`));
      return;
    }
    store.hub.post('/fire/windows', bodyOf(draft)).then(
      () => {
        leave();
        onOpened();
      },
      (error: unknown) => setFault(windowRefusal(t, error instanceof HubProblem ? error.message : undefined)),
    );
  };
  return (
    <form class="verb-form" onSubmit={submit}>
      <Fields
        draft={draft}
        onChange={(next) => {
          setDraft(next);
          setFault(undefined);
        }}
      />
      {fault !== undefined && (
        <p class="field-error" role="alert">
          {fault}
        </p>
      )}
      <div class="form-row">
        <button type="submit" class="button primary">
          {t('windows.begin')}
        </button>
        <button type="button" class="button" onClick={leave}>
          {t('verb.cancel')}
        </button>
      </div>
    </form>
  );
}

function Fields({ draft, onChange }: { readonly draft: Draft; onChange(draft: Draft): void }): JSX.Element {
  const { t, word, language } = useDeskWords();
  const { kind } = draft;
  return (
    <>
      <fieldset class="chips" aria-label={t('windows.kind')}>
        {windowKinds.map((one) => (
          <button
            key={one}
            type="button"
            class="chip-button"
            aria-pressed={one === kind}
            onClick={() => onChange(withKind(draft, one))}
          >
            {word('windows.kind', one)}
          </button>
        ))}
      </fieldset>
      <p class="quiet">{t(`windows.what.${kind}`)}</p>
      <TargetPicker
        target={draft.target}
        onChange={(target) => onChange({ ...draft, target })}
        devicesOnly={kind === 'isolation'}
      />
      <label>
        {t('windows.reason')}
        <input
          value={draft.reason}
          maxLength={1000}
          onInput={(event) => onChange({ ...draft, reason: event.currentTarget.value })}
        />
      </label>
      {kind === 'isolation' && (
        <label>
          {t('windows.compensationAsk')}
          <input
            value={draft.compensation}
            maxLength={1000}
            onInput={(event) => onChange({ ...draft, compensation: event.currentTarget.value })}
          />
        </label>
      )}
      <label>
        {t('windows.length')}
        <select
          value={draft.minutes}
          onChange={(event) => onChange({ ...draft, minutes: Number(event.currentTarget.value) })}
        >
          {lengthsOf[kind].map((one) => (
            <option key={one} value={one}>
              {formatAge(one * 60_000, language)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
