/** Drills, walk tests, isolation, commissioning, and what the hub itself finds wrong: fire.md §5.6, §5.8. */
import { describe, expect, test } from 'vitest';
import { fireDueAt } from '../../../../../hub/domains/fire/clockwork.ts';
import { fireHearing } from '../../../../../hub/domains/fire/hearing.ts';
import { hearLink, noFireState } from '../../../../../hub/domains/fire/state.ts';
import type { WindowCommand } from '../../../../../hub/domains/fire/window-commands.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, minh, noon, openScene } from './scene.ts';

const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const minutes = (n: number) => noon + n * 60_000;
const hours = (n: number) => minutes(n * 60);
const context = { place: house, devicesHere: () => [kitchen, stairs] };

type Opening = Extract<WindowCommand, { name: 'openWindow' }>['args'];

function openHouse() {
  const scene = openScene();
  const give = (at: number, command: WindowCommand) =>
    scene.enter({ kind: 'command', at, id: `w${at - noon}`, by: lan, ...command }, context);
  return { ...scene, give, window: (at: number, args: Opening) => give(at, { name: 'openWindow', args }) };
}

const tick = (scene: ReturnType<typeof openHouse>, at: number) => scene.enter({ kind: 'tick', at }).types;

describe('a drill', () => {
  test('stamps what its devices say, ends by itself, and puts the exercise away', () => {
    const scene = openHouse();
    expect(scene.window(noon, { kind: 'drill', reason: 'Diễn tập quý 4' }).types).toEqual(['window.opened']);
    scene.say(kitchen, { class: 'callPoint', at: minutes(1) });
    expect(scene.open()).toMatchObject({ standing: 'exercise', evidence: 'confirmed', priority: 1 });
    scene.say(kitchen, { class: 'callPoint', kind: 'restore', at: minutes(2) });
    expect(fireDueAt(scene.state())).toBeLessThan(minutes(60));
    scene.act(lan, minutes(3), { name: 'acknowledge', args: { incident: scene.open().id } });
    const { types } = scene.enter({ kind: 'tick', at: minutes(60) });
    expect(types).toEqual(['window.ended', 'incident.closed']);
    expect(scene.state()).toMatchObject({ open: null, windows: [] });
    expect(scene.state().closed[0]).toMatchObject({ closed: { by: 'hub', disposition: 'exercise' } });
  });

  test('never hides a real alarm from outside of it: it becomes real, in nobody’s hand, with a new chain', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', devices: ['det-kitchen'], reason: 'Diễn tập' });
    scene.say(kitchen, { at: minutes(1) });
    scene.act(lan, minutes(1), { name: 'acknowledge', args: { incident: scene.open().id } });
    const { types } = scene.say(stairs, { class: 'callPoint', at: minutes(2) });
    expect(types).toEqual([
      'signal.received',
      'incident.standingChanged',
      'incident.joined',
      'incident.evidenceRaised',
    ]);
    expect(scene.open()).toMatchObject({ handling: 'raised', acknowledged: null, priority: 1 });
    expect(scene.open().standing).toBeUndefined();
    expect(scene.state().watch).toMatchObject({ round: 2, from: minutes(2), taken: [] });
  });

  test('what still burns when it ends is real', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', reason: 'Diễn tập' });
    scene.say(kitchen, { at: minutes(1) });
    scene.act(lan, minutes(1), { name: 'refute', args: { incident: scene.open().id, reason: 'Diễn tập' } });
    expect(tick(scene, minutes(60)).slice(0, 2)).toEqual(['window.ended', 'incident.standingChanged']);
    expect(scene.open()).toMatchObject({ handling: 'raised', verdict: null });
  });

  test('a device cannot declare itself a drill', () => {
    const scene = openHouse();
    scene.say(kitchen, { kind: 'test' });
    scene.say(kitchen, { at: minutes(1), values: { status: 'exercise', standing: 'test' } });
    expect(scene.open().standing).toBeUndefined();
  });

  test('an alarm in the second after its end is real, before the clock has said so', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', reason: 'Diễn tập', minutes: 1 });
    scene.say(kitchen, { at: minutes(1) });
    expect(scene.open().standing).toBeUndefined();
  });
});

describe('a walk test', () => {
  test('counts points, calls nobody, and reports which were never heard', () => {
    const scene = openHouse();
    scene.say(kitchen, { kind: 'test', point: 'bếp', at: noon - 1_000 });
    scene.window(noon, { kind: 'walkTest', reason: 'Kiểm tra tháng 11' });
    scene.say(kitchen, { point: 'bếp', at: minutes(1) });
    expect(scene.open().standing).toBe('test');
    scene.say(kitchen, { point: 'bếp', kind: 'restore', at: minutes(2) });
    expect(tick(scene, minutes(30))).toEqual([]);
    expect(scene.give(minutes(40), { name: 'endWindow', args: { window: 'w0' } }).types).toEqual([
      'window.ended',
      'incident.closed',
    ]);
    const ended = scene.facts().find((fact) => fact.type === 'window.ended');
    expect(ended?.data).toMatchObject({
      by: 'Lan',
      coverage: { seen: ['det-kitchen/bếp'], never: ['det-stairs/'] },
    });
    expect(scene.state().devices['det-kitchen']?.lastTestAt).toBe(minutes(1));
  });

  test('in the next room a call point is real', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'walkTest', devices: ['det-kitchen'], reason: 'Kiểm tra' });
    scene.say(stairs, { class: 'callPoint', at: minutes(1) });
    expect(scene.open()).toMatchObject({ priority: 1 });
    expect(scene.open().standing).toBeUndefined();
  });
});

describe('isolation', () => {
  const isolation: Opening = {
    kind: 'isolation',
    devices: ['det-kitchen'],
    reason: 'Đầu báo cháy hỏng',
    compensation: 'Bảo vệ tuần tra mỗi giờ',
  };

  test('is the way out for a burnt detector that keeps its incident from closing', () => {
    const scene = openHouse();
    scene.say(kitchen, {});
    const incident = scene.open().id;
    const close = { name: 'close', args: { incident, disposition: 'fire' } } as const;
    expect(scene.act(lan, minutes(1), close).rejection?.code).toBe('conflict');
    expect(scene.window(minutes(2), isolation).types).toEqual(['window.opened', 'incident.setAside']);
    expect(scene.act(lan, minutes(3), close).types).toEqual(['incident.acknowledged', 'incident.closed']);
    expect(scene.state().closed[0]).toMatchObject({ source: 'restored', points: [{ restoredAt: null }] });
    // It is not forgotten: back in service and still in alarm is a trouble.
    expect(tick(scene, hours(9))).toEqual(['window.ended', 'device.troubled']);
    expect(Object.keys(scene.state().devices['det-kitchen']?.troubles ?? {})).toEqual(['hub:stillInAlarm']);
    scene.say(kitchen, { kind: 'restore', at: hours(10) });
    expect(scene.state().devices['det-kitchen']?.troubles).toEqual({});
  });

  test('does not silence another detector of the same place', () => {
    const scene = openHouse();
    scene.say(kitchen, {});
    scene.say(stairs, { at: minutes(1) });
    expect(scene.window(minutes(2), isolation).types).toEqual(['window.opened']);
    expect(scene.open().source).toBe('active');
  });

  test('an alarm of an isolated device is recorded and shown, and calls nobody; unisolated it becomes real', () => {
    const scene = openHouse();
    scene.window(noon, isolation);
    scene.say(kitchen, { at: minutes(1) });
    expect(scene.open()).toMatchObject({ standing: 'isolated', handling: 'raised', source: 'restored' });
    expect(tick(scene, minutes(10))).toEqual([]);
    expect(scene.give(minutes(20), { name: 'endWindow', args: { window: 'w0' } }).types).toEqual([
      'window.ended',
      'incident.reactivated',
      'incident.standingChanged',
    ]);
    expect(scene.open()).toMatchObject({ source: 'active', handling: 'raised' });
  });

  test('extended beyond 24 h it is a trouble of its own, until it ends', () => {
    const scene = openHouse();
    scene.window(noon, { ...isolation, minutes: 1_440 });
    scene.give(hours(23), { name: 'extendWindow', args: { window: 'w0', minutes: 600, reason: 'Chờ linh kiện' } });
    expect(tick(scene, hours(24) - 1)).toEqual([]);
    expect(tick(scene, hours(24))).toEqual(['device.troubled']);
    expect(tick(scene, hours(25))).toEqual([]);
    expect(Object.keys(scene.state().devices['det-kitchen']?.troubles ?? {})).toEqual(['hub:isolatedTooLong']);
    expect(tick(scene, hours(33))).toEqual(['window.ended']);
    expect(scene.state().devices['det-kitchen']).toMatchObject({ troubles: {}, service: { kind: 'inService' } });
  });

  test.each<[string, Opening, string]>([
    ['without devices', { kind: 'isolation', reason: 'x', compensation: 'y' }, 'names its devices'],
    ['without compensation', { ...isolation, compensation: ' ' }, 'what stands in for them'],
    ['of a stranger', { ...isolation, devices: ['det-x'] }, 'no device "det-x"'],
    ['a walk test for nine hours', { kind: 'walkTest', reason: 'x', minutes: 540 }, 'at most 480 minutes'],
  ])('refused: %s', (_name, args, sentence) => {
    const { rejection } = openHouse().window(noon, args);
    expect(rejection).toMatchObject({ code: 'unprocessable', message: expect.stringContaining(sentence) });
  });

  test('two windows do not stand over one device, but a drill may', () => {
    const scene = openHouse();
    scene.window(noon, isolation);
    expect(scene.window(minutes(1), { kind: 'walkTest', reason: 'x' }).rejection?.code).toBe('conflict');
    expect(scene.window(minutes(1), { kind: 'drill', reason: 'x' }).rejection).toBeUndefined();
    scene.say(kitchen, { at: minutes(2) });
    expect(scene.open().standing).toBe('isolated');
  });
});

describe('commissioning', () => {
  test('ends by hand only once every device was heard and its address is verified', () => {
    const scene = openHouse();
    const claimed = detector('det-new', {
      binding: { kind: 'place', target: house.id, state: 'claimed', since: 0, by: 'app' },
    });
    const here = { place: house, devicesHere: () => [claimed] };
    const give = (at: number, command: WindowCommand, devices = here) =>
      scene.enter({ kind: 'command', at, id: `w${at - noon}`, by: minh, ...command }, devices);
    give(noon, { name: 'openWindow', args: { kind: 'commissioning', reason: 'Lắp mới' } });
    const end = { name: 'endWindow', args: { window: 'w0' } } as const;
    expect(give(minutes(1), end).rejection?.message).toContain('Nothing was heard of "det-new"');
    scene.say(claimed, { kind: 'test', at: minutes(2) });
    expect(give(minutes(3), end).rejection?.message).toContain('address of "det-new" is not verified');
    const verified = { place: house, devicesHere: () => [detector('det-new')] };
    expect(give(minutes(4), end, verified).types).toEqual(['window.ended']);
  });
});

describe('supervision', () => {
  const lostAt = (at: number, isLost = true) => ({ kind: 'link', device: 'det-kitchen', isLost, at }) as const;

  test('a line that goes dead in an alarm makes it surer, once; its return takes nothing back', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    scene.act(lan, noon, { name: 'acknowledge', args: { incident: scene.open().id } });
    const dead = openScene(hearLink(scene.state(), lostAt(noon + 20_000)));
    expect(fireDueAt(dead.state())).toBe(noon + 20_000);
    expect(dead.enter({ kind: 'tick', at: noon + 20_500 }).types).toEqual([
      'incident.commLost',
      'incident.evidenceRaised',
    ]);
    expect(dead.open()).toMatchObject({ evidence: 'corroborated', source: 'active', commLost: ['det-kitchen'] });
    const back = openScene(hearLink(dead.state(), lostAt(noon + 40_000, false)));
    expect(back.enter({ kind: 'tick', at: noon + 41_000 }).types).toEqual([]);
    expect(back.open()).toMatchObject({ evidence: 'corroborated', source: 'active' });
  });

  test.each([
    ['a device without an alarm', 'det-stairs', noon + 20_000],
    ['before the alarm', 'det-kitchen', noon - 1],
  ])('a line that goes dead says nothing: %s', (_name, device, at) => {
    const scene = openScene();
    scene.say(kitchen, {});
    const heard = openScene(hearLink(scene.state(), { kind: 'link', device, isLost: true, at }));
    expect(heard.enter({ kind: 'tick', at: noon + 1_000 }).types).toEqual([]);
  });

  test('a device that was not tested for 35 days is a trouble, until it is tested', () => {
    const known = openScene(hearLink(noFireState, lostAt(noon, false)));
    const days = (n: number) => noon + n * 86_400_000;
    expect(fireDueAt(known.state())).toBe(days(35));
    expect(known.enter({ kind: 'tick', at: days(35) }).types).toEqual(['device.troubled']);
    expect(known.enter({ kind: 'tick', at: days(36) }).types).toEqual([]);
    known.say(kitchen, { kind: 'test', at: days(37) });
    expect(known.state().devices['det-kitchen']?.troubles).toEqual({});
    expect(fireDueAt(known.state())).toBe(days(72));
  });

  test('only the fleet’s word on a fire device is heard, at its place', () => {
    const registry = { ...emptyRegistry, device: (id: string) => (id === kitchen.id ? kitchen : undefined) };
    const event = { cursor: 1, id: 'x', domain: 'fleet', subject: kitchen.id, type: 'device.lost', at: 5, data: {} };
    expect(fireHearing.take(event, registry).slice(0, 1)).toEqual([
      { subject: house.id, heard: { kind: 'link', device: 'det-kitchen', isLost: true, at: 5 } },
    ]);
    expect(fireHearing.take({ ...event, subject: 'bus-1' }, registry)).toEqual([]);
    expect(fireHearing.take({ ...event, type: 'device.batteryLow' }, registry)).toEqual([]);
    expect(fireHearing.take({ ...event, domain: 'parking' }, registry)).toEqual([]);
  });
});
