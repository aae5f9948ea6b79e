/** Who sits here, in which language and light. */
import type { JSX } from 'preact';
import { useApp, useWords } from '../parts/app.tsx';
import { keepToken } from '../parts/settings.ts';

export function UserMenu(): JSX.Element {
  const { settings, store } = useApp();
  const { t } = useWords();
  const session = store.session.value;
  const signOut = (): void => {
    keepToken(undefined);
    location.assign('/');
  };
  return (
    <>
      <fieldset class="switch">
        <legend class="sr-only">{t('strip.language')}</legend>
        {(['vi', 'en'] as const).map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={settings.language.value === language}
            onClick={() => {
              settings.language.value = language;
            }}
          >
            {language.toUpperCase()}
          </button>
        ))}
      </fieldset>
      <details class="menu">
        <summary>{session.kind === 'known' ? session.me.name : t('strip.guest')}</summary>
        <div class="menu-box">
          {session.kind === 'known' && <p class="quiet">{session.me.roles.join(', ')}</p>}
          <label>
            {t('strip.theme')}
            <select
              value={settings.theme.value}
              onChange={(event) => {
                const { value } = event.currentTarget;
                settings.theme.value = value === 'light' || value === 'dark' ? value : 'auto';
              }}
            >
              {(['auto', 'dark', 'light'] as const).map((theme) => (
                <option key={theme} value={theme}>
                  {t(`theme.${theme}`)}
                </option>
              ))}
            </select>
          </label>
          {session.kind === 'known' ? (
            <button type="button" class="button" onClick={signOut}>
              {t('strip.signOut')}
            </button>
          ) : (
            <a class="button" href="/fire">
              {t('strip.signIn')}
            </a>
          )}
        </div>
      </details>
    </>
  );
}
