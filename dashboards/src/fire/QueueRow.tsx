/** One alarm in the queue: how grave, what, where, since when, how sure, who has it. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatElapsed, formatInteger } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Escalation, StandingTags, standingClass } from './Marks.tsx';
import { acceptWithinMs, callsPeople, evidenceOf, isUnaccepted, levelOf, toneOf } from './queue.ts';
import { titleOf, wardsLine } from './title.ts';

type Props = {
  readonly incident: IncidentView;
  /** It changed while this console was away. */
  readonly missed: boolean;
  readonly isSelected: boolean;
  onOpen(id: string): void;
};

export function QueueRow({ incident, missed, isSelected, onOpen }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { outbox } = useApp();
  const level = levelOf(incident.priority);
  const waits = isUnaccepted(incident);
  const tone = toneOf(incident);
  const { what, where } = titleOf(incident, words);
  const { place } = incident;
  const sending = outbox.waiting.value.get(incident.id);
  return (
    <li
      class={`row level-${level} ${waits ? 'unaccepted' : ''} ${sending === undefined ? '' : 'is-sending'} ${standingClass(incident)}`}
    >
      <button
        type="button"
        class="row-button"
        data-incident={incident.id}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => onOpen(incident.id)}
      >
        <Chip level={level} flashing={callsPeople(incident)} tone={tone} />
        <span class="row-main">
          <span class="row-title">
            {/* A drill says so before anything else. */}
            {tone === 'real' ? waits && <b class="tag-new">{t('fire.new')}</b> : <StandingTags incident={incident} />}
            <b>{what}</b>
            {where !== '' && ` · ${where}`}
          </span>
          <span class="row-place">
            {incident.area === undefined ? place?.address : wardsLine(incident, words, 2)}
            {place?.wardName !== undefined && <span class="quiet"> · {place.wardName}</span>}
          </span>
          <Escalation incident={incident} />
          <span class="row-facts">
            <Extent incident={incident} />
            <SourceWord incident={incident} />
            {tone === 'real' && <StandingTags incident={incident} />}
            {missed && <span class="tag">{t('fire.missed')}</span>}
          </span>
        </span>
        <span class="row-side">
          <Elapsed incident={incident} />
          <span class="row-handling">
            {sending === undefined ? t(`handling.${incident.handling}`) : sendingWord(sending.state, t)}
          </span>
          <span class="row-who">{incident.acknowledged?.by ?? t('fire.nobody')}</span>
        </span>
      </button>
    </li>
  );
}

/** How many detectors and how sure; of an area how many devices became this one line, and how many are left. */
function Extent({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t } = useWords();
  const { area } = incident;
  if (area !== undefined) {
    return (
      <>
        <span>{t('fire.area.merged', { members: formatInteger(area.members) })}</span>
        <b class="evidence">{t('fire.area.standing', { standing: formatInteger(area.standing) })}</b>
      </>
    );
  }
  return (
    <>
      <span>{t('fire.detectors', { n: evidenceOf(incident).detectors })}</span>
      <span class={`evidence evidence-${incident.evidence}`}>{t(`evidence.${incident.evidence}`)}</span>
    </>
  );
}

function SourceWord({ incident }: { readonly incident: IncidentView }): JSX.Element | null {
  const { t } = useWords();
  if (incident.source === 'active') return null;
  return isUnaccepted(incident) ? (
    <b class="restored">{t('source.restoredUnaccepted')}</b>
  ) : (
    <span class="quiet">{t('source.restored')}</span>
  );
}

/** The running time; turned over once it is past what this level may wait. */
export function Elapsed({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { store } = useApp();
  const { t, language } = useWords();
  const elapsedMs = store.now.value - incident.raisedAt;
  const isLate = isUnaccepted(incident) && elapsedMs > acceptWithinMs[levelOf(incident.priority)];
  const time = formatElapsed(elapsedMs, language);
  return (
    <span class={isLate ? 'elapsed late' : 'elapsed'} title={t('fire.elapsed', { time })}>
      {time}
    </span>
  );
}

function sendingWord(state: 'sending' | 'unsent' | 'expired' | 'refused', t: ReturnType<typeof useWords>['t']): string {
  switch (state) {
    case 'sending':
      return t('fire.sending');
    case 'unsent':
      return t('fire.unsent');
    case 'expired':
      return t('fire.phone');
    case 'refused':
      return '!';
  }
}
