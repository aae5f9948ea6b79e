/** Second and third: where, as people there say it, how far the address may be trusted, and how to get in. */
import type { JSX } from 'preact';
import type { IncidentPlaceView, PointView } from '../../../hub/domains/fire/view.ts';
import { formatInteger, formatTenths } from '../i18n/format.ts';
import { useDeskWords } from './desk-words.ts';
import { pointText } from './line-text.ts';
import { Pair } from './Pair.tsx';

type Props = { readonly place: IncidentPlaceView; readonly points: readonly PointView[] };

export function Where({ place, points }: Props): JSX.Element {
  const words = useDeskWords();
  const { t, word } = words;
  const { alleyChain, unit, formerNames = [] } = place;
  const rooms = [...new Set(points.map(({ point }) => point))].filter((name) => name !== '');
  return (
    <section class="block">
      <h3>{t('where.title')}</h3>
      <p class="where-address">
        <b>{alleyChain ?? (place.address === '' ? place.name : place.address)}</b>
        {unit !== undefined && ` · ${unit}`}
        {place.wardName !== undefined && ` · ${place.wardName}`}
      </p>
      <p>
        <span class={`badge badge-${place.bindingState}`}>{t(`fire.binding.${place.bindingState}`)}</span>
      </p>
      <dl class="pairs">
        {alleyChain !== undefined && <Pair name={t('where.address')}>{place.address}</Pair>}
        {rooms.length > 0 && (
          <Pair name={t('where.points')}>{rooms.map((name) => pointText(name, words)).join(', ')}</Pair>
        )}
        {place.use !== undefined && <Pair name={t('fire.place.use')}>{word('use', place.use)}</Pair>}
        {formerNames.length > 0 && (
          <Pair name={t('where.formerly')}>{formerNames.map(({ value }) => value).join(' · ')}</Pair>
        )}
        <Pair name={t('fire.place.id')}>{place.id}</Pair>
      </dl>
    </section>
  );
}

// Below this no fire engine passes; it says so instead of leaving the reader to compare.
const truckWidthMeters = 3.5;

export function WayIn({ place }: { readonly place: IncidentPlaceView }): JSX.Element {
  const { t } = useDeskWords();
  const { footMeters, alleyWidthMeters, entrances = [], secondExit, gate, barredBalcony } = place;
  const isNarrow = alleyWidthMeters !== undefined && alleyWidthMeters < truckWidthMeters;
  return (
    <section class="block">
      <h3>{t('way.title')}</h3>
      <p class="way-main">
        {footMeters === undefined ? t('way.footUnknown') : t('way.foot', { meters: formatInteger(footMeters) })}
        {' · '}
        {alleyWidthMeters === undefined
          ? t('way.widthUnknown')
          : t('way.width', { meters: formatTenths(alleyWidthMeters) })}
        {isNarrow && <b class="doubt-word"> {t('way.narrow')}</b>}
      </p>
      <dl class="pairs">
        {gate !== undefined && <Pair name={t('way.gate')}>{gate}</Pair>}
        {entrances.length > 0 && <Pair name={t('way.entrances')}>{entrances.map(({ name }) => name).join(', ')}</Pair>}
        <Pair name={t('way.secondExit')}>{secondExit ?? t('way.unknown')}</Pair>
        {barredBalcony !== undefined && (
          <Pair name={t('way.balcony')}>{t(barredBalcony ? 'way.barred' : 'way.notBarred')}</Pair>
        )}
      </dl>
    </section>
  );
}
