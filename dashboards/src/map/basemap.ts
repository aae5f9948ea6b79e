/** The schematic under everything: our own drawing of the city's water, roads and names, on a plain canvas. */
import schematicUrl from '../../basemap/hanoi-schematic.geojson?url';
import type { Language } from '../i18n/translate.ts';
import type { Size, View } from './mercator.ts';
import { cityBounds, metersPerPixel, project, scaleOf } from './mercator.ts';
import type { MapPalette } from './palette.ts';

/** What a feature of the drawing is. */
type Kind =
  | 'river'
  | 'stream'
  | 'lake'
  | 'park'
  | 'island'
  | 'ring'
  | 'radial'
  | 'street'
  | 'bridge'
  | 'metro'
  | 'label';

type Properties = {
  readonly kind: Kind;
  readonly name?: string;
  readonly name_en?: string;
  /** Width on the ground, metres. */
  readonly width?: number;
  readonly minZoom?: number;
  readonly maxZoom?: number;
  /** Labels: 1 is the most important. */
  readonly rank?: number;
  /** Where the name stands when the middle is no good place: [lon, lat]. */
  readonly at?: readonly [number, number];
};

type Feature = {
  readonly properties: Properties;
  readonly geometry:
    | { readonly type: 'LineString'; readonly coordinates: readonly (readonly [number, number])[] }
    | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly (readonly [number, number])[])[] }
    | { readonly type: 'Point'; readonly coordinates: readonly [number, number] };
};

/** A feature ready to be drawn: its path in local units, and where its name stands. */
type Shape = { readonly properties: Properties; readonly path: Path2D };
export type BasemapLabel = {
  readonly properties: Properties;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
};
export type Basemap = { readonly shapes: readonly Shape[]; readonly labels: readonly BasemapLabel[] };

// Canvas transforms are single precision: a plane of its own, small and near zero, keeps streets sharp at the last zoom.
const local = { ...project((cityBounds[1] + cityBounds[3]) / 2, (cityBounds[0] + cityBounds[2]) / 2), unit: 1e6 };

/** Fetches the drawing and prepares its paths. */
export async function loadBasemap(): Promise<Basemap> {
  const response = await fetch(schematicUrl);
  if (!response.ok) throw new Error(`The schematic could not be loaded: HTTP ${response.status}`);
  const drawing: { readonly features: readonly Feature[] } = await response.json();
  return prepare(drawing.features);
}

function prepare(features: readonly Feature[]): Basemap {
  const shapes: Shape[] = [];
  const labels: BasemapLabel[] = [];
  for (const { properties, geometry } of features) {
    if (geometry.type === 'Point') {
      const [lon, lat] = geometry.coordinates;
      labels.push({ properties, ...project(lat, lon), angle: 0 });
      continue;
    }
    const isRing = geometry.type === 'Polygon';
    const line = isRing ? (geometry.coordinates[0] ?? []).slice(0, -1) : geometry.coordinates;
    const spots = line.map(([lon, lat]) => project(lat, lon));
    shapes.push({ properties, path: smoothPath(spots, isRing) });
    if (properties.name !== undefined) labels.push(labelOf(properties, spots, isRing));
  }
  return { shapes, labels };
}

/** A Catmull-Rom curve through the spots: a hand's line, not a ruler's. */
function smoothPath(spots: readonly { readonly x: number; readonly y: number }[], isRing: boolean): Path2D {
  const path = new Path2D();
  const count = spots.length;
  const at = (index: number): { readonly x: number; readonly y: number } => {
    const wrapped = isRing ? (index + count) % count : Math.min(count - 1, Math.max(0, index));
    const spot = spots[wrapped] ?? local;
    return { x: (spot.x - local.x) * local.unit, y: (spot.y - local.y) * local.unit };
  };
  const start = at(0);
  path.moveTo(start.x, start.y);
  for (let index = 0; index < (isRing ? count : count - 1); index += 1) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    path.bezierCurveTo(
      from.x + (to.x - before.x) / 6,
      from.y + (to.y - before.y) / 6,
      to.x - (after.x - from.x) / 6,
      to.y - (after.y - from.y) / 6,
      to.x,
      to.y,
    );
  }
  if (isRing) path.closePath();
  return path;
}

function labelOf(
  properties: Properties,
  spots: readonly { readonly x: number; readonly y: number }[],
  isRing: boolean,
): BasemapLabel {
  if (properties.at !== undefined) return { properties, ...project(properties.at[1], properties.at[0]), angle: 0 };
  if (isRing) {
    const sum = spots.reduce((total, spot) => ({ x: total.x + spot.x, y: total.y + spot.y }), { x: 0, y: 0 });
    return { properties, x: sum.x / spots.length, y: sum.y / spots.length, angle: 0 };
  }
  const middle = Math.floor((spots.length - 1) / 2);
  const from = spots[middle] ?? local;
  const to = spots[middle + 1] ?? from;
  let angle = Math.atan2(to.y - from.y, to.x - from.x);
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle < -Math.PI / 2) angle += Math.PI;
  return { properties, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, angle };
}

/** The order of the layers, lowest first. Roads are drawn twice: all casings, then all fills, so that crossings join. */
const ground: readonly Kind[] = ['park', 'stream', 'river', 'lake', 'island'];
const roads = ['street', 'radial', 'ring', 'bridge'] as const;

/** Width of a line in pixels: from the ground where it is large enough, never thinner than what the eye finds. */
function widthPx(properties: Properties, zoom: number): number {
  const onGround = (properties.width ?? 20) / metersPerPixel(zoom);
  const floors: Readonly<Record<Kind, number>> = {
    river: 3,
    stream: 1.2,
    lake: 0,
    park: 0,
    island: 0,
    ring: 3.2,
    radial: 2.4,
    street: 1.4,
    bridge: 3.2,
    metro: 1.4,
    label: 0,
  };
  return Math.max(onGround, floors[properties.kind] * Math.min(2.2, Math.max(0.7, 1 + (zoom - 12) * 0.25)));
}

/** Draws the schematic without its names. The context is in CSS pixels. */
export function drawBasemap(
  context: CanvasRenderingContext2D,
  basemap: Basemap,
  view: View,
  size: Size,
  palette: MapPalette,
  pixelRatio: number,
): void {
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = palette.land;
  context.fillRect(0, 0, size.width, size.height);
  const scale = scaleOf(view.zoom) / local.unit;
  context.setTransform(
    pixelRatio * scale,
    0,
    0,
    pixelRatio * scale,
    pixelRatio * (size.width / 2 - (view.x - local.x) * local.unit * scale),
    pixelRatio * (size.height / 2 - (view.y - local.y) * local.unit * scale),
  );
  context.lineCap = 'round';
  context.lineJoin = 'round';
  const shown = basemap.shapes.filter(
    ({ properties }) => view.zoom >= (properties.minZoom ?? 0) && view.zoom <= (properties.maxZoom ?? Infinity),
  );
  const of = (kind: Kind): readonly Shape[] => shown.filter(({ properties }) => properties.kind === kind);
  const line = (shape: Shape, color: string, extraPx: number): void => {
    context.strokeStyle = color;
    context.lineWidth = (widthPx(shape.properties, view.zoom) + extraPx) / scale;
    context.stroke(shape.path);
  };
  for (const kind of ground) {
    for (const shape of of(kind)) {
      if (kind === 'river' || kind === 'stream') {
        line(shape, palette.shore, 2);
        line(shape, palette.water, 0);
      } else {
        context.fillStyle = kind === 'lake' ? palette.water : kind === 'park' ? palette.park : palette.island;
        context.fill(shape.path);
        context.lineWidth = 1 / scale;
        context.strokeStyle = kind === 'lake' ? palette.shore : 'transparent';
        context.stroke(shape.path);
      }
    }
  }
  for (const shape of of('metro')) {
    context.setLineDash([6 / scale, 4 / scale]);
    line(shape, palette.metro, 0);
    context.setLineDash([]);
  }
  for (const kind of roads) for (const shape of of(kind)) line(shape, palette.casing, 2);
  for (const kind of roads) for (const shape of of(kind)) line(shape, palette[kind === 'bridge' ? 'ring' : kind], 0);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
}

/** Draws the names that fit, the most important first; `taken` are areas that stay free. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  basemap: Basemap,
  view: View,
  size: Size,
  palette: MapPalette,
  language: Language,
): void {
  const boxes: { left: number; top: number; right: number; bottom: number }[] = [];
  const scale = scaleOf(view.zoom);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const label of basemap.labels.toSorted((a, b) => (a.properties.rank ?? 3) - (b.properties.rank ?? 3))) {
    const { properties } = label;
    if (view.zoom < (properties.minZoom ?? 0) || view.zoom > (properties.maxZoom ?? Infinity)) continue;
    const left = (label.x - view.x) * scale + size.width / 2;
    const top = (label.y - view.y) * scale + size.height / 2;
    if (left < 0 || top < 0 || left > size.width || top > size.height) continue;
    const text = (language === 'en' ? properties.name_en : undefined) ?? properties.name ?? '';
    const style = textStyle(properties, palette);
    context.font = style.font;
    const half = context.measureText(text).width / 2 + 6;
    const reach = Math.abs(Math.cos(label.angle)) * half + Math.abs(Math.sin(label.angle)) * 8;
    const rise = Math.abs(Math.sin(label.angle)) * half + 9;
    const box = { left: left - reach, top: top - rise, right: left + reach, bottom: top + rise };
    if (
      boxes.some(
        (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
      )
    )
      continue;
    boxes.push(box);
    context.save();
    context.translate(left, top);
    context.rotate(label.angle);
    context.strokeStyle = style.halo;
    context.lineWidth = 3;
    context.strokeText(text, 0, 0);
    context.fillStyle = style.color;
    context.fillText(text, 0, 0);
    context.restore();
  }
}

function textStyle(
  properties: Properties,
  palette: MapPalette,
): { readonly font: string; readonly color: string; readonly halo: string } {
  const family = '"Inter Variable", sans-serif';
  switch (properties.kind) {
    case 'river':
    case 'stream':
    case 'lake':
      return { font: `italic 500 12px ${family}`, color: palette.waterText, halo: palette.water };
    case 'label':
      return properties.rank === 1
        ? { font: `650 14px ${family}`, color: palette.text, halo: palette.land }
        : { font: `500 12px ${family}`, color: palette.textQuiet, halo: palette.land };
    default:
      return { font: `500 10.5px ${family}`, color: palette.textQuiet, halo: palette.land };
  }
}
