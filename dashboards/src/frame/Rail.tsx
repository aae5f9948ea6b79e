/** The way from screen to screen. On a phone it lies at the bottom. */
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useWords } from '../parts/app.tsx';
import type { IconName } from '../parts/Icon.tsx';
import { Icon } from '../parts/Icon.tsx';

const screens = ['fire', 'city', 'bus', 'parking', 'devices'] as const satisfies readonly IconName[];

export function Rail(): JSX.Element {
  const { t } = useWords();
  const { path } = useLocation();
  return (
    <nav class="rail" aria-label={t('nav.label')}>
      {screens.map((screen) => {
        const isHere = path === `/${screen}` || path.startsWith(`/${screen}/`);
        return (
          <a key={screen} href={`/${screen}`} aria-current={isHere ? 'page' : undefined}>
            <Icon name={screen} />
            <span>{t(`nav.${screen}`)}</span>
          </a>
        );
      })}
    </nav>
  );
}
