/** Windows that are over, newest first: what was tested, by whom, and which points never spoke. */
import type { JSX } from 'preact';
import { formatMoment } from '../../i18n/format.ts';
import type { Coverage } from '../../live/windows.ts';
import { useApp } from '../../parts/app.tsx';
import { useResource } from '../../parts/resource.ts';
import { Loaded } from '../../parts/States.tsx';
import { useDeskWords } from '../desk-words.ts';
import type { WindowKind } from './lengths.ts';
import { PointNames } from './PointNames.tsx';
import { Where } from './Where.tsx';

type Ended = {
  readonly id: string;
  readonly subject: string;
  readonly kind: WindowKind;
  readonly devices: readonly string[];
  readonly ended: { readonly at: string; readonly by: string };
  readonly coverage: Coverage;
};

const shownAtMost = 20;

/** `again`: read anew when it changes. */
export function EndedWindows({ again }: { readonly again: string }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useDeskWords();
  const now = store.now.value;
  const ended = useResource<{ readonly items: readonly Ended[] }>(`ended/${again}`, () =>
    store.hub.get(`/fire/windows/ended?limit=${shownAtMost}`),
  );
  return (
    <details class="block">
      <summary>{t('windows.over')}</summary>
      <Loaded resource={ended}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">{t('windows.overNone')}</p>
          ) : (
            <ul class="window-list">
              {items.map((one) => {
                const { seen, never } = one.coverage;
                const by = one.ended.by === 'hub' ? t('windows.byClock') : one.ended.by;
                return (
                  <li key={one.id} class="window">
                    <p class="window-head">
                      <b class="tag">{word('windows.kind', one.kind)}</b>
                      <span class="quiet">
                        {formatMoment(Date.parse(one.ended.at), now)} · {by}
                      </span>
                    </p>
                    <Where subject={one.subject} devices={one.devices} />
                    <p>
                      {t('windows.coverage', {
                        seen: seen.length,
                        all: seen.length + never.length,
                        never: never.length,
                      })}
                    </p>
                    {never.length > 0 && <PointNames title={t('windows.never')} names={never} />}
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </details>
  );
}
