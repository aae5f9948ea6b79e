/** The lots as a table. */
import type { JSX } from 'preact';
import { formatDong, formatInteger, formatShare } from '../i18n/format.ts';
import { Age } from '../parts/Age.tsx';
import { useWords } from '../parts/app.tsx';
import type { LotNow } from './lots.ts';
import { isFull, isTrusted } from './lots.ts';

// Counters speak each minute.
const lotIntervalMs = 60_000;

type Props = {
  readonly lots: readonly LotNow[];
  readonly chosen: string;
  readonly showMoney: boolean;
  onChoose(id: string): void;
};

export function LotTable({ lots, chosen, showMoney, onChoose }: Props): JSX.Element {
  const { t } = useWords();
  if (lots.length === 0) return <p class="quiet pad">{t('parking.noneFound')}</p>;
  return (
    // Focusable without an index: its rows hold links or buttons, and browsers let keys scroll it.
    <section class="table-box" aria-label={t('parking.title')}>
      <table class="table lots">
        <thead>
          <tr>
            <th scope="col">{t('parking.lot')}</th>
            <th scope="col" class="number">
              {t('parking.free')}
            </th>
            <th scope="col" class="minor">
              {t('parking.occupancy')}
            </th>
            <th scope="col">{t('parking.age')}</th>
            {showMoney && (
              <th scope="col" class="number">
                {t('parking.money')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lots.map((lot) => (
            <tr key={lot.id} class={`${isTrusted(lot) ? '' : 'stale'} ${lot.id === chosen ? 'chosen' : ''}`}>
              <th scope="row">
                <button type="button" class="link" aria-pressed={lot.id === chosen} onClick={() => onChoose(lot.id)}>
                  {lot.name}
                </button>
                {lot.address !== null && lot.address !== lot.name && <span class="quiet sub">{lot.address}</span>}
              </th>
              <td class="number big">
                <Free lot={lot} />
              </td>
              <td class="minor">
                <Bar lot={lot} />
              </td>
              <td>
                <Age at={lot.at} intervalMs={lotIntervalMs} />
                <span class="quiet sub">{t(`parking.quality.${lot.quality}`)}</span>
              </td>
              {showMoney && (
                <td class="number">{lot.revenueToday === undefined ? '–' : formatDong(lot.revenueToday)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Free({ lot }: { readonly lot: LotNow }): JSX.Element {
  const { t } = useWords();
  if (lot.free === null) return <span class="quiet">–</span>;
  if (!isTrusted(lot)) return <s class="quiet">{formatInteger(lot.free)}</s>;
  return (
    <>
      <b>{formatInteger(lot.free)}</b>
      {isFull(lot) && <span class="full">{t('parking.full')}</span>}
    </>
  );
}

function Bar({ lot }: { readonly lot: LotNow }): JSX.Element {
  if (lot.used === null || lot.capacity === null) return <span class="quiet">–</span>;
  return (
    <span class={isFull(lot) ? 'bar bar-full' : 'bar'}>
      <span class="bar-track" aria-hidden="true">
        <span style={{ width: `${lot.used * 100}%` }} />
      </span>
      <span>
        {formatShare(lot.used)} <span class="quiet">/ {formatInteger(lot.capacity)}</span>
      </span>
    </span>
  );
}
