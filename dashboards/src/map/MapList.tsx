/** What the map shows, as buttons: for those who do not see it or cannot aim. */
import type { JSX } from 'preact';
import { useWords } from '../parts/app.tsx';
import type { MapPoint } from './points.ts';

// More than this nobody walks through; the screen's own table holds all.
const listed = 100;

export function MapList({
  points,
  onPick,
}: {
  readonly points: readonly MapPoint[];
  onPick(point: MapPoint): void;
}): JSX.Element {
  const { t } = useWords();
  const named = points.filter((point) => point.kind !== 'stop').toReversed();
  return (
    <details class="map-list">
      <summary>{t('map.list', { n: named.length })}</summary>
      {named.length === 0 ? (
        <p>{t('map.none')}</p>
      ) : (
        <ul>
          {named.slice(0, listed).map((point) => (
            <li key={`${point.kind}/${point.id}`}>
              <button type="button" onClick={() => onPick(point)}>
                {point.title}
              </button>
            </li>
          ))}
          {named.length > listed && <li>{t('map.more', { n: named.length - listed })}</li>}
        </ul>
      )}
    </details>
  );
}
