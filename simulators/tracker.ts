/**
 * The box on the bus: a receiver that drifts between tall houses, and a sender that loses the network, stores, forwards,
 * and lies a little. Shares follow what real fleets show (0.3 to 0.6 % repeated or out of order). Pure.
 */
import type { BusPosition } from '../devices/bus/message.ts';
import { moved, type Point, rounded } from './geo.ts';
import type { Planned } from './plan.ts';
import type { Random } from './random.ts';

/** Turns true places into fixes. One a bus: error, odometer and sequence go on from trip to trip. */
export type Receiver = {
  /** Time between two fixes on the road. */
  readonly cadenceMs: number;
  fix(nowMs: number, at: Point, speedMps: number, bearing: number | undefined): BusPosition;
};

/** A cheap receiver errs by some metres, and by tens in the old quarter's lanes and under the towers of the ring road. */
export function createReceiver(random: Random): Receiver {
  const cadenceMs = random.whole(5, 10) * 1000;
  let northM = 0;
  let eastM = 0;
  let seq = 0;
  return {
    cadenceMs,
    fix(nowMs, at, speedMps, bearing) {
      const errorM = isCanyon(at) ? 14 : 4;
      // First-order drift: each fix keeps nine tenths of the last error, so that tracks wander instead of jumping.
      northM = 0.9 * northM + 0.44 * errorM * random.gaussian();
      eastM = 0.9 * eastM + 0.44 * errorM * random.gaussian();
      const speed = Math.round(Math.max(0, speedMps + (speedMps > 1 ? 0.3 * random.gaussian() : 0)) * 10) / 10;
      return {
        ts: Math.round(nowMs),
        ...rounded(moved(at, northM, eastM)),
        speed,
        // Standing receivers turn on the spot: honest ones leave the bearing out.
        ...(bearing !== undefined && speed > 1 ? { bearing: Math.round(bearing) % 360 } : {}),
        accuracy: errorM * 2,
        seq: seq++,
      };
    },
  };
}

const canyons = [
  { south: 21.029, north: 21.04, west: 105.844, east: 105.857 },
  { south: 20.998, north: 21.008, west: 105.796, east: 105.806 },
];

function isCanyon({ lat, lon }: Point): boolean {
  return canyons.some((box) => lat > box.south && lat < box.north && lon > box.west && lon < box.east);
}

const shareRepeated = 0.005;
const shareSwapped = 0.003;
const shareStale = 0.002;
const meanBetweenDropOutsMs = 25 * 60_000;

/** Sends the fixes of one trip. Fixes during a drop-out come afterwards as one `positions` batch. */
export function send(deviceId: string, fixes: readonly BusPosition[], random: Random): readonly Planned[] {
  const planned: Planned[] = [];
  let stored: BusPosition[] = [];
  let lostAt = (fixes[0]?.ts ?? 0) + random.exponential(meanBetweenDropOutsMs);
  let backAt = lostAt + random.between(40_000, 180_000);
  for (const fix of fixes) {
    if (fix.ts >= lostAt && fix.ts < backAt) {
      // Every third drop-out takes the connection with it; otherwise the network only swallows.
      if (stored.length === 0 && random.chance(1 / 3)) {
        planned.push({ atMs: fix.ts, deviceId, action: { kind: 'cut', forMs: Math.round(backAt - fix.ts) } });
      }
      stored.push(fix);
      continue;
    }
    if (stored.length > 0) {
      planned.push(forward(deviceId, fix.ts, stored, random));
      stored = [];
      lostAt = fix.ts + random.exponential(meanBetweenDropOutsMs);
      backAt = lostAt + random.between(40_000, 180_000);
    }
    planned.push(...tell(deviceId, fix, random));
  }
  const last = fixes.at(-1);
  if (stored.length > 0 && last !== undefined) planned.push(forward(deviceId, last.ts + 20_000, stored, random));
  return planned;
}

/** Some trackers empty their store from the newest end. */
function forward(deviceId: string, atMs: number, stored: readonly BusPosition[], random: Random): Planned {
  const body = random.chance(0.3) ? stored.toReversed() : stored;
  return { atMs: atMs + 500, deviceId, action: { kind: 'busPositions', body } };
}

/** One fix, told once, twice, late enough to come after its successor, or with a clock that stood still. */
function tell(deviceId: string, fix: BusPosition, random: Random): readonly Planned[] {
  const at = (atMs: number, body: BusPosition): Planned => ({ atMs, deviceId, action: { kind: 'busPosition', body } });
  const luck = random.next();
  if (luck < shareRepeated) return [at(fix.ts, fix), at(fix.ts + 1_500, fix)];
  if (luck < shareRepeated + shareSwapped) return [at(fix.ts + 11_000, fix)];
  if (luck < shareRepeated + shareSwapped + shareStale) {
    return [at(fix.ts, { ...fix, ts: fix.ts - random.whole(60, 600) * 1000 })];
  }
  return [at(fix.ts, fix)];
}
