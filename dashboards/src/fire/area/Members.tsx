/** The devices by name, those longest in trouble first, a page at a time. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatInteger, formatMoment } from '../../i18n/format.ts';
import { HubProblem } from '../../live/hub.ts';
import { useApp } from '../../parts/app.tsx';
import { Loading } from '../../parts/States.tsx';
import { useDeskWords } from '../desk-words.ts';
import type { Member, MemberPage, MemberState } from './members.ts';

const pageSize = 50;

type Loaded = { readonly items: readonly Member[]; readonly next: string | null };
type Props = { readonly incidentId: string; readonly state: MemberState };

export function Members({ incidentId, state }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [loaded, setLoaded] = useState<Loaded>();
  const [fault, setFault] = useState<string>();
  const read = (cursor: string | null): void => {
    const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    store.hub
      .get<MemberPage>(`/incidents/${encodeURIComponent(incidentId)}/members?state=${state}&limit=${pageSize}${after}`)
      .then(
        (page) => {
          setFault(undefined);
          setLoaded((old) => ({
            items: [...(cursor === null ? [] : (old?.items ?? [])), ...page.items],
            next: page.next,
          }));
        },
        (error: unknown) => setFault(error instanceof HubProblem ? error.message : t('load.unreachable')),
      );
  };
  useEffect(() => read(null), [incidentId, state]);
  if (fault !== undefined) {
    return (
      <p class="field-error" role="alert">
        {t('load.failed', { reason: fault })}{' '}
        <button type="button" class="button small" onClick={() => read(null)}>
          {t('load.retry')}
        </button>
      </p>
    );
  }
  if (loaded === undefined) return <Loading />;
  if (loaded.items.length === 0) return <p class="quiet">{t('area.nobody')}</p>;
  return (
    <>
      <ul class="members">
        {loaded.items.map((member) => (
          <Row key={member.device} member={member} />
        ))}
      </ul>
      <p class="quiet">{t('area.shown', { n: formatInteger(loaded.items.length) })}</p>
      {loaded.next !== null && (
        <button type="button" class="button" onClick={() => read(loaded.next)}>
          {t('area.next')}
        </button>
      )}
    </>
  );
}

function Row({ member }: { readonly member: Member }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const now = store.now.value;
  return (
    <li>
      <span>
        <a href={`/devices/${encodeURIComponent(member.device)}`}>{member.device}</a>
        {member.place !== null && ` · ${member.place.address}`}
        {member.gateway !== null && <span class="quiet"> · {member.gateway}</span>}
      </span>
      <span class="quiet">
        {t('area.since', { time: formatMoment(Date.parse(member.since), now) })}
        {member.restoredAt !== null &&
          ` · ${t('area.restored', { time: formatMoment(Date.parse(member.restoredAt), now) })}`}
      </span>
    </li>
  );
}
