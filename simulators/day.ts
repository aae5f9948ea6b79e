/** Composes the plan of a whole city's day from devices, network, scenario and seed. Pure: no clock, no file, no socket. */
import { type Bus, busActor } from './bus.ts';
import { type City, fireDevicesOf, lotsOf } from './city.ts';
import { createDispatcher } from './dispatch.ts';
import { fireActor } from './fire.ts';
import type { Network } from './gtfs.ts';
import { lotActor } from './parking.ts';
import { type Actor, mergePlan, type Planned, settle } from './plan.ts';
import { randomStream } from './random.ts';
import type { Scenario } from './scenario.ts';

/** Everything that a plan depends on. The same day gives the same plan. */
export type Day = {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly city: City;
  readonly network: Network;
  readonly devices: readonly { readonly id: string; readonly domain: string }[];
  /** Time of the city's day at plan offset 0, and of the gates' own clocks. */
  readonly startSeconds: number;
  readonly gateStartSeconds: number;
  readonly speed: number;
  readonly namesTrips: boolean;
  /** What a fire device is that the city does not know; a smoke detector when absent. */
  readonly unknownModel?: 'fire-panel';
};

/** What all devices of the city do, in order of time, for ever. */
export function planDay(day: Day): Generator<Planned, void> {
  return mergePlan([...fireActors(day), ...busActors(day), ...parkingActors(day)]);
}

function idsOf(day: Day, domain: string): readonly string[] {
  return day.devices.filter((device) => device.domain === domain).map((device) => device.id);
}

/** The story comes first: at equal times it goes before the ordinary. */
function fireActors(day: Day): readonly Actor[] {
  const fireDevices = fireDevicesOf(day.city, idsOf(day, 'fire'), day.unknownModel);
  const random = (name: string) => randomStream(day.seed, `story/${name}`);
  const stage = { fireDevices, random };
  const stories = day.scenario.stories(stage);
  const ordinary = fireDevices.map((device) =>
    settle(fireActor(device, randomStream(day.seed, device.deviceId)), 30_000),
  );
  const errors = day.scenario.clockErrors?.(stage);
  const all = [...stories, ...ordinary];
  return errors === undefined ? all : all.map((actor) => misdate(actor, errors));
}

/** What a device with a wrong clock says carries its own time; when it says so stays. */
function* misdate(actor: Actor, errors: ReadonlyMap<string, number>): Generator<Planned, void> {
  for (let result = actor.next(); result.done !== true; result = actor.next()) {
    const planned = result.value;
    const { action } = planned;
    const errorMs = errors.get(planned.deviceId) ?? 0;
    if (errorMs === 0) yield planned;
    else if (action.kind === 'fireEvent')
      yield { ...planned, action: { ...action, body: { ...action.body, ts: action.body.ts + errorMs } } };
    else if (action.kind === 'fireHeartbeat')
      yield { ...planned, action: { ...action, body: { ...action.body, ts: action.body.ts + errorMs } } };
    else yield planned;
  }
}

function busActors(day: Day): readonly Actor[] {
  const traffic = {
    dispatcher: createDispatcher(day.network, day.startSeconds),
    startSeconds: day.startSeconds,
    slowness: day.scenario.slowness,
    namesTrips: day.namesTrips,
  };
  const routes = new Set(day.network.routes);
  return idsOf(day, 'bus').map((deviceId) => {
    const routeId = day.city.routes.get(day.city.devices.get(deviceId)?.vehicle ?? '');
    const bus: Bus = { deviceId, ...(routeId !== undefined && routes.has(routeId) ? { routeId } : {}) };
    return busActor(bus, traffic, randomStream(day.seed, deviceId));
  });
}

function parkingActors(day: Day): readonly Actor[] {
  const { startSeconds, gateStartSeconds, speed } = day;
  const parkingDay = { startSeconds, gateStartSeconds, speed, busyness: day.scenario.busyness };
  return lotsOf(day.city, idsOf(day, 'parking')).map((lot) =>
    settle(lotActor(lot, parkingDay, randomStream(day.seed, lot.id)), 30_000),
  );
}
