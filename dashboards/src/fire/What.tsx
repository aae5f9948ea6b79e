/** First: what it is and how sure, with the reasons; real or not; since when. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatMoment, formatShare, formatSpan } from '../i18n/format.ts';
import { useApp } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { useDeskWords } from './desk-words.ts';
import { doubtsOf } from './doubts.ts';
import { StandingTags } from './Marks.tsx';
import { Elapsed } from './QueueRow.tsx';
import { callsPeople, levelOf, toneOf } from './queue.ts';
import { soundingsOf } from './soundings.ts';
import { areaClassOf, titleOf } from './title.ts';

type Props = { readonly incident: IncidentView; readonly isOpen: boolean };

export function What({ incident, isOpen }: Props): JSX.Element {
  const words = useDeskWords();
  const { t, word } = words;
  const { what, where } = titleOf(incident, words);
  const sounding = soundingsOf(incident)
    .map((one) => `${one.count} ${word('class', one.class).toLocaleLowerCase('vi')}`)
    .join(' + ');
  const why = whyOf(incident);
  return (
    <>
      <header class="panel-head">
        <Chip level={levelOf(incident.priority)} flashing={isOpen && callsPeople(incident)} tone={toneOf(incident)} />
        <div>
          <h2>
            {what}
            {where !== '' && ` · ${where}`}
          </h2>
          <p class="sure">
            {incident.area === undefined && (
              <b class={`evidence evidence-${incident.evidence}`}>{t(`evidence.${incident.evidence}`)}</b>
            )}
            {why !== undefined && ` (${word('cause', why)})`}
            {incident.area === undefined && sounding !== '' && ' · '}
            {sounding}
          </p>
        </div>
        {isOpen && <Elapsed incident={incident} />}
      </header>
      <p class="panel-state">
        <span class="tag">{t(`handling.${incident.handling}`)}</span>
        <span class="tag">{t(`source.${incident.source}`)}</span>
        <StandingTags incident={incident} />
        {incident.closed !== undefined && <b>{t(`disposition.${incident.closed.disposition}`)}</b>}
      </p>
      {isOpen && incident.score !== undefined && <Score score={incident.score} />}
      <Doubts incident={incident} />
      <Arrival incident={incident} />
    </>
  );
}

/** Why it is treated as real: two points, or only that nobody has answered. */
function whyOf({ evidence, timeline }: IncidentView): string | undefined {
  const raised = timeline.findLast(({ type }) => type === 'incident.evidenceRaised')?.text?.split(': ');
  return evidence === 'corroborated' && raised?.[0] === 'corroborated' ? raised[1] : undefined;
}

/** It explains and never decides; the reasons matter more than the number. */
function Score({ score }: { readonly score: NonNullable<IncidentView['score']> }): JSX.Element {
  const { t, word } = useDeskWords();
  const { probability, reasons } = score;
  // The rate of lone detectors is true of many alarms and says nothing of this one: shown, it would invite to wait.
  if (reasons.every((reason) => reason.word === 'detector')) return <p class="score">{t('score.lone')}</p>;
  return (
    <p class="score">
      <b>
        {probability < 0.01 ? t('score.low') : t('score.chance', { share: formatShare(Math.min(probability, 0.99)) })}
      </b>
      {reasons.length > 0 && `: ${reasons.map((reason) => word('score', reason.word)).join(', ')}`}
      <span class="quiet"> – {t('score.onlyHint')}</span>
    </p>
  );
}

function Doubts({ incident }: { readonly incident: IncidentView }): JSX.Element | null {
  const { store } = useApp();
  const words = useDeskWords();
  const { t } = words;
  const sentences = [
    ...(incident.isolated === true ? [t('fire.isolatedNote')] : []),
    ...(incident.commLost === undefined ? [] : [t('fire.commLost', { devices: incident.commLost.join(', ') })]),
    ...doubtsOf(incident, words, store.now.value),
  ];
  if (sentences.length === 0) return null;
  return (
    <ul class="doubts" aria-label={t('fire.quality')}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function Arrival({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const now = store.now.value;
  const { receivedAfterMs, acknowledged, history } = incident;
  const earlier = incident.timeline.find(({ type }) => type === 'incident.linked')?.text;
  // An area is raised by the hub itself, and a wrong clock says nothing of the way: then no span is shown.
  const travelled = areaClassOf(incident) === undefined && receivedAfterMs >= 0 && !incident.quality.includes('clock');
  return (
    <p class="panel-note">
      {t('fire.raisedAt')} <b>{formatMoment(incident.raisedAt, now)}</b>
      {travelled && ` · ${t('fire.receivedAfter', { ms: formatSpan(receivedAfterMs) })}`}
      {acknowledged !== undefined &&
        ` · ${t('fire.accepted', { name: acknowledged.by, time: formatMoment(acknowledged.at, now) })}`}
      {history !== undefined && (
        <span class="history">{t('fire.history', { alarms: history.alarms90d, unwanted: history.unwanted90d })}</span>
      )}
      {earlier !== undefined && (
        <a class="earlier" href={`/fire/${encodeURIComponent(earlier)}`}>
          {t('earlier.link')}
        </a>
      )}
      {incident.related?.map(({ incident: id, meters }) => (
        <a key={id} class="earlier" href={`/fire/${encodeURIComponent(id)}`}>
          {t('related.link', { meters })}
        </a>
      ))}
    </p>
  );
}
