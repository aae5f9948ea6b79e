/** Many devices with one cause: how many, how many still and too long, in which wards, behind which gateways; and each by name. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AreaView } from '../../../../hub/domains/fire/view.ts';
import { formatInteger } from '../../i18n/format.ts';
import { useDeskWords } from '../desk-words.ts';
import { Members } from './Members.tsx';
import type { MemberState } from './members.ts';
import { memberStates } from './members.ts';
import '../../style/area.css';

// A list for eyes; the wards beyond it have few devices each.
const shownAtMost = 8;

type Props = { readonly incidentId: string; readonly area: AreaView };

export default function AreaCard({ incidentId, area }: Props): JSX.Element {
  const { t } = useDeskWords();
  const [listed, setListed] = useState<MemberState>();
  const { gateways, overdue } = area;
  return (
    <>
      <section class="block">
        <dl class="area-numbers">
          <Figure name={t('area.members')} value={area.members} />
          <Figure name={t('area.standing')} value={area.standing} isBad={area.standing > 0} />
          <Figure name={t('area.overdue')} value={overdue} isBad={overdue > 0} />
        </dl>
        <p class="quiet">{t('area.hint')}</p>
      </section>
      <div class="block two">
        <Ranked
          title={t('fire.area.wards')}
          rows={area.wards.map(({ code, name, members }) => ({
            name: name ?? t('fire.area.unknownWard', { code }),
            members,
          }))}
          none={t('area.noWards')}
        />
        <Ranked
          title={t('area.gateways')}
          rows={gateways.map(({ id, members }) => ({ name: id, members }))}
          none={t('area.noGateways')}
        />
      </div>
      <section class="block">
        <h3>{t('area.list')}</h3>
        <fieldset class="chips" aria-label={t('area.list')}>
          {memberStates.map((state) => (
            <button
              key={state}
              type="button"
              class="chip-button"
              aria-pressed={listed === state}
              onClick={() => setListed(listed === state ? undefined : state)}
            >
              {t(`area.state.${state}`)}
            </button>
          ))}
        </fieldset>
        {listed !== undefined && <Members key={listed} incidentId={incidentId} state={listed} />}
      </section>
    </>
  );
}

type FigureProps = { readonly name: string; readonly value: number; readonly isBad?: boolean };

function Figure({ name, value, isBad = false }: FigureProps): JSX.Element {
  return (
    <div class={isBad ? 'figure bad' : 'figure'}>
      <dt>{name}</dt>
      <dd>{formatInteger(value)}</dd>
    </div>
  );
}

type RankedProps = {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly members: number }[];
  readonly none: string;
};

function Ranked({ title, rows, none }: RankedProps): JSX.Element {
  const { t } = useDeskWords();
  const hidden = rows.length - shownAtMost;
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 && <p class="quiet">{none}</p>}
      <ol class="near">
        {rows.slice(0, shownAtMost).map(({ name, members }) => (
          <li key={name}>
            <span>{name}</span>
            <b>{formatInteger(members)}</b>
          </li>
        ))}
      </ol>
      {hidden > 0 && <p class="quiet">{t('area.more', { n: hidden })}</p>}
    </section>
  );
}
