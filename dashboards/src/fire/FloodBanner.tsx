/** Says aloud that more comes than people can look at. */
import type { JSX } from 'preact';
import { formatClock, formatInteger } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { floodOf } from './flood.ts';

export function FloodBanner(): JSX.Element | null {
  const { store } = useApp();
  const { t } = useWords();
  const { incidents, floodSince } = store.fire.value;
  const flood = floodOf(
    [...incidents.values()].map(({ incident }) => incident),
    floodSince,
    store.now.value,
  );
  if (flood === undefined) return null;
  return <p class="flood">{t('fire.flood', { time: formatClock(flood.since), count: formatInteger(flood.count) })}</p>;
}
