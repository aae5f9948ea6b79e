/** Picks a place, or devices one by one, by words without accents. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useApp } from '../../parts/app.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useResource } from '../../parts/resource.ts';
import { useDeskWords } from '../desk-words.ts';
import type { Target } from './draft.ts';

type PlaceItem = { readonly id: string; readonly name: string; readonly address: string };
type DeviceItem = {
  readonly id: string;
  readonly name: string;
  readonly binding: { readonly target: string } | null;
};
type Found = { readonly places: readonly PlaceItem[]; readonly devices: readonly DeviceItem[] };

const shownEach = 6;
const wordsFrom = 2;

type Props = { readonly target: Target; onChange(target: Target): void; readonly devicesOnly: boolean };

export function TargetPicker({ target, onChange, devicesOnly }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const [words, setWords] = useState('');
  const isAsking = words.trim().length >= wordsFrom;
  const found = useResource<Found>(isAsking ? `${words.trim()}/${devicesOnly}` : undefined, () =>
    search(store.hub.get, words.trim(), devicesOnly),
  );
  const { devices } = target;
  return (
    <div class="target">
      <Chips target={target} onChange={onChange} />
      <label>
        {t(devicesOnly ? 'windows.findDevices' : 'windows.find')}
        <input
          type="search"
          autocomplete="off"
          value={words}
          maxLength={64}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      {isAsking && found.kind === 'ready' && (
        <ul class="target-found" aria-label={t('windows.found')}>
          {found.value.places.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  onChange({ place: { id: one.id, name: one.name }, devices: [] });
                  setWords('');
                }}
              >
                <b>{one.name}</b> · {one.address} <span class="quiet">{t('windows.wholePlace')}</span>
              </button>
            </li>
          ))}
          {found.value.devices.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  onChange({ place: undefined, devices: [...new Set([...devices, one.id])] });
                  setWords('');
                }}
              >
                <b>{one.id}</b> · {one.name} <span class="quiet">{one.binding?.target}</span>
              </button>
            </li>
          ))}
          {found.value.places.length + found.value.devices.length === 0 && (
            <li class="quiet">{t('windows.nothing')}</li>
          )}
        </ul>
      )}
    </div>
  );
}

/** What is chosen already; pressing one takes it out. */
function Chips({ target: { place, devices }, onChange }: Pick<Props, 'target' | 'onChange'>): JSX.Element | null {
  if (place === undefined && devices.length === 0) return null;
  const without = (id: string): Target => ({ place: undefined, devices: devices.filter((one) => one !== id) });
  return (
    <p class="chips">
      {place !== undefined && <Chosen name={place.name} onRemove={() => onChange({ place: undefined, devices: [] })} />}
      {devices.map((id) => (
        <Chosen key={id} name={id} onRemove={() => onChange(without(id))} />
      ))}
    </p>
  );
}

function Chosen({ name, onRemove }: { readonly name: string; onRemove(): void }): JSX.Element {
  const { t } = useDeskWords();
  return (
    <button type="button" class="chip-button chosen" aria-label={t('windows.remove', { name })} onClick={onRemove}>
      {name} <Icon name="close" />
    </button>
  );
}

async function search(get: <Body>(path: string) => Promise<Body>, words: string, devicesOnly: boolean): Promise<Found> {
  const q = encodeURIComponent(words);
  const [places, devices] = await Promise.all([
    devicesOnly ? { items: [] } : get<{ readonly items: readonly PlaceItem[] }>(`/places?q=${q}&limit=${shownEach}`),
    get<{ readonly items: readonly DeviceItem[] }>(`/devices?domain=fire&q=${q}&limit=${shownEach}`),
  ]);
  return { places: places.items, devices: devices.items };
}
