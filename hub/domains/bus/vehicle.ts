/** A bus: its live position (never moved back by an older ping) and its logbook. Pure; the busiest step of the hub. */
import type { BusEvent, BusPosition } from '../../../devices/bus/message.ts';
import { futureToleranceMs } from '../../../devices/fields.ts';
import type { BadMessageReason, Millis } from '../../../devices/wire.ts';
import type { Step } from '../../domain.ts';
import type { Point } from '../../ports.ts';
import type { BusFact } from './events.ts';
import { type Fix, headingAfter, isPlausible } from './fix.ts';
import { decide, emptyLogbook, type Logbook, writeDown } from './logbook.ts';
import { type BusRegistry, findRoute } from './route-word.ts';

/** What is known of a bus. `fix` and `suspect` are stream state, `logbook` is the fold of the journal. */
export type VehicleState = {
  /** Shown live. */
  readonly fix: Fix | null;
  /** A newer position that is an implausible jump away; shown once a second one agrees with it. */
  readonly suspect: Fix | null;
  /** Fixes from the future that were left out of batches. */
  readonly futureFixes: number;
  readonly logbook: Logbook;
};

export const unknownVehicle: VehicleState = { fix: null, suspect: null, futureFixes: 0, logbook: emptyLogbook };

/** Positions older than this go to the history only. */
export const tooOldToShowMs: Millis = 10 * 60_000;
/** How long a route that was looked up stands, so that an import reaches buses that never change their word. */
const routeKeptMs: Millis = 60_000;

type BusStep = Step<VehicleState, BusFact>;

/** One ping. A ping from the future is refused: shown, it would freeze the bus until its time has come. */
export function stepPosition(
  state: VehicleState,
  subject: string,
  position: BusPosition,
  at: Millis,
  registry: BusRegistry,
): BusStep {
  if (position.ts > at + futureToleranceMs) {
    return { state, refused: refusal(`ts is ${Math.round((position.ts - at) / 1_000)} s ahead of the hub's clock`) };
  }
  const { fix } = state;
  if (fix !== null && position.ts === fix.ts) return { state };
  const route = routeFor(fix, subject, position, at, registry);
  const points = [pointOf(subject, position, route.answer.routeId)];
  if (!canMove(fix, position.ts, at)) return { state, points };
  return { state: moved(state, position, at, route.answer, route.at), points };
}

/** Stored pings in any order: all to the history, oldest first; the newer ones may move the live position. */
export function stepPositions(
  state: VehicleState,
  subject: string,
  positions: readonly BusPosition[],
  at: Millis,
  registry: BusRegistry,
): BusStep {
  const usable = positions.filter((position) => position.ts <= at + futureToleranceMs).sort((a, b) => a.ts - b.ts);
  if (usable.length === 0) {
    return { state, refused: refusal(`all ${positions.length} fixes are ahead of the hub's clock by more than 10 s`) };
  }
  let next = state;
  let lastTs = Number.NaN;
  const points: Point[] = [];
  for (const position of usable) {
    if (position.ts === lastTs || position.ts === state.fix?.ts) continue;
    lastTs = position.ts;
    const route = routeFor(next.fix, subject, position, at, registry);
    points.push(pointOf(subject, position, route.answer.routeId));
    if (canMove(next.fix, position.ts, at)) next = moved(next, position, at, route.answer, route.at);
  }
  const left = positions.length - usable.length;
  return { state: left === 0 ? next : { ...next, futureFixes: next.futureFixes + left }, points };
}

/** A door, trip, tap or SOS: one fact, once. */
export function stepEvent(state: VehicleState, deviceId: string, event: BusEvent, at: Millis): BusStep {
  const decision = decide(state.logbook, deviceId, event, at);
  switch (decision.kind) {
    case 'repeated':
      return { state };
    case 'conflict':
      return { state, refused: { reason: 'conflict', detail: decision.detail } };
    case 'fact':
      return { state: foldFact(state, decision.fact), events: [decision.fact] };
  }
}

/** Folds a journalled fact. */
export function foldFact(state: VehicleState, fact: BusFact): VehicleState {
  return { ...state, logbook: writeDown(state.logbook, fact) };
}

function refusal(detail: string): { reason: BadMessageReason; detail: string } {
  return { reason: 'time', detail };
}

function canMove(fix: Fix | null, ts: Millis, at: Millis): boolean {
  return ts > at - tooOldToShowMs && (fix === null || ts > fix.ts);
}

function routeFor(fix: Fix | null, subject: string, position: BusPosition, at: Millis, registry: BusRegistry) {
  const word = position.route ?? null;
  const direction = position.direction ?? null;
  if (fix !== null && fix.routeWord === word && fix.direction === direction && at - fix.routeAt < routeKeptMs) {
    return { answer: fix.route, at: fix.routeAt };
  }
  return { answer: findRoute(registry, subject, word, direction), at };
}

/** The state after a ping newer than the live one. */
function moved(
  state: VehicleState,
  position: BusPosition,
  at: Millis,
  route: Fix['route'],
  routeAt: Millis,
): VehicleState {
  const { fix, suspect, futureFixes, logbook } = state;
  if (fix === null || isPlausible(fix, position)) {
    const next = fixOf(fix, position, at, route, routeAt);
    // A suspect that was overtaken, or that this ping explains, is no suspect any more.
    if (suspect === null || suspect.ts <= next.ts) return { fix: next, suspect: null, futureFixes, logbook };
    if (isPlausible(next, suspect)) return { fix: suspect, suspect: null, futureFixes, logbook };
    return { fix: next, suspect, futureFixes, logbook };
  }
  if (suspect === null) {
    return { fix, suspect: fixOf(null, position, at, route, routeAt), futureFixes, logbook };
  }
  if (suspect.ts === position.ts) return state;
  if (isPlausible(suspect, position)) {
    const newest = position.ts > suspect.ts ? fixOf(suspect, position, at, route, routeAt) : suspect;
    return { fix: newest, suspect: null, futureFixes, logbook };
  }
  const later = position.ts > suspect.ts ? fixOf(null, position, at, route, routeAt) : suspect;
  return { fix, suspect: later, futureFixes, logbook };
}

function fixOf(before: Fix | null, position: BusPosition, at: Millis, route: Fix['route'], routeAt: Millis): Fix {
  const { ts, lat, lon } = position;
  const heading = before === null ? null : headingAfter(before, lat, lon, ts);
  return {
    ts,
    at,
    lat,
    lon,
    speed: position.speed ?? null,
    bearing: position.bearing ?? heading?.bearing ?? null,
    occupancy: position.occupancy ?? null,
    direction: position.direction ?? null,
    trip: position.trip ?? null,
    routeWord: position.route ?? null,
    route,
    routeAt,
    anchorLat: heading?.anchorLat ?? lat,
    anchorLon: heading?.anchorLon ?? lon,
    anchorTs: heading?.anchorTs ?? ts,
  };
}

function pointOf(subject: string, position: BusPosition, routeId: string | null): Point {
  return {
    measurement: 'bus_position',
    subject,
    at: position.ts,
    fields: {
      lat: position.lat,
      lon: position.lon,
      speed: position.speed,
      bearing: position.bearing,
      accuracy: position.accuracy,
      odometer: position.odometer,
      route: routeId ?? position.route,
      trip: position.trip,
      occupancy: position.occupancy,
    },
  };
}
