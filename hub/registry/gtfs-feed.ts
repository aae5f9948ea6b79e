/** Reading a GTFS feed's tables and checking that what they refer to exists. */
import { HubError } from '../errors.ts';
import { type CsvRow, readCsv } from './csv-reader.ts';
import { microdegrees } from './geometry.ts';
import { GrowingIntegers } from './growing.ts';
import { readCalendars } from './gtfs-calendar.ts';
import type { GtfsSource } from './gtfs-source.ts';
import { secondsOf, timeFault } from './gtfs-time.ts';
import { Refusals } from './import-summary.ts';
import type { Calendar, Position, Route } from './records.ts';
import { optional } from './row.ts';

export type FeedStop = { readonly id: string; readonly name: string; readonly position: Position };
export type FeedTrip = {
  readonly id: string;
  readonly routeId: string;
  readonly serviceId: string;
  readonly directionId: 0 | 1;
  readonly headsign: string;
  readonly shapeId: string;
  readonly line: number;
};

/** A feed as read. Stop times and shape points stand in columns: 224,166 objects would cost 20 times as much. */
export type Feed = {
  readonly timeZone: string | undefined;
  readonly routes: readonly Route[];
  readonly stops: readonly FeedStop[];
  readonly calendars: readonly Calendar[];
  readonly trips: readonly FeedTrip[];
  readonly times: {
    /** Place in `trips`, `stops`; seconds of the service day, -1 where the feed leaves them open. */
    readonly trip: GrowingIntegers;
    readonly stop: GrowingIntegers;
    readonly sequence: GrowingIntegers;
    readonly arrival: GrowingIntegers;
    readonly departure: GrowingIntegers;
    readonly line: GrowingIntegers;
  };
  readonly shapes: {
    readonly ids: ReadonlyMap<string, number>;
    readonly shape: GrowingIntegers;
    readonly sequence: GrowingIntegers;
    /** Microdegrees. */
    readonly lon: GrowingIntegers;
    readonly lat: GrowingIntegers;
  };
  readonly rows: number;
  readonly refusals: Refusals;
  readonly notes: readonly string[];
};

/** More rows than any city's: the bound on memory. */
const maxRows = 10_000_000;

export type OnFile = (file: string, doneBytes: number, totalBytes: number) => void;

/**
 * Reads agency, calendar, calendar_dates, routes, stops, trips, stop_times and shapes. A row with a broken reference,
 * time or position is refused with its file and line.
 *
 * @throws HubError `invalid` when a needed file or column is missing or a file is no CSV.
 */
export async function readFeed(source: GtfsSource, onFile: OnFile): Promise<Feed> {
  const refusals = new Refusals();
  const notes: string[] = [];
  let rows = 0;
  let doneBytes = 0;
  const totalBytes = files.reduce((sum, name) => sum + (source.sizes.get(name) ?? 0), 0);
  const read: ReadTable = async (file, needed, onRow) => {
    if (!source.sizes.has(file)) return false;
    onFile(file, doneBytes, totalBytes);
    await readTable(source, file, needed, (row) => {
      if (++rows > maxRows) throw new HubError('invalid', `${file}: more than ${maxRows.toLocaleString('en')} rows`);
      const fault = onRow(row);
      if (fault !== undefined) refusals.add({ file, line: row.line, reason: fault });
    });
    doneBytes += source.sizes.get(file) ?? 0;
    return true;
  };

  let timeZone: string | undefined;
  await read('agency.txt', ['agency_timezone'], (row) => {
    timeZone ??= row.get('agency_timezone');
    return undefined;
  });
  const calendars = await readCalendars(read);
  const routes = await readRoutes(read);
  const stops = await readStops(read);
  const trips = await readTrips(read, routes, calendars);
  const times = await readTimes(read, trips, stops);
  const shapes = await readShapes(read);
  if (source.sizes.has('frequencies.txt'))
    notes.push('frequencies.txt is not read: its trips run once, as in stop_times');
  return {
    ...{ timeZone, rows, refusals, notes, times, shapes },
    routes: [...routes.values()],
    stops: [...stops.values()],
    calendars: [...calendars.values()],
    trips: [...trips.values()],
  };
}

const files = [
  ...['agency.txt', 'calendar.txt', 'calendar_dates.txt', 'routes.txt', 'stops.txt', 'trips.txt'],
  ...['stop_times.txt', 'shapes.txt'],
];

/** Reads a table when it is there; `onRow` answers why a row is refused. */
export type ReadTable = (
  file: string,
  neededColumns: readonly string[],
  onRow: (row: CsvRow) => string | undefined,
) => Promise<boolean>;

async function readTable(
  source: GtfsSource,
  file: string,
  needed: readonly string[],
  onRow: (row: CsvRow) => void,
): Promise<void> {
  try {
    await readCsv(await source.open(file), onRow, {
      onHeader(columns) {
        const missing = needed.filter((column) => !columns.includes(column));
        if (missing.length > 0) throw new HubError('invalid', `the header has no column ${missing.join(', ')}`);
      },
    });
  } catch (cause) {
    if (cause instanceof HubError && !cause.message.startsWith(file)) {
      throw new HubError(cause.code, `${file}: ${cause.message}`);
    }
    if (cause instanceof HubError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HubError('invalid', `${file} cannot be unpacked: ${reason}`);
  }
}

async function readRoutes(read: ReadTable): Promise<Map<string, Route>> {
  const routes = new Map<string, Route>();
  const isThere = await read('routes.txt', ['route_id', 'route_type'], (row) => {
    const id = row.get('route_id');
    const shortName = row.get('route_short_name');
    const longName = row.get('route_long_name');
    const type = Number(row.get('route_type'));
    const color = row.get('route_color').replace(/^#/, '').toUpperCase();
    if (id === '') return 'route_id is empty';
    if (routes.has(id)) return `route "${id}" stands in the file twice`;
    if (!/^\d+$/.test(row.get('route_type'))) return `route_type "${row.get('route_type')}" is no whole number`;
    routes.set(id, {
      id,
      shortName: shortName || longName || id,
      longName,
      ...optional('color', /^[0-9A-F]{6}$/.test(color) ? color : undefined),
      type,
    });
    return undefined;
  });
  if (!isThere) throw new HubError('invalid', 'routes.txt is not in the feed');
  return routes;
}

async function readStops(read: ReadTable): Promise<Map<string, FeedStop>> {
  const stops = new Map<string, FeedStop>();
  await read('stops.txt', ['stop_id', 'stop_lat', 'stop_lon'], (row) => {
    // Stations, entrances and nodes are no place where a bus stops.
    if (!['', '0'].includes(row.get('location_type'))) return undefined;
    const id = row.get('stop_id');
    const lat = Number(row.get('stop_lat') || Number.NaN);
    const lon = Number(row.get('stop_lon') || Number.NaN);
    if (id === '') return 'stop_id is empty';
    if (stops.has(id)) return `stop "${id}" stands in the file twice`;
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) {
      return `stop "${id}" has no usable position (${row.get('stop_lat')}, ${row.get('stop_lon')})`;
    }
    stops.set(id, { id, name: row.get('stop_name').normalize('NFC') || id, position: { lat, lon } });
    return undefined;
  });
  return stops;
}

async function readTrips(
  read: ReadTable,
  routes: ReadonlyMap<string, Route>,
  calendars: ReadonlyMap<string, Calendar>,
): Promise<Map<string, FeedTrip>> {
  const trips = new Map<string, FeedTrip>();
  const isThere = await read('trips.txt', ['route_id', 'service_id', 'trip_id'], (row) => {
    const id = row.get('trip_id');
    const routeId = row.get('route_id');
    const serviceId = row.get('service_id');
    if (id === '') return 'trip_id is empty';
    if (trips.has(id)) return `trip "${id}" stands in the file twice`;
    if (!routes.has(routeId)) return `trip "${id}" is on route "${routeId}", which is not in routes.txt`;
    if (!calendars.has(serviceId)) {
      return `trip "${id}" runs by service "${serviceId}", which is not in calendar.txt or calendar_dates.txt`;
    }
    trips.set(id, {
      ...{ id, routeId, serviceId, line: row.line },
      directionId: row.get('direction_id') === '1' ? 1 : 0,
      headsign: row.get('trip_headsign').normalize('NFC'),
      shapeId: row.get('shape_id'),
    });
    return undefined;
  });
  if (!isThere) throw new HubError('invalid', 'trips.txt is not in the feed');
  return trips;
}

async function readTimes(
  read: ReadTable,
  trips: ReadonlyMap<string, FeedTrip>,
  stops: ReadonlyMap<string, FeedStop>,
): Promise<Feed['times']> {
  const tripIndex = new Map([...trips.keys()].map((id, index) => [id, index]));
  const stopIndex = new Map([...stops.keys()].map((id, index) => [id, index]));
  const times = {
    trip: new GrowingIntegers(),
    stop: new GrowingIntegers(),
    sequence: new GrowingIntegers(),
    arrival: new GrowingIntegers(),
    departure: new GrowingIntegers(),
    line: new GrowingIntegers(),
  };
  const needed = ['trip_id', 'stop_id', 'stop_sequence', 'arrival_time', 'departure_time'];
  await read('stop_times.txt', needed, (row) => {
    const trip = tripIndex.get(row.get('trip_id'));
    const stop = stopIndex.get(row.get('stop_id'));
    const sequence = row.get('stop_sequence');
    const arrival = secondsOf(row.get('arrival_time') || row.get('departure_time'));
    const departure = secondsOf(row.get('departure_time') || row.get('arrival_time'));
    if (trip === undefined) return `trip "${row.get('trip_id')}" is not in trips.txt`;
    if (stop === undefined) return `stop "${row.get('stop_id')}" is not in stops.txt`;
    if (!/^\d{1,9}$/.test(sequence)) return `stop_sequence "${sequence}" is no whole number`;
    const fault = timeFault(row.get('arrival_time'), arrival) ?? timeFault(row.get('departure_time'), departure);
    if (fault !== undefined) return fault;
    if (departure < arrival)
      return `departure ${row.get('departure_time')} is before arrival ${row.get('arrival_time')}`;
    times.trip.push(trip);
    times.stop.push(stop);
    times.sequence.push(Number(sequence));
    times.arrival.push(arrival);
    times.departure.push(departure);
    times.line.push(row.line);
    return undefined;
  });
  return times;
}

async function readShapes(read: ReadTable): Promise<Feed['shapes']> {
  const ids = new Map<string, number>();
  const shapes = {
    ids,
    shape: new GrowingIntegers(),
    sequence: new GrowingIntegers(),
    lon: new GrowingIntegers(),
    lat: new GrowingIntegers(),
  };
  await read('shapes.txt', ['shape_id', 'shape_pt_lat', 'shape_pt_lon', 'shape_pt_sequence'], (row) => {
    const id = row.get('shape_id');
    const lat = Number(row.get('shape_pt_lat') || Number.NaN);
    const lon = Number(row.get('shape_pt_lon') || Number.NaN);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return `shape "${id}" has a point that is not on Earth`;
    if (!/^\d{1,9}$/.test(row.get('shape_pt_sequence')))
      return `shape "${id}" has a point without a whole sequence number`;
    const index = ids.get(id) ?? ids.size;
    ids.set(id, index);
    shapes.shape.push(index);
    shapes.sequence.push(Number(row.get('shape_pt_sequence')));
    shapes.lon.push(Math.round(lon * microdegrees));
    shapes.lat.push(Math.round(lat * microdegrees));
    return undefined;
  });
  return shapes;
}
