/** Closing needs a disposition: what it really was. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Disposition, IncidentView } from '../../../hub/domains/fire/view.ts';
import { useWords } from '../parts/app.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { lineTitle } from './title.ts';

// The list of the contract; the compiler says when it falls behind.
const dispositions: Readonly<Record<Disposition, true>> = {
  fire: true,
  unwanted: true,
  fault: true,
  malicious: true,
  accidentalCallPoint: true,
  exercise: true,
  test: true,
  unknown: true,
};

function isDisposition(text: string): text is Disposition {
  return Object.hasOwn(dispositions, text);
}

type Props = { readonly incident: IncidentView; onSend(body: object): void; onClose(): void };

export function CloseDialog({ incident, onSend, onClose }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const [disposition, setDisposition] = useState<Disposition>();
  const [note, setNote] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (disposition === undefined) setIsMissing(true);
    else onSend(note.trim() === '' ? { disposition } : { disposition, note: note.trim() });
  };
  return (
    <Dialog title={`${t('verb.close')} – ${lineTitle(incident, words)}`} onClose={onClose}>
      <form onSubmit={submit}>
        <fieldset class="choices">
          <legend>{t('verb.close.disposition')}</legend>
          {Object.keys(dispositions)
            .filter(isDisposition)
            .map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="disposition"
                  checked={disposition === one}
                  onChange={() => {
                    setDisposition(one);
                    setIsMissing(false);
                  }}
                />
                {t(`disposition.${one}`)}
              </label>
            ))}
          {isMissing && (
            <p class="field-error" role="alert">
              {t('verb.required')}
            </p>
          )}
        </fieldset>
        <label class="field">
          {t('verb.close.note')}
          <input value={note} maxLength={1000} onInput={(event) => setNote(event.currentTarget.value)} />
        </label>
        <div class="form-row">
          <button type="submit" class="button primary">
            {t('verb.close')}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t('verb.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
