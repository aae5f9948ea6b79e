/** Drills, walk tests, isolations and commissioning: what stands open, opening another, and what came of those that ended. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { mayDo } from '../../live/store.ts';
import type { RestWindow } from '../../live/windows.ts';
import { useApp } from '../../parts/app.tsx';
import { useResource } from '../../parts/resource.ts';
import { Loaded } from '../../parts/States.tsx';
import { Drawer } from '../Drawer.tsx';
import { useDeskWords } from '../desk-words.ts';
import { CoverageReport } from './CoverageReport.tsx';
import { EndedWindows } from './EndedWindows.tsx';
import { OpenWindowForm } from './OpenWindowForm.tsx';
import { WindowCard } from './WindowCard.tsx';
import '../../style/windows.css';

// Points of a walk test come in while somebody walks; the live hint tells of windows, not of points.
const readAgainMs = 5_000;

export default function WindowsDrawer({ onClose }: { onClose(): void }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [changes, setChanges] = useState(0);
  const [ended, setEnded] = useState<RestWindow>();
  const mayAct = mayDo(store.session.value, 'fire.act');
  // Anew also when the live hint says that windows changed.
  const hint = store.fire.value.windows.map(({ id, until }) => `${id}@${until}`).join(' ');
  const open = useResource<{ readonly items: readonly RestWindow[] }>(
    `windows/${changes}/${hint}`,
    () => store.hub.get('/fire/windows'),
    readAgainMs,
  );
  const changed = (): void => setChanges((count) => count + 1);
  return (
    <Drawer title={t('windows.title')} onClose={onClose}>
      {ended !== undefined && <CoverageReport window={ended} onDismiss={() => setEnded(undefined)} />}
      {mayAct && <OpenWindowForm onOpened={changed} />}
      <section class="block">
        <h3>{t('windows.open')}</h3>
        <Loaded resource={open}>
          {({ items }) =>
            items.length === 0 ? (
              <p class="quiet">{t('windows.none')}</p>
            ) : (
              <ul class="window-list">
                {items
                  .toSorted((a, b) => (a.until < b.until ? -1 : 1))
                  .map((window) => (
                    <WindowCard
                      key={window.id}
                      window={window}
                      mayAct={mayAct}
                      onChanged={changed}
                      onEnded={(result) => {
                        setEnded(result);
                        changed();
                      }}
                    />
                  ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <EndedWindows again={`${changes}/${hint}`} />
    </Drawer>
  );
}
