/** Where the incidents are; the selected one with its stations. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { MapSurface } from '../map/MapSurface.tsx';
import type { Bounds } from '../map/mercator.ts';
import { boundsOf } from '../map/mercator.ts';
import type { MapPoint } from '../map/points.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { callsPeople, compareIncidents, evidenceOf, isUnaccepted, levelOf, toneOf } from './queue.ts';

type Props = { readonly selected: string | undefined; onOpen(id: string): void };

export function FireMap({ selected, onOpen }: Props): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
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
  const framed = (selected === undefined ? undefined : incidents.get(selected)?.incident) ?? worst;
  return (
    <MapSurface
      label={t('nav.fire')}
      points={points}
      selected={selected}
      onPick={(point) => onOpen(point.id)}
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

// About 1.2 km around: the block, the ways in, the nearest stations' side.
const reachDeg = 0.011;

function frameOf(incident: IncidentView): { readonly key: string; readonly bounds: Bounds } | undefined {
  const { place } = incident;
  if (place === null) return undefined;
  const bounds = boundsOf([
    { lat: place.lat - reachDeg, lon: place.lon - reachDeg },
    { lat: place.lat + reachDeg, lon: place.lon + reachDeg },
  ]);
  return bounds === undefined ? undefined : { key: incident.id, bounds };
}
