/** Web Mercator for one city: degrees to the plane, the plane to pixels, and the bounds of the view. Pure. */

/** A spot in the plane: both axes 0 to 1 over the whole world, y to the south. */
export type Spot = { readonly x: number; readonly y: number };

/** What is looked at: the middle, and how near. Zoom doubles the scale with each whole step. */
export type View = Spot & { readonly zoom: number };

/** Size of the drawing in CSS pixels. */
export type Size = { readonly width: number; readonly height: number };

/** West, south, east, north in degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

// The city and a margin, never the sea: a map of Vietnam that shows the East Sea must show Hoàng Sa and Trường Sa,
// which a city's schematic cannot do rightly. Whoever widens this must draw them.
export const cityBounds: Bounds = [105.27, 20.55, 106.03, 21.4];
export const minZoom = 9.5;
export const maxZoom = 18;

/** What opens first: the inner city. */
export const homeBounds: Bounds = [105.742, 20.944, 105.935, 21.102];

export function project(lat: number, lon: number): Spot {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function unproject(spot: Spot): { readonly lat: number; readonly lon: number } {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * spot.y))) * 180) / Math.PI;
  return { lat, lon: (spot.x - 0.5) * 360 };
}

/** Pixels for one unit of the plane. */
export function scaleOf(zoom: number): number {
  return 256 * 2 ** zoom;
}

/** Metres on the ground for one pixel, at Hanoi's latitude. */
export function metersPerPixel(zoom: number): number {
  return (40_075_017 * Math.cos((21.03 * Math.PI) / 180)) / scaleOf(zoom);
}

export function toPixel(spot: Spot, view: View, size: Size): { readonly left: number; readonly top: number } {
  const scale = scaleOf(view.zoom);
  return { left: (spot.x - view.x) * scale + size.width / 2, top: (spot.y - view.y) * scale + size.height / 2 };
}

export function fromPixel(left: number, top: number, view: View, size: Size): Spot {
  const scale = scaleOf(view.zoom);
  return { x: view.x + (left - size.width / 2) / scale, y: view.y + (top - size.height / 2) / scale };
}

/** The view kept within the city and the zooms. */
export function clampView(view: View): View {
  const northWest = project(cityBounds[3], cityBounds[0]);
  const southEast = project(cityBounds[1], cityBounds[2]);
  return {
    x: Math.min(southEast.x, Math.max(northWest.x, view.x)),
    y: Math.min(southEast.y, Math.max(northWest.y, view.y)),
    zoom: Math.min(maxZoom, Math.max(minZoom, view.zoom)),
  };
}

/** The view moved by pixels. */
export function panned(view: View, leftBy: number, topBy: number): View {
  const scale = scaleOf(view.zoom);
  return clampView({ x: view.x - leftBy / scale, y: view.y - topBy / scale, zoom: view.zoom });
}

/** The view nearer by `zoomBy`, with the spot below this pixel kept in place. */
export function zoomedAt(view: View, zoomBy: number, left: number, top: number, size: Size): View {
  const spot = fromPixel(left, top, view, size);
  const zoom = Math.min(maxZoom, Math.max(minZoom, view.zoom + zoomBy));
  const scale = scaleOf(zoom);
  return clampView({ x: spot.x - (left - size.width / 2) / scale, y: spot.y - (top - size.height / 2) / scale, zoom });
}

/** The nearest view that shows these bounds with a margin in pixels. */
export function fitted(bounds: Bounds, size: Size, margin: number, zoomLimit = 16): View {
  const [west, south, east, north] = bounds;
  const a = project(north, west);
  const b = project(south, east);
  const width = Math.max(1, size.width - 2 * margin);
  const height = Math.max(1, size.height - 2 * margin);
  const zoom = Math.min(
    Math.log2(width / (256 * Math.max(b.x - a.x, 1e-9))),
    Math.log2(height / (256 * Math.max(b.y - a.y, 1e-9))),
    zoomLimit,
  );
  return clampView({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, zoom });
}

/** The bounds that hold all positions; undefined when there is none. */
export function boundsOf(positions: Iterable<{ readonly lat: number; readonly lon: number }>): Bounds | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lat, lon } of positions) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west === Infinity ? undefined : [west, south, east, north];
}
