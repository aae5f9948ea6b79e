/** A bus with a tracker: waits at the terminus, drives its trip stop by stop, and tells where it is - nearly always truly. Pure. */
import type { BusPosition } from '../devices/bus/message.ts';
import { daySeconds } from './clock.ts';
import type { Dispatcher, Duty } from './dispatch.ts';
import { bearingDeg, between, type Point } from './geo.ts';
import type { Pattern } from './gtfs.ts';
import type { Planned } from './plan.ts';
import type { Random } from './random.ts';
import { createReceiver, send } from './tracker.ts';

/** A bus and the line that it belongs to, if it belongs to one. */
export type Bus = { readonly deviceId: string; readonly routeId?: string };

/** What all buses of a plan share. */
export type Traffic = {
  readonly dispatcher: Dispatcher;
  /** Time of the city's day at plan offset 0. */
  readonly startSeconds: number;
  /** 1 = the timetable's pace; 1.3 = everything takes 30 % longer. */
  readonly slowness: number;
  /** Whether messages name the GTFS trip: only true while the city's clock is the real one. */
  readonly namesTrips: boolean;
};

/** Everything the bus does, for ever. */
export function* busActor(bus: Bus, traffic: Traffic, random: Random): Generator<Planned, void> {
  const receiver = createReceiver(random);
  let freeAtMs = 0;
  let where: Point | undefined;
  let idleRounds = 0;
  for (;;) {
    const duty = traffic.dispatcher.next(freeAtMs, bus.routeId, where);
    if (duty === undefined) {
      const until = freeAtMs + 600_000;
      where ??= traffic.dispatcher.depot(bus.routeId);
      if (where !== undefined) yield* stand(bus, receiver, where, undefined, freeAtMs, until);
      freeAtMs = until;
      // After an hour without work it goes to another terminus: from there any trip will do.
      if (++idleRounds >= 6) where = undefined;
      continue;
    }
    idleRounds = 0;
    const { pattern } = duty.trip;
    const first = pattern.shape[0];
    if (first !== undefined) yield* stand(bus, receiver, first, pattern, freeAtMs, duty.startMs);
    // A trip under way at the start of the plan began before it.
    const legs = timeLegs(duty, freeAtMs === 0 ? duty.startMs : Math.max(duty.startMs, freeAtMs), traffic, random);
    yield* driveTrip(bus, duty, legs, traffic, receiver, random);
    freeAtMs = Math.max(1, legs.at(-1)?.arriveMs ?? freeAtMs) + random.between(60_000, 180_000);
    where = pattern.shape.at(-1);
  }
}

/** From leaving one stop to reaching the next. */
export type Leg = {
  readonly leaveMs: number;
  readonly arriveMs: number;
  readonly fromM: number;
  readonly toM: number;
  readonly toStop: string;
};

/** How the run goes: timetable, traffic by the hour, luck, and a driver who makes up for lost time and waits when early. */
export function timeLegs(duty: Duty, startMs: number, traffic: Traffic, random: Random): readonly Leg[] {
  const { trip } = duty;
  const legs: Leg[] = [];
  let now = startMs + random.between(0, 45_000);
  for (let stop = 1; stop < trip.arrivals.length; stop++) {
    const plannedMs = ((trip.arrivals[stop] ?? 0) - (trip.arrivals[stop - 1] ?? 0)) * 1000;
    const scheduledMs = duty.startMs + (trip.departures[stop - 1] ?? 0) * 1000;
    if (now < scheduledMs - 60_000) now = scheduledMs - 30_000;
    const dwellMs = Math.min(8_000 + random.exponential(12_000), 60_000, plannedMs * 0.4);
    const fromM = trip.pattern.stopDistances[stop - 1] ?? 0;
    const toM = trip.pattern.stopDistances[stop] ?? fromM;
    const luck = Math.exp(0.15 * random.gaussian()) * (now > scheduledMs + 60_000 ? 0.93 : 1);
    const pace = slownessAt(traffic.startSeconds + now / 1000) * traffic.slowness * luck;
    const fastestMs = ((toM - fromM) / fastestMps) * 1000;
    const leaveMs = now + dwellMs;
    now = leaveMs + Math.max((plannedMs - dwellMs) * pace, fastestMs, 2_000);
    legs.push({ leaveMs, arriveMs: now, fromM, toM, toStop: trip.pattern.stopIds[stop] ?? '' });
  }
  return legs;
}

/** Mean speed between two stops never exceeds this: 54 km/h, so that the peak stays below 81. */
const fastestMps = 15;

/** Hanoi's two rushes, 07:45 and 17:30, as a factor on running times. */
function slownessAt(citySeconds: number): number {
  const hour = (((citySeconds % daySeconds) + daySeconds) % daySeconds) / 3600;
  const bump = (peak: number, width: number): number => Math.exp(-(((hour - peak) / width) ** 2));
  return 0.97 + 0.12 * bump(7.75, 1) + 0.15 * bump(17.5, 1.2);
}

type Receiver = ReturnType<typeof createReceiver>;

/** Standing at a terminus: a fix every 20 s or so, without a trip. */
function* stand(
  bus: Bus,
  receiver: Receiver,
  at: Point,
  pattern: Pattern | undefined,
  fromMs: number,
  untilMs: number,
): Generator<Planned, void> {
  for (let now = fromMs + receiver.cadenceMs; now < untilMs; now += receiver.cadenceMs * 3) {
    const route = pattern === undefined ? {} : { route: pattern.routeId, direction: pattern.direction };
    const body = { ...receiver.fix(now, at, 0, undefined), ...route };
    yield { atMs: Math.round(now), deviceId: bus.deviceId, action: { kind: 'busPosition', body } };
  }
}

/** The trip's fixes and events, from now on: what lies before the plan's start is not told. */
function* driveTrip(
  bus: Bus,
  duty: Duty,
  legs: readonly Leg[],
  traffic: Traffic,
  receiver: Receiver,
  random: Random,
): Generator<Planned, void> {
  const { pattern } = duty.trip;
  const named = {
    route: pattern.routeId,
    direction: pattern.direction,
    ...(traffic.namesTrips ? { trip: duty.trip.id } : {}),
  };
  const crowd = { occupancy: Math.max(0, Math.min(5, Math.round(1.5 + 1.2 * random.gaussian()))) };
  const fixes: BusPosition[] = [];
  let leg = 0;
  const beginMs = Math.max(0, legs[0]?.leaveMs ?? 0);
  const endMs = legs.at(-1)?.arriveMs ?? 0;
  for (let now = beginMs; now <= endMs; now += receiver.cadenceMs + random.between(-400, 400)) {
    while (leg < legs.length - 1 && now > (legs[leg]?.arriveMs ?? 0)) leg++;
    const current = legs[leg];
    if (current === undefined) return;
    const motion = motionAt(current, now);
    const place = pointAt(pattern, motion.alongM);
    fixes.push({ ...receiver.fix(now, place.at, motion.speedMps, place.bearing), ...named, ...crowd });
  }
  const said = [...send(bus.deviceId, fixes, random), ...tripEvents(bus, duty, legs, named)];
  yield* said.sort((left, right) => left.atMs - right.atMs);
}

/** Away gently, fast in the middle, gently to a halt: distance 3x² - 2x³, speed 6x(1 - x) of the mean. */
function motionAt(leg: Leg, now: number): { readonly alongM: number; readonly speedMps: number } {
  const share = Math.min(1, Math.max(0, (now - leg.leaveMs) / (leg.arriveMs - leg.leaveMs)));
  const lengthM = leg.toM - leg.fromM;
  const meanMps = (lengthM / (leg.arriveMs - leg.leaveMs)) * 1000;
  return { alongM: leg.fromM + lengthM * share * share * (3 - 2 * share), speedMps: meanMps * 6 * share * (1 - share) };
}

function pointAt(pattern: Pattern, alongM: number): { readonly at: Point; readonly bearing: number } {
  const next = Math.max(
    1,
    pattern.distances.findIndex((distance) => distance >= alongM),
  );
  const from = pattern.shape[next - 1] ?? { lat: 0, lon: 0 };
  const to = pattern.shape[next] ?? from;
  const fromM = pattern.distances[next - 1] ?? 0;
  const lengthM = (pattern.distances[next] ?? fromM) - fromM;
  return { at: between(from, to, lengthM === 0 ? 0 : (alongM - fromM) / lengthM), bearing: bearingDeg(from, to) };
}

/** Start and end of the trip; doors only on the rapid line, whose platforms have a sensor for them. */
function tripEvents(
  bus: Bus,
  duty: Duty,
  legs: readonly Leg[],
  named: { readonly route: string; readonly direction: 0 | 1 },
): readonly Planned[] {
  const event = (at: number, kind: 'tripStart' | 'tripEnd' | 'doorOpen' | 'doorClose', stop: string): Planned => {
    const atMs = Math.round(at);
    const key = `${duty.trip.id}/${duty.startMs}/${kind}/${stop}`;
    return {
      atMs,
      deviceId: bus.deviceId,
      action: { kind: 'busEvent', key, body: { ts: atMs, kind, ...named, stop } },
    };
  };
  const doors = duty.trip.pattern.routeId.startsWith('BRT')
    ? legs.flatMap((leg) => [
        event(leg.arriveMs + 2_000, 'doorOpen', leg.toStop),
        event(leg.arriveMs + 7_000, 'doorClose', leg.toStop),
      ])
    : [];
  const first = duty.trip.pattern.stopIds[0] ?? '';
  const last = duty.trip.pattern.stopIds.at(-1) ?? '';
  const all = [
    event(legs[0]?.leaveMs ?? 0, 'tripStart', first),
    ...doors,
    event((legs.at(-1)?.arriveMs ?? 0) + 10_000, 'tripEnd', last),
  ];
  return all.filter((planned) => planned.atMs >= 0);
}
