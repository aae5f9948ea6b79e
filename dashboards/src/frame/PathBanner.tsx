/** The way of alarms is broken though this page is connected: said across the screen, with what to do now. */
import type { JSX } from 'preact';
import { formatClock } from '../i18n/format.ts';
import { alarmPath } from '../live/alarm-path.ts';
import { mayDo } from '../live/store.ts';
import { useApp, useWords } from '../parts/app.tsx';

export function PathBanner(): JSX.Element | null {
  const { store } = useApp();
  const { t } = useWords();
  if (!mayDo(store.session.value, 'fire.read')) return null;
  const { pulse } = store.ops.value;
  const path = alarmPath(pulse, true);
  if (path.kind !== 'missed') return null;
  const last = pulse?.watchdog?.lastAt ?? null;
  return (
    <div class="banner banner-path" role="alert">
      <p>
        <b>{t('banner.path', { missed: path.missed })}</b>{' '}
        {last !== null && t('banner.pathLast', { time: formatClock(last) })} {t('banner.pathDo')}
      </p>
      <a class="button" href="/fire/path">
        {t('banner.pathMore')}
      </a>
    </div>
  );
}
