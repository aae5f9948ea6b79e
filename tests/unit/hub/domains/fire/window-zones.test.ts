/** Windows over some points of a panel, and windows that overlap: fire.md §5.8 (per zone), §5.4. */
import { describe, expect, test } from 'vitest';
import type { WindowCommand } from '../../../../../hub/domains/fire/window-commands.ts';
import { detector, house, lan, noon, openScene } from './scene.ts';

const panel = detector('panel', { model: 'fire-panel' });
const stairs = detector('det-stairs');
const minutes = (n: number) => noon + n * 60_000;
const context = { place: house, devicesHere: () => [panel, stairs] };

type Opening = Extract<WindowCommand, { name: 'openWindow' }>['args'];

function openHouse() {
  const scene = openScene();
  const give = (at: number, command: WindowCommand) =>
    scene.enter({ kind: 'command', at, id: `w${at - noon}`, by: lan, ...command }, context);
  return { ...scene, give, window: (at: number, args: Opening) => give(at, { name: 'openWindow', args }) };
}

const end = (window: string) => ({ name: 'endWindow', args: { window } }) as const;
const isolation: Opening = {
  kind: 'isolation',
  points: ['panel/zone 1'],
  reason: 'Đầu báo hỏng',
  compensation: 'Bảo vệ tuần tra',
};

describe('a window over one zone of a panel', () => {
  test('during its walk test a call point of another zone is real', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'walkTest', points: ['panel/zone 1'], reason: 'Kiểm tra' });
    scene.say(panel, { point: 'zone 1', at: minutes(1) });
    expect(scene.open().standing).toBe('test');
    expect(scene.state().devices.panel?.lastTestAt).toBe(minutes(1));
    scene.say(panel, { point: 'zone 2', class: 'callPoint', at: minutes(2) });
    expect(scene.open()).toMatchObject({ priority: 1, handling: 'raised' });
    expect(scene.open().standing).toBeUndefined();
  });

  test('its walk test expects its own points only', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'walkTest', points: ['panel/zone 1', 'panel/zone 3'], reason: 'Kiểm tra' });
    scene.say(panel, { point: 'zone 1', kind: 'test', at: minutes(1) });
    scene.say(panel, { point: 'zone 2', kind: 'test', at: minutes(2) });
    scene.give(minutes(3), end('w0'));
    expect(scene.facts().at(-1)?.data).toMatchObject({
      devices: ['panel'],
      points: ['panel/zone 1', 'panel/zone 3'],
      coverage: { seen: ['panel/zone 1'], never: ['panel/zone 3'] },
    });
  });

  test('isolating one burnt zone leaves the others of its panel in service', () => {
    const scene = openHouse();
    scene.say(panel, { point: 'zone 1' });
    expect(scene.window(minutes(1), isolation).types).toEqual(['window.opened', 'incident.setAside']);
    expect(scene.open().source).toBe('restored');
    expect(scene.say(panel, { point: 'zone 2', at: minutes(2) }).types).toEqual([
      'signal.received',
      'incident.joined',
      'incident.reactivated',
      'incident.evidenceRaised',
    ]);
    expect(scene.open().source).toBe('active');
    expect(scene.state().devices.panel?.service).toEqual({ kind: 'inService' });
  });

  test('what it hears alone is shown grey and calls nobody; back in service it is real', () => {
    const scene = openHouse();
    scene.window(noon, isolation);
    scene.say(panel, { point: 'zone 1', at: minutes(1) });
    expect(scene.open()).toMatchObject({ standing: 'isolated', source: 'restored' });
    expect(scene.give(minutes(2), end('w0')).types).toEqual([
      'window.ended',
      'incident.reactivated',
      'incident.standingChanged',
    ]);
  });

  test('a restart brings it back', () => {
    const scene = openHouse();
    scene.window(noon, isolation);
    scene.say(panel, { point: 'zone 1', at: minutes(1) });
    expect(scene.folded()).toEqual(scene.state());
  });

  test.each<[string, Opening, string]>([
    ['of a stranger', { ...isolation, points: ['det-x/1'] }, 'no device "det-x"'],
    ['without a device before the slash', { ...isolation, points: ['zone 1'] }, 'no device "zone 1"'],
    ['beside devices', { ...isolation, devices: ['panel'] }, 'devices or points'],
    ['of nothing', { ...isolation, points: [] }, 'no device at this place'],
  ])('refused: points %s', (_name, args, sentence) => {
    const { rejection } = openHouse().window(noon, args);
    expect(rejection).toMatchObject({ code: 'unprocessable', message: expect.stringContaining(sentence) });
  });

  test('two zones of a panel may be isolated apart, one zone not twice, nor the panel over it', () => {
    const scene = openHouse();
    scene.window(noon, isolation);
    expect(scene.window(minutes(1), { ...isolation, points: ['panel/zone 2'] }).rejection).toBeUndefined();
    expect(scene.window(minutes(2), isolation).rejection?.code).toBe('conflict');
    const { points: _points, ...whole } = isolation;
    expect(scene.window(minutes(3), { ...whole, devices: ['panel'] }).rejection?.code).toBe('conflict');
    scene.give(minutes(4), end('w0'));
    scene.say(panel, { point: 'zone 2', at: minutes(5) });
    expect(scene.open()).toMatchObject({ standing: 'isolated', source: 'restored' });
  });
});

describe('windows that overlap', () => {
  test('a walk test that ends within a drill makes nothing real: the drill still stands', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', reason: 'Diễn tập' });
    scene.window(minutes(1), { kind: 'walkTest', devices: ['panel'], reason: 'Kiểm tra' });
    scene.say(panel, { at: minutes(2) });
    expect(scene.open().standing).toBe('exercise');
    expect(scene.give(minutes(3), end('w60000')).types).toEqual(['window.ended']);
    expect(scene.open().standing).toBe('exercise');
  });

  test('a drill that ends within a walk test leaves the exercise a test no longer: what still rings is real', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', devices: ['det-stairs'], reason: 'Diễn tập' });
    scene.window(minutes(1), { kind: 'walkTest', devices: ['panel'], reason: 'Kiểm tra' });
    scene.say(panel, { at: minutes(2) });
    scene.say(stairs, { at: minutes(2) });
    expect(scene.open().standing).toBe('exercise');
    expect(scene.give(minutes(3), end('w0')).types).toEqual(['window.ended', 'incident.standingChanged']);
    expect(scene.open().standing).toBeUndefined();
  });

  test('an exercise whose sensors rest is put away by the end of its drill, not of another window', () => {
    const scene = openHouse();
    scene.window(noon, { kind: 'drill', reason: 'Diễn tập' });
    scene.window(minutes(1), { kind: 'walkTest', devices: ['det-stairs'], reason: 'Kiểm tra' });
    scene.say(panel, { at: minutes(2) });
    scene.say(panel, { kind: 'restore', at: minutes(3) });
    expect(scene.give(minutes(4), end('w60000')).types).toEqual(['window.ended']);
    expect(scene.give(minutes(5), end('w0')).types).toEqual(['window.ended', 'incident.closed']);
  });
});
