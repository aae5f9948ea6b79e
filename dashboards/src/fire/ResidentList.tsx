/** The people of a place, those first who need help to get out. Unknown is said as unknown, never as nobody. */
import type { JSX } from 'preact';
import { formatClock, formatMoment } from '../i18n/format.ts';
import { useApp } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';
import type { DeskWords } from './desk-words.ts';
import { useDeskWords } from './desk-words.ts';
import type { ResidentSource, Residents, Sought } from './residents.ts';
import { groupsOf, inSearchOrder } from './residents.ts';

type Props = { readonly residents: Residents; readonly at: number; onHide(): void };

export function ResidentList({ residents, at, onHide }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const now = store.now.value;
  const year = new Date(at).getUTCFullYear();
  const people = residents.people === null ? null : inSearchOrder(residents.people, year);
  return (
    <div class="residents">
      <p class="residents-head">
        <Summary people={people} />
        <button type="button" class="button small" onClick={onHide}>
          {t('people.hide')}
        </button>
      </p>
      {people !== null && people.length > 0 && (
        <ul class="resident-list">
          {people.map((one, index) => (
            // Two people of one name may live together.
            <Person key={`${index}/${one.name}`} one={one} year={year} />
          ))}
        </ul>
      )}
      <ul class="quiet sources">
        {residents.sources.map((source) => (
          <li key={source.source}>{sourceText(source, now, t)}</li>
        ))}
        <li>{t('people.shownAt', { time: formatClock(at) })}</li>
      </ul>
    </div>
  );
}

function Summary({ people }: { readonly people: readonly Sought[] | null }): JSX.Element {
  const { t } = useDeskWords();
  if (people === null) {
    return (
      <span class="residents-unknown">
        <b>{t('people.unknown')}</b> {t('people.unknownHint')}
      </span>
    );
  }
  if (people.length === 0) {
    return (
      <span>
        <b>{t('people.none')}</b> {t('people.noneHint')}
      </span>
    );
  }
  return (
    <span>
      <b>{t('people.count', { n: people.length })}</b>
      {groupsOf(people).map(({ urgency, count }) => (
        <span key={urgency}>
          {' · '}
          {t(`people.group.${urgency}`, { n: count })}
        </span>
      ))}
    </span>
  );
}

function Person({ one, year }: { readonly one: Sought; readonly year: number }): JSX.Element {
  const { t, word } = useDeskWords();
  return (
    <li class={`resident resident-${one.urgency}`}>
      <div>
        <b>{one.name}</b>{' '}
        <span class="quiet">
          {one.birthYear === undefined ? t('people.ageUnknown') : t('people.age', { n: year - one.birthYear })}
        </span>
        {one.urgency !== 'other' && <b class="tag resident-tag">{word('people.urgency', one.urgency)}</b>}
        {one.needs.length > 0 && <p class="resident-needs">{one.needs.map((need) => word('need', need)).join(', ')}</p>}
        {one.note !== undefined && <p class="quiet">{one.note}</p>}
      </div>
      {one.phone !== undefined && (
        <a class="button" href={`tel:${one.phone.replace(/[^+\d]/g, '')}`}>
          <Icon name="phone" />
          {one.phone}
        </a>
      )}
    </li>
  );
}

function sourceText(source: ResidentSource, now: number, t: DeskWords['t']): string {
  const name = t(`people.source.${source.source}`);
  if (source.state === 'unknown' || source.asOf === null) return t('people.source.unknown', { name });
  const time = formatMoment(Date.parse(source.asOf), now);
  return t(source.state === 'stale' ? 'people.source.stale' : 'people.source.known', { name, time });
}
