/** The start of the shift: without one click a browser stays mute. */
import type { JSX } from 'preact';
import { useApp, useWords } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';

export function SoundGate(): JSX.Element | null {
  const { ringer } = useApp();
  const { t } = useWords();
  if (ringer.isRunning.value) return null;
  return (
    <section class="sound-gate" aria-label={t('sound.gate.title')}>
      <div>
        <h2>{t('sound.gate.title')}</h2>
        <p>{t('sound.gate.text')}</p>
      </div>
      <button type="button" class="button primary" onClick={() => void ringer.start()}>
        <Icon name="sound" />
        {t('sound.gate.button')}
      </button>
    </section>
  );
}
