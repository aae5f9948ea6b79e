/** One row of a recorded positions file, in either of the two column sets that are understood. Pure. */
import type { BusPosition } from '../../devices/bus/message.ts';
import type { Millis } from '../../devices/wire.ts';

/** Where a vehicle was. `deviceId` fits a topic; `label` is what the file calls it. */
export type RecordedPosition = {
  readonly deviceId: string;
  readonly label: string;
  readonly at: Millis;
  readonly position: Omit<BusPosition, 'ts'>;
};

/** `undefined` when the row has no vehicle, time or place. Times in Unix seconds, milliseconds or ISO 8601; speeds in m/s. */
export function readPosition(row: unknown): RecordedPosition | undefined {
  const cell = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = fieldOf(row, name);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const label = cell(['device', 'vehicle.vehicle.id', 'vehicle_id']);
  const at = timeOf(cell(['ts', 'vehicle.timestamp', 'timestamp']));
  const lat = numberOf(cell(['lat', 'vehicle.position.latitude', 'latitude']), -90, 90);
  const lon = numberOf(cell(['lon', 'vehicle.position.longitude', 'longitude']), -180, 180);
  if (label === undefined || at === undefined || lat === undefined || lon === undefined) return undefined;
  if (lat === 0 && lon === 0) return undefined;
  const speed = numberOf(cell(['speed', 'vehicle.position.speed']), 0, 70);
  const bearing = numberOf(cell(['bearing', 'vehicle.position.bearing']), 0, 360);
  const route = cell(['route', 'vehicle.trip.route_id'])?.slice(0, 64);
  const trip = cell(['trip', 'vehicle.trip.trip_id'])?.slice(0, 128);
  const direction = numberOf(cell(['direction', 'vehicle.trip.direction_id']), 0, 1);
  const occupancy = numberOf(cell(['occupancy', 'vehicle.occupancy_status']), 0, 8);
  return {
    deviceId: deviceIdOf(label),
    label,
    at,
    position: {
      lat,
      lon,
      ...(speed === undefined ? {} : { speed }),
      ...(bearing === undefined ? {} : { bearing }),
      ...(route === undefined ? {} : { route }),
      ...(trip === undefined ? {} : { trip }),
      ...(direction === 0 || direction === 1 ? { direction } : {}),
      ...(occupancy === undefined ? {} : { occupancy: Math.round(occupancy) }),
    },
  };
}

/** `bus-<id>`, with everything that a topic does not allow turned into `-`; an id that already is one stays. */
function deviceIdOf(label: string): string {
  const clean = label.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return clean.startsWith('bus-') ? clean : `bus-${clean}`;
}

function fieldOf(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const value: unknown = Reflect.get(row, name);
  return typeof value === 'string' ? value.trim() : undefined;
}

function numberOf(text: string | undefined, low: number, high: number): number | undefined {
  const value = Number(text ?? '');
  return text !== undefined && value >= low && value <= high ? value : undefined;
}

function timeOf(text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(value) || value <= 0) return undefined;
  // Seconds until the year 5138 are below this; milliseconds since 1973 above.
  return Math.round(value < 100_000_000_000 ? value * 1000 : value);
}
