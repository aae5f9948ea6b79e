/** A pre-alarm by three heartbeats that rise, and troubles out of order: fire.md §5.5, §5.3, §5.10. */
import { describe, expect, test } from 'vitest';
import type { FireHeartbeat } from '../../../../../devices/fire/message.ts';
import { alarmStateOf, axesOf } from '../../../../../hub/domains/fire/axes.ts';
import { deviceOf } from '../../../../../hub/domains/fire/state.ts';
import { detector, durable, house, noon, openScene, type Say } from './scene.ts';

const kitchen = detector('det-kitchen');
const minutes = (n: number) => noon + n * 60_000;

function beating() {
  const scene = openScene();
  return {
    ...scene,
    beat: (at: number, said: Partial<FireHeartbeat>) =>
      scene.enter(
        { kind: 'message', name: 'heartbeat', at, device: kitchen, retained: false, body: { ts: at, ...said } },
        { place: house },
      ).types,
    sensing: () => axesOf(deviceOf(scene.state(), kitchen.id), { comm: 'online', binding: 'verified' }).sensing,
    health: () => axesOf(deviceOf(scene.state(), kitchen.id), { comm: 'online', binding: 'verified' }).health,
  };
}

describe('three heartbeats that rise', () => {
  test.each<[string, readonly Partial<FireHeartbeat>[], boolean]>([
    ['smoke by 3 points', [{ smoke: 1 }, { smoke: 2 }, { smoke: 4 }], true],
    ['smoke by less', [{ smoke: 1 }, { smoke: 2 }, { smoke: 3.9 }], false],
    ['smoke that falls between', [{ smoke: 1 }, { smoke: 6 }, { smoke: 5 }], false],
    ['two only', [{ smoke: 1 }, { smoke: 40 }], false],
    ['10 °C', [{ temperature: 30 }, { temperature: 34 }, { temperature: 40 }], true],
    ['9 °C: the sun', [{ temperature: 30 }, { temperature: 34 }, { temperature: 39 }], false],
    ['one of them without a reading', [{ smoke: 1 }, { temperature: 30 }, { smoke: 3 }, { smoke: 5 }], true],
  ])('%s', (_name, beats, isRaised) => {
    const scene = beating();
    const types = beats.flatMap((beat, index) => scene.beat(minutes(index), beat));
    expect(types).toEqual(isRaised ? ['device.prealarmed'] : []);
    expect(scene.sensing()).toBe(isRaised ? 'prealarm' : 'normal');
    expect(scene.state().open).toBeNull();
    expect(scene.folded()).toEqual(durable(scene.state()));
  });

  test('are three different ones: the same heartbeat again counts once', () => {
    const scene = beating();
    scene.beat(minutes(0), { smoke: 1 });
    scene.beat(minutes(1), { ts: minutes(1), smoke: 6 });
    expect(scene.beat(minutes(2), { ts: minutes(1), smoke: 7 })).toEqual([]);
  });

  test('of a sensor that reports every 20 minutes are the weather', () => {
    const scene = beating();
    for (const [index, temperature] of [20, 26, 33].entries()) scene.beat(minutes(index * 20), { temperature });
    expect(scene.sensing()).toBe('normal');
  });

  test('are told once, and over when half of the rise is gone', () => {
    const scene = beating();
    for (const [index, smoke] of [1, 3, 5].entries()) scene.beat(minutes(index), { smoke });
    expect(scene.beat(minutes(3), { smoke: 9 })).toEqual([]);
    expect(scene.beat(minutes(4), { smoke: 3 })).toEqual([]);
    expect(scene.beat(minutes(5), { smoke: 2.9 })).toEqual(['device.prealarmEnded']);
    expect(scene.sensing()).toBe('normal');
    expect(deviceOf(scene.folded(), kitchen.id).rising).toEqual({});
  });

  test('and then an alarm: the alarm leads, at its own priority', () => {
    const scene = beating();
    for (const [index, smoke] of [1, 3, 5].entries()) scene.beat(minutes(index), { smoke });
    scene.say(kitchen, { at: minutes(3) });
    expect([scene.sensing(), scene.open().priority]).toEqual(['alarm', 2]);
  });

  test('whose reading is retained prove nothing', () => {
    const scene = beating();
    for (const [index, smoke] of [1, 3, 5].entries()) {
      const body = { ts: minutes(index), smoke };
      scene.enter({ kind: 'message', name: 'heartbeat', at: minutes(index), device: kitchen, retained: true, body });
    }
    expect(scene.sensing()).toBe('normal');
  });
});

describe('troubles', () => {
  const mains: Say = { class: 'other', point: 'mains' };

  test.each<[string, readonly Say[], readonly string[]]>([
    [
      'one that arrives after its own end stays ended',
      [
        { ...mains, kind: 'troubleRestore', ts: minutes(2), seq: 2 },
        { ...mains, kind: 'trouble', ts: minutes(1), seq: 1 },
      ],
      [],
    ],
    [
      'one that comes again after its end stands',
      [
        { ...mains, kind: 'troubleRestore', ts: minutes(2), seq: 2 },
        { ...mains, kind: 'trouble', ts: minutes(3), seq: 3 },
      ],
      ['trouble:mains'],
    ],
    [
      'the end of one point is not that of another whose name ends alike',
      [
        { class: 'other', kind: 'trouble', point: 'x:mains', ts: minutes(1), seq: 1 },
        { ...mains, kind: 'troubleRestore', ts: minutes(2), seq: 2 },
      ],
      ['trouble:x:mains'],
    ],
    [
      'a supervisory signal that arrives after the restore of its valve stays ended',
      [
        { class: 'other', kind: 'restore', point: 'valve', ts: minutes(2), seq: 2 },
        { class: 'other', kind: 'supervisory', point: 'valve', ts: minutes(1), seq: 1 },
      ],
      [],
    ],
  ])('%s', (_name, said, health) => {
    const scene = beating();
    scene.beat(minutes(3), {});
    for (const say of said) scene.say(kitchen, { at: minutes(3), ...say });
    expect(scene.health()).toEqual(health);
  });

  test('of a million names stay bounded, and the device’s own restore ends them all', () => {
    const scene = beating();
    for (let name = 0; name < 1_000; name++) {
      scene.say(kitchen, { class: 'other', kind: 'trouble', point: `p${name}`, at: noon + name });
    }
    expect(scene.health()).toHaveLength(513);
    for (let name = 0; name < 1_000; name++) {
      scene.say(kitchen, { class: 'other', kind: 'troubleRestore', point: `p${name}`, at: minutes(1) + name });
    }
    expect(scene.health()).toEqual(['trouble:…']);
    expect(Object.keys(deviceOf(scene.state(), kitchen.id).troubleEnds)).toHaveLength(64);
    scene.say(kitchen, { class: 'other', kind: 'troubleRestore', at: minutes(2) });
    expect(scene.health()).toEqual([]);
  });
});

describe('the states of ISA-18.2', () => {
  const out = ['isolated', 'walkTest', 'commissioning', 'retired'] as const;
  const sensings = ['normal', 'prealarm', 'alarm'] as const;
  const latches = ['clear', 'latched'] as const;

  test.each([
    ['normal', 'clear', false, 'normal'],
    ['prealarm', 'clear', false, 'normal'],
    ['alarm', 'latched', false, 'unacknowledged'],
    ['alarm', 'latched', true, 'acknowledged'],
    ['normal', 'latched', false, 'returnedUnacknowledged'],
    ['prealarm', 'latched', false, 'returnedUnacknowledged'],
    ['normal', 'latched', true, 'latched'],
    ['prealarm', 'latched', true, 'latched'],
    // Closed while it was isolated, back in service and still in alarm.
    ['alarm', 'clear', false, 'latched'],
  ] as const)('%s, %s, taken %s: %s', (sensing, latch, isTaken, state) => {
    expect(alarmStateOf({ sensing, latch, service: 'inService' }, isTaken)).toBe(state);
  });

  test.each([
    ['isolated', 'shelved'],
    ['walkTest', 'suppressedByDesign'],
    ['commissioning', 'outOfService'],
    ['retired', 'outOfService'],
  ] as const)('%s is %s, whatever it senses', (service, state) => {
    expect(out).toContain(service);
    for (const sensing of sensings)
      for (const latch of latches)
        for (const isTaken of [false, true]) expect(alarmStateOf({ sensing, latch, service }, isTaken)).toBe(state);
  });
});
