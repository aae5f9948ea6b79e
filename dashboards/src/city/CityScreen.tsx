/** The city now: six numbers, the map, and only what is out of the ordinary. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { DeviceView } from '../../../hub/domains/fleet/view.ts';
import type { LotView } from '../../../hub/domains/parking/view.ts';
import { busFreshness } from '../bus/lines.ts';
import { totalCounts } from '../devices/fleet.ts';
import { incidentPoints } from '../fire/FireMap.tsx';
import { MapSurface } from '../map/MapSurface.tsx';
import type { MapPoint } from '../map/points.ts';
import { lotPoints } from '../parking/lot-points.ts';
import { isFull, lotsNow } from '../parking/lots.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { useQuery } from '../parts/query.ts';
import { useResource } from '../parts/resource.ts';
import { TokenGate } from '../parts/TokenGate.tsx';
import { exceptionsOf } from './exceptions.ts';
import { Feed } from './Feed.tsx';
import { Tiles } from './Tiles.tsx';
import { tilesOf } from './tile-facts.ts';
import '../style/city.css';

export default function CityScreen(): JSX.Element {
  return (
    <TokenGate action="ops.read" roles={['fire', 'operator', 'admin']}>
      <City />
    </TokenGate>
  );
}

const layers = ['fire', 'bus', 'parking'] as const;
type Layer = (typeof layers)[number];

function City(): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const query = useQuery();
  const { route } = useLocation();
  useEffect(() => store.watchVehicles({}), [store]);
  useEffect(() => store.watchLots({}), [store]);
  const views = useResource('lots', () =>
    store.hub.get<{ readonly items: readonly LotView[] }>('/parking/lots?limit=1000'),
  );
  const lotViews = views.kind === 'ready' ? views.value.items : undefined;
  const lotRows = store.lots.value.rows;
  const lots = useMemo(() => lotsNow(lotViews ?? [], lotRows), [lotViews, lotRows]);
  const incidents = [...store.fire.value.incidents.values()].map(({ incident }) => incident);
  const { fleet, pulse } = store.ops.value;
  const lost = useLostDevices();
  const hidden = new Set(query.get('off').split(','));
  const now = store.now.value;
  const points: MapPoint[] = [];
  // Of the lots only the exceptions until one looks closer: what is normal is noise.
  if (!hidden.has('parking')) points.push(...lotPoints(lots.filter(isFull), t));
  if (!hidden.has('bus')) {
    for (const [id, lat, lon, bearing, , routeId, , , at] of store.vehicles.value.rows.values()) {
      const name = routeId === null ? id : `${t('bus.route', { name: routeId })} · ${id}`;
      const stale = busFreshness(at, now) === 'stale';
      points.push({ id, kind: 'bus', lat, lon, stale, title: name, ...(bearing === null ? {} : { bearing }) });
    }
  }
  if (!hidden.has('fire')) points.push(...incidentPoints(incidents, word));
  const toggle = (layer: Layer): void => {
    if (!hidden.delete(layer)) hidden.add(layer);
    query.set({ off: [...hidden].filter((one) => one !== '').join(',') });
  };
  const open = (point: MapPoint): void => {
    if (point.kind === 'incident') route(`/fire/${encodeURIComponent(point.id)}`);
    if (point.kind === 'lot') route(`/parking?lot=${encodeURIComponent(point.id)}`);
    const routeId = store.vehicles.value.rows.get(point.id)?.[5];
    if (point.kind === 'bus' && routeId != null) route(`/bus/${encodeURIComponent(routeId)}`);
  };
  return (
    <div class="city">
      <h1 class="sr-only">{t('city.title')}</h1>
      <Tiles tiles={tilesOf({ incidents, lots, fleet, pulse, buses: [...store.vehicles.value.rows.values()] })} />
      <div class="city-map">
        <fieldset class="chips layer-chips">
          <legend class="sr-only">{t('city.layers')}</legend>
          {layers.map((layer) => (
            <button
              key={layer}
              type="button"
              class="chip-button"
              aria-pressed={!hidden.has(layer)}
              onClick={() => toggle(layer)}
            >
              {t(`city.layer.${layer}`)}
            </button>
          ))}
        </fieldset>
        <MapSurface label={t('city.title')} points={points} onPick={open} />
      </div>
      <Feed exceptions={exceptionsOf(incidents, lost, lots)} />
    </div>
  );
}

// The feed shows no more; the devices page holds all.
const lostShown = 40;

/** The lost devices, asked for anew whenever their number changes or one of them is in the news. */
function useLostDevices(): readonly DeviceView[] {
  const { store } = useApp();
  const { fleet, news } = store.ops.value;
  const { lost } = totalCounts(fleet);
  const devices = useResource(`lost/${lost}/${news[0]?.cursor ?? 0}`, () =>
    store.hub.get<{ readonly items: readonly DeviceView[] }>(`/devices?link=lost&limit=${lostShown}`),
  );
  const [shown, setShown] = useState<readonly DeviceView[]>([]);
  // The old list stays until the new one is here, so that the feed does not flicker.
  useEffect(() => {
    if (devices.kind === 'ready') setShown(devices.value.items);
  }, [devices]);
  return shown;
}
