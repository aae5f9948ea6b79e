/** One open window: where, why, by whom, until when, what was heard in it; longer or over by two buttons. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatAge, formatElapsed, formatMoment } from '../../i18n/format.ts';
import { HubProblem } from '../../live/hub.ts';
import type { RestWindow } from '../../live/windows.ts';
import { useApp } from '../../parts/app.tsx';
import { useDeskWords } from '../desk-words.ts';
import { lengthsOf } from './lengths.ts';
import { PointNames } from './PointNames.tsx';
import { Where } from './Where.tsx';
import { windowRefusal } from './window-refusal.ts';

type Props = {
  readonly window: RestWindow;
  readonly mayAct: boolean;
  onChanged(): void;
  onEnded(window: RestWindow): void;
};

export function WindowCard({ window, mayAct, onChanged, onEnded }: Props): JSX.Element {
  const { store } = useApp();
  const { t, word, language } = useDeskWords();
  const [asking, setAsking] = useState<'extend' | 'end'>();
  const now = store.now.value;
  const until = Date.parse(window.until);
  const { seen, never } = window.coverage;
  return (
    <li class={`window window-${window.kind}`}>
      <p class="window-head">
        <b class={`tag tag-window-${window.kind}`}>{word('windows.kind', window.kind)}</b>
        <span class="window-left">
          {t('windows.until', { time: formatMoment(until, now) })} ·{' '}
          <b>{t('windows.left', { time: formatElapsed(until - now, language) })}</b>
        </span>
      </p>
      <Where subject={window.subject} devices={window.devices} />
      <p>
        <q>{window.reason}</q> <span class="quiet">– {window.by}</span>
      </p>
      {window.compensation !== null && (
        <p>
          {t('windows.compensation')}: {window.compensation}
        </p>
      )}
      {window.kind !== 'isolation' && (
        <p>{t('windows.seen', { seen: seen.length, all: seen.length + never.length })}</p>
      )}
      {window.kind !== 'isolation' && never.length > 0 && <PointNames title={t('windows.never')} names={never} />}
      {mayAct && asking === undefined && (
        <p class="form-row">
          <button type="button" class="button small" onClick={() => setAsking('extend')}>
            {t('windows.extend')}
          </button>
          <button type="button" class="button small" onClick={() => setAsking('end')}>
            {t('windows.end')}
          </button>
        </p>
      )}
      {asking !== undefined && (
        <ChangeForm
          kind={asking}
          window={window}
          onCancel={() => setAsking(undefined)}
          onDone={(result) => {
            setAsking(undefined);
            if (asking === 'end') onEnded(result);
            else onChanged();
          }}
        />
      )}
    </li>
  );
}

type ChangeProps = {
  readonly kind: 'extend' | 'end';
  readonly window: RestWindow;
  onDone(window: RestWindow): void;
  onCancel(): void;
};

function ChangeForm({ kind, window, onDone, onCancel }: ChangeProps): JSX.Element {
  const { store } = useApp();
  const { t, language } = useDeskWords();
  const lengths = lengthsOf[window.kind];
  const [minutes, setMinutes] = useState(lengths[0]);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const said = reason.trim();
    if (kind === 'extend' && said === '') {
      setFault(t('verb.required'));
      return;
    }
    const body = kind === 'extend' ? { minutes, reason: said } : said === '' ? {} : { reason: said };
    store.hub
      .post<RestWindow>(`/fire/windows/${encodeURIComponent(window.id)}/${kind}`, body)
      .then(onDone, (error: unknown) =>
        setFault(windowRefusal(t, error instanceof HubProblem ? error.message : undefined)),
      );
  };
  return (
    <form class="verb-form" onSubmit={submit}>
      {kind === 'extend' && (
        <label>
          {t('windows.length')}
          <select value={minutes} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {lengths.map((one) => (
              <option key={one} value={one}>
                {formatAge(one * 60_000, language)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t(kind === 'extend' ? 'windows.reason' : 'windows.endReason')}
        <input value={reason} maxLength={1000} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {fault !== undefined && (
        <p class="field-error" role="alert">
          {fault}
        </p>
      )}
      <div class="form-row">
        <button type="submit" class="button primary">
          {t(kind === 'extend' ? 'windows.extend' : 'windows.end')}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t('verb.cancel')}
        </button>
      </div>
    </form>
  );
}
