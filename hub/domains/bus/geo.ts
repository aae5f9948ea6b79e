/** Short distances on the ground, from degrees. Flat-earth formulas: under 0.1 % off within a city. Pure. */
import type { Position } from '../../registry/records.ts';

const metersPerDegree = 111_195;
const radians = Math.PI / 180;

/** Distance in metres between two positions. */
export function metersBetween(fromLat: number, fromLon: number, toLat: number, toLon: number): number {
  const north = (toLat - fromLat) * metersPerDegree;
  const east = (toLon - fromLon) * metersPerDegree * Math.cos(((fromLat + toLat) / 2) * radians);
  return Math.sqrt(north * north + east * east);
}

/** Course from one position to another: whole degrees clockwise from north, 0 to 359. */
export function courseBetween(fromLat: number, fromLon: number, toLat: number, toLon: number): number {
  const north = toLat - fromLat;
  const east = (toLon - fromLon) * Math.cos(((fromLat + toLat) / 2) * radians);
  return (Math.round(Math.atan2(east, north) / radians) + 360) % 360;
}

/** Where a position comes to lie on a line: metres along it, metres off it, and the line's course there. */
export type Projection = { readonly alongMeters: number; readonly offMeters: number; readonly courseDegrees: number };

/**
 * The point of a line of [lon, lat] pairs that is nearest to a position, not before `fromMeters` along it;
 * `undefined` for a line of fewer than two points.
 */
export function projectOnLine(
  line: readonly (readonly [number, number])[],
  position: Position,
  fromMeters = 0,
): Projection | undefined {
  const scale = Math.cos(position.lat * radians);
  let best: Projection | undefined;
  let along = 0;
  let previous: readonly [number, number] | undefined;
  for (const point of line) {
    if (previous !== undefined) {
      const x = (point[0] - previous[0]) * metersPerDegree * scale;
      const y = (point[1] - previous[1]) * metersPerDegree;
      const length = Math.sqrt(x * x + y * y);
      if (along + length >= fromMeters && length > 0) {
        const px = (position.lon - previous[0]) * metersPerDegree * scale;
        const py = (position.lat - previous[1]) * metersPerDegree;
        const earliest = Math.max(0, fromMeters - along) / length;
        const share = Math.min(1, Math.max(earliest, (px * x + py * y) / (length * length)));
        const off = Math.sqrt((px - share * x) ** 2 + (py - share * y) ** 2);
        if (best === undefined || off < best.offMeters) {
          const courseDegrees = courseBetween(previous[1], previous[0], point[1], point[0]);
          best = { alongMeters: along + share * length, offMeters: off, courseDegrees };
        }
      }
      along += length;
    }
    previous = point;
  }
  return best;
}
