/** Car parks on the map. Pure. */
import { formatInteger } from '../i18n/format.ts';
import type { MapPoint } from '../map/points.ts';
import type { Words } from '../parts/app.tsx';
import type { LotNow } from './lots.ts';
import { isFull, isTrusted } from './lots.ts';

export function lotPoints(lots: readonly LotNow[], t: Words['t']): MapPoint[] {
  return lots.map((lot) => {
    const trusted = isTrusted(lot);
    const state = isFull(lot)
      ? t('parking.full')
      : trusted
        ? `${t('parking.free')} ${formatInteger(lot.free ?? 0)}`
        : t(`parking.quality.${lot.quality}`);
    return {
      id: lot.id,
      kind: 'lot',
      lat: lot.lat,
      lon: lot.lon,
      title: `${lot.name} · ${state}`,
      stale: !trusted,
      text: trusted ? formatInteger(lot.free ?? 0) : '?',
      ...(trusted && lot.used !== null ? { used: lot.used } : {}),
    };
  });
}
