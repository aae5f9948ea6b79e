/** What a dispatcher may do, and what the hub says when it may not be: fire.md §5.4. */
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../../../hub/domains/fire/incident.ts';
import { detector, lan, minh, noon, openScene } from './scene.ts';

const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const seconds = (n: number) => noon + n * 1_000;
const minutes = (n: number) => noon + n * 60_000;

function alarmed() {
  const scene = openScene();
  scene.say(kitchen, { id: 'a1', point: 'bếp' });
  return { scene, incident: scene.open().id };
}

describe('acknowledge', () => {
  test('the first wins, the device learns it, the second is told who and when', () => {
    const { scene, incident } = alarmed();
    const first = scene.act(lan, seconds(5), { name: 'acknowledge', args: { incident } });
    expect(first.types).toEqual(['incident.acknowledged']);
    expect(first.sends).toEqual([
      { deviceId: 'det-kitchen', message: 'receipt', payload: { id: 'a1', state: 'accepted', ts: seconds(5) } },
    ]);
    const second = scene.act(minh, seconds(6), { name: 'acknowledge', args: { incident } });
    expect(second).toEqual({
      types: [],
      sends: [],
      rejection: { code: 'conflict', message: 'Already acknowledged by Lan at 14:00:05.' },
    });
    expect(scene.open()).toMatchObject({ handling: 'acknowledged', acknowledged: { at: seconds(5), by: 'Lan' } });
  });

  test('an alarm that joins later is accepted with the next thing that a person does', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(5), { name: 'acknowledge', args: { incident } });
    scene.say(stairs, { id: 'a2', at: seconds(6) });
    const { sends } = scene.act(lan, seconds(7), { name: 'note', args: { incident, text: 'Gọi chủ nhà' } });
    expect(sends.map((send) => [send.deviceId, send.payload])).toEqual([
      ['det-stairs', { id: 'a2', state: 'accepted', ts: seconds(7) }],
    ]);
  });
});

describe('dispatch, resolve', () => {
  test('whoever dispatches has acknowledged', () => {
    const { scene, incident } = alarmed();
    const { types } = scene.act(lan, seconds(5), { name: 'dispatch', args: { incident, units: 'Đội Hoàn Kiếm' } });
    expect(types).toEqual(['incident.acknowledged', 'incident.dispatched']);
    expect(scene.open()).toMatchObject({
      handling: 'dispatched',
      dispatched: { at: seconds(5), by: 'Lan', units: 'Đội Hoàn Kiếm' },
    });
  });

  test('more units may follow, the same ones not twice', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(5), { name: 'dispatch', args: { incident, units: 'Đội 1' } });
    expect(scene.act(minh, seconds(6), { name: 'dispatch', args: { incident, units: 'Đội 1' } }).rejection).toEqual({
      code: 'conflict',
      message: 'Already dispatched by Lan at 14:00:05.',
    });
    scene.act(minh, seconds(7), { name: 'dispatch', args: { incident, units: 'Đội 2' } });
    expect(scene.open().dispatched).toEqual({ at: seconds(5), by: 'Lan', units: 'Đội 1, Đội 2' });
  });

  test('resolved twice is a conflict, and nothing is dispatched to what is over', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(60), { name: 'resolve', args: { incident } });
    const rejection = { code: 'conflict', message: 'Already resolved by Lan at 14:01:00.' };
    expect(scene.act(minh, seconds(61), { name: 'resolve', args: { incident } }).rejection).toEqual(rejection);
    expect(scene.act(minh, seconds(61), { name: 'dispatch', args: { incident } }).rejection).toEqual(rejection);
  });

  test('a new alarm reopens what was resolved, and it must be acknowledged again', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(60), { name: 'resolve', args: { incident } });
    const { types } = scene.say(stairs, { at: seconds(90) });
    expect(types).toEqual(['signal.received', 'incident.reopened', 'incident.joined', 'incident.evidenceRaised']);
    expect(scene.open()).toMatchObject({ handling: 'raised', acknowledged: null, resolved: null });
  });
});

describe('verify, refute', () => {
  test('a person’s word confirms, and never blocks handling', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(5), { name: 'verify', args: { incident, note: 'Có khói' } });
    expect(evidenceOf(scene.open())).toBe('confirmed');
    expect(scene.open().handling).toBe('raised');
  });

  test('a single detector may be refuted, with a reason', () => {
    const { scene, incident } = alarmed();
    const { types } = scene.act(lan, seconds(5), { name: 'refute', args: { incident, reason: 'Đốt vàng mã' } });
    expect(types).toEqual(['incident.refuted']);
    expect(evidenceOf(scene.open())).toBe('refuted');
    expect(scene.open().timeline.at(-1)).toEqual({
      at: seconds(5),
      type: 'incident.refuted',
      by: 'Lan',
      text: 'Đốt vàng mã',
    });
  });

  test('two points in alarm cannot be refuted', () => {
    const { scene, incident } = alarmed();
    scene.say(stairs, { at: seconds(400) });
    expect(scene.act(lan, seconds(401), { name: 'refute', args: { incident, reason: 'x' } }).rejection).toEqual({
      code: 'conflict',
      message: '2 points are in alarm; an alarm of two or more points cannot be refuted until they are restored.',
    });
  });

  test('a pulled call point cannot be refuted', () => {
    const scene = openScene();
    scene.say(kitchen, { class: 'callPoint' });
    const command = { name: 'refute', args: { incident: scene.open().id, reason: 'x' } } as const;
    expect(scene.act(lan, seconds(1), command).rejection).toEqual({
      code: 'conflict',
      message: 'A call point is pulled; a person’s alarm cannot be refuted until it is restored.',
    });
    scene.say(kitchen, { class: 'callPoint', kind: 'restore', at: seconds(2) });
    expect(scene.act(lan, seconds(3), command).rejection).toBeUndefined();
  });

  test('a new point takes the refutation back, a repetition of the old one does not', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(5), { name: 'refute', args: { incident, reason: 'x' } });
    scene.say(kitchen, { at: seconds(20), point: 'bếp' });
    expect(evidenceOf(scene.open())).toBe('refuted');
    scene.say(stairs, { at: seconds(30) });
    expect(evidenceOf(scene.open())).toBe('corroborated');
    expect(scene.open().handling).toBe('raised');
  });
});

describe('close', () => {
  test('impossible while a point is in alarm, and says which', () => {
    const { scene, incident } = alarmed();
    const close = { name: 'close', args: { incident, disposition: 'unwanted' } } as const;
    expect(scene.act(lan, seconds(5), close).rejection).toEqual({
      code: 'conflict',
      message: 'Still in alarm: det-kitchen bếp. Restore the devices on site before closing.',
    });
    scene.say(kitchen, { kind: 'restore', point: 'bếp', at: seconds(6) });
    expect(scene.act(lan, seconds(7), close).types).toEqual(['incident.acknowledged', 'incident.closed']);
    expect(scene.state().open).toBeNull();
    expect(scene.state().closed[0]).toMatchObject({
      handling: 'closed',
      closed: { at: seconds(7), by: 'Lan', disposition: 'unwanted', note: null },
      points: [{ device: 'det-kitchen', point: 'bếp', count: 1, restoredAt: seconds(6) }],
    });
  });

  test('the journal’s fact carries the record as it ended', () => {
    const { scene, incident } = alarmed();
    scene.say(kitchen, { kind: 'restore', point: 'bếp', at: seconds(6) });
    scene.act(lan, seconds(7), { name: 'close', args: { incident, disposition: 'fire', causeDevice: 'det-kitchen' } });
    const fact = scene.facts().at(-1);
    expect(fact?.type === 'incident.closed' && fact.data.record).toEqual(scene.state().closed[0]);
  });

  test('what is closed is closed', () => {
    const { scene, incident } = alarmed();
    scene.say(kitchen, { kind: 'restore', point: 'bếp', at: seconds(6) });
    scene.act(lan, seconds(7), { name: 'close', args: { incident, disposition: 'unwanted' } });
    expect(scene.act(minh, seconds(8), { name: 'note', args: { incident, text: 'x' } }).rejection).toEqual({
      code: 'conflict',
      message: 'Already closed by Lan at 14:00:07.',
    });
    expect(scene.act(minh, seconds(8), { name: 'acknowledge', args: { incident: 'nobody' } }).rejection?.code).toBe(
      'notFound',
    );
  });

  test.each([
    [29, true],
    [30, true],
    [31, false],
  ])('a new alarm %i minutes after the closing: linked is %s', (after, isLinked) => {
    const { scene, incident } = alarmed();
    scene.say(kitchen, { kind: 'restore', point: 'bếp', at: noon });
    scene.act(lan, noon, { name: 'close', args: { incident, disposition: 'unwanted' } });
    scene.say(kitchen, { at: minutes(after), point: 'bếp' });
    expect(scene.open().id).not.toBe(incident);
    expect(scene.open()).toMatchObject({ previous: isLinked ? incident : null, evidence: 'unverified' });
    expect(scene.open().timeline.map((line) => [line.type, line.text])).toEqual(
      isLinked
        ? [
            ['incident.raised', 'bếp'],
            ['incident.linked', incident],
          ]
        : [['incident.raised', 'bếp']],
    );
  });
});

describe('receipts of screens', () => {
  test('the first screen makes it delivered, once', () => {
    const { scene, incident } = alarmed();
    const receipt = { kind: 'receipt', at: seconds(1), event: 'j1', by: lan } as const;
    const first = scene.enter(receipt);
    expect(first.types).toEqual(['incident.delivered']);
    expect(first.sends).toEqual([
      { deviceId: 'det-kitchen', message: 'receipt', payload: { id: 'a1', state: 'delivered', ts: seconds(1) } },
    ]);
    expect(scene.enter({ ...receipt, at: seconds(2), by: minh })).toEqual({ types: [], sends: [] });
    expect(scene.open().id).toBe(incident);
  });

  test('an old fact’s receipt proves nothing about what came after it', () => {
    const { scene, incident } = alarmed();
    scene.say(stairs, { id: 'a2', at: seconds(10) });
    const of = { type: 'incident.raised', at: noon, data: { incident } };
    const { sends } = scene.enter({ kind: 'receipt', at: seconds(11), event: 'j1', by: lan, of });
    expect(sends.map((send) => send.deviceId)).toEqual(['det-kitchen']);
    const joined = { type: 'incident.joined', at: seconds(10), data: { incident } };
    const later = scene.enter({ kind: 'receipt', at: seconds(12), event: 'j2', by: lan, of: joined });
    expect(later.sends.map((send) => send.deviceId)).toEqual(['det-stairs']);
  });

  test('a receipt of another incident proves nothing', () => {
    const { scene } = alarmed();
    const of = { type: 'incident.closed', at: noon, data: { incident: 'long-ago' } };
    expect(scene.enter({ kind: 'receipt', at: seconds(1), event: 'j0', by: lan, of }).types).toEqual([]);
  });

  test('what a person has accepted is not called delivered afterwards', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(1), { name: 'acknowledge', args: { incident } });
    expect(scene.enter({ kind: 'receipt', at: seconds(2), event: 'j1', by: lan })).toEqual({ types: [], sends: [] });
  });
});

describe('many notes', () => {
  const note = (scene: ReturnType<typeof openScene>, count: number, from: number) => {
    const args = { incident: scene.open().id, text: 'Còn khói' };
    return Array.from({ length: count }, (_, index) => scene.act(lan, seconds(from + index), { name: 'note', args }));
  };

  test('200 are taken, the next is refused, and the incident goes on', () => {
    const { scene, incident } = alarmed();
    expect(note(scene, 200, 10).flatMap(({ rejection }) => rejection ?? [])).toEqual([]);
    expect(note(scene, 1, 300)).toEqual([
      {
        types: [],
        sends: [],
        rejection: {
          code: 'conflict',
          message: 'This incident has 200 notes, as many as it may. Say the rest when you close it.',
        },
      },
    ]);
    expect(scene.folded().open).toEqual(scene.open());
    expect(scene.act(lan, seconds(301), { name: 'acknowledge', args: { incident } }).types).toEqual([
      'incident.acknowledged',
    ]);
  });

  test('they never push what was decided off the time line', () => {
    const { scene, incident } = alarmed();
    note(scene, 60, 10);
    scene.act(lan, seconds(100), { name: 'acknowledge', args: { incident } });
    scene.act(lan, seconds(101), { name: 'dispatch', args: { incident, units: 'Đội 1' } });
    note(scene, 140, 110);
    const others = Array.from({ length: 15 }, (_, index) => detector(`det-${index}`));
    for (const other of others) scene.say(other, { at: seconds(300) });
    for (const other of others) scene.say(other, { kind: 'restore', at: seconds(400) });
    scene.say(kitchen, { kind: 'restore', at: seconds(700), point: 'bếp' });
    scene.act(lan, seconds(701), { name: 'close', args: { incident, disposition: 'unwanted' } });
    const { timeline } = scene.state().closed[0] ?? { timeline: [] };
    expect(timeline).toHaveLength(200);
    const decided = timeline.filter(({ type }) => /raised|acknowledged|dispatched|closed/.test(type));
    expect(decided.map(({ type }) => type)).toEqual([
      'incident.raised',
      'incident.acknowledged',
      'incident.dispatched',
      'incident.closed',
    ]);
    expect(scene.state().ledger).toMatchObject([{ answeredAfterMs: 100_000 }]);
  });
});
