/** Many devices with one cause: how many of them still, and in which wards. */
import type { JSX } from 'preact';
import type { AreaView } from '../../../hub/domains/fire/view.ts';
import { formatInteger } from '../i18n/format.ts';
import { useWords } from '../parts/app.tsx';

// A list for eyes; the wards beyond it have few devices each.
const shownAtMost = 12;

export function AreaCard({ area }: { readonly area: AreaView }): JSX.Element {
  const { t } = useWords();
  const hidden = area.wards.length - shownAtMost;
  return (
    <section class="block">
      <h3>{t('fire.area.wards')}</h3>
      <p class="area-sum fact-active">
        {t('fire.area.merged', { members: formatInteger(area.members) })}
        {' · '}
        {t('fire.area.standing', { standing: formatInteger(area.standing) })}
      </p>
      <ul class="near">
        {area.wards.slice(0, shownAtMost).map(({ code, name, members }) => (
          <li key={code}>
            <span>{name ?? t('fire.area.unknownWard', { code })}</span>
            <b>{formatInteger(members)}</b>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="quiet">{t('fire.area.more', { n: hidden })}</p>}
    </section>
  );
}
