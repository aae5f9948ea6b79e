import { expect, test } from 'vitest';
import { type FireEvent, fireMessages } from '../../../devices/fire/message.ts';
import { loadCity } from '../../../simulators/city.ts';
import { createClock } from '../../../simulators/clock.ts';
import { planDay } from '../../../simulators/day.ts';
import type { Planned } from '../../../simulators/plan.ts';
import { scenarioNamed } from '../../../simulators/scenario.ts';
import { createStamper } from '../../../simulators/stamp.ts';

const city = loadCity();
const shipped = [...city.devices.values()].filter((device) => device.domain === 'fire');

/** The first minutes of the fire devices, at ten in the morning. */
function minutes(count: number, scenario: string, devices: readonly { id: string; domain: string }[] = shipped) {
  const time = { startSeconds: 36_000, gateStartSeconds: 36_000, speed: 1, namesTrips: true };
  const network = { routes: [], trips: [] };
  const cast = { devices, unknownModel: 'fire-panel' as const };
  const taken: Planned[] = [];
  for (const planned of planDay({ seed: 7, scenario: scenarioNamed(scenario), city, network, ...cast, ...time })) {
    if (planned.atMs > count * 60_000) break;
    taken.push(planned);
  }
  return taken;
}

type Said = { readonly deviceId: string; readonly atMs: number; readonly key: string } & Omit<
  FireEvent,
  'id' | 'boot' | 'seq'
>;

function said(plan: readonly Planned[], kind: FireEvent['kind']): readonly Said[] {
  return plan.flatMap(({ atMs, deviceId, action }) =>
    action.kind === 'fireEvent' && action.body.kind === kind
      ? [{ deviceId, atMs, key: action.key, ...action.body }]
      : [],
  );
}

test('ten thousand panels lose the mains within 10 s, each once, and one building burns among them', () => {
  const panels = Array.from({ length: 10_000 }, (_, index) => ({ id: `panel-${index}`, domain: 'fire' }));
  const plan = minutes(0.5, 'mains-failure', panels);
  const lost = said(plan, 'trouble').filter(({ key }) => key === 'mains/lost');
  expect(lost.length).toBe(10_000);
  expect(new Set(lost.map(({ deviceId }) => deviceId)).size).toBe(10_000);
  expect(lost.every(({ atMs, point }) => atMs >= 15_000 && atMs < 25_000 && point === 'mains')).toBe(true);
  // Said again after ten seconds, as a panel does that still burns.
  expect(said(plan, 'alarm').map(({ atMs, panelVerified }) => [atMs, panelVerified])).toEqual([
    [20_000, true],
    [30_000, true],
  ]);
});

test('three pans burn in twelve minutes, the first and the third in the same kitchen', () => {
  const alarms = said(minutes(12, 'false-alarm-cooking'), 'alarm');
  const pans = alarms.filter(({ key }, index) => alarms.findIndex((other) => other.key === key) === index);
  expect(pans.map(({ deviceId, atMs }) => [deviceId, atMs])).toEqual([
    ['fd-0001', 18_000],
    ['fd-0002', 216_000],
    ['fd-0001', 606_000],
  ]);
  expect(said(minutes(14, 'false-alarm-cooking'), 'restore').length).toBe(3);
});

test('behind a lost gateway sixty lines break within a second, and none says a word first', () => {
  const cuts = minutes(1, 'lost-gateway').filter(({ action }) => action.kind === 'cut' && action.forMs >= 600_000);
  expect(cuts.length).toBe(60);
  expect(new Set(cuts.map(({ deviceId }) => deviceId)).size).toBe(60);
  expect(cuts.every(({ atMs }) => atMs >= 30_000 && atMs < 31_000)).toBe(true);
});

test('a drill is the alarms of one building, call point first, and nothing in them says that it is one', () => {
  const plan = minutes(8, 'drill');
  const alarms = said(plan, 'alarm');
  const building = ['fd-0056', 'fd-0053', 'fd-0054', 'fd-0055'];
  expect([...new Set(alarms.map(({ deviceId }) => deviceId))]).toEqual(building);
  expect(JSON.stringify(alarms.map(({ key: _, ...body }) => body))).not.toMatch(/drill|exercise|test/);
  const restored = said(plan, 'restore').map(({ deviceId }) => deviceId);
  expect(restored).toEqual(building);
});

test('one clock is years behind, one three minutes ahead, in everything that the two devices say', () => {
  const plan = minutes(3, 'stale-clock');
  const errors = (deviceId: string): ReadonlySet<number> =>
    new Set(
      plan.flatMap(({ deviceId: id, atMs, action }) =>
        id === deviceId && action.kind === 'fireHeartbeat' ? [action.body.ts - atMs] : [],
      ),
    );
  expect(errors('fd-0001')).toEqual(new Set([-207_360_000_000]));
  expect(errors('fd-0002')).toEqual(new Set([180_000]));
  expect(errors('fd-0004')).toEqual(new Set([0]));
  const alarms = said(plan, 'alarm').map(({ deviceId, atMs, ts }) => [deviceId, atMs, ts]);
  expect(alarms).toEqual([
    ['fd-0001', 40_000, -207_359_960_000],
    ['fd-0001', 52_000, -207_359_960_000],
    ['fd-0002', 85_000, 265_000],
    ['fd-0002', 97_000, 265_000],
  ]);
});

test('one alarm over two paths says the same at the same device time, under another id', () => {
  const plan = minutes(1, 'two-paths').filter(({ action }) => action.kind === 'fireEvent');
  const stamper = createStamper(createClock(1_750_000_000_000, 1), 42);
  const messages = plan.flatMap(({ deviceId, action }) =>
    action.kind === 'cut' ? [] : [stamper.stamp(deviceId, action).body],
  );
  const alarm = { boot: 42, ts: 1_750_000_015_000, kind: 'alarm', class: 'smoke', point: '3' };
  const alarms = messages.filter((body) => JSON.stringify(body).includes('"kind":"alarm"'));
  expect(alarms).toEqual([
    { ...alarm, id: '42-1', seq: 1, values: { path: 'ethernet' } },
    { ...alarm, id: '42-2', seq: 2, values: { path: 'cellular' } },
  ]);
  for (const body of alarms) {
    expect(() => fireMessages.event.parse(Buffer.from(JSON.stringify(body)))).not.toThrow();
  }
});
