/** Devices by domain and link, live; each number is a filter. */
import type { JSX } from 'preact';
import type { FleetCounts } from '../../../hub/domains/fleet/view.ts';
import { formatInteger } from '../i18n/format.ts';
import { useWords } from '../parts/app.tsx';
import type { DeviceFilter } from './fleet.ts';
import { links, totalCounts } from './fleet.ts';

type Props = {
  readonly fleet: FleetCounts;
  readonly chosen: DeviceFilter;
  onChoose(domain: string, link: string): void;
};

export function Matrix({ fleet, chosen, onChoose }: Props): JSX.Element {
  const { t, word } = useWords();
  const total = totalCounts(fleet);
  const cell = (domain: string, link: string, count: number): JSX.Element => (
    <button
      type="button"
      class={`count-button ${count === 0 ? 'quiet' : ''} ${count > 0 && link === 'lost' ? 'count-lost' : ''}`}
      aria-pressed={chosen.domain === domain && chosen.link === link}
      aria-label={`${domain === '' ? t('devices.all') : word('domain', domain)}, ${link === '' ? t('devices.total') : word('link', link)}: ${count}`}
      onClick={() => onChoose(domain, link)}
    >
      {formatInteger(count)}
    </button>
  );
  return (
    <table class="matrix">
      <caption class="sr-only">{t('devices.matrix')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('devices.domain')}</th>
          {links.map((link) => (
            <th key={link} scope="col">
              <span class={`link-mark link-${link}`} aria-hidden="true" /> {t(`link.${link}`)}
            </th>
          ))}
          <th scope="col">{t('devices.total')}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(fleet).map(([domain, counts]) => (
          <tr key={domain}>
            <th scope="row">{word('domain', domain)}</th>
            {links.map((link) => (
              <td key={link}>{cell(domain, link, counts[link])}</td>
            ))}
            <td>
              {cell(
                domain,
                '',
                links.reduce((sum, link) => sum + counts[link], 0),
              )}
            </td>
          </tr>
        ))}
        <tr class="matrix-total">
          <th scope="row">{t('devices.all')}</th>
          {links.map((link) => (
            <td key={link}>{cell('', link, total[link])}</td>
          ))}
          <td>{cell('', '', total.total)}</td>
        </tr>
      </tbody>
    </table>
  );
}
