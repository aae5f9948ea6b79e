/** Light or dark: the console's choice; when it has none, dark for staff and the machine's wish for the public. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app.tsx';

const lightQuery = '(prefers-color-scheme: light)';

/** Whether the screen is dark now. */
export function useIsDark(): boolean {
  const { settings, store } = useApp();
  const [wishesLight, setWishesLight] = useState(() => matchMedia(lightQuery).matches);
  useEffect(() => {
    const list = matchMedia(lightQuery);
    const hear = (): void => setWishesLight(list.matches);
    list.addEventListener('change', hear);
    return () => list.removeEventListener('change', hear);
  }, []);
  const theme = settings.theme.value;
  if (theme !== 'auto') return theme === 'dark';
  const isStaff = store.session.value.kind === 'known';
  return isStaff || !wishesLight;
}
