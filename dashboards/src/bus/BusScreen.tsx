/** Buses by line, for everybody: the lines on the left, the map, and the same in words. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { useApp, useWords } from '../parts/app.tsx';
import { useResource } from '../parts/resource.ts';
import { BusMap } from './BusMap.tsx';
import { LineDetail } from './LineDetail.tsx';
import { LineList } from './LineList.tsx';
import type { RouteDetail, RouteItem } from './lines.ts';
import { linesOf } from './lines.ts';
import '../style/bus.css';

type RoutePage = { readonly items: readonly RouteItem[]; readonly next: string | null };

export default function BusScreen(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const { params } = useRoute();
  const { route } = useLocation();
  const chosen = params.route;
  useEffect(() => store.watchVehicles({}), [store]);
  const routes = useResource('routes', () => allRoutes((path) => store.hub.get<RoutePage>(path)));
  const detail = useResource<RouteDetail>(chosen, () => store.hub.get(`/routes/${encodeURIComponent(chosen ?? '')}`));
  const { rows } = store.vehicles.value;
  const items = routes.kind === 'ready' ? routes.value : undefined;
  const lines = useMemo(() => linesOf(items ?? [], rows.values()), [items, rows]);
  const shape = chosen !== undefined && detail.kind === 'ready' ? detail.value : undefined;
  const open = (id: string | undefined): void =>
    route((id === undefined ? '/bus' : `/bus/${encodeURIComponent(id)}`) + location.search);
  return (
    <div class={chosen === undefined ? 'split' : 'split has-choice'}>
      <h1 class="sr-only">{t('bus.title')}</h1>
      <div class="side">
        {chosen === undefined ? (
          <LineList routes={routes} lines={lines} />
        ) : (
          <LineDetail id={chosen} resource={detail} onBack={() => open(undefined)} />
        )}
      </div>
      <BusMap lines={lines} chosen={chosen} detail={shape} onOpen={open} />
    </div>
  );
}

// A city's network is a few hundred lines; the bound stops a hub that never ends.
const pagesAtMost = 20;

/** Every line of the network, page by page. */
async function allRoutes(get: (path: string) => Promise<RoutePage>): Promise<readonly RouteItem[]> {
  const items: RouteItem[] = [];
  let next: string | null = '';
  for (let page = 0; page < pagesAtMost && next !== null; page += 1) {
    const from: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const answer: RoutePage = await get(`/routes?limit=500${from}`);
    items.push(...answer.items);
    next = answer.next;
  }
  return items;
}
