/** Says aloud when the picture is not the present, what is not sent, and what was caught up. */
import type { JSX } from 'preact';
import { formatClock } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { PathBanner } from './PathBanner.tsx';

// Long enough to be read, short enough not to become furniture.
const returnedShownMs = 20_000;

export function Banner(): JSX.Element {
  return (
    <div class="banners">
      <LinkBanner />
      <PathBanner />
      <UnsentBanner />
      <ReturnedBanner />
    </div>
  );
}

function LinkBanner(): JSX.Element | null {
  const { store } = useApp();
  const { t } = useWords();
  const link = store.link.value;
  if (link.kind !== 'broken' && link.kind !== 'frozen') return null;
  const time = formatClock(link.since);
  // The running seconds must not be read out each second; only the first words are an alert.
  return (
    <div class={`banner banner-${link.kind}`}>
      <span class="sr-only" role="alert">
        {t(`strip.${link.kind}`)}
      </span>
      <span>
        {link.kind === 'broken'
          ? t('banner.broken', { seconds: Math.floor(link.silentMs / 1000), time })
          : t('banner.frozen', { time })}
      </span>
    </div>
  );
}

function UnsentBanner(): JSX.Element | null {
  const { outbox } = useApp();
  const { t } = useWords();
  const all = [...outbox.waiting.value.values()];
  const unsent = all.filter((one) => one.state === 'unsent').length;
  const hasExpired = all.some((one) => one.state === 'expired');
  if (unsent === 0 && !hasExpired) return null;
  return (
    <div class="banner banner-frozen" role="alert">
      {hasExpired ? t('fire.phone') : t('banner.unsent', { n: unsent })}
    </div>
  );
}

function ReturnedBanner(): JSX.Element | null {
  const { store } = useApp();
  const { t } = useWords();
  const returned = store.returned.value;
  if (returned === undefined || store.link.value.kind !== 'live') return null;
  if (store.now.value > 0 && Date.now() - returned.at > returnedShownMs) return null;
  return (
    <div class="banner banner-returned" role="status">
      <span>{t('banner.back', { n: returned.replayed })}</span>
      <button
        type="button"
        class="button small"
        onClick={() => {
          store.returned.value = undefined;
        }}
      >
        {t('banner.dismiss')}
      </button>
    </div>
  );
}
