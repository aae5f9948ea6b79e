/** Incidents that nothing on site can restore any more, and who looked before one is refuted: fire.md §5.4, §5.9. */
import { describe, expect, test } from 'vitest';
import { fireHearing } from '../../../../../hub/domains/fire/hearing.ts';
import { initialState } from '../../../../../hub/domains/fire/state.ts';
import type { DeviceRecord } from '../../../../../hub/registry/records.ts';
import { detector, house, lan, minh, noon, openScene } from './scene.ts';

const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const minutes = (n: number) => noon + n * 60_000;

describe('a device that hangs elsewhere now', () => {
  const closeWith = (here: readonly DeviceRecord[], said: readonly DeviceRecord[]) => {
    const scene = openScene();
    for (const device of said) scene.say(device, {});
    const args = { incident: scene.open().id, disposition: 'test' } as const;
    const outcome = scene.enter(
      { kind: 'command', at: minutes(1), id: 'c1', by: lan, name: 'close', args },
      { place: house, devicesHere: () => here },
    );
    return { scene, ...outcome };
  };

  test('no longer keeps the incident open that it raised before it was bound, moved or removed', () => {
    const { scene, types } = closeWith([], [kitchen]);
    expect(types).toEqual(['incident.acknowledged', 'incident.setAside', 'incident.closed']);
    expect(scene.state().closed[0]).toMatchObject({ source: 'restored', closed: { disposition: 'test' } });
    expect(scene.facts().find((fact) => fact.type === 'incident.setAside')?.data).toMatchObject({
      by: 'Lan',
      reason: 'deviceMoved',
    });
    expect(scene.folded()).toEqual(scene.state());
  });

  test('does not excuse one that is still there and in alarm', () => {
    const { rejection } = closeWith([stairs], [kitchen, stairs]);
    expect(rejection?.message).toBe('Still in alarm: det-stairs smoke. Restore the devices on site before closing.');
  });
});

describe('an area incident', () => {
  const raised = () => {
    let state = initialState('area:mains');
    for (let panel = 0; panel < 30; panel++) {
      const heard = { kind: 'trouble', class: 'mains', device: `panel-${panel}`, ward: '00070', gateway: null };
      state = fireHearing.fold(state, { ...heard, isOver: false, at: noon + panel });
    }
    const scene = openScene(state);
    scene.enter({ kind: 'tick', at: noon + 1_000 });
    return scene;
  };
  const close = (scene: ReturnType<typeof raised>, at: number) =>
    scene.act(lan, at, { name: 'close', args: { incident: scene.open().id, disposition: 'fault' } });

  test('is not closed while its devices may still come back together', () => {
    const scene = raised();
    expect(close(scene, minutes(14)).rejection).toEqual({
      code: 'conflict',
      message: '30 devices went into trouble less than 15 minutes ago. Those still in trouble then need a visit each.',
    });
  });

  test('may be left to visits once each that is still in trouble needs one', () => {
    const scene = raised();
    expect(close(scene, minutes(16)).types).toEqual(['incident.acknowledged', 'incident.setAside', 'incident.closed']);
    expect(scene.state().closed[0]).toMatchObject({ source: 'restored', closed: { disposition: 'fault' } });
  });
});

describe('an area of simulated devices', () => {
  const area = (synthetic: readonly boolean[]) => {
    let state = initialState('area:mains');
    for (const [index, isSynthetic] of synthetic.entries()) {
      const heard = { kind: 'trouble', class: 'mains', device: `p${index}`, ward: null, gateway: null, isOver: false };
      state = fireHearing.fold(state, { ...heard, synthetic: isSynthetic, at: noon + index });
    }
    const scene = openScene(state);
    scene.enter({ kind: 'tick', at: noon + 1_000 });
    return scene;
  };
  const many = Array.from({ length: 20 }, () => true);

  test('is as simulated as they are; one real device makes it real', () => {
    expect(area(many).open().synthetic).toBe(true);
    expect(area([...many, false]).open().synthetic).toBe(false);
  });

  test('becomes real with the first real one that joins', () => {
    const before = area(many);
    const heard = { kind: 'trouble', class: 'mains', device: 'real', ward: null, gateway: null, isOver: false };
    const scene = openScene(fireHearing.fold(before.state(), { ...heard, synthetic: false, at: noon + 20_000 }));
    expect(scene.enter({ kind: 'tick', at: noon + 21_000 }).types).toEqual(['incident.areaChanged']);
    expect(scene.open().synthetic).toBe(false);
  });
});

describe('unregistered panels, which share one device of the hub', () => {
  const standIn = detector('unregistered', { model: 'stand-in' });

  test('a second one is another house: it must be taken anew, although the first is in hand', () => {
    const scene = openScene();
    scene.say(standIn, { point: 'dc09-1234 zone 1' });
    const { id: incident } = scene.open();
    scene.act(lan, minutes(1), { name: 'acknowledge', args: { incident } });
    expect(scene.say(standIn, { point: 'dc09-1234 zone 2', at: minutes(2) }).types).not.toContain('incident.reopened');
    expect(scene.say(standIn, { point: 'dc09-9', at: minutes(3) }).types).toContain('incident.reopened');
    expect(scene.open()).toMatchObject({ handling: 'raised', acknowledged: null });
    expect(scene.state().watch).toMatchObject({ round: 2, from: minutes(3), taken: [] });
    expect(scene.say(standIn, { point: 'dc09-9', at: minutes(4) }).types).not.toContain('incident.reopened');
  });
});

describe('what is over', () => {
  const panel = detector('panel');
  const over = (verb: 'refute' | 'resolve') => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { id: incident } = scene.open();
    scene.act(
      lan,
      minutes(1),
      verb === 'refute' ? { name: verb, args: { incident, reason: 'Khói bếp' } } : { name: verb, args: { incident } },
    );
    const walkTest = { kind: 'walkTest' as const, devices: ['panel'], reason: 'Kiểm tra' };
    scene.enter(
      { kind: 'command', at: minutes(2), id: 'w1', by: lan, name: 'openWindow', args: walkTest },
      { place: house, devicesHere: () => [kitchen, panel, stairs] },
    );
    return scene;
  };

  test.each(['refute', 'resolve'] as const)('by %s is not taken back by a walk test, but by a real alarm', (verb) => {
    const scene = over(verb);
    expect(scene.say(panel, { at: minutes(3) }).types).not.toContain('incident.reopened');
    expect(scene.say(stairs, { at: minutes(4) }).types).toContain('incident.reopened');
  });

  test.each(['refute', 'resolve'] as const)('by %s is taken back by what still rings after the walk test', (verb) => {
    const scene = over(verb);
    scene.say(panel, { at: minutes(3) });
    const { types } = scene.enter({ kind: 'tick', at: minutes(122) });
    expect(types.slice(0, 2)).toEqual(['window.ended', 'incident.reopened']);
    expect(scene.open()).toMatchObject({ handling: 'raised', verdict: null });
  });
});

test('a burnt detector whose isolation ends calls nobody out again to what was resolved', () => {
  const scene = openScene();
  scene.say(kitchen, {});
  const { id: incident } = scene.open();
  scene.act(lan, minutes(1), { name: 'resolve', args: { incident } });
  const isolation = {
    kind: 'isolation' as const,
    devices: ['det-kitchen'],
    reason: 'Cháy hỏng',
    compensation: 'Tuần tra',
  };
  scene.enter(
    { kind: 'command', at: minutes(2), id: 'w1', by: lan, name: 'openWindow', args: isolation },
    { place: house, devicesHere: () => [kitchen] },
  );
  expect(scene.enter({ kind: 'tick', at: minutes(482) }).types).toEqual(['window.ended', 'incident.reactivated']);
  expect(scene.open()).toMatchObject({ handling: 'resolved', source: 'active' });
});

describe('who looked', () => {
  const reasons = (scene: ReturnType<typeof openScene>) =>
    scene.facts().flatMap((fact) => (fact.type === 'incident.refuted' ? [fact.data] : []));

  test('is written down with the refutation, and stands in the time line', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { id: incident } = scene.open();
    const args = { incident, reason: 'Khói bếp', onSite: 'Anh Nam, bảo vệ' };
    scene.act(lan, minutes(1), { name: 'refute', args });
    expect(reasons(scene)).toEqual([{ incident, by: 'Lan', reason: 'Khói bếp', onSite: 'Anh Nam, bảo vệ' }]);
    expect(scene.open().timeline.at(-1)).toMatchObject({ by: 'Lan', text: 'Khói bếp · Anh Nam, bảo vệ' });
  });

  test('is the unit on the scene when nobody else is named', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { id: incident } = scene.open();
    scene.act(lan, minutes(1), { name: 'dispatch', args: { incident, units: 'Đội Hoàn Kiếm' } });
    scene.act(lan, minutes(5), { name: 'progress', args: { incident, stage: 'onScene' } });
    scene.act(minh, minutes(9), { name: 'refute', args: { incident, reason: 'Hơi nước' } });
    expect(reasons(scene)).toEqual([{ incident, by: 'Minh', reason: 'Hơi nước', onSite: 'Đội Hoàn Kiếm' }]);
  });

  test('may be left out by a client that does not ask, and is then seen to be missing', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { id: incident } = scene.open();
    scene.act(lan, minutes(1), { name: 'refute', args: { incident, reason: 'Khói bếp' } });
    expect(reasons(scene)).toEqual([{ incident, by: 'Lan', reason: 'Khói bếp' }]);
    expect(scene.open().timeline.at(-1)?.text).toBe('Khói bếp');
  });
});
