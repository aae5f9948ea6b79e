/** What is written down of an incident: its time line, and who had each message when. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatMoment } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useResource } from '../parts/resource.ts';
import { Loaded } from '../parts/States.tsx';
import { lineBy, lineName, lineText } from './line-text.ts';

/** Newest first: what happened last is what the next decision hangs on. */
export function Timeline({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const words = useWords();
  const { t } = words;
  return (
    <section class="block">
      <h3>{t('fire.timeline')}</h3>
      <ol class="timeline">
        {incident.timeline.toReversed().map((entry) => (
          <li key={`${entry.at}/${entry.type}/${entry.by}`}>
            <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(entry.at, store.now.value)}</time>
            <span>
              <b>{lineName(entry, words)}</b>
              {entry.by !== '' && ` · ${lineBy(entry, words)}`}
              <LineText text={lineText(entry, words)} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function LineText({ text }: { readonly text: string }): JSX.Element | null {
  return text === '' ? null : <q>{text}</q>;
}

/** One hop of the ledger, as REST tells it. */
type ReceiptRow = { readonly hop?: string; readonly by?: string; readonly at?: string | number };

export function Receipts({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const now = store.now.value;
  // Asked again whenever the incident changed: each change adds hops.
  const ledger = useResource<{ readonly receipts?: readonly ReceiptRow[] }>(
    `${incident.id}/${incident.lastEventAt}/${incident.timeline.length}`,
    () => store.hub.get(`/incidents/${encodeURIComponent(incident.id)}`),
  );
  return (
    <details class="block">
      <summary>{t('fire.receipts')}</summary>
      <Loaded resource={ledger}>
        {({ receipts = [] }) =>
          receipts.length === 0 ? (
            <p class="quiet">{t('fire.receiptsNone')}</p>
          ) : (
            <ol class="timeline">
              {receipts.map((receipt, index) => (
                // The ledger only ever grows at its end.
                <li key={index}>
                  <time>{receipt.at === undefined ? '' : formatMoment(new Date(receipt.at).getTime(), now)}</time>
                  <span>
                    <b>{word('hop', receipt.hop ?? '')}</b> · {receipt.by}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </details>
  );
}
