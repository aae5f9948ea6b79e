/** What must hold for every stream: any order and any repetition end alike, and the journal brings everything back. */
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import type { FireEvent } from '../../../../../devices/fire/message.ts';
import { axesOf } from '../../../../../hub/domains/fire/axes.ts';
import { FireFactSchema } from '../../../../../hub/domains/fire/events.ts';
import { deviceOf, type FireState, pointRecords } from '../../../../../hub/domains/fire/state.ts';
import type { FireInput } from '../../../../../hub/domains/fire/step.ts';
import { detector, durable, lan, minh, noon, openScene } from './scene.ts';

const devices = ['det-1', 'det-2', 'panel'].map((id) => detector(id));

type Recorded = { readonly device: number; readonly body: FireEvent };

/** Half an hour of three devices whose clocks are right, each event with a time and counter of its own. */
const stream: fc.Arbitrary<Recorded[]> = fc
  .array(
    fc.record({
      device: fc.integer({ min: 0, max: 2 }),
      kind: fc.constantFrom<FireEvent['kind'][]>(
        'alarm',
        'alarm',
        'alarm',
        'restore',
        'restore',
        'prealarm',
        'test',
        'trouble',
        'troubleRestore',
        'supervisory',
        'tamper',
      ),
      class: fc.constantFrom<FireEvent['class'][]>('smoke', 'smoke', 'heat', 'co', 'other', 'callPoint'),
      point: fc.constantFrom('', 'a', 'b'),
      gapMs: fc.integer({ min: 0, max: 120_000 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((signals) => {
    let ts = noon;
    return signals.map(({ device, gapMs, point, ...said }, index) => {
      ts += gapMs;
      const body = { id: `e${index}`, ts, boot: 1, seq: index, ...said };
      return { device, body: point === '' ? body : { ...body, point } };
    });
  });

/** Everything arrives later than it happened; heartbeats have shown that the clocks are right. */
function play(order: readonly Recorded[]): FireState {
  const scene = openScene();
  for (const device of devices) scene.heartbeat(device, noon - 1_000);
  const arrival = noon + 60 * 60_000;
  order.forEach(({ device, body }, index) => {
    const record = devices[device];
    if (record === undefined) throw new Error('no such device');
    scene.enter({
      kind: 'message',
      name: 'event',
      at: arrival + index,
      device: record,
      retained: false,
      body,
    });
  });
  return scene.state();
}

/** What a place is, whatever the order: each device's axes; of its incident the points, source, how sure, how urgent, its doubts. */
function essence(state: FireState) {
  const axes = devices.map(({ id }) => axesOf(deviceOf(state, id), { comm: 'online', binding: 'verified' }));
  if (state.open === null) return { axes };
  const { source, evidence, priority, quality } = state.open;
  return { axes, points: pointRecords(state), source, evidence, priority, quality: [...quality].sort() };
}

test('any permutation and any repetition of a stream ends in the same incident and the same states of devices', async () => {
  const shuffled = stream.chain((recorded) =>
    fc.record({
      recorded: fc.constant(recorded),
      order: fc.shuffledSubarray([...recorded, ...recorded], {
        minLength: recorded.length * 2,
        maxLength: recorded.length * 2,
      }),
    }),
  );
  await fc.assert(
    fc.property(shuffled, ({ recorded, order }) => {
      expect(essence(play(order))).toEqual(essence(play(recorded)));
    }),
    { numRuns: 500 },
  );
});

test('no restore, test or trouble ever closes an incident or makes it quieter', async () => {
  await fc.assert(
    fc.property(stream, (recorded) => {
      const alarms = recorded.filter(({ body }) => body.kind === 'alarm').length;
      const state = play(recorded);
      expect(state.closed).toEqual([]);
      expect(state.open === null).toBe(alarms === 0);
      expect(pointRecords(state).reduce((sum, point) => sum + point.count, 0)).toBe(alarms);
    }),
    { numRuns: 200 },
  );
});

type Move = { readonly at: number; input(incident: string): FireInput };

const move: fc.Arbitrary<(at: number) => Move> = fc.oneof(
  { weight: 5, arbitrary: signalMove() },
  { weight: 3, arbitrary: commandMove() },
  { weight: 1, arbitrary: windowMove() },
  { weight: 1, arbitrary: fc.constant((at: number) => ({ at, input: () => ({ kind: 'tick', at }) as const })) },
  {
    weight: 1,
    arbitrary: fc.constant((at: number) => ({
      at,
      input: () => ({ kind: 'receipt', at, event: 'j', by: lan }) as const,
    })),
  },
);

test('folding the facts gives the state that the steps left, and the journal’s schema takes every fact', async () => {
  const schema = Compile(FireFactSchema);
  const moves = fc.array(fc.record({ move, gapMs: fc.integer({ min: 0, max: 400_000 }) }), { maxLength: 40 });
  await fc.assert(
    fc.property(moves, (steps) => {
      const scene = openScene();
      let at = noon;
      for (const step of steps) {
        at += step.gapMs;
        scene.enter(step.move(at).input(scene.state().open?.id ?? 'none'));
        const { open } = scene.state();
        if (open !== null) {
          // Invariants of fire.md §5.4 at every moment.
          expect(open.closed).toBeNull();
          expect(open.handling === 'raised').toBe(open.acknowledged === null);
        }
        for (const closed of scene.state().closed)
          expect([closed.source, closed.closed === null]).toEqual(['restored', false]);
      }
      const facts: unknown[] = JSON.parse(JSON.stringify(scene.facts()));
      expect(facts.filter((fact) => !schema.Check(fact))).toEqual([]);
      expect(scene.folded()).toEqual(durable(scene.state()));
    }),
    { numRuns: 300 },
  );
});

function signalMove(): fc.Arbitrary<(at: number) => Move> {
  return fc
    .record({
      device: fc.constantFrom(...devices),
      kind: fc.constantFrom<FireEvent['kind'][]>(
        'alarm',
        'alarm',
        'restore',
        'restore',
        'trouble',
        'tamper',
        'supervisory',
        'troubleRestore',
        'prealarm',
        'test',
      ),
      class: fc.constantFrom<FireEvent['class'][]>('smoke', 'waterflow', 'callPoint', 'other'),
      point: fc.constantFrom('a', 'b'),
      id: fc.integer({ min: 0, max: 40 }),
      skewMs: fc.constantFrom(0, 0, 30_000, 600_000, -60_000),
      retained: fc.boolean(),
    })
    .map(({ device, id, skewMs, retained, ...said }) => (at: number): Move => {
      const body: FireEvent = { id: `e${id}`, ts: at - skewMs, boot: id % 2, seq: id, ...said };
      return { at, input: () => ({ kind: 'message', name: 'event', at, device, retained, body }) };
    });
}

/** Windows open over some devices, and end by the clock. */
function windowMove(): fc.Arbitrary<(at: number) => Move> {
  return fc
    .record({
      kind: fc.constantFrom<('drill' | 'walkTest' | 'isolation')[]>('drill', 'walkTest', 'isolation'),
      device: fc.constantFrom('det-1', 'det-2', 'panel'),
      minutes: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ kind, device, minutes }) => (at: number): Move => {
      const args = { kind, devices: [device], minutes, reason: 'Kiểm tra', compensation: 'Tuần tra' };
      return { at, input: () => ({ kind: 'command', name: 'openWindow', at, id: `w${at}`, by: lan, args }) };
    });
}

function commandMove(): fc.Arbitrary<(at: number) => Move> {
  return fc
    .record({
      by: fc.constantFrom(lan, minh),
      name: fc.constantFrom('acknowledge', 'verify', 'dispatch', 'refute', 'note', 'resolve', 'close'),
    })
    .map(({ by, name }) => (at: number): Move => {
      const given = { kind: 'command', at, id: 'c', by } as const;
      return {
        at,
        input(incident) {
          switch (name) {
            case 'refute':
              return { ...given, name, args: { incident, reason: 'Khói bếp' } };
            case 'note':
              return { ...given, name, args: { incident, text: 'Đang gọi' } };
            case 'close':
              return { ...given, name, args: { incident, disposition: 'unwanted' } };
            case 'dispatch':
              return { ...given, name, args: { incident, units: 'Đội 1' } };
            case 'verify':
            case 'resolve':
              return { ...given, name, args: { incident } };
            default:
              return { ...given, name: 'acknowledge', args: { incident } };
          }
        },
      };
    });
}
