/** How alarms ended and how soon they were taken, as numbers: fire.md §1.1, §5.7. */
import { describe, expect, test } from 'vitest';
import { historyOf, type PlacedRow, performanceOf } from '../../../../../hub/domains/fire/ledger.ts';
import { fireNumbers } from '../../../../../hub/domains/fire/performance-routes.ts';
import { detector, house, lan, noon, openScene } from './scene.ts';

const kitchen = detector('det-kitchen');
const seconds = (n: number) => noon + n * 1_000;
const row = (change: Partial<PlacedRow>): PlacedRow => ({
  place: house.id,
  incident: 'i',
  raisedAt: noon,
  closedAt: noon,
  answeredAfterMs: 10_000,
  disposition: 'unwanted',
  cause: null,
  device: 'det-kitchen',
  ...change,
});

/** Raises, answers after `after` seconds, restores and closes. */
function handle(scene: ReturnType<typeof openScene>, from: number, after: number, end: object) {
  scene.say(kitchen, { at: seconds(from) });
  const { id: incident } = scene.open();
  scene.act(lan, seconds(from + after), { name: 'acknowledge', args: { incident } });
  scene.say(kitchen, { kind: 'restore', at: seconds(from + after + 1) });
  scene.act(lan, seconds(from + after + 2), {
    name: 'close',
    args: { incident, disposition: 'unwanted', ...end },
  });
}

describe('the ledger of a place', () => {
  test('books each closing with its cause, device and the time to the first answer; the journal brings it back', () => {
    const scene = openScene();
    handle(scene, 0, 12, { cause: 'incense' });
    handle(scene, 10_000, 40, { disposition: 'fire', causeDevice: 'det-stairs' });
    expect(scene.state().ledger).toMatchObject([
      { answeredAfterMs: 12_000, disposition: 'unwanted', cause: 'incense', device: 'det-kitchen' },
      { answeredAfterMs: 40_000, disposition: 'fire', cause: null, device: 'det-stairs' },
    ]);
    expect(scene.folded().ledger).toEqual(scene.state().ledger);
    expect(historyOf(scene.state().ledger, seconds(20_000))).toEqual({ alarms90d: 2, unwanted90d: 1 });
    expect(historyOf(scene.state().ledger, seconds(90 * 86_400 + 5_000))).toEqual({ alarms90d: 1, unwanted90d: 0 });
  });

  test('what nobody took before it was closed counts as taken then; what was reopened, from the first who took it', () => {
    const scene = openScene();
    const other = detector('det-stairs');
    scene.say(kitchen, {});
    const { id: incident } = scene.open();
    scene.act(lan, seconds(7), { name: 'resolve', args: { incident } });
    scene.say(other, { at: seconds(60) });
    expect(scene.open()).toMatchObject({ handling: 'raised', acknowledged: null });
    scene.say(kitchen, { kind: 'restore', at: seconds(70) });
    scene.say(other, { kind: 'restore', at: seconds(71) });
    scene.act(lan, seconds(90), { name: 'close', args: { incident, disposition: 'unwanted' } });
    expect(scene.state().ledger).toMatchObject([{ answeredAfterMs: 7_000 }]);
    expect(scene.folded().ledger).toEqual(scene.state().ledger);
  });

  test('an incident that an older hub saved open is booked by its own record of who took it', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    scene.act(lan, seconds(9), { name: 'acknowledge', args: { incident: scene.open().id } });
    const { firstTakenAt: _unknown, ...saved } = scene.open();
    const later = openScene({ ...scene.state(), open: { ...saved, timeline: [] } });
    later.say(kitchen, { kind: 'restore', at: seconds(10) });
    later.act(lan, seconds(11), { name: 'close', args: { incident: saved.id, disposition: 'unwanted' } });
    expect(later.state().ledger).toMatchObject([{ answeredAfterMs: 9_000 }]);
  });

  test('a simulated alarm is not in it', () => {
    const scene = openScene();
    const simulated = detector('sim', { synthetic: true });
    scene.say(simulated, {});
    scene.say(simulated, { kind: 'restore', at: seconds(1) });
    scene.act(lan, seconds(2), { name: 'close', args: { incident: scene.open().id, disposition: 'unwanted' } });
    expect(scene.state().ledger).toEqual([]);
  });
});

describe('the numbers', () => {
  test.each<[string, readonly PlacedRow[], number | null, number | null, number | null]>([
    ['nothing yet', [], null, null, null],
    [
      'one in four',
      (['fire', 'unwanted', 'fault', 'malicious'] as const).map((disposition) => row({ disposition })),
      0.25,
      10_000,
      10_000,
    ],
    [
      'drills and unknowns are neither',
      [row({ disposition: 'unknown' }), row({ disposition: 'exercise' })],
      null,
      10_000,
      10_000,
    ],
    [
      'ten answers of 1 to 10 s',
      Array.from({ length: 10 }, (_, index) => row({ answeredAfterMs: (index + 1) * 1_000 })),
      0,
      8_000,
      10_000,
    ],
    ['nobody answered', [row({ answeredAfterMs: null })], 0, null, null],
  ])('%s', (_name, rows, precision, p80Ms, p985Ms) => {
    expect(performanceOf(rows)).toMatchObject({ precision, answered: { p80Ms, p985Ms } });
  });

  test('200 answers: 80 % within 30 s and 98.5 % within 60 s is just what EN 50518 asks', () => {
    const answers = [...Array(160).fill(30_000), ...Array(37).fill(60_000), 61_000, 90_000, 120_000];
    const rows = answers.map((answeredAfterMs: number) => row({ answeredAfterMs }));
    expect(performanceOf(rows).answered).toEqual({ count: 200, never: 0, p80Ms: 30_000, p985Ms: 60_000 });
    expect(performanceOf([...rows, row({ answeredAfterMs: null })]).answered).toMatchObject({ count: 200, never: 1 });
  });

  test('precision by device and by place, the worst first', () => {
    const rows = [
      row({ disposition: 'fire', device: 'a', place: 'p1' }),
      row({ device: 'a', place: 'p1' }),
      row({ device: 'b', place: 'p1', disposition: 'fault' }),
      row({ device: 'c', place: 'p2', disposition: 'fire' }),
      row({ device: 'd', place: 'p3', disposition: 'unknown' }),
    ];
    const { devices, places } = performanceOf(rows);
    expect(devices).toEqual([
      { device: 'a', alarms: 2, real: 1, false: 1, precision: 0.5 },
      { device: 'b', alarms: 1, real: 0, false: 1, precision: 0 },
      { device: 'c', alarms: 1, real: 1, false: 0, precision: 1 },
      { device: 'd', alarms: 1, real: 0, false: 0, precision: null },
    ]);
    expect(places).toEqual([
      { place: 'p1', alarms: 3, real: 1, false: 2, precision: 1 / 3 },
      { place: 'p2', alarms: 1, real: 1, false: 0, precision: 1 },
      { place: 'p3', alarms: 1, real: 0, false: 0, precision: null },
    ]);
  });

  test('Prometheus reads precision, quantiles and the flood', () => {
    const scene = openScene();
    handle(scene, 0, 12, { cause: 'steam' });
    const numbers = fireNumbers(new Map([[house.id, scene.state()]]), seconds(60));
    expect(numbers.map(({ name, samples }) => [name, samples])).toEqual([
      ['fire_precision', [{ labels: {}, value: 0 }]],
      [
        'fire_acknowledge_seconds',
        [
          { labels: { quantile: '0.8' }, value: 12 },
          { labels: { quantile: '0.985' }, value: 12 },
        ],
      ],
      ['fire_closed_alarms', [{ labels: { disposition: 'unwanted' }, value: 1 }]],
      ['fire_unanswered_alarms', [{ labels: {}, value: 0 }]],
      ['fire_false_alarms', [{ labels: { cause: 'steam' }, value: 1 }]],
      ['fire_flood', [{ labels: {}, value: 0 }]],
    ]);
  });
});
