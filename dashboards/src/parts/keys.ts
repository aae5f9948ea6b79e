/** Keys that are meant for a screen, not for a field or a dialog. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from './app.tsx';

/** Whether this key goes into a field, a dialog or a shortcut of the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const { target } = event;
  if (!(target instanceof Element)) return false;
  return target.closest('input, textarea, select, dialog, [contenteditable]') !== null;
}

/** Hears single keys while the panel stands. `act` answers whether the key was its own. */
export function useKeys(act: (key: string, event: KeyboardEvent) => boolean): void {
  const { settings } = useApp();
  const latest = useRef(act);
  latest.current = act;
  // Before the panel is seen: a key pressed at first sight must not be lost.
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (!settings.keys.value || isTyping(event) || event.repeat) return;
      if (latest.current(event.key, event)) event.preventDefault();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [settings]);
}
