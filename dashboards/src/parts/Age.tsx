/** How old a value is, and how that looks. It changes each second and is never announced. */
import type { JSX } from 'preact';
import { formatMoment } from '../i18n/format.ts';
import type { Freshness } from '../live/link.ts';
import { freshness } from '../live/link.ts';
import { useApp, useWords } from './app.tsx';

/** `at`: hub time of the value, ms; null when there never was one. `intervalMs`: how often it should come. */
export function Age({ at, intervalMs }: { readonly at: number | null; readonly intervalMs: number }): JSX.Element {
  const { store } = useApp();
  const { t, ago } = useWords();
  const now = store.now.value;
  if (at === null) return <span class="age age-never">{t('age.never')}</span>;
  const state = freshness(now - at, intervalMs);
  return (
    <time class={`age age-${state}`} dateTime={new Date(at).toISOString()} title={formatMoment(at, now)}>
      {ago(now - at)}
    </time>
  );
}

/** Whether a value of this time still stands for the present. */
export function useFreshness(): (at: number | null, intervalMs: number) => Freshness {
  const now = useApp().store.now.value;
  return (at, intervalMs) => freshness(at === null ? null : now - at, intervalMs);
}
