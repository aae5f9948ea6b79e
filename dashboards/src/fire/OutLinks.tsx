/** What can be taken along: the report to print, its data, the table of incidents, the public warning. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { useApp } from '../parts/app.tsx';
import { useDeskWords } from './desk-words.ts';
import { toneOf } from './queue.ts';

// The tab that shows it has read it by then.
const keptMs = 60_000;

export function OutLinks({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [hasFailed, setHasFailed] = useState(false);
  const id = encodeURIComponent(incident.id);
  // The token goes in a header and never in an address, so a link alone cannot fetch them.
  const take = (path: string, use: (url: string) => void) => (): void => {
    setHasFailed(false);
    store.hub.file(path).then(
      (blob) => {
        const url = URL.createObjectURL(blob);
        use(url);
        setTimeout(() => URL.revokeObjectURL(url), keptMs);
      },
      () => setHasFailed(true),
    );
  };
  const isPublic =
    toneOf(incident) === 'real' && (incident.evidence === 'confirmed' || incident.dispatched !== undefined);
  return (
    <section class="block">
      <h3>{t('out.title')}</h3>
      <p class="out-links">
        <button
          type="button"
          class="button small"
          onClick={take(`/incidents/${id}/report.html`, (url) => window.open(url, '_blank'))}
        >
          {t('out.print')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={take(`/incidents/${id}/report`, (url) => save(url, `${incident.id}.json`))}
        >
          {t('out.json')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={take('/incidents.csv', (url) => save(url, 'incidents.csv'))}
        >
          {t('out.csv')}
        </button>
        {isPublic && (
          <a class="button small" href={`/cap/alerts/${id}`} target="_blank" rel="noreferrer">
            {t('out.cap')}
          </a>
        )}
      </p>
      {hasFailed && (
        <p class="field-error" role="alert">
          {t('load.failed', { reason: t('load.unreachable') })}
        </p>
      )}
    </section>
  );
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
