/** Plane geometry that is good enough within one city. Distances in metres, positions in degrees. Pure. */

/** WGS 84, degrees. */
export type Point = { readonly lat: number; readonly lon: number };

const metresPerDegree = 111_320;

/** Distance on the local plane; within 0.1 % for a city. */
export function distanceM(from: Point, to: Point): number {
  const north = (to.lat - from.lat) * metresPerDegree;
  const east = (to.lon - from.lon) * metresPerDegree * Math.cos((from.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** Degrees clockwise from north, 0 to 360. */
export function bearingDeg(from: Point, to: Point): number {
  const east = (to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  const angle = (Math.atan2(east, to.lat - from.lat) * 180) / Math.PI;
  return (angle + 360) % 360;
}

/** The point so many metres to the north and east. */
export function moved(from: Point, northM: number, eastM: number): Point {
  return {
    lat: from.lat + northM / metresPerDegree,
    lon: from.lon + eastM / (metresPerDegree * Math.cos((from.lat * Math.PI) / 180)),
  };
}

/** The point at this fraction of the way, 0 to 1. */
export function between(from: Point, to: Point, fraction: number): Point {
  return { lat: from.lat + (to.lat - from.lat) * fraction, lon: from.lon + (to.lon - from.lon) * fraction };
}

/** Six decimals are 0.1 m: more would be noise in a file or a message. */
export function rounded(point: Point): Point {
  return { lat: Math.round(point.lat * 1e6) / 1e6, lon: Math.round(point.lon * 1e6) / 1e6 };
}

/** Whether the point lies inside the ring of [lon, lat] pairs. */
export function inRing(point: Point, ring: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  let [previousLon, previousLat] = ring[ring.length - 1] ?? [0, 0];
  for (const [lon, lat] of ring) {
    const crosses = lat > point.lat !== previousLat > point.lat;
    if (crosses && point.lon < ((previousLon - lon) * (point.lat - lat)) / (previousLat - lat) + lon) inside = !inside;
    previousLon = lon;
    previousLat = lat;
  }
  return inside;
}
