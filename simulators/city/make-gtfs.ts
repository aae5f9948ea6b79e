/** Writes the shipped GTFS folder from the hand-drawn tables: `node simulators/city/make-gtfs.ts`. Deterministic. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTimeOfDay } from '../clock.ts';
import { bearingDeg, between, distanceM, moved, type Point, rounded } from '../geo.ts';
import { type Line, lines } from './lines.ts';
import { stopTable } from './stop-table.ts';

/** The feed's files by name. */
export function buildGtfs(): ReadonlyMap<string, string> {
  const ways = lines.flatMap((line) => [layOut(line, 0), layOut(line, 1)]);
  const stops = new Map(ways.flatMap((way) => way.stops.map((stop) => [stop.id, stop] as const)));
  const trips = ways.flatMap(tripsOf);
  return new Map([
    ['agency.txt', csv('agency_id,agency_name,agency_url,agency_timezone,agency_lang', [agency])],
    [
      'feed_info.txt',
      csv('feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date', [feedInfo]),
    ],
    ['calendar.txt', csv(`service_id,${weekdays},start_date,end_date`, [['D', 1, 1, 1, 1, 1, 1, 1, ...validity]])],
    [
      'routes.txt',
      csv('route_id,agency_id,route_short_name,route_long_name,route_type,route_color', lines.map(routeRow)),
    ],
    ['stops.txt', csv('stop_id,stop_name,stop_lat,stop_lon', [...stops.values()].map(stopRow))],
    ['shapes.txt', csv('shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence', ways.flatMap(shapeRows))],
    [
      'trips.txt',
      csv(
        'route_id,service_id,trip_id,trip_headsign,direction_id,shape_id',
        trips.map((trip) => trip.row),
      ),
    ],
    [
      'stop_times.txt',
      csv(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
        trips.flatMap((trip) => trip.times),
      ),
    ],
  ]);
}

type Row = readonly (string | number)[];
type Stop = { readonly id: string; readonly name: string; readonly position: Point };
type Way = {
  readonly line: Line;
  readonly direction: 0 | 1;
  readonly headsign: string;
  readonly stops: readonly Stop[];
  readonly shape: readonly Point[];
  /** Seconds from the start at which the bus leaves each stop. */
  readonly offsets: readonly number[];
};

const site = 'https://example.org/nhip';
const agency = [
  'NHIP-DEMO',
  'Xe buýt Hà Nội - bản vẽ gần đúng cho mô phỏng (approximate, not official)',
  site,
  'Asia/Ho_Chi_Minh',
  'vi',
];
const feedInfo = [
  'Nhịp: hand-drawn, approximate stops and times; not an official feed',
  site,
  'vi',
  '20250101',
  '20351231',
];
const weekdays = 'monday,tuesday,wednesday,thursday,friday,saturday,sunday';
const validity = ['20250101', '20351231'];
const dwellSeconds = 20;
/** Poles stand this far to the right of the middle of the road. */
const kerbM = 9;
const shapeStepM = 180;
const serviceDay = { first: 5 * 3600, last: 21.5 * 3600 } as const;

function layOut(line: Line, direction: 0 | 1): Way {
  const keys = line.way.trim().split(/\s+/);
  if (direction === 1) keys.reverse();
  const nodes = keys.map((key) => ({ key, ...nodeOf(line.id, key) }));
  const stops: Stop[] = [];
  const offsets: number[] = [];
  let seconds = 0;
  nodes.forEach((node, index) => {
    const previous = nodes[index - 1];
    if (previous !== undefined) seconds += (distanceM(previous.at, node.at) * roadFactor * 3.6) / line.speedKmh;
    if (isBend(node.key)) return;
    const heading = bearingDeg(previous?.at ?? node.at, nodes[index + 1]?.at ?? node.at);
    if (stops.length > 0) seconds += dwellSeconds;
    stops.push(poleAt(node, heading));
    offsets.push(Math.round(seconds / 5) * 5);
  });
  const headsign = line.name.split(' - ')[direction === 0 ? 1 : 0] ?? line.name;
  return { line, direction, headsign, stops, offsets, shape: densify(nodes.map((node) => node.at)) };
}

/** Streets are longer than the straight line between two drawn points; the bus still follows the drawn line. */
const roadFactor = 1.05;

function nodeOf(lineId: string, key: string): { readonly name: string; readonly at: Point } {
  const entry = stopTable[key];
  if (entry === undefined) throw new Error(`line ${lineId} names the stop "${key}", which stop-table.ts does not have`);
  const [name, lat, lon] = entry;
  return { name, at: { lat, lon } };
}

/** A bend's key is `v` and a capital: part of the drawn line, but no stop. */
function isBend(key: string): boolean {
  return /^v[A-Z]/.test(key);
}

const stopKeys = Object.keys(stopTable);

/** One pole for each side of the road, named by the quarter that buses head for, and shared by lines that head the same way. */
function poleAt(node: { readonly key: string; readonly name: string; readonly at: Point }, heading: number): Stop {
  const quarter = 'NESW'[Math.round(heading / 90) % 4] ?? 'N';
  const side = ({ N: 90, E: 180, S: 270, W: 0 }[quarter] ?? 0) * (Math.PI / 180);
  const position = rounded(moved(node.at, kerbM * Math.cos(side), kerbM * Math.sin(side)));
  return { id: `${stopKeys.indexOf(node.key) + 1}${quarter}`, name: node.name, position };
}

function densify(nodes: readonly Point[]): readonly Point[] {
  const shape: Point[] = [];
  nodes.forEach((node, index) => {
    const previous = nodes[index - 1];
    const steps = previous === undefined ? 1 : Math.ceil(distanceM(previous, node) / shapeStepM);
    for (let step = 1; step <= steps; step++) shape.push(rounded(between(previous ?? node, node, step / steps)));
  });
  return shape;
}

function tripsOf(way: Way): { readonly row: Row; readonly times: readonly Row[] }[] {
  return starts(way.line).map((start, index) => {
    const id = `${way.line.id}-${way.direction}-${index + 1}`;
    return {
      row: [way.line.id, 'D', id, way.headsign, way.direction, shapeId(way)],
      times: way.stops.map((stop, place) => {
        const time = formatTimeOfDay(start + (way.offsets[place] ?? 0));
        return [id, time, time, stop.id, place + 1];
      }),
    };
  });
}

function starts(line: Line): number[] {
  const found: number[] = [];
  for (let at: number = serviceDay.first; at <= serviceDay.last; ) {
    found.push(at);
    const isRush = (at >= 6.5 * 3600 && at < 8.5 * 3600) || (at >= 16.5 * 3600 && at < 18.5 * 3600);
    at += line.headwayMinutes[isRush ? 0 : 1] * 60;
  }
  return found;
}

const shapeId = (way: Way): string => `${way.line.id}-${way.direction}`;
const routeRow = (line: Line): Row => [line.id, 'NHIP-DEMO', line.id, line.name, 3, line.color];
const stopRow = (stop: Stop): Row => [stop.id, stop.name, stop.position.lat, stop.position.lon];
const shapeRows = (way: Way): Row[] => way.shape.map((point, index) => [shapeId(way), point.lat, point.lon, index + 1]);

function csv(header: string, rows: readonly Row[]): string {
  return `${[header, ...rows.map((row) => row.map(cell).join(','))].join('\n')}\n`;
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, 'gtfs');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of buildGtfs()) writeFileSync(join(folder, name), text);
}
