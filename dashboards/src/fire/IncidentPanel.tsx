/** One incident, in the order in which a responder needs it: what, where, how to get in, who, what burns, what to do. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { mayDo } from '../live/store.ts';
import { useApp } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { later } from '../parts/Later.tsx';
import { useResource } from '../parts/resource.ts';
import { Empty, Loading } from '../parts/States.tsx';
import { ActionBar } from './ActionBar.tsx';
import { Around, Contacts } from './Around.tsx';
import { useDeskWords } from './desk-words.ts';
import type { Ledger } from './ledger.ts';
import { standingClass, Watermark } from './Marks.tsx';
import { OutLinks } from './OutLinks.tsx';
import type { RestIncident } from './past.ts';
import { fromRest } from './past.ts';
import { Points, Receipts, Reports, Timeline } from './Records.tsx';
import { lineTitle } from './title.ts';
import { What } from './What.tsx';
import { WayIn, Where } from './Where.tsx';

const BreakGlass = later(() => import('./BreakGlass.tsx'));
const AreaCard = later(() => import('./area/AreaCard.tsx'));
const Notices = later(() => import('./notices/Notices.tsx'));

type Props = { readonly id: string; onClose(): void };

export function IncidentPanel({ id, onClose }: Props): JSX.Element {
  const { store } = useApp();
  const words = useDeskWords();
  const { t } = words;
  const state = store.fire.value;
  const open = state.incidents.get(id)?.incident;
  const closed = state.lastClosed?.id === id ? state.lastClosed : undefined;
  // One that is closed is no longer live; it is still there to be read.
  const past = useResource<IncidentView>(
    state.ready && open === undefined && closed === undefined ? id : undefined,
    () => store.hub.get<RestIncident>(`/incidents/${encodeURIComponent(id)}`).then(fromRest),
  );
  useKeys((key) => {
    if (key === 'Escape') onClose();
    return key === 'Escape';
  });
  const incident = open ?? closed ?? (past.kind === 'ready' ? past.value : undefined);
  return (
    <aside
      class={incident === undefined ? 'panel' : `panel ${standingClass(incident)}`}
      aria-label={incident === undefined ? t('fire.goneLoading') : (incident.place?.name ?? lineTitle(incident, words))}
    >
      <button type="button" class="icon-button panel-close" aria-label={t('fire.close')} title="Esc" onClick={onClose}>
        <Icon name="close" />
      </button>
      {incident !== undefined ? (
        <Body incident={incident} isOpen={open !== undefined} />
      ) : past.kind === 'failed' ? (
        <Empty>
          <p>{t('fire.gone')}</p>
        </Empty>
      ) : (
        <Loading />
      )}
    </aside>
  );
}

function Body({ incident, isOpen }: { readonly incident: IncidentView; readonly isOpen: boolean }): JSX.Element {
  const { store } = useApp();
  const session = store.session.value;
  const mayAct = mayDo(session, 'fire.act');
  const { id, place, area } = incident;
  // Asked again whenever the incident changed: each change adds hops.
  const ledger = useResource<{ readonly receipts?: Ledger }>(
    `${id}/${incident.lastEventAt}/${incident.timeline.length}`,
    () => store.hub.get(`/incidents/${encodeURIComponent(id)}`),
  );
  const hops = ledger.kind === 'ready' ? (ledger.value.receipts ?? []) : undefined;
  return (
    <>
      <Watermark incident={incident} />
      <What incident={incident} isOpen={isOpen} />
      {area !== undefined && <AreaCard incidentId={id} area={area} />}
      {place !== null && (
        <>
          <Where place={place} points={incident.points} />
          <WayIn place={place} />
          {isOpen && isHouse(place.id) && mayDo(session, 'people.read') && <BreakGlass incidentId={id} />}
          <Contacts place={place} />
          <Around place={place} />
        </>
      )}
      <Reports incident={incident} mayAct={isOpen && mayAct} />
      <Points incident={incident} mayAct={isOpen && mayAct} />
      <Timeline incident={incident} />
      <Notices incidentId={id} again={`${incident.timeline.length}`} mayResend={mayAct} />
      <Receipts ledger={hops ?? []} />
      <OutLinks incident={incident} />
      {isOpen && <ActionBar incident={incident} ledger={hops} mayAct={mayAct} />}
    </>
  );
}

/** A device that is bound to no place stands under its own name; nobody lives there. */
function isHouse(placeId: string): boolean {
  return !placeId.startsWith('device:');
}
