/** What came of a window that was just ended: how many points were heard, and which never. */
import type { JSX } from 'preact';
import type { RestWindow } from '../../live/windows.ts';
import { useDeskWords } from '../desk-words.ts';
import { PointNames } from './PointNames.tsx';
import { Where } from './Where.tsx';

type Props = { readonly window: RestWindow; onDismiss(): void };

export function CoverageReport({ window, onDismiss }: Props): JSX.Element {
  const { t, word } = useDeskWords();
  const { seen, never } = window.coverage;
  return (
    <section class="coverage" role="status">
      <p class="window-head">
        <b>{t('windows.ended', { kind: word('windows.kind', window.kind) })}</b>
        <button type="button" class="button small" onClick={onDismiss}>
          {t('banner.dismiss')}
        </button>
      </p>
      <Where subject={window.subject} devices={window.devices} />
      <p class="coverage-sum">
        {t('windows.coverage', { seen: seen.length, all: seen.length + never.length, never: never.length })}
      </p>
      {never.length > 0 && <PointNames title={t('windows.never')} names={never} />}
    </section>
  );
}
