/** An empty queue explains its silence: when the last alarm was, and how many detectors would speak. */
import type { JSX } from 'preact';
import { formatInteger, formatMoment } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Empty } from '../parts/States.tsx';

export function QueueEmpty(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const last = store.fire.value.lastClosed;
  const fire = store.ops.value.fleet.fire;
  return (
    <Empty>
      <p class="empty-title">{t('fire.empty')}</p>
      {last !== undefined && (
        <p>
          {t('fire.emptyLast', {
            time: formatMoment(last.raisedAt, store.now.value),
            disposition: t(`disposition.${last.closed?.disposition ?? 'unknown'}`),
          })}
        </p>
      )}
      {fire === undefined ? (
        <p>{t('fire.emptyFleetUnknown')}</p>
      ) : (
        <p>
          <a href="/devices?domain=fire&link=lost">
            {t('fire.emptyFleet', {
              online: formatInteger(fire.online + fire.late),
              total: formatInteger(fire.online + fire.late + fire.lost + fire.never),
              lost: formatInteger(fire.lost),
            })}
          </a>
        </p>
      )}
    </Empty>
  );
}
