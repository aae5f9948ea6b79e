/** Zoom and the way home, for those who do not drag. */
import type { JSX } from 'preact';
import { useWords } from '../parts/app.tsx';
import type { IconName } from '../parts/Icon.tsx';
import { Icon } from '../parts/Icon.tsx';

type Props = { onZoom(key: '+' | '-'): void; onHome(): void };

export function MapButtons({ onZoom, onHome }: Props): JSX.Element {
  const { t } = useWords();
  const button = (name: string, icon: IconName, act: () => void): JSX.Element => (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={act}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="map-buttons">
      {button(t('map.zoomIn'), 'plus', () => onZoom('+'))}
      {button(t('map.zoomOut'), 'minus', () => onZoom('-'))}
      {button(t('map.home'), 'home', onHome)}
    </div>
  );
}
