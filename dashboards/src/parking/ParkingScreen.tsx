/** Car parks, for everybody: how many places are free, how sure that is, how old. Money only for those who may see it. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { LotView } from '../../../hub/domains/parking/view.ts';
import { formatInteger } from '../i18n/format.ts';
import { mayDo } from '../live/store.ts';
import { MapSurface } from '../map/MapSurface.tsx';
import { useApp, useWords } from '../parts/app.tsx';
import { useQuery } from '../parts/query.ts';
import { useResource } from '../parts/resource.ts';
import { Empty, Loaded } from '../parts/States.tsx';
import { LotTable } from './LotTable.tsx';
import { lotPoints } from './lot-points.ts';
import type { LotNow } from './lots.ts';
import { findLots, isTrusted, lotsNow } from './lots.ts';
import '../style/parking.css';

// Free places come live; takings and new lots with this.
const takingsAgainMs = 30_000;

export default function ParkingScreen(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  useEffect(() => store.watchLots({}), [store]);
  // The session decides whether money is in the answer, so it is asked again when it is known.
  const lots = useResource(
    `lots/${store.session.value.kind}`,
    () => store.hub.get<{ readonly items: readonly LotView[] }>('/parking/lots?limit=1000'),
    takingsAgainMs,
  );
  return (
    <Loaded resource={lots}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>
            <h1>{t('parking.title')}</h1>
            <p>{t('parking.empty')}</p>
          </Empty>
        ) : (
          <Lots lots={lotsNow(items, store.lots.value.rows)} />
        )
      }
    </Loaded>
  );
}

function Lots({ lots }: { readonly lots: readonly LotNow[] }): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const query = useQuery();
  const words = query.get('q');
  const onlyFree = query.get('free') === '1';
  const chosen = query.get('lot');
  const showMoney = mayDo(store.session.value, 'parking.money');
  const shown = findLots(lots, words, onlyFree);
  const trusted = lots.filter(isTrusted);
  const free = trusted.reduce((sum, lot) => sum + (lot.free ?? 0), 0);
  const chosenLot = lots.find((lot) => lot.id === chosen);
  return (
    <div class={showMoney ? 'split with-money' : 'split wide-side'}>
      <div class="side">
        <div class="side-head">
          <h1>{t('parking.title')}</h1>
          <p class="summary">
            {t('parking.summary', { free: formatInteger(free), n: `${trusted.length}/${lots.length}` })}
          </p>
          <input
            type="search"
            aria-label={t('parking.search')}
            placeholder={t('parking.search')}
            value={words}
            onInput={(event) => query.set({ q: event.currentTarget.value })}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={onlyFree}
              onChange={(event) => query.set({ free: event.currentTarget.checked ? '1' : '' })}
            />
            {t('parking.onlyFree')}
          </label>
        </div>
        <LotTable lots={shown} chosen={chosen} showMoney={showMoney} onChoose={(id) => query.set({ lot: id })} />
      </div>
      <MapSurface
        label={t('parking.title')}
        points={lotPoints(shown, t)}
        selected={chosen === '' ? undefined : chosen}
        onPick={(point) => query.set({ lot: point.id })}
        frame={
          chosenLot && {
            key: chosenLot.id,
            bounds: [chosenLot.lon - 0.006, chosenLot.lat - 0.006, chosenLot.lon + 0.006, chosenLot.lat + 0.006],
          }
        }
      />
    </div>
  );
}
