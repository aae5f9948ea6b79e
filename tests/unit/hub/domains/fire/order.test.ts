/** Restores, repetitions and signals out of order: fire.md §5.4, §5.10. */
import { describe, expect, test } from 'vitest';
import { pointRecords } from '../../../../../hub/domains/fire/state.ts';
import { detector, noon, openScene, type Say } from './scene.ts';

const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const seconds = (n: number) => noon + n * 1_000;

describe('restores, repetitions, order', () => {
  test('a restore never closes; the source is restored when every point is', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    scene.say(stairs, { at: seconds(1) });
    expect(scene.say(kitchen, { kind: 'restore', at: seconds(2) }).types).toEqual([
      'signal.received',
      'incident.pointRestored',
    ]);
    expect(scene.open().source).toBe('active');
    expect(scene.say(stairs, { kind: 'restore', at: seconds(3) }).types).toEqual([
      'signal.received',
      'incident.restored',
    ]);
    expect(scene.open()).toMatchObject({ source: 'restored', handling: 'raised' });
    expect(pointRecords(scene.state()).map((point) => point.restoredAt)).toEqual([seconds(2), seconds(3)]);
  });

  test('an alarm after the restore reactivates the same incident', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const { id } = scene.open();
    scene.say(kitchen, { kind: 'restore', at: seconds(5) });
    expect(scene.say(kitchen, { at: seconds(20) }).types).toEqual(['signal.received', 'incident.reactivated']);
    expect(scene.open()).toMatchObject({ id, source: 'active' });
    expect(pointRecords(scene.state())[0]).toMatchObject({ count: 2, restoredAt: null });
  });

  test('a restore that is older than the last alarm does not clear', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(30) });
    scene.say(kitchen, { kind: 'restore', ts: seconds(10), at: seconds(31) });
    expect(scene.open().source).toBe('active');
  });

  test('an alarm that comes after its own restore still raises, restored', () => {
    const scene = openScene();
    scene.say(kitchen, { kind: 'restore', ts: seconds(10), at: seconds(10), seq: 6 });
    scene.say(kitchen, { ts: seconds(5), at: seconds(11), seq: 5 });
    expect(scene.open()).toMatchObject({ source: 'restored', handling: 'raised' });
  });

  test('in the same millisecond the counter decides, and in doubt it burns', () => {
    const scene = openScene();
    scene.say(kitchen, { seq: 5 });
    scene.say(kitchen, { kind: 'restore', seq: 6 });
    expect(scene.open().source).toBe('restored');
    const other = openScene();
    other.say(kitchen, { boot: 'a', seq: 5 });
    other.say(kitchen, { kind: 'restore', boot: 'b', seq: 5 });
    expect(other.open().source).toBe('active');
  });

  test('heat that is restored does not silence the smoke of the same point', () => {
    const scene = openScene();
    scene.say(kitchen, { class: 'smoke' });
    scene.say(kitchen, { class: 'heat', at: seconds(1) });
    scene.say(kitchen, { class: 'heat', kind: 'restore', at: seconds(2) });
    expect(scene.open().source).toBe('active');
    // A panel's reset without a point speaks for the whole device.
    scene.say(kitchen, { class: 'other', kind: 'restore', at: seconds(3) });
    expect(scene.open().source).toBe('restored');
  });

  test('a repetition raises the count, and reaches the screens every 10 s at most', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const types = [1, 5, 9.9, 10, 11, 20].map((after) => scene.say(kitchen, { at: seconds(after) }).types.at(-1));
    const quiet = 'signal.received';
    expect(types).toEqual([quiet, quiet, quiet, 'incident.repeated', quiet, 'incident.repeated']);
    expect(pointRecords(scene.state())).toMatchObject([{ count: 7, since: noon, lastAt: seconds(20) }]);
  });

  test.each<[string, Say]>([
    ['byte for byte', {}],
    ['under a new id, from a second path', { id: 'other-path' }],
    ['with a new time', { ts: seconds(1) }],
  ])('a duplicate changes nothing and is acknowledged again: %s', (_name, change) => {
    const first = { id: 'a', ts: noon, boot: 7, seq: 41 };
    const scene = openScene();
    scene.say(kitchen, first);
    const before = scene.state();
    const { types, sends } = scene.say(kitchen, { ...first, ...change, at: seconds(2) });
    expect(types).toEqual([]);
    expect(sends).toEqual([
      {
        deviceId: 'det-kitchen',
        message: 'receipt',
        payload: { id: change.id ?? 'a', state: 'stored', ts: seconds(2) },
      },
    ]);
    expect(scene.state()).toBe(before);
  });

  test.each<[string, Say]>([
    ['a counter that stands still', { id: 'b', ts: seconds(2) }],
    ['an id that is used again after a restart', { boot: 8, seq: 0, ts: seconds(2) }],
    ['an id that says something else', { kind: 'restore', ts: seconds(2), seq: 42 }],
  ])('a broken identity never loses a signal: %s', (_name, change) => {
    const first = { id: 'a', ts: noon, boot: 7, seq: 41 };
    const scene = openScene();
    scene.say(kitchen, first);
    scene.say(kitchen, { ...first, ...change, at: seconds(2) });
    const signals = scene.facts().flatMap((fact) => (fact.type === 'signal.received' ? [fact.data.quality] : []));
    expect(signals).toEqual([[], ['identity']]);
  });
});

test('a gateway’s doubts stand beside the hub’s own, each once', () => {
  const scene = openScene();
  scene.say(detector('dc09-1234'), { quality: ['length', 'clock', 'unknownCode'], ts: noon - 3_600_000 });
  expect(scene.facts()[0]?.data).toMatchObject({ quality: ['late', 'clock', 'length', 'unknownCode'] });
});
