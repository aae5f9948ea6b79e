/** Keys and signs. */
import type { JSX } from 'preact';
import { useApp, useWords } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Dialog } from '../parts/Dialog.tsx';

export function Help({ onClose }: { onClose(): void }): JSX.Element {
  const { settings } = useApp();
  const { t, word } = useWords();
  const keys: readonly (readonly [string, string])[] = [
    ['G F · G C · G B · G P · G D', t('keys.go')],
    ['J · K', t('keys.queue')],
    ['Enter', t('keys.open')],
    ['A', t('verb.acknowledge')],
    ['V', t('verb.verify')],
    ['X', t('verb.refute')],
    ['D', t('verb.dispatch')],
    ['N', t('verb.note')],
    ['R', t('verb.resolve')],
    ['E', t('verb.close')],
    ['M', t('keys.mute')],
    ['/', t('keys.filter')],
    ['?', t('keys.help')],
  ];
  return (
    <Dialog title={t('strip.help')} onClose={onClose}>
      <h3>{t('keys.title')}</h3>
      <dl class="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={settings.keys.value}
          onChange={(event) => {
            settings.keys.value = event.currentTarget.checked;
          }}
        />
        {t('keys.enabled')}
      </label>
      <h3>{t('help.legend')}</h3>
      <ul class="legend">
        {([1, 2, 3, 4] as const).map((level) => (
          <li key={level}>
            <Chip level={level} /> {word('level', String(level))}
          </li>
        ))}
      </ul>
      <p class="stale-sample">{t('help.age')}</p>
    </Dialog>
  );
}
