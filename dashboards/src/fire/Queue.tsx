/** The queue. It never moves under a hand: while somebody aims, new rows wait. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { foldForSearch } from '../i18n/translate.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useKeys } from '../parts/keys.ts';
import { useQuery } from '../parts/query.ts';
import { Loading } from '../parts/States.tsx';
import { foldedFrom } from './flood.ts';
import { useHand } from './hand.ts';
import { QueueEmpty } from './QueueEmpty.tsx';
import { QueueRow } from './QueueRow.tsx';
import { arrange } from './queue.ts';

type Props = { readonly selected: string | undefined; onOpen(id: string): void };

export function Queue({ selected, onOpen }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const words = useQuery().get('q');
  const hand = useHand();
  const state = store.fire.value;
  const all = [...state.incidents.values()].map(({ incident }) => incident).filter((one) => matches(one, words));
  const order = arrange(all, hand.held);
  const { pinned, rest, waiting } = order;
  // In a flood eyes are for fires; the selected row stays in sight.
  const isFlood = state.floodSince !== undefined;
  const low = isFlood ? rest.filter(({ id, priority }) => priority >= foldedFrom && id !== selected) : [];
  const touch = (): void => hand.touch(order);
  useQueueKeys([...pinned, ...rest], selected, touch);
  const row = (incident: IncidentView): JSX.Element => (
    <QueueRow
      key={incident.id}
      incident={incident}
      missed={state.incidents.get(incident.id)?.missed === true}
      isSelected={incident.id === selected}
      onOpen={onOpen}
    />
  );
  return (
    <section class="queue" aria-label={t('fire.queue')} onPointerMove={touch} onPointerDown={touch}>
      <QueueHead words={words} />
      {waiting > 0 && (
        <button type="button" class="queue-new" onClick={hand.release}>
          ▲ {t('fire.newWaiting', { n: waiting })}
        </button>
      )}
      {!state.ready && <Loading />}
      {state.ready && all.length === 0 && <QueueEmpty />}
      {pinned.length > 0 && (
        <div class="pinned">
          <h3>{t('fire.pinned')}</h3>
          <ul>{pinned.map(row)}</ul>
        </div>
      )}
      <div class="rest" role="log" aria-live="polite" aria-label={t('fire.rest')}>
        <ul>{rest.filter((one) => !low.includes(one)).map(row)}</ul>
        {low.length > 0 && (
          <details class="folded">
            <summary>{t('fire.folded', { n: low.length })}</summary>
            <ul>{low.map(row)}</ul>
          </details>
        )}
      </div>
    </section>
  );
}

function QueueHead({ words }: { readonly words: string }): JSX.Element {
  const { ringer } = useApp();
  const { t } = useWords();
  const query = useQuery();
  const search = useRef<HTMLInputElement>(null);
  useKeys((key) => {
    if (key === '/') search.current?.focus();
    else if (key.toLowerCase() === 'm') ringer.mute();
    else return false;
    return true;
  });
  return (
    <div class="queue-head">
      <h2>{t('fire.queue')}</h2>
      <input
        ref={search}
        type="search"
        aria-label={t('keys.filter')}
        placeholder={`${t('keys.filter')}  /`}
        value={words}
        onInput={(event) => query.set({ q: event.currentTarget.value })}
      />
    </div>
  );
}

/** J and K walk through the rows; the row with the focus opens by Enter, as every button does. */
function useQueueKeys(rows: readonly IncidentView[], selected: string | undefined, touch: () => void): void {
  const [cursor, setCursor] = useState<string>();
  useKeys((key) => {
    const by = { j: 1, k: -1 }[key.toLowerCase()];
    if (by === undefined) return false;
    touch();
    const index = rows.findIndex(({ id }) => id === (cursor ?? selected));
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + by))];
    if (next !== undefined) {
      setCursor(next.id);
      document.querySelector<HTMLElement>(`[data-incident="${CSS.escape(next.id)}"]`)?.focus();
    }
    return true;
  });
}

function matches(incident: IncidentView, words: string): boolean {
  if (words === '') return true;
  const { place } = incident;
  const wards = incident.area?.wards.map(({ name }) => name) ?? [];
  const text = [...wards, place?.name, place?.address, place?.wardName, incident.subject, incident.id].join(' ');
  return foldForSearch(text).includes(foldForSearch(words));
}
