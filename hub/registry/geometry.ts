/** Distances, courses, boxes and polygons on the ground, from degrees. Pure. */
import type { Position } from './records.ts';

/** One degree of latitude on a sphere of the Earth's mean radius (6,371,008.8 m). */
const metersPerDegree = 111_195.08;
const radians = Math.PI / 180;

/** Degrees are kept as whole millionths: 0.1 m, and half the memory of floating point. */
export const microdegrees = 1_000_000;

/** Distance as the crow flies in metres (haversine), good at any distance. */
export function distanceMeters(from: Position, to: Position): number {
  const north = Math.sin(((to.lat - from.lat) * radians) / 2);
  const east = Math.sin(((to.lon - from.lon) * radians) / 2);
  const chord = north * north + Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * east * east;
  return (2 * Math.asin(Math.min(1, Math.sqrt(chord))) * metersPerDegree) / radians;
}

/** Course from one position to another, degrees clockwise from north, 0 to below 360. */
export function courseDegrees(from: Position, to: Position): number {
  const north = to.lat - from.lat;
  const east = (to.lon - from.lon) * Math.cos(from.lat * radians);
  return (Math.atan2(east, north) / radians + 360) % 360;
}

/** West, south, east and north of a box that holds every point within the radius. */
export function boxAround(position: Position, radiusMeters: number): readonly [number, number, number, number] {
  const north = radiusMeters / metersPerDegree;
  // Near a pole every longitude is near; 0.01 keeps the box finite.
  const east = north / Math.max(0.01, Math.cos(Math.min(90, Math.abs(position.lat) + north) * radians));
  return [position.lon - east, position.lat - north, position.lon + east, position.lat + north];
}

/** Closed rings of a ward in microdegrees, lon and lat by turns; outer rings and holes alike. */
export type Rings = readonly Int32Array[];

/** Whether a point lies inside: even-odd over all rings, so holes and islands need no special case. */
export function isInside(rings: Rings, position: Position): boolean {
  const x = position.lon * microdegrees;
  const y = position.lat * microdegrees;
  let inside = false;
  for (const ring of rings) {
    let fromX = ring[ring.length - 2] ?? 0;
    let fromY = ring[ring.length - 1] ?? 0;
    for (let at = 0; at < ring.length; at += 2) {
      const toX = ring[at] ?? 0;
      const toY = ring[at + 1] ?? 0;
      if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
      fromX = toX;
      fromY = toY;
    }
  }
  return inside;
}

/** West, south, east and north of the rings, in microdegrees. */
export function boxOf(rings: Rings): readonly [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const x = ring[at] ?? 0;
      const y = ring[at + 1] ?? 0;
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
  }
  return [west, south, east, north];
}

/** Whole numbers as little-endian bytes, for a BLOB column. */
export function packIntegers(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** The whole numbers of a BLOB column. The bytes are copied: SQLite's need not be aligned. */
export function unpackIntegers(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.slice().buffer);
}

/** Rings as one list: how many, the length of each, then all coordinates. */
export function packRings(rings: Rings): Uint8Array {
  const values: number[] = [rings.length, ...rings.map((ring) => ring.length)];
  for (const ring of rings) for (const value of ring) values.push(value);
  return packIntegers(values);
}

export function unpackRings(bytes: Uint8Array): Rings {
  const values = unpackIntegers(bytes);
  const count = values[0] ?? 0;
  let from = count + 1;
  return Array.from({ length: count }, (_, index) => {
    const length = values[index + 1] ?? 0;
    from += length;
    return values.subarray(from - length, from);
  });
}

/** [lon, lat] pairs as microdegrees. */
export function packLine(line: readonly (readonly [number, number])[]): Uint8Array {
  return packIntegers(line.flatMap(([lon, lat]) => [Math.round(lon * microdegrees), Math.round(lat * microdegrees)]));
}

/** Microdegrees as [lon, lat] pairs. */
export function lineOf(values: Int32Array): readonly (readonly [number, number])[] {
  return Array.from({ length: values.length / 2 }, (_, index): readonly [number, number] => [
    (values[index * 2] ?? 0) / microdegrees,
    (values[index * 2 + 1] ?? 0) / microdegrees,
  ]);
}
