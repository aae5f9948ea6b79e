/** Takes a person's word down: a call to 114, a neighbour. It confirms this alarm and those near it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { HubProblem } from '../live/hub.ts';
import { useApp } from '../parts/app.tsx';
import { useDeskWords } from './desk-words.ts';

const sources = ['call114', 'neighbour', 'app', 'patrol'] as const;
type State = { readonly kind: 'shut' | 'asking' | 'sending' } | { readonly kind: 'failed'; readonly reason: string };

export default function ReportForm({ placeId }: { readonly placeId: string }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useDeskWords();
  const [state, setState] = useState<State>({ kind: 'shut' });
  const [source, setSource] = useState<(typeof sources)[number]>('call114');
  const [text, setText] = useState('');
  if (state.kind === 'shut') {
    return (
      <button type="button" class="button small" onClick={() => setState({ kind: 'asking' })}>
        {t('reports.add')}
      </button>
    );
  }
  const send = (event: Event): void => {
    event.preventDefault();
    setState({ kind: 'sending' });
    const said = text.trim() === '' ? {} : { text: text.trim() };
    store.hub.post('/reports', { place: placeId, source, ...said }).then(
      () => {
        setText('');
        setState({ kind: 'shut' });
      },
      (error: unknown) =>
        setState({ kind: 'failed', reason: error instanceof HubProblem ? error.message : t('load.unreachable') }),
    );
  };
  return (
    <form
      class="verb-form"
      onSubmit={send}
      onKeyDown={(event) => {
        // The desk's one-key verbs must not hear what is typed here.
        event.stopPropagation();
        if (event.key === 'Escape') setState({ kind: 'shut' });
      }}
    >
      <p>{t('reports.hint')}</p>
      <fieldset class="chips" aria-label={t('reports.how')}>
        {sources.map((one) => (
          <button
            key={one}
            type="button"
            class="chip-button"
            aria-pressed={one === source}
            onClick={() => setSource(one)}
          >
            {word('reports.source', one)}
          </button>
        ))}
      </fieldset>
      <label>
        {t('reports.text')}
        <input value={text} maxLength={500} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {state.kind === 'failed' && (
        <p class="field-error" role="alert">
          {state.reason}
        </p>
      )}
      <div class="form-row">
        <button type="submit" class="button primary" disabled={state.kind === 'sending'}>
          {t('reports.send')}
        </button>
        <button type="button" class="button" onClick={() => setState({ kind: 'shut' })}>
          {t('verb.cancel')}
        </button>
      </div>
    </form>
  );
}
