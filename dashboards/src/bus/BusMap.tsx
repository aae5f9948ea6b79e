/** The buses where they are: all of them, or one line with its way and stops. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { MapSurface } from '../map/MapSurface.tsx';
import { boundsOf } from '../map/mercator.ts';
import type { MapLine, MapPoint } from '../map/points.ts';
import { useApp, useWords } from '../parts/app.tsx';
import type { Line, RouteDetail } from './lines.ts';
import { busFreshness, lineColor } from './lines.ts';

type Props = {
  readonly lines: readonly Line[];
  readonly chosen: string | undefined;
  readonly detail: RouteDetail | undefined;
  onOpen(id: string): void;
};

export function BusMap({ lines, chosen, detail, onOpen }: Props): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const { rows } = store.vehicles.value;
  const now = store.now.value;
  const byId = useMemo(() => new Map(lines.map((line) => [line.id, line])), [lines]);
  const buses: MapPoint[] = [];
  for (const [id, lat, lon, bearing, , routeId, , , at] of rows.values()) {
    if (chosen !== undefined && routeId !== chosen) continue;
    const line = routeId === null ? undefined : byId.get(routeId);
    buses.push({
      id,
      kind: 'bus',
      lat,
      lon,
      stale: busFreshness(at, now) === 'stale',
      title:
        line === undefined ? `${id} · ${t('bus.unknownRoute')}` : `${t('bus.route', { name: line.shortName })} · ${id}`,
      color: lineColor(line),
      text: line?.shortName ?? '?',
      ...(bearing === null ? {} : { bearing }),
    });
  }
  const way = useMemo(() => (detail === undefined ? undefined : wayOf(detail)), [detail]);
  const points = way === undefined ? buses : [...way.stops, ...buses];
  return (
    <MapSurface
      label={t('bus.title')}
      points={points}
      lines={way?.lines}
      frame={way?.frame}
      onPick={(point) => {
        const routeId = rows.get(point.id)?.[5];
        if (routeId != null && routeId !== chosen) onOpen(routeId);
      }}
    />
  );
}

function wayOf(detail: RouteDetail): {
  readonly lines: readonly MapLine[];
  readonly stops: readonly MapPoint[];
  readonly frame: { readonly key: string; readonly bounds: NonNullable<ReturnType<typeof boundsOf>> } | undefined;
} {
  const color = lineColor(detail);
  const lines = detail.patterns.map(
    ({ id, shape, directionId }): MapLine => ({
      id,
      color,
      coordinates: shape.coordinates,
      dashed: directionId === 1 && detail.patterns.length > 1,
    }),
  );
  const stops = new Map<string, MapPoint>();
  for (const stop of detail.patterns.flatMap((pattern) => pattern.stops)) {
    stops.set(stop.id, {
      id: stop.id,
      kind: 'stop',
      lat: stop.lat,
      lon: stop.lon,
      title: stop.name,
      stale: false,
      color,
    });
  }
  const bounds = boundsOf(stops.values());
  return { lines, stops: [...stops.values()], frame: bounds && { key: detail.id, bounds } };
}
