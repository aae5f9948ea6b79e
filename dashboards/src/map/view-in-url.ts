/** The map's view as `map=lat,lon,zoom` in the address: a link shows what its sender saw. */
import type { View } from './mercator.ts';
import { clampView, project, unproject } from './mercator.ts';

// Browsers refuse more than 100 changes of the address in 10 s; a drag makes 60 a second.
const writeAfterMs = 400;

/** The view that the address names. */
export function readView(): View | undefined {
  const text = new URLSearchParams(location.search).get('map');
  return text === null ? undefined : parseView(text);
}

/** The view of `lat,lon,zoom`; undefined when that is no view. */
export function parseView(text: string): View | undefined {
  const [lat, lon, zoom] = text.split(',').map(Number);
  if (lat === undefined || lon === undefined || zoom === undefined) return undefined;
  if (!Number.isFinite(lat) || !Number.isFinite(lon) || !Number.isFinite(zoom) || Math.abs(lat) > 85) return undefined;
  return clampView({ ...project(lat, lon), zoom });
}

/** Writes the view once it rests. The answer takes back what is not yet written. */
export function writeView(view: View): () => void {
  const timer = setTimeout(() => {
    const { lat, lon } = unproject(view);
    const parameters = new URLSearchParams(location.search);
    parameters.set('map', `${lat.toFixed(4)},${lon.toFixed(4)},${view.zoom.toFixed(1)}`);
    // Commas stay readable: they need no escape in a query.
    history.replaceState(history.state, '', `${location.pathname}?${parameters.toString().replaceAll('%2C', ',')}`);
  }, writeAfterMs);
  return () => clearTimeout(timer);
}
