/** What the app sees of buses. */
import type { Millis } from '../../../devices/wire.ts';

/** One row of the `vehicles` frame: [id, lat, lon, bearing, speed m/s, routeId, tripId, delaySeconds, ts]. */
export type VehicleRow = readonly [
  id: string,
  lat: number,
  lon: number,
  bearing: number | null,
  speed: number | null,
  routeId: string | null,
  tripId: string | null,
  delaySeconds: number | null,
  ts: Millis,
];

/** Answer to `subscribe` on `/transit`, and each frame but for `gone`. */
export type VehiclesSnapshot = { readonly at: Millis; readonly vehicles: readonly VehicleRow[] };

/** REST `/vehicles`. */
export type VehicleView = {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly bearing: number | null;
  readonly speed: number | null;
  readonly routeId: string | null;
  readonly routeShortName: string | null;
  readonly tripId: string | null;
  readonly directionId: 0 | 1 | null;
  readonly occupancy: number | null;
  /** Where the route comes from: the device's word, the vehicle table, or nowhere. */
  readonly routeSource: 'device' | 'table' | 'none';
  /** Time of the fix (ISO 8601). */
  readonly at: string;
  readonly ageSeconds: number;
};
