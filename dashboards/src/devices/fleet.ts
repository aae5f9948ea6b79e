/** The fleet: counts and filters. Pure. */
import type { DeviceView, FleetCounts, Link } from '../../../hub/domains/fleet/view.ts';
import { foldForSearch } from '../i18n/translate.ts';

/** In the order of concern. */
export const links = ['lost', 'late', 'never', 'online'] as const satisfies readonly Link[];

/** What is looked for: each empty when it does not matter. */
export type DeviceFilter = { readonly domain: string; readonly link: string; readonly words: string };

/** Devices that fit, the silent ones first, then by id. */
export function findDevices(devices: readonly DeviceView[], filter: DeviceFilter): readonly DeviceView[] {
  const sought = foldForSearch(filter.words.trim());
  return devices
    .filter((device) => filter.domain === '' || device.domain === filter.domain)
    .filter((device) => filter.link === '' || device.link === filter.link)
    .filter(
      (device) =>
        sought === '' ||
        foldForSearch(`${device.id} ${device.name} ${device.model} ${device.binding?.target ?? ''}`).includes(sought),
    )
    .toSorted((a, b) => links.indexOf(a.link) - links.indexOf(b.link) || (a.id < b.id ? -1 : 1));
}

/** Sums over all domains. */
export function totalCounts(fleet: FleetCounts): Readonly<Record<Link, number>> & { readonly total: number } {
  const sum = { never: 0, online: 0, late: 0, lost: 0, total: 0 };
  for (const counts of Object.values(fleet)) {
    for (const link of links) {
      sum[link] += counts[link];
      sum.total += counts[link];
    }
  }
  return sum;
}
