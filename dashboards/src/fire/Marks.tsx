/** What must not be overlooked on an incident: that it is no real one, that it is isolated, who is told next. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatElapsed } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { isUnaccepted } from './queue.ts';

/** Drill, test, isolation, a dead line: as tags of the row. */
export function StandingTags({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t } = useWords();
  const { status } = incident;
  return (
    <>
      {status !== undefined && status !== 'actual' && <b class={`tag tag-${status}`}>{t(`fire.status.${status}`)}</b>}
      {incident.isolated === true && <b class="tag">{t('fire.isolated')}</b>}
      {incident.commLost !== undefined && <b class="tag tag-lost">{t('fire.commLostShort')}</b>}
      {incident.synthetic && <span class="tag">{t('fire.synthetic')}</span>}
    </>
  );
}

/** Across the panel's head when the incident is a drill or a test. */
export function Watermark({ incident }: { readonly incident: IncidentView }): JSX.Element | null {
  const { t } = useWords();
  const { status } = incident;
  if (status === undefined || status === 'actual') return null;
  const mark = t(`fire.status.${status}`);
  return (
    <>
      <p class={`watermark watermark-${status}`}>
        {mark} <span>{t(`fire.statusHint.${status}`)}</span>
      </p>
      {/* Behind everything, so that no part of the panel can be read without it. */}
      <div class="watermark-behind" aria-hidden="true">
        {Array.from({ length: 6 }, (_, index) => (
          <span key={index} data-mark={mark} />
        ))}
      </div>
    </>
  );
}

/** Who is told next, and when, if nobody does anything. */
export function Escalation({ incident }: { readonly incident: IncidentView }): JSX.Element | null {
  const { store } = useApp();
  const { t, word, language } = useWords();
  const { escalation } = incident;
  if (escalation === undefined) return null;
  const { step, next, nextAt } = escalation;
  if (next === undefined || nextAt === undefined) {
    // Once somebody has it, who was told before is for the time line.
    if (!isUnaccepted(incident)) return null;
    return <span class="escalation">{t('fire.escalated', { step: word('step', step) })}</span>;
  }
  const time = formatElapsed(nextAt - store.now.value, language);
  const blanks = { time, step: word('step', next) };
  return (
    <span class="escalation" title={t('fire.escalationTitle', blanks)}>
      {t('fire.escalation', blanks)}
    </span>
  );
}

/** How a row or panel is framed: a drill in blue, a test dashed, an isolated one in grey. */
export function standingClass(incident: IncidentView): string {
  if (incident.isolated === true) return 'is-isolated';
  return incident.status === undefined || incident.status === 'actual' ? '' : `is-${incident.status}`;
}
