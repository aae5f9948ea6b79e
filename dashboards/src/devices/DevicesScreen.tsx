/** The fleet: how many of each kind speak, and which do not. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DeviceView } from '../../../hub/domains/fleet/view.ts';
import { formatInteger } from '../i18n/format.ts';
import type { Hub } from '../live/hub.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useQuery } from '../parts/query.ts';
import { TokenGate } from '../parts/TokenGate.tsx';
import { DeviceTable } from './DeviceTable.tsx';
import { Doors } from './Doors.tsx';
import { findDevices, links } from './fleet.ts';
import { Matrix } from './Matrix.tsx';
import '../style/devices.css';

export default function DevicesScreen(): JSX.Element {
  return (
    <TokenGate action="fleet.read" roles={['fire', 'operator', 'admin']}>
      <Fleet />
    </TokenGate>
  );
}

function Fleet(): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const query = useQuery();
  const { devices, isComplete, failed } = useDevices(store.hub);
  const { fleet, pulse } = store.ops.value;
  const filter = { domain: query.get('domain'), link: query.get('link'), words: query.get('q') };
  const shown = findDevices(devices, filter);
  return (
    <div class="page">
      <h1>{t('devices.title')}</h1>
      <Matrix fleet={fleet} chosen={filter} onChoose={(domain, link) => query.set({ domain, link })} />
      <Doors gateways={pulse?.gateways} />
      <div class="filters">
        <input
          type="search"
          aria-label={t('devices.search')}
          placeholder={t('devices.search')}
          value={filter.words}
          onInput={(event) => query.set({ q: event.currentTarget.value })}
        />
        <label>
          {t('devices.domain')}
          <select value={filter.domain} onChange={(event) => query.set({ domain: event.currentTarget.value })}>
            <option value="">{t('devices.all')}</option>
            {Object.keys(fleet).map((domain) => (
              <option key={domain} value={domain}>
                {word('domain', domain)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('devices.link')}
          <select value={filter.link} onChange={(event) => query.set({ link: event.currentTarget.value })}>
            <option value="">{t('devices.all')}</option>
            {links.map((link) => (
              <option key={link} value={link}>
                {t(`link.${link}`)}
              </option>
            ))}
          </select>
        </label>
        <p role="status" class="quiet">
          {failed === undefined
            ? t(isComplete ? 'devices.shown' : 'devices.shownPart', { n: formatInteger(shown.length) })
            : t('load.failed', { reason: failed })}
        </p>
      </div>
      {isComplete && shown.length === 0 ? (
        <p class="quiet pad">{t('devices.none')}</p>
      ) : (
        <DeviceTable devices={shown} />
      )}
    </div>
  );
}

type DevicePage = { readonly items: readonly DeviceView[]; readonly next: string | null };
type Devices = {
  readonly devices: readonly DeviceView[];
  readonly isComplete: boolean;
  readonly failed: string | undefined;
};

// 40 pages of 500: twice the largest fleet that the table is made for.
const pagesAtMost = 40;
const againAfterMs = 15_000;

/** All devices, page by page, shown as they come; read anew every 15 s, for link states change without an event each. */
function useDevices(hub: Hub): Devices {
  const [state, setState] = useState<Devices>({ devices: [], isComplete: false, failed: undefined });
  useEffect(() => {
    let isHere = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (isFirst: boolean): Promise<void> => {
      const devices: DeviceView[] = [];
      let next: string | null = '';
      for (let page = 0; page < pagesAtMost && next !== null && isHere; page += 1) {
        const from: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
        const answer: DevicePage = await hub.get(`/devices?limit=500${from}`);
        devices.push(...answer.items);
        next = answer.next;
        if (isHere && isFirst) setState({ devices: [...devices], isComplete: next === null, failed: undefined });
      }
      if (isHere) setState({ devices, isComplete: true, failed: undefined });
    };
    const again = (isFirst: boolean): void => {
      read(isFirst)
        .catch((error: unknown) => {
          const failed = error instanceof Error ? error.message : String(error);
          // What was read stays on the screen; it only says that it is no longer renewed.
          if (isHere) setState((old) => ({ ...old, failed }));
        })
        .finally(() => {
          if (isHere) timer = setTimeout(() => again(false), againAfterMs);
        });
    };
    again(true);
    return () => {
      isHere = false;
      clearTimeout(timer);
    };
  }, [hub]);
  return state;
}
