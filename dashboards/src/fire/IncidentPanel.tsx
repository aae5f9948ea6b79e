/** One incident: what to do first, then all that is known. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatMoment, formatSpan } from '../i18n/format.ts';
import { mayDo } from '../live/store.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { later } from '../parts/Later.tsx';
import { useResource } from '../parts/resource.ts';
import { Empty, Loading } from '../parts/States.tsx';
import { AreaCard } from './AreaCard.tsx';
import { Escalation, StandingTags, standingClass, Watermark } from './Marks.tsx';
import { PlaceCard } from './PlaceCard.tsx';
import type { RestIncident } from './past.ts';
import { fromRest } from './past.ts';
import { Elapsed } from './QueueRow.tsx';
import { callsPeople, levelOf, toneOf } from './queue.ts';
import { Receipts, Timeline } from './Records.tsx';
import { areaClassOf, lineTitle, wardsLine } from './title.ts';
import { Verbs } from './Verbs.tsx';

const BreakGlass = later(() => import('./BreakGlass.tsx'));

type Props = { readonly id: string; onClose(): void };

export function IncidentPanel({ id, onClose }: Props): JSX.Element {
  const { store } = useApp();
  const words = useWords();
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
  const words = useWords();
  const { t } = words;
  const { store } = useApp();
  const { place } = incident;
  const session = store.session.value;
  const mayAct = mayDo(session, 'fire.act');
  return (
    <>
      <Watermark incident={incident} />
      <header class="panel-head">
        <Chip level={levelOf(incident.priority)} flashing={isOpen && callsPeople(incident)} tone={toneOf(incident)} />
        <div>
          <h2>{lineTitle(incident, words)}</h2>
          <p>
            {incident.area === undefined ? place?.address : wardsLine(incident, words, 3)}
            {place?.wardName !== undefined && <span class="quiet"> · {place.wardName}</span>}
          </p>
        </div>
        {isOpen && <Elapsed incident={incident} />}
      </header>
      <p class="panel-state">
        <span class={`evidence evidence-${incident.evidence}`}>{t(`evidence.${incident.evidence}`)}</span>
        <span class="tag">{t(`handling.${incident.handling}`)}</span>
        <span class="tag">{t(`source.${incident.source}`)}</span>
        <StandingTags incident={incident} />
        {isOpen && <Escalation incident={incident} />}
        {incident.closed !== undefined && <b>{t(`disposition.${incident.closed.disposition}`)}</b>}
      </p>
      {isOpen && mayAct && <Verbs incident={incident} />}
      <Arrival incident={incident} />
      {incident.area !== undefined && <AreaCard area={incident.area} />}
      {incident.points.length > 0 && <Points incident={incident} />}
      {isOpen && place !== null && mayDo(session, 'people.read') && <BreakGlass incidentId={incident.id} />}
      {place !== null && <PlaceCard place={place} />}
      <Timeline incident={incident} />
      <Receipts incident={incident} />
    </>
  );
}

function Arrival({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const late = incident.receivedAfterMs;
  return (
    <p class="panel-note">
      {t('fire.raisedAt')} <b>{formatMoment(incident.raisedAt, store.now.value)}</b>
      {/* An area is raised by the hub itself: nothing travelled. */}
      {areaClassOf(incident) === undefined &&
        ` · ${t(late < 0 ? 'fire.clockAhead' : 'fire.receivedAfter', { ms: formatSpan(late) })}`}
      {incident.acknowledged !== undefined &&
        ` · ${t('fire.accepted', {
          name: incident.acknowledged.by,
          time: formatMoment(incident.acknowledged.at, store.now.value),
        })}`}
      {incident.history !== undefined && (
        <span class="history">
          {t('fire.history', { alarms: incident.history.alarms90d, unwanted: incident.history.unwanted90d })}
        </span>
      )}
      {incident.isolated === true && <span class="doubts">{t('fire.isolatedNote')}</span>}
      {incident.commLost !== undefined && (
        <span class="doubts">{t('fire.commLost', { devices: incident.commLost.join(', ') })}</span>
      )}
      {incident.quality.length > 0 && (
        <span class="doubts">
          {t('fire.quality')}: {incident.quality.map((doubt) => word('quality', doubt)).join(', ')}
        </span>
      )}
    </p>
  );
}

function Points({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const now = store.now.value;
  return (
    <section class="block">
      <h3>{t('fire.points')}</h3>
      <ul class="facts">
        {incident.points.map((point) => (
          <li key={`${point.deviceId}/${point.point}`}>
            <b>{word('class', point.class)}</b> <a href={`/devices/${point.deviceId}`}>{point.deviceId}</a>
            {point.point !== '' && ` · ${point.point}`} · {formatMoment(point.since, now)}
            {point.count > 1 && ` · ${t('fire.point.count', { n: point.count })}`}
            {point.chattering === true && <b class="tag">{t('fire.chattering')}</b>}
            <span class={point.restoredAt === undefined ? 'fact-active' : 'quiet'}>
              {' · '}
              {point.restoredAt === undefined
                ? t('fire.point.active')
                : t('fire.point.restored', { time: formatMoment(point.restoredAt, now) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
