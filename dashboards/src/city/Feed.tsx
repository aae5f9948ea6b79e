/** The exceptions in words. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { toneOf } from '../fire/queue.ts';
import { lineTitle } from '../fire/title.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Empty } from '../parts/States.tsx';
import type { CityException } from './exceptions.ts';

export function Feed({ exceptions }: { readonly exceptions: readonly CityException[] }): JSX.Element {
  const { t } = useWords();
  return (
    <section class="feed" aria-label={t('city.exceptions')}>
      <h2>{t('city.exceptions')}</h2>
      {exceptions.length === 0 ? (
        <Empty>
          <p>{t('city.noExceptions')}</p>
        </Empty>
      ) : (
        <ul>
          {exceptions.map((one) => (
            <li key={keyOf(one)}>
              <Line exception={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function keyOf(one: CityException): string {
  switch (one.kind) {
    case 'incident':
      return one.incident.id;
    case 'device':
      return `device/${one.id}`;
    case 'lotFull':
      return `lot/${one.lot.id}`;
  }
}

function Line({ exception }: { readonly exception: CityException }): JSX.Element {
  const { store } = useApp();
  const words = useWords();
  const { t, ago } = words;
  const now = store.now.value;
  const line = (href: string, title: string, detail: string, at: number | null): JSX.Element => (
    <a class="feed-line" href={href}>
      <Chip level={exception.level} tone={exception.kind === 'incident' ? toneOf(exception.incident) : 'real'} />
      <span>
        <b>{title}</b>
        <span class="quiet sub">{detail}</span>
      </span>
      <span class="quiet feed-age">{at === null ? '' : ago(now - at)}</span>
    </a>
  );
  switch (exception.kind) {
    case 'incident': {
      const { incident } = exception;
      return line(
        `/fire/${incident.id}`,
        lineTitle(incident, words),
        [standingWord(incident, t), t(`handling.${incident.handling}`)].filter((word) => word !== '').join(' · '),
        incident.raisedAt,
      );
    }
    case 'device':
      return line(`/devices/${exception.id}`, t('city.deviceLost'), exception.id, exception.at);
    case 'lotFull': {
      const { lot } = exception;
      return line(`/parking?lot=${encodeURIComponent(lot.id)}`, t('city.lotFull'), lot.name, lot.at);
    }
  }
}

/** A drill, a test, an isolated device say so; what is real says nothing. */
function standingWord({ isolated, status }: IncidentView, t: ReturnType<typeof useWords>['t']): string {
  if (isolated === true) return t('fire.isolated');
  return status === undefined || status === 'actual' ? '' : t(`fire.status.${status}`);
}
