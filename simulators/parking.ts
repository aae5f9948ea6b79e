/** A car park: fills and empties along its kind's curve; the gate tells who came, paid and left, the counter miscounts a little. Pure. */
import type { ParkingEvent } from '../devices/parking/message.ts';
import { daySeconds } from './clock.ts';
import { feeOf } from './fee.ts';
import { shareAt } from './occupancy.ts';
import type { Draft, Planned } from './plan.ts';
import { freshPlate, type VehicleClass } from './plate.ts';
import type { Random } from './random.ts';

/** A lot and the devices that speak for it. */
export type Lot = {
  readonly id: string;
  readonly kind: string;
  readonly vehicleClass: VehicleClass;
  readonly capacity: number;
  readonly gate?: string;
  readonly counter?: string;
  readonly bays?: string;
  /** Key of the tariff that the gate charges by. */
  readonly tariff?: string;
};

/** What all lots of a plan share. */
export type ParkingDay = {
  /** Time of the city's day at plan offset 0. */
  readonly startSeconds: number;
  /** Time of day at plan offset 0 on the gate's own clock, which prices go by, and plan seconds in a second of it. */
  readonly gateStartSeconds: number;
  readonly speed: number;
  /** 1 is an ordinary day; above, more come and go. */
  readonly busyness: number;
};

type Parked = { readonly plate: string; readonly enteredAtMs: number; readonly bay: number };

/** Everything the lot's devices say, for ever. */
export function* lotActor(lot: Lot, day: ParkingDay, random: Random): Generator<Planned, void> {
  const parked: Parked[] = [];
  const wantedAt = (ms: number): number => shareAt(lot.kind, day.startSeconds + ms / 1000) * lot.capacity;
  const known = Math.min(10, Math.round(wantedAt(0) * 0.4));
  // Who came before anybody looked has a season ticket and a lane of its own: it fills a place and no gate knows it.
  let silent = Math.round(wantedAt(0)) - known;
  yield* backlog(lot, known, parked, random);
  let drift = 0;
  let countAt = random.between(2_000, 15_000);
  const step = (): number => random.exponential(stepMs(lot, day));
  for (let moveAt = backlogMs + step(); ; ) {
    if (countAt < moveAt) {
      drift = random.chance(1 / 20) ? 0 : drift + (random.chance(0.04) ? random.pick([-1, 1]) : 0);
      yield* count(lot, Math.round(countAt), silent + parked.length + drift);
      countAt += 60_000 + random.between(-3_000, 3_000);
      continue;
    }
    const now = Math.round(moveAt);
    const wanted = wantedAt(now) - silent;
    if (silent > 0 && parked.length - wanted > 0.05 * lot.capacity) silent--;
    // Around the curve both happen; the further off, the more one-sided.
    const chanceOfEntry = Math.min(0.9, Math.max(0.1, 0.5 + (wanted - parked.length) / (0.12 * lot.capacity)));
    const isFull = silent + parked.length >= lot.capacity;
    if (parked.length === 0 || (!isFull && random.chance(chanceOfEntry))) yield* enter(lot, now, parked, random);
    else yield* leave(lot, now, day, parked, random);
    // Two cars cannot pass one barrier within 12 s: payment, exit and barrier stay in order.
    moveAt += 12_000 + step();
  }
}

const backlogMs = 20_000;

/** On average every place comes or goes eight times a day, but no gate moves more often than three times a minute. */
function stepMs(lot: Lot, day: ParkingDay): number {
  return Math.max(8_000, (daySeconds * 1000) / (lot.capacity * 8 * day.busyness));
}

/** Entries from before the start that the gate had stored and now forwards. */
function* backlog(lot: Lot, known: number, parked: Parked[], random: Random): Generator<Planned, void> {
  for (let index = 0; index < known; index++) {
    const enteredAtMs = -random.whole(300, 7_200) * 1000;
    const vehicle = { plate: freshPlate(lot.vehicleClass, random), enteredAtMs, bay: index + 1 };
    parked.push(vehicle);
    const atMs = Math.round((backlogMs * (index + 0.5)) / known);
    if (lot.gate !== undefined)
      yield gateEvent(lot, lot.gate, atMs, `entry/${vehicle.plate}/${enteredAtMs}`, entryOf(lot, vehicle, 0.97));
  }
}

function* enter(lot: Lot, now: number, parked: Parked[], random: Random): Generator<Planned, void> {
  const taken = new Set(parked.map((vehicle) => vehicle.bay));
  let bay = 1;
  while (taken.has(bay)) bay++;
  const vehicle = { plate: freshPlate(lot.vehicleClass, random), enteredAtMs: now, bay };
  parked.push(vehicle);
  if (lot.gate !== undefined) {
    yield gateEvent(lot, lot.gate, now, `entry/${vehicle.plate}/${now}`, entryOf(lot, vehicle, confidence(random)));
    yield barrier(lot.gate, now + 2_000, 'in');
  }
  if (lot.bays !== undefined) yield bayEvent(lot.bays, now + 15_000, bay, true);
}

function* leave(lot: Lot, now: number, day: ParkingDay, parked: Parked[], random: Random): Generator<Planned, void> {
  const index = random.whole(0, parked.length - 1);
  const [vehicle] = parked.splice(index, 1);
  if (vehicle === undefined) return;
  if (lot.bays !== undefined) yield bayEvent(lot.bays, now, vehicle.bay, false);
  if (lot.gate === undefined) return;
  const stay = { enteredAtMs: vehicle.enteredAtMs / day.speed, leftAtMs: (now + 8_000) / day.speed };
  const amount = feeOf(lot.vehicleClass, lot.tariff, stay, day.gateStartSeconds);
  const reference = `${lot.id}-${vehicle.plate.replaceAll(/[^0-9A-Z]/g, '')}-${now}`;
  const payment = {
    ts: now + 4_000,
    kind: 'payment' as const,
    plate: vehicle.plate,
    amount,
    method: random.pick(methods),
    reference,
  };
  // One in 150 gets out behind another car without paying: leakage that the books must show.
  if (!random.chance(1 / 150)) yield gateEvent(lot, lot.gate, now + 4_000, `payment/${reference}`, payment);
  const exit = {
    kind: 'exit' as const,
    lane: 'out',
    ...readAtExit(vehicle.plate, random),
    vehicleClass: lot.vehicleClass,
  };
  yield gateEvent(lot, lot.gate, now + 8_000, `exit/${reference}`, { ts: now + 8_000, ...exit });
  yield barrier(lot.gate, now + 10_000, 'out');
}

const methods = ['qr', 'qr', 'qr', 'wallet', 'card', 'etc', 'cash'] as const;

function entryOf(lot: Lot, vehicle: Parked, plateConfidence: number): Draft<ParkingEvent> {
  const { plate, enteredAtMs: ts } = vehicle;
  return { ts, kind: 'entry', lane: 'in', plate, plateConfidence, vehicleClass: lot.vehicleClass };
}

/** One exit in 200 is misread by one digit, and the camera knows that it is unsure. */
function readAtExit(plate: string, random: Random): { readonly plate: string; readonly plateConfidence: number } {
  if (!random.chance(1 / 200)) return { plate, plateConfidence: confidence(random) };
  return { plate: `${plate.slice(0, -1)}${random.whole(0, 9)}`, plateConfidence: 0.62 };
}

function confidence(random: Random): number {
  return Math.round(Math.min(0.99, 0.98 - random.exponential(0.03)) * 100) / 100;
}

function gateEvent(lot: Lot, deviceId: string, atMs: number, key: string, body: Draft<ParkingEvent>): Planned {
  return { atMs, deviceId, action: { kind: 'parkingEvent', key: `${lot.id}/${key}`, body } };
}

function barrier(deviceId: string, atMs: number, lane: 'in' | 'out'): Planned {
  return {
    atMs,
    deviceId,
    action: { kind: 'parkingEvent', key: `barrier/${lane}/${atMs}`, body: { ts: atMs, kind: 'barrier', lane } },
  };
}

function bayEvent(deviceId: string, atMs: number, bay: number, occupied: boolean): Planned {
  const body = { ts: atMs, kind: 'bay' as const, bay: `A${String(bay).padStart(3, '0')}`, occupied };
  return { atMs, deviceId, action: { kind: 'parkingEvent', key: `bay/${bay}/${atMs}`, body } };
}

function* count(lot: Lot, atMs: number, occupied: number): Generator<Planned, void> {
  if (lot.counter === undefined) return;
  const body = { ts: atMs, occupied, capacity: lot.capacity };
  yield { atMs, deviceId: lot.counter, action: { kind: 'parkingCount', body } };
}
