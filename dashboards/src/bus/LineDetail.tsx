/** One line in words, equal to its map: each bus with the stop it is near, its speed and the age of that news. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { VehicleRow } from '../../../hub/domains/bus/view.ts';
import { formatAge, formatInteger, formatMoment } from '../i18n/format.ts';
import { inkOn } from '../map/sprites.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';
import type { Resource } from '../parts/resource.ts';
import { Empty, Loaded } from '../parts/States.tsx';
import type { RouteDetail } from './lines.ts';
import { busFreshness, lineColor, nearestStop } from './lines.ts';

type Props = { readonly id: string; readonly resource: Resource<RouteDetail>; onBack(): void };

export function LineDetail({ id, resource, onBack }: Props): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <button type="button" class="button back" onClick={onBack}>
        <Icon name="back" />
        {t('bus.all')}
      </button>
      <Loaded resource={resource}>{(detail) => <Detail key={id} detail={detail} />}</Loaded>
    </>
  );
}

function Detail({ detail }: { readonly detail: RouteDetail }): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const color = lineColor(detail);
  const buses = [...store.vehicles.value.rows.values()]
    .filter((row) => row[5] === detail.id)
    .toSorted((a, b) => (a[0] < b[0] ? -1 : 1));
  const stops = useMemo(() => detail.patterns.flatMap((pattern) => pattern.stops), [detail]);
  return (
    <>
      <h2 class="line-title">
        <span class="line-number" style={{ background: color, color: inkOn(color) }}>
          {detail.shortName}
        </span>
        {detail.longName}
      </h2>
      {buses.length === 0 ? (
        <Empty>
          <p>{t('bus.noBuses')}</p>
        </Empty>
      ) : (
        <table class="table plain">
          <caption>
            {t('bus.vehicles')} ({buses.length})
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('bus.vehicle')}</th>
              <th scope="col">{t('bus.near')}</th>
              <th scope="col" class="number">
                {t('bus.speed')}
              </th>
              <th scope="col">{t('bus.age')}</th>
            </tr>
          </thead>
          <tbody>
            {buses.map((row) => (
              <BusRow key={row[0]} row={row} near={nearestStop(stops, row[1], row[2])?.name} />
            ))}
          </tbody>
        </table>
      )}
      {detail.patterns.map((pattern) => (
        <details key={pattern.id} class="block">
          <summary>
            {t(pattern.directionId === 0 ? 'bus.direction.0' : 'bus.direction.1')}
            {pattern.headsign !== null && ` → ${pattern.headsign}`} · {pattern.stops.length}{' '}
            {t('bus.stops').toLowerCase()}
          </summary>
          <ol class="stops">
            {pattern.stops.map((stop, index) => (
              // A loop passes a stop twice; its place in the line names it.
              <li key={index}>{stop.name}</li>
            ))}
          </ol>
        </details>
      ))}
    </>
  );
}

function BusRow({ row, near }: { readonly row: VehicleRow; readonly near: string | undefined }): JSX.Element {
  const { store } = useApp();
  const { t, ago, language } = useWords();
  const [id, , , , speed, , , delaySeconds, at] = row;
  const now = store.now.value;
  const fresh = busFreshness(at, now);
  const state = fresh === 'never' ? 'stale' : fresh;
  return (
    <tr class={state === 'stale' ? 'stale' : undefined}>
      <th scope="row">{id}</th>
      <td>
        {near}
        {delaySeconds !== null && <span class="quiet"> · {delayWord(delaySeconds, t, language)}</span>}
      </td>
      <td class="number">{speed === null ? '–' : `${formatInteger(speed * 3.6)} km/h`}</td>
      <td>
        <span class={`age age-${state}`} title={formatMoment(at, now)}>
          {ago(now - at)}
        </span>{' '}
        <span class="quiet">{t(`bus.status.${state}`)}</span>
      </td>
    </tr>
  );
}

// Within a minute nobody at a stop calls it late.
const onTimeSeconds = 60;

function delayWord(
  seconds: number,
  t: ReturnType<typeof useWords>['t'],
  language: ReturnType<typeof useWords>['language'],
): string {
  if (Math.abs(seconds) < onTimeSeconds) return t('bus.onTime');
  return t(seconds > 0 ? 'bus.late' : 'bus.early', { age: formatAge(Math.abs(seconds) * 1000, language) });
}
