/** Car parks: the registry's facts joined with the live counts. Pure. */
import type { LotQuality, LotRow, LotView } from '../../../hub/domains/parking/view.ts';
import { foldForSearch } from '../i18n/translate.ts';

/** A lot as the table and the map show it. */
export type LotNow = {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly free: number | null;
  readonly capacity: number | null;
  readonly quality: LotQuality;
  /** Hub time of the count, ms. */
  readonly at: number | null;
  /** Share in use, 0 to 1, when it can be told. */
  readonly used: number | null;
  readonly revenueToday: number | undefined;
};

/** Joins what REST told once with what the live channel says now. */
export function lotsNow(views: readonly LotView[], rows: ReadonlyMap<string, LotRow>): readonly LotNow[] {
  return views.map((view) => {
    const row = rows.get(view.id);
    const free = row === undefined ? view.free : row[1];
    const capacity = row === undefined ? view.capacity : row[2];
    const observed = view.observedAt === null ? null : Date.parse(view.observedAt);
    return {
      id: view.id,
      name: view.name,
      address: view.address,
      lat: view.lat,
      lon: view.lon,
      free,
      capacity,
      quality: row === undefined ? view.quality : row[3],
      at: row === undefined ? observed : row[4] > 0 ? row[4] : null,
      used: free === null || capacity === null || capacity <= 0 ? null : Math.min(1, Math.max(0, 1 - free / capacity)),
      revenueToday: view.revenueToday,
    };
  });
}

/** Whether the count may be read as the present. */
export function isTrusted(lot: LotNow): boolean {
  return lot.free !== null && (lot.quality === 'counted' || lot.quality === 'sessions');
}

export function isFull(lot: LotNow): boolean {
  return isTrusted(lot) && lot.free === 0;
}

/** Lots that hold these words, most free places first; what is not known comes last. */
export function findLots(lots: readonly LotNow[], words: string, onlyFree: boolean): readonly LotNow[] {
  const sought = foldForSearch(words.trim());
  return lots
    .filter((lot) => !onlyFree || (isTrusted(lot) && (lot.free ?? 0) > 0))
    .filter((lot) => sought === '' || foldForSearch(`${lot.name} ${lot.address ?? ''}`).includes(sought))
    .toSorted(
      (a, b) =>
        Number(isTrusted(b)) - Number(isTrusted(a)) || (b.free ?? -1) - (a.free ?? -1) || names.compare(a.name, b.name),
    );
}

const names = new Intl.Collator('vi');
