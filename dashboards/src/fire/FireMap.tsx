/** Where the incidents are; the selected one with its stations. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { IncidentPlaceView, IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatDistance } from '../i18n/format.ts';
import { MapSurface } from '../map/MapSurface.tsx';
import type { Bounds } from '../map/mercator.ts';
import { boundsOf } from '../map/mercator.ts';
import type { MapPoint } from '../map/points.ts';
import { useApp } from '../parts/app.tsx';
import { useDeskWords } from './desk-words.ts';
import { callsPeople, compareIncidents, evidenceOf, isUnaccepted, levelOf, toneOf } from './queue.ts';

type Props = { readonly selected: string | undefined; onOpen(id: string): void };

export function FireMap({ selected, onOpen }: Props): JSX.Element {
  const { store } = useApp();
  const { t, word } = useDeskWords();
  const { incidents } = store.fire.value;
  const points = useMemo(
    () =>
      incidentPoints(
        [...incidents.values()].map(({ incident }) => incident),
        word,
      ),
    [incidents, word],
  );
  const worst = [...incidents.values()]
    .map(({ incident }) => incident)
    .filter((incident) => incident.place !== null && isUnaccepted(incident))
    .toSorted(compareIncidents)[0];
  const opened = selected === undefined ? undefined : incidents.get(selected)?.incident;
  const near = useMemo(() => (opened === undefined ? [] : nearPoints(opened, word)), [opened, word]);
  const shown = useMemo(() => [...points, ...near], [points, near]);
  const framed = opened ?? worst;
  return (
    <MapSurface
      label={t('nav.fire')}
      points={shown}
      selected={selected}
      // Stations and water can be read, not opened.
      onPick={(point) => point.kind === 'incident' && onOpen(point.id)}
      frame={framed === undefined ? undefined : frameOf(framed)}
    />
  );
}

/** Incidents as points; those without an address have no place on the map and stand in the queue only. */
export function incidentPoints(
  incidents: readonly IncidentView[],
  word: (group: string, word: string) => string,
): MapPoint[] {
  return incidents.flatMap((incident) => {
    const { place } = incident;
    if (place === null) return [];
    return {
      id: incident.id,
      kind: 'incident' as const,
      lat: place.lat,
      lon: place.lon,
      title: `${toneOf(incident) === 'drill' ? `${word('fire.status', 'exercise')} · ` : ''}${word('class', evidenceOf(incident).class)} · ${place.name} · ${place.address}`,
      stale: false,
      level: levelOf(incident.priority),
      tone: toneOf(incident),
      ringed: callsPeople(incident),
    };
  });
}

/** Water and stations around an incident, each with its distance. */
export function nearPoints(
  { place }: Pick<IncidentView, 'place'>,
  word: (group: string, word: string) => string,
): MapPoint[] {
  if (place === null) return [];
  const point = (kind: 'station' | 'water', { name, meters, lat, lon }: Near, doubt: string): MapPoint => {
    const label = `${name} · ${formatDistance(meters)}${doubt === '' ? '' : ` · ${doubt}`}`;
    return { id: `${kind}/${name}/${meters}`, kind, lat, lon, title: label, label, stale: doubt !== '' };
  };
  return [
    ...place.water.map((one) => {
      const isUsable = one.state === undefined || one.state === 'working';
      return point('water', one, isUsable ? '' : word('water', one.state ?? ''));
    }),
    ...place.stations.map((one) => point('station', one, '')),
  ];
}

type Near = Pick<IncidentPlaceView['water'][number], 'name' | 'meters' | 'lat' | 'lon'>;

// About 400 m around: the block and the ways in.
const reachDeg = 0.004;
// What is farther than this shrinks the block to a dot.
const framedMeters = 1_000;

/** The block with the water and the first station, where they are near. */
function frameOf({ id, place }: IncidentView): { readonly key: string; readonly bounds: Bounds } | undefined {
  if (place === null) return undefined;
  const near = [...place.water, ...place.stations.slice(0, 1)].filter(({ meters }) => meters <= framedMeters);
  const bounds = boundsOf([
    { lat: place.lat - reachDeg, lon: place.lon - reachDeg },
    { lat: place.lat + reachDeg, lon: place.lon + reachDeg },
    ...near,
  ]);
  return bounds === undefined ? undefined : { key: id, bounds };
}
