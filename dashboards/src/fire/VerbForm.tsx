/** The words that a verb needs, asked for in place: Enter sends, Escape leaves. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TextKey } from '../i18n/vi.ts';
import { useWords } from '../parts/app.tsx';
import type { AskingVerb } from './Verbs.tsx';

/** The name of the field in the body and its label; verbs without one only ask to be confirmed. */
const fields: Readonly<Record<AskingVerb, { readonly name: string; readonly label: TextKey } | undefined>> = {
  verify: undefined,
  resolve: undefined,
  refute: { name: 'reason', label: 'verb.refute.reason' },
  dispatch: { name: 'units', label: 'verb.dispatch.units' },
  note: { name: 'text', label: 'verb.note.text' },
};

const reasons = ['cooking', 'incense', 'steam', 'dust', 'smoking', 'insect'] as const;

type Props = { readonly verb: AskingVerb; onSend(body: object): void; onCancel(): void };

export function VerbForm({ verb, onSend, onCancel }: Props): JSX.Element {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [onSite, setOnSite] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = fields[verb];
  // Before the next key can come: what is typed right after the verb belongs to the field, not to other verbs.
  // The field to fill, or where there is none the button that Enter presses.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('label input, [type=submit]')?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (field === undefined) onSend({});
    else if (text.trim() === '') setIsMissing(true);
    else onSend({ [field.name]: text.trim(), ...(onSite.trim() === '' ? {} : { onSite: onSite.trim() }) });
  };
  return (
    <form
      ref={form}
      class="verb-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      {verb === 'verify' && <p>{t('verb.verify.hint')}</p>}
      {verb === 'refute' && <p>{t('verb.refute.hint')}</p>}
      {verb === 'refute' && (
        <div class="chips">
          {reasons.map((reason) => (
            <button key={reason} type="button" class="chip-button" onClick={() => setText(t(`reason.${reason}`))}>
              {t(`reason.${reason}`)}
            </button>
          ))}
        </div>
      )}
      {field !== undefined && (
        <label>
          {t(field.label)}
          <input
            value={text}
            maxLength={200}
            aria-invalid={isMissing}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setIsMissing(false);
            }}
          />
          {isMissing && <span class="field-error">{t('verb.required')}</span>}
        </label>
      )}
      {verb === 'refute' && (
        <label>
          {t('verb.refute.onSite')}
          <input value={onSite} maxLength={200} onInput={(event) => setOnSite(event.currentTarget.value)} />
        </label>
      )}
      <div class="form-row">
        <button type="submit" class="button primary">
          {t(`verb.${verb}`)} <kbd>Enter</kbd>
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t('verb.cancel')} <kbd>Esc</kbd>
        </button>
      </div>
    </form>
  );
}
