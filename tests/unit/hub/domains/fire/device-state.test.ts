/** Doubts about a signal, and a device's own state: fire.md §5.3, §5.10. */
import { describe, expect, test } from 'vitest';
import { axesOf, badgeOf } from '../../../../../hub/domains/fire/axes.ts';
import { evidenceOf } from '../../../../../hub/domains/fire/incident.ts';
import { applyFact, deviceOf, noFireState, pointRecords } from '../../../../../hub/domains/fire/state.ts';
import { detector, durable, lan, noon, openScene, type Say } from './scene.ts';

const kitchen = detector('det-kitchen');
const seconds = (n: number) => noon + n * 1_000;
const minutes = (n: number) => noon + n * 60_000;

describe('doubts travel with the incident', () => {
  test.each<[string, Say, string[]]>([
    ['fresh', { ts: noon }, []],
    ['20 s ahead', { ts: seconds(20) }, []],
    ['21 s ahead', { ts: seconds(21) }, ['clock']],
    ['40 s behind', { ts: seconds(-40) }, []],
    ['41 s behind', { ts: seconds(-41) }, ['clock']],
    ['six minutes old, clock unknown', { ts: minutes(-6) }, ['late', 'clock']],
    ['24 years off', { ts: 1_013_554_826_000 }, ['late', 'clock']],
    ['retained', { retained: true }, ['retained']],
    ['place unknown', { isPlaced: false }, ['binding']],
  ])('%s', (_name, say, quality) => {
    const scene = openScene();
    scene.say(kitchen, say);
    expect(scene.open().quality).toEqual(quality);
    expect(scene.open().handling).toBe('raised');
  });

  test('a binding that nobody has verified is said', () => {
    const scene = openScene();
    scene.say(detector('new', { binding: { kind: 'place', target: 'x', state: 'claimed', since: 0, by: 'app' } }), {});
    expect(scene.open().quality).toEqual(['binding']);
  });

  test('a device whose heartbeats show a right clock is late, not wrong, and its time orders', () => {
    const scene = openScene();
    scene.heartbeat(kitchen, noon, 1_000);
    scene.say(kitchen, { ts: minutes(-6) });
    expect(scene.open()).toMatchObject({ quality: ['late'], receivedAfterMs: 360_000 });
    expect(pointRecords(scene.state())[0]?.since).toBe(minutes(-6));
  });

  test('a device whose heartbeats show a wrong clock is ordered by the hub’s, and not late', () => {
    const scene = openScene();
    for (const after of [0, 60, 120]) scene.heartbeat(kitchen, seconds(after), 3_600_000);
    scene.say(kitchen, { ts: seconds(130 - 3_600), at: seconds(130) });
    expect(scene.open().quality).toEqual(['clock']);
    expect(pointRecords(scene.state())[0]?.since).toBe(seconds(130));
  });

  test('a retained copy of an event that was seen opens nothing', () => {
    const scene = openScene();
    const said = { id: 'a', ts: noon, boot: 1, seq: 1 };
    scene.say(kitchen, said);
    scene.say(kitchen, { kind: 'restore', at: seconds(5) });
    scene.act(lan, seconds(9), { name: 'close', args: { incident: scene.open().id, disposition: 'unwanted' } });
    expect(scene.say(kitchen, { ...said, at: minutes(20), retained: true }).types).toEqual([]);
    expect(scene.state().open).toBeNull();
  });
});

describe('a device’s axes', () => {
  test('they move independently, and the badge is the worst', () => {
    const scene = openScene();
    const axes = () => axesOf(deviceOf(scene.state(), kitchen.id), { comm: 'online', binding: 'verified' });
    scene.say(kitchen, { kind: 'prealarm', point: 'a' });
    expect([axes().sensing, badgeOf(axes())]).toEqual(['prealarm', 'prealarm']);
    scene.say(kitchen, { point: 'a', at: seconds(1) });
    scene.say(kitchen, { kind: 'trouble', class: 'other', point: 'mains', at: seconds(2) });
    scene.say(kitchen, { kind: 'tamper', class: 'other', point: 'lid', at: seconds(2) });
    expect(axes()).toEqual({
      sensing: 'alarm',
      latch: 'latched',
      health: ['tamper:lid', 'trouble:mains'],
      comm: 'online',
      service: 'inService',
      binding: 'verified',
    });
    scene.say(kitchen, { kind: 'restore', point: 'a', at: seconds(3) });
    expect([axes().sensing, axes().latch, badgeOf(axes())]).toEqual(['normal', 'latched', 'latched']);
    scene.act(lan, seconds(4), { name: 'close', args: { incident: scene.open().id, disposition: 'fault' } });
    expect([axes().latch, badgeOf(axes())]).toEqual(['clear', 'trouble']);
    scene.say(kitchen, { kind: 'troubleRestore', class: 'other', point: 'mains', at: seconds(5) });
    expect(axes().health).toEqual(['tamper:lid']);
    scene.say(kitchen, { kind: 'troubleRestore', class: 'other', at: seconds(6) });
    expect([axes().health, badgeOf(axes())]).toEqual([[], 'normal']);
  });

  test('600 points of one panel stay bounded and none falls silent', () => {
    const scene = openScene();
    for (let point = 0; point < 600; point++) scene.say(kitchen, { point: `z${point}`, at: noon + point });
    expect(Object.keys(deviceOf(scene.state(), kitchen.id).points)).toHaveLength(513);
    for (let point = 0; point < 600; point++)
      scene.say(kitchen, { kind: 'restore', point: `z${point}`, at: seconds(60) });
    // Points beyond the bound share a row that only the device's own reset clears.
    expect(scene.open().source).toBe('active');
    scene.say(kitchen, { kind: 'restore', class: 'other', at: seconds(90) });
    expect(scene.open().source).toBe('restored');
  });

  test('a heartbeat is a measurement and no fact', () => {
    const scene = openScene();
    expect(scene.heartbeat(kitchen, noon).types).toEqual([]);
    expect(durable(scene.state())).toEqual(scene.folded());
  });

  test('the beats of the last hours make the same state as all of eight days', () => {
    const watchdog = detector('hub-watchdog', { model: 'watchdog', synthetic: true });
    const scene = openScene();
    for (let beat = 0; beat < 8 * 2_880; beat++) {
      scene.say(watchdog, { kind: 'test', class: 'other', at: seconds(beat * 30), isPlaced: false });
    }
    const facts = scene.facts();
    expect(new Set(facts.map(({ type }) => type))).toEqual(new Set(['signal.received']));
    const kept = facts.filter(({ at }) => at >= seconds(86_400)).reduce(applyFact, noFireState);
    expect(kept).toEqual(scene.folded());
  });

  test('a device named like a part of JavaScript is a device', () => {
    const scene = openScene();
    scene.say(detector('constructor'), {});
    scene.say(detector('__proto__'), { at: seconds(1) });
    expect(pointRecords(scene.state()).map((point) => point.device)).toEqual(['constructor', '__proto__']);
    expect(evidenceOf(scene.open())).toBe('corroborated');
  });
});
