/** Which buses are on their way to a stop, by their positions along the lines that serve it. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { RegistryReader } from '../../ports.ts';
import type { Pattern, Stop } from '../../registry/records.ts';
import type { Fix } from './fix.ts';
import { type Projection, projectOnLine } from './geo.ts';
import { freshForMs } from './live.ts';
import type { VehicleState } from './vehicle.ts';

/** A bus before the stop. No time is given: none can be computed honestly without travel times. */
export type Approach = {
  readonly vehicleId: string;
  readonly routeId: string;
  readonly patternId: string;
  readonly headsign: string | null;
  readonly directionId: 0 | 1;
  /** Metres along the line from the bus to the stop. */
  readonly distanceMeters: number;
  /** Stops of the pattern still before it, this one included. */
  readonly stopsAway: number;
  /** Time of the fix. */
  readonly ts: Millis;
};

/** GTFS-Realtime best practice: a position lies within 200 m of its shape, else the bus is on a detour. */
const onLineMeters = 200;

type ArrivalRegistry = Pick<RegistryReader, 'routes' | 'patterns' | 'stop'>;

/** All buses that have a live position, a route through the stop and the stop before them; the nearest first. */
export function approaching(
  stop: Stop,
  states: ReadonlyMap<string, VehicleState>,
  registry: ArrivalRegistry,
  now: Millis,
): readonly Approach[] {
  const lines = linesThrough(stop, registry);
  const found: Approach[] = [];
  for (const [vehicleId, { fix }] of states) {
    if (fix === null || fix.route.routeId === null || now - fix.ts > freshForMs) continue;
    const nearest = (lines.get(fix.route.routeId) ?? [])
      .map((line) => approachOf(vehicleId, fix, line))
      .filter((approach) => approach !== undefined)
      .sort((a, b) => a.distanceMeters - b.distanceMeters)[0];
    if (nearest !== undefined) found.push(nearest);
  }
  return found.sort((a, b) => a.distanceMeters - b.distanceMeters);
}

/** A pattern with the places of its stops along its shape, up to the stop that is asked for. */
type Line = { readonly pattern: Pattern; readonly alongMeters: readonly number[]; readonly target: number };

function linesThrough(stop: Stop, registry: ArrivalRegistry): Map<string, Line[]> {
  const lines = new Map<string, Line[]>();
  for (const route of registry.routes()) {
    const through = registry.patterns(route.id).filter((pattern) => pattern.stopIds.includes(stop.id));
    if (through.length > 0)
      lines.set(
        route.id,
        through.flatMap((pattern) => lineTo(pattern, stop, registry) ?? []),
      );
  }
  return lines;
}

function lineTo(pattern: Pattern, stop: Stop, registry: ArrivalRegistry): Line | undefined {
  const target = pattern.stopIds.indexOf(stop.id);
  const alongMeters: number[] = [];
  for (const stopId of pattern.stopIds.slice(0, target + 1)) {
    const position = registry.stop(stopId)?.position;
    // Each stop is looked for after the one before, so that a line which crosses itself keeps its order.
    const place = position && projectOnLine(pattern.shape, position, alongMeters.at(-1) ?? 0);
    if (place === undefined) return undefined;
    alongMeters.push(place.alongMeters);
  }
  return { pattern, alongMeters, target };
}

function approachOf(vehicleId: string, fix: Fix, line: Line): Approach | undefined {
  const { pattern, alongMeters, target } = line;
  const place = projectOnLine(pattern.shape, fix);
  const goal = alongMeters[target];
  if (place === undefined || goal === undefined || place.offMeters > onLineMeters) return undefined;
  if (!runsThatWay(fix, pattern, place) || place.alongMeters > goal) return undefined;
  return {
    vehicleId,
    routeId: pattern.routeId,
    patternId: pattern.id,
    headsign: pattern.headsign ?? null,
    directionId: pattern.directionId,
    distanceMeters: Math.round(goal - place.alongMeters),
    stopsAway: alongMeters.filter((along) => along >= place.alongMeters).length,
    ts: fix.ts,
  };
}

/** By the device's word, else by the bearing; a bus that says neither is not claimed for a direction. */
function runsThatWay(fix: Fix, pattern: Pattern, place: Projection): boolean {
  if (fix.direction !== null) return fix.direction === pattern.directionId;
  if (fix.bearing === null) return false;
  const turn = Math.abs(fix.bearing - place.courseDegrees) % 360;
  return Math.min(turn, 360 - turn) < 90;
}
