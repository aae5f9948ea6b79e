/** Geometries: what the library does not check, and what the registry keeps of them. Pure. */
import { isInside, microdegrees, type Rings } from './geometry.ts';
import type { Position } from './records.ts';

type Geometry = Readonly<Record<string, unknown>>;
type Pair = readonly [number, number];

/** A ward of Hanoi has up to 4,521 vertices; ten times that is a mistake or an attack. */
export const maxVertices = 50_000;

/** Why the geometry cannot be used, or nothing. */
export function shapeFault(geometry: Geometry): string | undefined {
  const parts = partsOf(geometry);
  if (parts === undefined) return `geometry type ${String(geometry.type)} is not supported`;
  let vertices = 0;
  for (const part of parts) {
    vertices += part.length;
    if (vertices > maxVertices) return `more than ${maxVertices.toLocaleString('en')} vertices; simplify the geometry`;
    for (const [lon, lat] of part) {
      if (!Number.isFinite(lon) || !Number.isFinite(lat)) return 'a coordinate is not a finite number';
      if (Math.abs(lat) > 90) return `latitude ${lat} is outside ±90; GeoJSON wants [longitude, latitude]`;
      if (Math.abs(lon) > 180) return `longitude ${lon} is outside ±180`;
    }
  }
  return vertices === 0 ? 'the geometry has no coordinates' : undefined;
}

/** Polygons as rings in microdegrees; `undefined` when the geometry is no area. */
export function ringsOf(geometry: Geometry): Rings | undefined {
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return undefined;
  return partsOf(geometry)?.map((ring) =>
    Int32Array.from(ring.flatMap(([lon, lat]) => [Math.round(lon * microdegrees), Math.round(lat * microdegrees)])),
  );
}

/** One point that stands for the geometry: itself, the middle of a line, or a point inside an area. */
export function pointOf(geometry: Geometry): Position {
  const parts = partsOf(geometry) ?? [];
  const [first = []] = parts;
  const rings = ringsOf(geometry);
  if (rings !== undefined) {
    const middle = middleOf(first);
    if (isInside(rings, middle)) return middle;
  }
  const [lon, lat] = first[Math.floor(first.length / 2)] ?? [0, 0];
  return { lat, lon };
}

/** The line or outer edge that larger water is reached from, with points at most about 50 m apart. */
export function outlineOf(geometry: Geometry): readonly Pair[] | undefined {
  if (geometry.type === 'Point' || geometry.type === 'MultiPoint') return undefined;
  const parts = partsOf(geometry) ?? [];
  const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const step = Math.max(stepDegrees, length / maxOutlineSteps);
  return parts.flatMap((part) => densify(part, step));
}

/** 0.0005° is about 55 m: a truck finds the water from any of these points. */
const stepDegrees = 0.0005;

/** A longer line, e.g. a coast, gets its points farther apart. */
const maxOutlineSteps = 10_000;

function lengthOf(line: readonly Pair[]): number {
  return line.reduce((sum, to, index) => {
    const from = line[index - 1] ?? to;
    return sum + Math.hypot(to[0] - from[0], to[1] - from[1]);
  }, 0);
}

function densify(line: readonly Pair[], step: number): readonly Pair[] {
  return line.flatMap((to, index): readonly Pair[] => {
    const from = line[index - 1];
    if (from === undefined) return [rounded(to)];
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / step));
    return Array.from({ length: steps }, (_, count): Pair => {
      const share = (count + 1) / steps;
      return rounded([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
    });
  });
}

function rounded([lon, lat]: Pair): Pair {
  return [Math.round(lon * microdegrees) / microdegrees, Math.round(lat * microdegrees) / microdegrees];
}

/** Middle of the box of a ring. */
function middleOf(ring: readonly Pair[]): Position {
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  const half = (values: readonly number[]): number =>
    (values.reduce((least, value) => Math.min(least, value), Infinity) +
      values.reduce((most, value) => Math.max(most, value), -Infinity)) /
    2;
  return { lat: half(lats), lon: half(lons) };
}

/** All lines and rings of a geometry; a point is a line of one. */
function partsOf(geometry: Geometry): readonly (readonly Pair[])[] | undefined {
  const { coordinates } = geometry;
  switch (geometry.type) {
    case 'Point':
      return [[pairOf(coordinates)]];
    case 'MultiPoint':
    case 'LineString':
      return [listOf(coordinates).map(pairOf)];
    case 'MultiLineString':
    case 'Polygon':
      return listOf(coordinates).map((part) => listOf(part).map(pairOf));
    case 'MultiPolygon':
      return listOf(coordinates).flatMap((polygon) => listOf(polygon).map((ring) => listOf(ring).map(pairOf)));
    default:
      return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function pairOf(value: unknown): Pair {
  const [lon, lat] = listOf(value);
  return [typeof lon === 'number' ? lon : Number.NaN, typeof lat === 'number' ? lat : Number.NaN];
}
