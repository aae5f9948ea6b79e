/** Reads a GTFS folder or zip into what a simulated bus needs: patterns with a line to follow, and the day's trips. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import yauzl from 'yauzl';
import { parseTimeOfDay } from './clock.ts';
import { distanceM, type Point } from './geo.ts';

/** A line on the ground with its stops, shared by all trips that run it. */
export type Pattern = {
  readonly routeId: string;
  readonly direction: 0 | 1;
  readonly shape: readonly Point[];
  /** Metres from the start at each point of the shape; never falls. */
  readonly distances: readonly number[];
  readonly stopIds: readonly string[];
  /** Metres from the start at each stop; never falls. */
  readonly stopDistances: readonly number[];
};

/** One run of a pattern. Offsets in seconds after the start, one a stop. */
export type Trip = {
  readonly id: string;
  readonly pattern: Pattern;
  readonly startSeconds: number;
  readonly arrivals: readonly number[];
  readonly departures: readonly number[];
};

/** A network's trips of one weekday, earliest first. */
export type Network = { readonly trips: readonly Trip[]; readonly routes: readonly string[] };

/**
 * Loads the trips of a weekday (0 = Sunday). Validity dates are ignored on purpose: an old feed still shows how a city moves.
 *
 * @throws Error naming the file that is missing or empty.
 */
export async function loadNetwork(path: string, weekday: number): Promise<Network> {
  const files = existsSync(path) && statSync(path).isDirectory() ? await readFolder(path) : await readZip(path);
  const table = (name: string): Row[] => rows(files, name);
  const stops = new Map(table('stops.txt').map((row) => [row.stop_id ?? '', pointOf(row.stop_lat, row.stop_lon)]));
  const shapes = groupBy(rows(files, 'shapes.txt', 'optional'), (row) => row.shape_id ?? '');
  const services = servicesOn(rows(files, 'calendar.txt', 'optional'), weekday);
  const times = groupBy(table('stop_times.txt'), (row) => row.trip_id ?? '');
  const patterns = new Map<string, Pattern>();
  const trips: Trip[] = [];
  for (const row of table('trips.txt')) {
    if (services.size > 0 && !services.has(row.service_id ?? '')) continue;
    const trip = tripOf(row, bySequence(times.get(row.trip_id ?? '') ?? [], 'stop_sequence'), stops, shapes, patterns);
    if (trip !== undefined) trips.push(trip);
  }
  trips.sort((left, right) => left.startSeconds - right.startSeconds);
  if (trips.length === 0) throw new Error(`${path} has no trip that a bus could drive`);
  return { trips, routes: [...new Set(trips.map((trip) => trip.pattern.routeId))] };
}

type Row = Readonly<Record<string, string>>;
type Files = ReadonlyMap<string, string>;

const needed = ['stops.txt', 'trips.txt', 'stop_times.txt', 'calendar.txt', 'shapes.txt'];

function rows(files: Files, name: string, need: 'needed' | 'optional' = 'needed'): Row[] {
  const text = files.get(name);
  if (text === undefined && need === 'needed') throw new Error(`the GTFS feed has no ${name}`);
  return parse<Record<string, string>>(text ?? '', { columns: true, bom: true, trim: true, skip_empty_lines: true });
}

async function readFolder(folder: string): Promise<Files> {
  const present = needed.filter((name) => existsSync(join(folder, name)));
  const texts = await Promise.all(present.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(present.map((name, index) => [name, texts[index] ?? '']));
}

async function readZip(path: string): Promise<Files> {
  if (!existsSync(path)) throw new Error(`there is no GTFS folder or zip at ${path}`);
  const files = new Map<string, string>();
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: true });
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.split('/').at(-1) ?? '';
    if (!needed.includes(name)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
    files.set(name, Buffer.concat(chunks).toString('utf8'));
  }
  return files;
}

const dayColumns = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function servicesOn(calendar: readonly Row[], weekday: number): ReadonlySet<string> {
  const running = calendar.filter((row) => row[dayColumns[weekday] ?? ''] === '1');
  return new Set(running.map((row) => row.service_id ?? ''));
}

function tripOf(
  row: Row,
  times: readonly Row[],
  stops: ReadonlyMap<string, Point | undefined>,
  shapes: ReadonlyMap<string, readonly Row[]>,
  patterns: Map<string, Pattern>,
): Trip | undefined {
  const timed = times.map((time) => ({
    stopId: time.stop_id ?? '',
    arrival: parseTimeOfDay(time.arrival_time ?? ''),
    departure: parseTimeOfDay(time.departure_time || time.arrival_time || ''),
  }));
  const start = timed[0]?.departure;
  if (timed.length < 2 || start === undefined) return undefined;
  const key = [row.route_id, row.direction_id, row.shape_id, ...timed.map((time) => time.stopId)].join('|');
  const pattern =
    patterns.get(key) ??
    patternOf(
      row,
      timed.map((time) => time.stopId),
      stops,
      shapes,
    );
  if (pattern === undefined) return undefined;
  patterns.set(key, pattern);
  const arrivals: number[] = [];
  const departures: number[] = [];
  for (const time of timed) {
    // A stop without times is passed when the one before is left: the bus makes the time up on the way.
    const before = departures.at(-1) ?? 0;
    arrivals.push(Math.max(before, (time.arrival ?? start + before) - start));
    departures.push(Math.max(arrivals.at(-1) ?? 0, (time.departure ?? start + before) - start));
  }
  return { id: row.trip_id ?? '', pattern, startSeconds: start, arrivals, departures };
}

function patternOf(
  row: Row,
  stopIds: readonly string[],
  stops: ReadonlyMap<string, Point | undefined>,
  shapes: ReadonlyMap<string, readonly Row[]>,
): Pattern | undefined {
  const positions = stopIds.map((id) => stops.get(id)).filter((stop) => stop !== undefined);
  if (positions.length < stopIds.length) return undefined;
  const drawn = bySequence(shapes.get(row.shape_id ?? '') ?? [], 'shape_pt_sequence')
    .map((point) => pointOf(point.shape_pt_lat, point.shape_pt_lon))
    .filter((point) => point !== undefined);
  const shape = drawn.length >= 2 ? drawn : positions;
  const distances = cumulative(shape);
  const stopDistances = shape === positions ? distances : placeStops(positions, shape, distances);
  const direction = row.direction_id === '1' ? 1 : 0;
  return { routeId: row.route_id ?? '', direction, shape, distances, stopIds, stopDistances };
}

function cumulative(shape: readonly Point[]): number[] {
  let total = 0;
  return shape.map((point, index) => {
    const previous = shape[index - 1];
    if (previous !== undefined) total += distanceM(previous, point);
    return total;
  });
}

/** Each stop at the nearest point of the line that is not behind the stop before; a loop is searched 3 km ahead. */
function placeStops(stops: readonly Point[], shape: readonly Point[], distances: readonly number[]): number[] {
  let from = 0;
  return stops.map((stop, index) => {
    if (index === stops.length - 1) return distances.at(-1) ?? 0;
    let best = from;
    for (let candidate = from; candidate < shape.length; candidate++) {
      if ((distances[candidate] ?? 0) - (distances[from] ?? 0) > 3000) break;
      if (distanceAt(shape, candidate, stop) < distanceAt(shape, best, stop)) best = candidate;
    }
    from = best;
    return distances[best] ?? 0;
  });
}

function distanceAt(shape: readonly Point[], index: number, stop: Point): number {
  const point = shape[index];
  return point === undefined ? Number.POSITIVE_INFINITY : distanceM(point, stop);
}

function pointOf(lat: string | undefined, lon: string | undefined): Point | undefined {
  const point = { lat: Number.parseFloat(lat ?? ''), lon: Number.parseFloat(lon ?? '') };
  return Number.isFinite(point.lat) && Number.isFinite(point.lon) ? point : undefined;
}

function bySequence(list: readonly Row[], column: string): readonly Row[] {
  return [...list].sort((left, right) => Number(left[column]) - Number(right[column]));
}

function groupBy(list: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of list) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
