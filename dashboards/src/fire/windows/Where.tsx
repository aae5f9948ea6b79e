/** Where a window is, in words: the place's name and address, and the devices when they are few. */
import type { JSX } from 'preact';
import { useApp } from '../../parts/app.tsx';
import { useResource } from '../../parts/resource.ts';
import { useDeskWords } from '../desk-words.ts';

type PlaceName = { readonly name: string; readonly address: string };

// Beyond these the number says more.
const shownDevices = 5;

type Props = { readonly subject: string; readonly devices: readonly string[] };

export function Where({ subject, devices }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const isPlace = !subject.startsWith('device:');
  const place = useResource<PlaceName>(isPlace ? subject : undefined, () =>
    store.hub.get(`/places/${encodeURIComponent(subject)}`),
  );
  const names = devices.length > shownDevices ? t('windows.devices', { n: devices.length }) : devices.join(', ');
  return (
    <p class="window-where">
      <b>{place.kind === 'ready' ? place.value.name : subject}</b>
      {place.kind === 'ready' && ` · ${place.value.address}`}
      <span class="quiet"> · {names}</span>
    </p>
  );
}
