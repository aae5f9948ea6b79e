/** The lines, with how many buses run on each and how fresh the newest is. */
import type { JSX } from 'preact';
import { formatAge } from '../i18n/format.ts';
import { inkOn } from '../map/sprites.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useQuery } from '../parts/query.ts';
import type { Resource } from '../parts/resource.ts';
import { Empty, Loaded } from '../parts/States.tsx';
import type { Line, RouteItem } from './lines.ts';
import { findLines, lineColor } from './lines.ts';

type Props = { readonly routes: Resource<readonly RouteItem[]>; readonly lines: readonly Line[] };

export function LineList({ routes, lines }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const query = useQuery();
  const words = query.get('q');
  const found = findLines(lines, words);
  const known = new Set(lines.map((line) => line.id));
  const lost = [...store.vehicles.value.rows.values()].filter((row) => row[5] === null || !known.has(row[5])).length;
  return (
    <>
      <div class="side-head">
        <h2>{t('bus.title')}</h2>
        <input
          type="search"
          aria-label={t('bus.search')}
          placeholder={t('bus.search')}
          value={words}
          onInput={(event) => query.set({ q: event.currentTarget.value })}
        />
      </div>
      <Loaded resource={routes}>
        {(all) =>
          all.length === 0 ? (
            <Empty>
              <p>{t('bus.noRoutes')}</p>
            </Empty>
          ) : (
            <ul class="lines" aria-label={t('bus.lines')}>
              {found.map((line) => (
                <LineRow key={line.id} line={line} />
              ))}
              {found.length === 0 && <li class="quiet pad">{t('bus.noneFound')}</li>}
            </ul>
          )
        }
      </Loaded>
      {lost > 0 && (
        <p class="side-foot" title={t('bus.unknownRouteHint')}>
          {t('bus.unknownRoute')}: {t('bus.live', { n: lost })}
        </p>
      )}
    </>
  );
}

function LineRow({ line }: { readonly line: Line }): JSX.Element {
  const { store } = useApp();
  const { t, language } = useWords();
  const color = lineColor(line);
  return (
    <li class={line.buses === 0 ? 'line quiet-line' : 'line'}>
      <a href={`/bus/${encodeURIComponent(line.id)}`}>
        <span class="line-number" style={{ background: color, color: inkOn(color) }}>
          {line.shortName}
        </span>
        <span class="line-name">{line.longName}</span>
        <span class="line-live">
          {line.newestAt === null ? (
            <span class="quiet">{t('bus.noBuses')}</span>
          ) : (
            <>
              <b>{t('bus.live', { n: line.buses })}</b>
              <span class="quiet">
                {t('bus.newest', { age: formatAge(store.now.value - line.newestAt, language) })}
              </span>
            </>
          )}
        </span>
      </a>
    </li>
  );
}
