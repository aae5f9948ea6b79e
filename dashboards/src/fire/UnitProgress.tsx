/** How far the dispatched units have come: one button a stage, pressed once. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatClock } from '../i18n/format.ts';
import { useWords } from '../parts/app.tsx';

const stages = ['enRoute', 'onScene', 'underControl'] as const;
type Props = { readonly incident: IncidentView; onSend(body: object): void };

export function UnitProgress({ incident, onSend }: Props): JSX.Element | null {
  const { t } = useWords();
  if (incident.handling !== 'dispatched') return null;
  return (
    <fieldset class="unit-progress">
      <legend>
        {t('fire.progress')}: <b>{incident.dispatched?.units}</b>
      </legend>
      {stages.map((stage) => {
        const said = incident.progress?.find((one) => one.stage === stage);
        return (
          <button
            key={stage}
            type="button"
            class="button unit-button"
            disabled={said !== undefined}
            onClick={() => onSend({ stage })}
          >
            {t(`stage.${stage}`)} {said !== undefined && <time>{formatClock(said.at)}</time>}
          </button>
        );
      })}
    </fieldset>
  );
}
