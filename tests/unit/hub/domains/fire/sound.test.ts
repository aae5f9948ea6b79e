/** Words that anybody could have sent reach a person, prove nothing together, and cannot be silenced whole. */
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../../../hub/domains/fire/clean-text.ts';
import { incidentView } from '../../../../../hub/domains/fire/incident-view.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, noon, openScene } from './scene.ts';

const seconds = (n: number) => noon + n * 1_000;
const stranger = detector('unregistered', { model: 'stand-in' });

describe.each(['unknownAccount', 'unreadable'] as const)('alarms in doubt as %s', (doubt) => {
  test('raise for a person, and two of them do not prove each other', () => {
    const scene = openScene();
    scene.say(stranger, { at: seconds(0), point: 'AAAA 1/5', quality: [doubt] });
    scene.say(stranger, { at: seconds(1), point: 'BBBB 1/9', class: 'heat', quality: [doubt] });
    expect(scene.open()).toMatchObject({ evidence: 'unverified', priority: 2 });
    const view = incidentView(scene.open(), house.id, scene.state(), {
      principal: lan,
      at: seconds(2),
      registry: emptyRegistry,
    });
    expect(view.points).toHaveLength(2);
    expect(view.score).toEqual({ probability: 0.005, reasons: [{ word: 'detector', weight: 0.005 }] });
  });

  test.each([{ class: 'callPoint' as const }, { panelVerified: true }])('do not confirm by %o', (claim) => {
    const scene = openScene();
    scene.say(stranger, { quality: [doubt], ...claim });
    expect(scene.open()).toMatchObject({ evidence: 'unverified', priority: 2 });
  });

  test('are proven by a device that we know', () => {
    const scene = openScene();
    scene.say(stranger, { at: seconds(0), quality: [doubt] });
    scene.say(detector('kitchen'), { at: seconds(1), class: 'callPoint' });
    expect(scene.open()).toMatchObject({ evidence: 'confirmed', priority: 1 });
  });
});

const isolate = { kind: 'isolation', reason: 'x', compensation: 'y' } as const;
test.each([
  ['the hub’s own test device', 'watchdog', { devices: ['one'] }, 'stays in service'],
  ['whoever stands for strangers', 'stand-in', { devices: ['one'] }, 'name the points'],
])('%s is not put out of service whole', (_what, model, extent, word) => {
  const scene = openScene();
  const one = detector('one', { model });
  const context = { place: house, devicesHere: () => [one] };
  const args = { ...isolate, ...extent };
  const given = { kind: 'command', name: 'openWindow', at: noon, id: 'w', by: lan, args } as const;
  expect(scene.enter(given, context).rejection).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining(word),
  });
});

test('a point of one stranger may be isolated', () => {
  const scene = openScene();
  scene.say(stranger, { point: 'AAAA 1/5', quality: ['unknownAccount'] });
  const context = { place: house, devicesHere: () => [stranger] };
  const args = { ...isolate, points: ['unregistered/AAAA 1/5'] };
  const given = { kind: 'command', name: 'openWindow', at: noon, id: 'w', by: lan, args } as const;
  expect(scene.enter(given, context).rejection).toBeUndefined();
});

test('a view shows a hundred points and how many more there are', () => {
  const scene = openScene();
  for (let n = 0; n < 130; n++) scene.say(detector('panel'), { at: seconds(0) + n, point: `p${n}` });
  const view = incidentView(scene.open(), house.id, scene.state(), {
    principal: lan,
    at: noon,
    registry: emptyRegistry,
  });
  expect([view.points.length, view.points[0]?.point, view.morePoints]).toEqual([100, 'p0', 30]);
});

test('a text turns nothing around', () => {
  expect(cleanText('bếp\u202Egnas\u0007 1\u2066')).toBe('bếp\uFFFDgnas\uFFFD 1\uFFFD');
});
