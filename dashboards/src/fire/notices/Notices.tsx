/** Who was told outside the screens, by which channel, and what came of it; sending again. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatMoment } from '../../i18n/format.ts';
import { HubProblem } from '../../live/hub.ts';
import { useApp } from '../../parts/app.tsx';
import { useResource } from '../../parts/resource.ts';
import { Loaded } from '../../parts/States.tsx';
import { useDeskWords } from '../desk-words.ts';
import type { Delivery, Notice } from './notice.ts';
import { deliveryWord } from './notice.ts';
import '../../style/notices.css';

// A delivery that waits is tried again within seconds.
const readAgainMs = 10_000;

type Props = { readonly incidentId: string; readonly again: string; readonly mayResend: boolean };

export default function Notices({ incidentId, again, mayResend }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [resent, setResent] = useState(0);
  const notices = useResource<{ readonly items: readonly Notice[] }>(
    `notices/${incidentId}/${again}/${resent}`,
    () => store.hub.get(`/notices?incident=${encodeURIComponent(incidentId)}`),
    readAgainMs,
  );
  return (
    <section class="block">
      <h3>{t('notices.title')}</h3>
      <Loaded resource={notices}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">{t('notices.none')}</p>
          ) : (
            <ol class="notices">
              {items.map((notice) => (
                <Row
                  key={notice.id}
                  notice={notice}
                  mayResend={mayResend}
                  onResent={() => setResent((count) => count + 1)}
                />
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}

type RowProps = { readonly notice: Notice; readonly mayResend: boolean; onResent(): void };

function Row({ notice, mayResend, onResent }: RowProps): JSX.Element {
  const { store } = useApp();
  const { t, word, language } = useDeskWords();
  const [fault, setFault] = useState<string>();
  const resend = (): void => {
    setFault(undefined);
    store.hub.post(`/notices/${encodeURIComponent(notice.id)}/resend`, {}).then(onResent, (error: unknown) => {
      const isProblem = error instanceof HubProblem;
      setFault(
        isProblem && error.status === 409
          ? t('notices.notOutside')
          : t('load.failed', { reason: isProblem ? error.message : t('load.unreachable') }),
      );
    });
  };
  return (
    <li>
      <p class="notice-head" title={notice.text[language]}>
        <time>{formatMoment(Date.parse(notice.at), store.now.value)}</time>
        <b>{word('audience', notice.audience)}</b>
        <span class="quiet">{word('step', notice.step)}</span>
        {mayResend && (
          <button type="button" class="button small" onClick={resend}>
            {t('notices.resend')}
          </button>
        )}
      </p>
      <ul class="deliveries">
        {notice.deliveries.map((delivery) => (
          <DeliveryLine key={delivery.channel} delivery={delivery} />
        ))}
        {notice.deliveries.length === 0 && <li class="doubt-word">{t('notices.noChannel')}</li>}
      </ul>
      {fault !== undefined && (
        <p class="field-error" role="alert">
          {fault}
        </p>
      )}
    </li>
  );
}

function DeliveryLine({ delivery }: { readonly delivery: Delivery }): JSX.Element {
  const { t, word } = useDeskWords();
  const said = deliveryWord(delivery);
  return (
    <li class={`delivery delivery-${said}`}>
      {word('channel', delivery.channel)}: <b>{word('delivery', said)}</b>
      {delivery.attempts > 1 && ` · ${t('notices.attempts', { n: delivery.attempts })}`}
      {delivery.lastError !== null && said !== 'delivered' && <span class="quiet"> · {delivery.lastError}</span>}
      {delivery.resentBy !== null && <span class="quiet"> · {t('notices.resentBy', { name: delivery.resentBy })}</span>}
    </li>
  );
}
