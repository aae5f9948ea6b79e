import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { busMessages } from '../../../devices/bus/message.ts';
import { fireMessages } from '../../../devices/fire/message.ts';
import { parkingMessages } from '../../../devices/parking/message.ts';
import { cityFolder, loadCity } from '../../../simulators/city.ts';
import { createClock } from '../../../simulators/clock.ts';
import { planDay } from '../../../simulators/day.ts';
import { loadNetwork, type Network } from '../../../simulators/gtfs.ts';
import type { Planned } from '../../../simulators/plan.ts';
import { scenarioNamed, scenarios } from '../../../simulators/scenario.ts';
import { createStamper, describe } from '../../../simulators/stamp.ts';

const city = loadCity();
const devices = [...city.devices.values()];
let network: Network;

beforeAll(async () => {
  network = await loadNetwork(join(cityFolder, 'gtfs'), 3);
});

/** The first minutes of a plan, the city's clock at ten in the morning. */
function minutes(count: number, scenario = 'calm-day', seed = 7): readonly Planned[] {
  const start = { startSeconds: 36_000, gateStartSeconds: 36_000, speed: 1, namesTrips: true };
  const plan = planDay({ ...{ seed, scenario: scenarioNamed(scenario), city, network, devices }, ...start });
  return takeUntil(plan, count * 60_000);
}

function takeUntil(plan: Iterable<Planned>, untilMs: number): readonly Planned[] {
  const taken: Planned[] = [];
  for (const planned of plan) {
    if (planned.atMs > untilMs) break;
    taken.push(planned);
  }
  return taken;
}

const fireEvents = (plan: readonly Planned[], kind: string) =>
  plan.filter(({ action }) => action.kind === 'fireEvent' && action.body.kind === kind);

test('the same seed plans the same messages, another seed does not', () => {
  for (const { name } of scenarios) {
    const first = minutes(3, name).map(describe);
    expect(first.length, name).toBeGreaterThan(1_000);
    expect(minutes(3, name).map(describe), name).toEqual(first);
    expect(minutes(3, name, 8).map(describe), name).not.toEqual(first);
  }
});

test('the plan is in order of time', () => {
  const times = minutes(10).map((planned) => planned.atMs);
  expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
});

test('every planned message is one that the devices’ language knows', () => {
  const stamper = createStamper(createClock(1_750_000_000_000, 1), 42);
  const kinds = new Set<string>();
  for (const { deviceId, action } of minutes(15, 'rush-hour')) {
    kinds.add(action.kind);
    if (action.kind === 'cut') continue;
    const { name, body } = stamper.stamp(deviceId, action);
    const tables: Record<string, Record<string, { parse(payload: Buffer): unknown }>> = {
      fire: fireMessages,
      bus: busMessages,
      parking: parkingMessages,
    };
    const domain = city.devices.get(deviceId)?.domain ?? '';
    const kind = tables[domain]?.[name];
    expect(kind, name).toBeDefined();
    expect(() => kind?.parse(Buffer.from(JSON.stringify(body)))).not.toThrow();
  }
  expect([...kinds].sort()).toEqual([
    ...['busEvent', 'busPosition', 'busPositions', 'cut', 'fireEvent', 'fireHeartbeat', 'parkingCount', 'parkingEvent'],
  ]);
});

test('a calm day burns one pan within 25 s and airs the room', () => {
  const plan = minutes(3);
  const [alarm] = fireEvents(plan, 'alarm');
  expect(alarm?.atMs).toBe(18_000);
  const restored = fireEvents(plan, 'restore').filter((event) => event.deviceId === alarm?.deviceId);
  expect(restored.length).toBe(1);
});

test('the old-quarter fire spreads from one detector to its call point and both neighbours within 90 s', () => {
  const alarms = fireEvents(minutes(12, 'old-quarter-fire'), 'alarm');
  const first = new Map<string, number>();
  for (const { deviceId, atMs } of alarms) if (!first.has(deviceId)) first.set(deviceId, atMs);
  expect([...first.values()]).toEqual([12_000, 37_000, 67_000, 102_000]);
  const addresses = [...first.keys()].map((id) => city.places.get(city.devices.get(id)?.place ?? '')?.address ?? '');
  expect(addresses.every((address) => address.endsWith('ngõ 34 Hàng Bạc'))).toBe(true);
  expect(addresses[0]).toBe(addresses[1]);
  const restored = new Set(fireEvents(minutes(12, 'old-quarter-fire'), 'restore').map((event) => event.deviceId));
  expect(restored).toEqual(new Set(first.keys()));
});

test('a mains failure makes more than a hundred troubles within 10 s and one real alarm among them', () => {
  const plan = minutes(1, 'mains-failure');
  const lost = fireEvents(plan, 'trouble').map((event) => event.atMs);
  expect(lost.length).toBeGreaterThan(100);
  expect(Math.max(...lost) - Math.min(...lost)).toBeLessThan(10_000);
  expect(new Set(fireEvents(plan, 'alarm').map((event) => event.deviceId)).size).toBe(1);
});

test('a repetition of an event keeps its id and number, and a new event gets the next', () => {
  const stamper = createStamper(createClock(1_750_000_000_000, 2), 42);
  const said = (key: string, ts: number) => {
    const body = { ts, kind: 'alarm' as const, class: 'smoke' as const };
    return stamper.stamp('fd-0001', { kind: 'fireEvent', key, body }).body;
  };
  const alarm = { id: '42-1', boot: 42, seq: 1, ts: 1_750_000_005_000, kind: 'alarm', class: 'smoke' };
  expect(said('a', 10_000)).toEqual(alarm);
  expect(said('a', 10_000)).toEqual(alarm);
  expect(said('b', 20_000)).toEqual({ ...alarm, id: '42-2', seq: 2, ts: 1_750_000_010_000 });
});

test('most buses of the morning move, and none above 86 km/h', () => {
  const positions = minutes(5).flatMap(({ deviceId, action }) =>
    action.kind === 'busPosition' ? [{ deviceId, ...action.body }] : [],
  );
  const moving = new Set(
    positions.filter((position) => (position.speed ?? 0) > 1).map((position) => position.deviceId),
  );
  expect(moving.size).toBeGreaterThan(70);
  expect(Math.max(...positions.map((position) => position.speed ?? 0))).toBeLessThan(24);
});

test('an unknown scenario is answered with the names of all', () => {
  expect(() => scenarioNamed('flood')).toThrow(
    'there is no scenario "flood"; known are calm-day, old-quarter-fire, rush-hour, false-alarm-cooking, mains-failure, lost-gateway, drill, stale-clock, two-paths',
  );
});
