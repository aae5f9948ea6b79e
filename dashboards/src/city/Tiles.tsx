/** Six numbers with their unit, age and a word; coloured only when something is to be done. */
import type { JSX } from 'preact';
import { Age } from '../parts/Age.tsx';
import { useWords } from '../parts/app.tsx';
import type { TileFacts } from './tile-facts.ts';

export function Tiles({ tiles }: { readonly tiles: readonly TileFacts[] }): JSX.Element {
  const { t } = useWords();
  return (
    <ul class="tiles-row">
      {tiles.map(({ name, href, value, unit, verdict, at, intervalMs }) => (
        <li key={name}>
          <a class={`tile tile-${verdict}`} href={href}>
            <span class="tile-name">{t(`city.${name}`)}</span>
            <span class="tile-value">
              <b>{value}</b> <span>{t(`city.${name}.unit`, unit)}</span>
            </span>
            <span class="tile-foot">
              <span class="verdict">{t(`city.verdict.${verdict}`)}</span>
              <Age at={at} intervalMs={intervalMs} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
