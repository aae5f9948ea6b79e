/** What panels and houses of other dialects say, by door, live. */
import type { JSX } from 'preact';
import type { Pulse } from '../../../hub/domains/fleet/view.ts';
import { formatInteger } from '../i18n/format.ts';
import { useWords } from '../parts/app.tsx';
import { doorsOf } from './doors.ts';

export function Doors({ gateways }: { readonly gateways: Pulse['gateways'] }): JSX.Element | null {
  const { t, word } = useWords();
  const doors = doorsOf(gateways);
  if (doors.length === 0) return null;
  return (
    <table class="matrix doors">
      <caption>{t('doors.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('doors.language')}</th>
          <th scope="col">{t('doors.connections')}</th>
          <th scope="col">{t('doors.frames')}</th>
          <th scope="col">{t('doors.outcomes')}</th>
        </tr>
      </thead>
      <tbody>
        {doors.map(({ gateway, connections, frames, outcomes }) => (
          <tr key={gateway}>
            <th scope="row">{word('door', gateway)}</th>
            <td>{formatInteger(connections)}</td>
            <td>{formatInteger(frames)}</td>
            <td>
              <ul>
                {outcomes.map(({ outcome, count, isFault }) => (
                  <li key={outcome} class={isFault ? 'count-lost' : ''}>
                    {word('outcome', outcome)}: {formatInteger(count)}
                  </li>
                ))}
              </ul>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
