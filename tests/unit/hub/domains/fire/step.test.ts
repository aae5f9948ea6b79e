/** From signals to an incident: fire.md §5.3 to §5.5, §5.10. */
import { describe, expect, test } from 'vitest';
import { fireDueAt } from '../../../../../hub/domains/fire/clockwork.ts';
import { pointRecords } from '../../../../../hub/domains/fire/state.ts';
import { detector, lan, noon, openScene, type Say } from './scene.ts';

const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const seconds = (n: number) => noon + n * 1_000;

/** People are on their way: the chain of escalation rests, and only the evidence's own clock runs. */
function attend(scene: ReturnType<typeof openScene>): void {
  const { id: incident } = scene.open();
  scene.act(lan, noon, { name: 'dispatch', args: { incident, units: 'Đội 1' } });
  scene.act(lan, noon, { name: 'progress', args: { incident, stage: 'enRoute' } });
}

describe('raising', () => {
  test('a single detector raises an unverified P2 incident at once', () => {
    const scene = openScene();
    const { types, sends } = scene.say(kitchen, { point: 'bếp' });
    expect(types).toEqual(['signal.received', 'incident.raised']);
    expect(sends).toEqual([
      { deviceId: 'det-kitchen', message: 'receipt', payload: { id: 'e1', state: 'stored', ts: noon } },
    ]);
    expect(scene.open()).toMatchObject({
      priority: 2,
      evidence: 'unverified',
      handling: 'raised',
      source: 'active',
      synthetic: false,
      raisedAt: noon,
      receivedAfterMs: 0,
      quality: [],
      previous: null,
      timeline: [{ at: noon, type: 'incident.raised', by: 'det-kitchen', text: 'bếp' }],
    });
    expect(pointRecords(scene.state())).toEqual([
      { device: 'det-kitchen', point: 'bếp', class: 'smoke', since: noon, lastAt: noon, restoredAt: null, count: 1 },
    ]);
  });

  test('the same input gives the same incident id, another event gives another', () => {
    const id = (say: Say) => {
      const scene = openScene();
      scene.say(kitchen, say);
      return scene.open().id;
    };
    expect(id({ id: 'x1' })).toBe(id({ id: 'x1' }));
    expect(id({ id: 'x1' })).not.toBe(id({ id: 'x2' }));
    expect(id({ id: 'x1' })).toMatch(/^01a20c5a-b180-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each<[string, Say, number, string]>([
    ['a call point', { class: 'callPoint' }, 1, 'confirmed'],
    ['a panel that has verified', { class: 'heat', panelVerified: true }, 1, 'confirmed'],
    ['a panel that has not', { class: 'heat', panelVerified: false }, 2, 'unverified'],
    ['water that begins to flow', { class: 'waterflow' }, 2, 'unverified'],
    ['a flame detector', { class: 'flame' }, 2, 'unverified'],
    ['a word that nobody knows', { class: 'other' }, 2, 'unverified'],
    ['carbon monoxide', { class: 'co' }, 3, 'unverified'],
    ['gas that the panel verified', { class: 'gas', panelVerified: true }, 3, 'confirmed'],
  ])('%s', (_name, say, priority, evidence) => {
    const scene = openScene();
    scene.say(kitchen, say);
    expect(scene.open()).toMatchObject({ priority, evidence });
  });

  test.each(['prealarm', 'trouble', 'troubleRestore', 'supervisory', 'tamper', 'test', 'restore'] as const)(
    '%s is recorded and raises nothing',
    (kind) => {
      const scene = openScene();
      const { types, sends } = scene.say(kitchen, { kind });
      expect(types).toEqual(['signal.received']);
      expect(sends).toHaveLength(1);
      expect(scene.state().open).toBeNull();
    },
  );

  test('a test does not turn an alarm into a drill', () => {
    const scene = openScene();
    scene.say(kitchen, { kind: 'test' });
    scene.say(kitchen, { at: seconds(1), values: { exercise: 'true' } });
    expect(scene.open()).toMatchObject({ synthetic: false, handling: 'raised' });
  });

  test('two detectors in the same millisecond make one incident', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { types } = scene.say(stairs, {});
    expect(types).toEqual(['signal.received', 'incident.joined', 'incident.evidenceRaised']);
    expect(scene.facts().filter((fact) => fact.type === 'incident.raised')).toHaveLength(1);
  });

  test('a real device makes a synthetic incident real', () => {
    const scene = openScene();
    scene.say(detector('watchdog', { synthetic: true }), {});
    expect(scene.open().synthetic).toBe(true);
    scene.say(kitchen, { at: seconds(1) });
    expect(scene.open().synthetic).toBe(false);
  });
});

describe('evidence', () => {
  test.each<[string, readonly [number, Say][], string, number]>([
    [
      'a second point after 300 s corroborates',
      [
        [0, { point: 'a' }],
        [300, { point: 'b' }],
      ],
      'corroborated',
      1,
    ],
    [
      'a second point after 301 s does not',
      [
        [0, { point: 'a' }],
        [301, { point: 'b' }],
      ],
      'unverified',
      2,
    ],
    [
      'the same point twice does not',
      [
        [0, { point: 'a' }],
        [20, { point: 'a' }],
      ],
      'unverified',
      2,
    ],
    [
      'two sensors of one point do not',
      [
        [0, { point: 'a' }],
        [20, { point: 'a', class: 'heat' }],
      ],
      'unverified',
      2,
    ],
    [
      'smoke and CO corroborate and are fire',
      [
        [0, { point: 'a' }],
        [20, { point: 'b', class: 'co' }],
      ],
      'corroborated',
      1,
    ],
    [
      'two CO points corroborate gas, not fire',
      [
        [0, { point: 'a', class: 'co' }],
        [20, { point: 'b', class: 'co' }],
      ],
      'corroborated',
      3,
    ],
    [
      'a call point after a detector confirms',
      [
        [0, { point: 'a' }],
        [900, { class: 'callPoint', point: 'b' }],
      ],
      'confirmed',
      1,
    ],
    // EN 54-2 type A: the same detector again, at least 60 s after its reset and within 30 min.
    [
      'again 60 s after its reset corroborates',
      [
        [0, {}],
        [10, { kind: 'restore' }],
        [70, {}],
      ],
      'corroborated',
      1,
    ],
    [
      'again 59 s after its reset does not',
      [
        [0, {}],
        [10, { kind: 'restore' }],
        [69, {}],
      ],
      'unverified',
      2,
    ],
    [
      'again 31 min after its reset does not',
      [
        [0, {}],
        [10, { kind: 'restore' }],
        [1_870, {}],
      ],
      'unverified',
      2,
    ],
  ])('%s', (_name, signals, evidence, priority) => {
    const scene = openScene();
    for (const [after, say] of signals) scene.say(kitchen, { ...say, at: seconds(after) });
    expect(scene.open()).toMatchObject({ evidence, priority });
  });

  test('water that flows for 60 s is believed, by the clock', () => {
    const scene = openScene();
    scene.say(kitchen, { class: 'waterflow' });
    attend(scene);
    expect(fireDueAt(scene.state())).toBe(seconds(60));
    expect(scene.enter({ kind: 'tick', at: seconds(59) }).types).toEqual([]);
    expect(scene.enter({ kind: 'tick', at: seconds(60) }).types).toEqual(['incident.evidenceRaised']);
    expect(scene.open()).toMatchObject({ evidence: 'corroborated', priority: 1 });
    expect(fireDueAt(scene.state())).toBeUndefined();
  });

  test('water that stops in time is a pressure surge', () => {
    const scene = openScene();
    scene.say(kitchen, { class: 'waterflow' });
    attend(scene);
    scene.say(kitchen, { class: 'waterflow', kind: 'restore', at: seconds(20) });
    expect(fireDueAt(scene.state())).toBeUndefined();
    expect(scene.open()).toMatchObject({ evidence: 'unverified', source: 'restored' });
  });
});
