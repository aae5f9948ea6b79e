/** What an incident is called: the class and the place, or for many devices with one cause the trouble and their number. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatInteger } from '../i18n/format.ts';
import type { Words } from '../parts/app.tsx';
import { evidenceOf } from './queue.ts';

type Speaks = Pick<Words, 't' | 'word'>;

export type Title = { readonly what: string; readonly where: string };

/** `what` stands in bold; `where` is the place's name, empty for an area. */
export function titleOf(incident: IncidentView, { t, word }: Speaks): Title {
  const trouble = areaClassOf(incident);
  if (trouble === undefined) {
    const where = incident.place?.name ?? t('fire.noPlace', { id: incident.subject });
    return { what: word('class', evidenceOf(incident).class), where };
  }
  const name = word('class.trouble', trouble);
  if (incident.area === undefined) return { what: name, where: '' };
  return { what: t('fire.area.title', { class: name, count: formatInteger(incident.area.members) }), where: '' };
}

/** The title in one line. */
export function lineTitle(incident: IncidentView, words: Speaks): string {
  const { what, where } = titleOf(incident, words);
  return where === '' ? what : `${what} · ${where}`;
}

/** The trouble that an area's devices share; `undefined` for an incident of one place. A closed one is told by its subject. */
export function areaClassOf({ area, subject }: Pick<IncidentView, 'area' | 'subject'>): string | undefined {
  return area?.class ?? /^area:(.+)$/.exec(subject)?.[1];
}

/** The wards with most devices in words: `Hoàn Kiếm 412, Ba Đình 398 và 12 phường, xã nữa`. */
export function wardsLine({ area }: IncidentView, { t }: Speaks, shown: number): string {
  const wards = area?.wards ?? [];
  const named = wards
    .slice(0, shown)
    .map(({ code, name, members }) => `${name ?? t('fire.area.unknownWard', { code })} ${formatInteger(members)}`);
  const hidden = wards.length - named.length;
  return named.join(', ') + (hidden > 0 ? ` ${t('fire.area.more', { n: hidden })}` : '');
}
