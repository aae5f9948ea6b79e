/** What stands around every screen: the strip, the rail, the state of the connection, the help. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApp, useWords } from '../parts/app.tsx';
import { useIsDark } from '../parts/theme.ts';
import { Banner } from './Banner.tsx';
import { useGoKeys } from './go-keys.ts';
import { Help } from './Help.tsx';
import { Rail } from './Rail.tsx';
import { Strip } from './Strip.tsx';

export function Frame({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const { store } = useApp();
  const { language, t } = useWords();
  const { path } = useLocation();
  const isDark = useIsDark();
  const [helpOpen, setHelpOpen] = useState(false);
  const isFrozen = store.link.value.kind === 'frozen';
  useGoKeys(() => setHelpOpen(true));

  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    document.title = titleOf(path, t);
  }, [language, isDark, path, t]);

  return (
    <div class="frame">
      <a class="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Strip onHelp={() => setHelpOpen(true)} />
      <Rail />
      <main id="main" class={isFrozen ? 'main frozen' : 'main'} tabIndex={-1}>
        <Banner />
        {children}
      </main>
      {helpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

function titleOf(path: string, t: ReturnType<typeof useWords>['t']): string {
  const screen = path.split('/')[1];
  switch (screen) {
    case 'fire':
    case 'city':
    case 'bus':
    case 'parking':
    case 'devices':
      return `${t(`nav.${screen}`)} · Nhịp`;
    default:
      return 'Nhịp';
  }
}
