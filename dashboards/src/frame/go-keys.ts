/** `g` and a letter goes to a screen; `?` helps. Single letters can be turned off. */

import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApp } from '../parts/app.tsx';
import { isTyping } from '../parts/keys.ts';

const screens: Readonly<Record<string, string>> = {
  f: '/fire',
  c: '/city',
  d: '/devices',
  p: '/parking',
  b: '/bus',
};

// Two keys that belong together follow within this time.
const togetherMs = 1_500;

export function useGoKeys(onHelp: () => void): void {
  const { settings } = useApp();
  const { route } = useLocation();
  useEffect(() => {
    let goAt = 0;
    const hear = (event: KeyboardEvent): void => {
      if (!settings.keys.value || isTyping(event)) return;
      if (event.key === '?') onHelp();
      const target = screens[event.key];
      if (goAt > 0 && event.timeStamp - goAt < togetherMs && target !== undefined) {
        // Not also a verb of the screen that is being left.
        event.stopImmediatePropagation();
        route(target);
      }
      goAt = event.key === 'g' ? event.timeStamp : 0;
    };
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, [settings, route, onHelp]);
}
