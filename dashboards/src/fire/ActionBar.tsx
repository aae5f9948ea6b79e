/** Always in reach at the panel's foot: the next step, who is told next, who has seen it. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { useDeskWords } from './desk-words.ts';
import type { Ledger } from './ledger.ts';
import { seenBy } from './ledger.ts';
import { Escalation } from './Marks.tsx';
import { isUnaccepted } from './queue.ts';
import { Verbs } from './Verbs.tsx';

// More names than these say only "many".
const shownNames = 3;

type Props = { readonly incident: IncidentView; readonly ledger: Ledger | undefined; readonly mayAct: boolean };

export function ActionBar({ incident, ledger, mayAct }: Props): JSX.Element {
  return (
    <div class="action-bar">
      {mayAct && <Verbs incident={incident} />}
      <p class="action-foot">
        <Escalation incident={incident} />
        {ledger !== undefined && <SeenBy ledger={ledger} isWaiting={isUnaccepted(incident)} />}
      </p>
    </div>
  );
}

function SeenBy({ ledger, isWaiting }: { readonly ledger: Ledger; readonly isWaiting: boolean }): JSX.Element | null {
  const { t } = useDeskWords();
  const names = seenBy(ledger);
  if (names.length === 0) return isWaiting ? <b class="doubt-word">{t('seen.nobody')}</b> : null;
  const shown = names.slice(0, shownNames).join(', ');
  const hidden = names.length - shownNames;
  return <span class="quiet">{t('seen.by', { names: hidden > 0 ? `${shown} +${hidden}` : shown })}</span>;
}
