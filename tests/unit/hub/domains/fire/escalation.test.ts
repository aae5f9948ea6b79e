/** Nobody answers, nobody decides, nobody comes: fire.md §5.5 and §5.7, and what a kill -9 must not change. */
import { describe, expect, test } from 'vitest';
import type { JournalledEvent } from '../../../../../hub/domain.ts';
import { fireDueAt, stepTick } from '../../../../../hub/domains/fire/clockwork.ts';
import type { FireFact } from '../../../../../hub/domains/fire/events.ts';
import { whereaboutsOf } from '../../../../../hub/domains/fire/notice-facts.ts';
import { fireNotices } from '../../../../../hub/domains/fire/notices.ts';
import { applyFact, type FireState, noFireState } from '../../../../../hub/domains/fire/state.ts';
import type { Place } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, minh, noon, openScene, type Say } from './scene.ts';

const registry = { ...emptyRegistry, place: (id: string) => (id === house.id ? house : undefined) };
const kitchen = detector('det-kitchen');
const stairs = detector('det-stairs');
const seconds = (n: number) => noon + n * 1_000;

/** Ticks every second, as the hub does; answers what happened when (seconds after the alarm). */
function tickUntil(scene: ReturnType<typeof openScene>, from: number, until: number): [number, string][] {
  const seen: [number, string][] = [];
  for (let second = from; second <= until; second++) {
    const before = scene.facts().length;
    scene.enter({ kind: 'tick', at: seconds(second) });
    for (const fact of scene.facts().slice(before)) {
      seen.push([second, fact.type === 'incident.escalated' ? fact.data.step : fact.type]);
    }
  }
  return seen;
}

function alarmed(say: Say = { class: 'callPoint' }) {
  const scene = openScene();
  scene.say(kitchen, say);
  return { scene, incident: scene.open().id };
}

describe('the chain', () => {
  test('nobody receives, nobody answers: every step at its second, once', () => {
    const { scene } = alarmed();
    expect(tickUntil(scene, 0, 400)).toEqual([
      [5, 'secondChannel'],
      [15, 'voice'],
      [30, 'shiftLead'],
      [60, 'cityCentre'],
      [90, 'everyone'],
    ]);
    expect(fireDueAt(scene.state())).toBeUndefined();
  });

  test('a screen that has it spares the second channel, not the people', () => {
    const { scene } = alarmed();
    scene.enter({ kind: 'receipt', at: seconds(4), event: 'j1', by: lan });
    expect(tickUntil(scene, 4, 400)).toEqual([
      [30, 'shiftLead'],
      [60, 'cityCentre'],
      [90, 'everyone'],
    ]);
  });

  test('acknowledged and then forgotten: alerted again after 60 s', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(31), { name: 'acknowledge', args: { incident } });
    expect(tickUntil(scene, 31, 400).slice(-1)).toEqual([[91, 'undecided']]);
    expect(scene.facts().findLast((fact) => fact.type === 'incident.escalated')).toEqual({
      type: 'incident.escalated',
      at: seconds(91),
      data: {
        incident,
        round: 1,
        step: 'undecided',
        to: ['station', 'shiftLead'],
        reason: 'undecided',
        dueAt: seconds(91),
      },
    });
  });

  test('dispatched and nobody en route: alerted after 120 s; en route: rest', () => {
    const { scene, incident } = alarmed();
    scene.act(lan, seconds(2), { name: 'dispatch', args: { incident, units: 'Đội 1' } });
    expect(tickUntil(scene, 2, 400)).toEqual([[122, 'notEnRoute']]);
    const other = alarmed();
    other.scene.act(lan, seconds(2), { name: 'dispatch', args: { incident: other.incident } });
    other.scene.act(minh, seconds(80), { name: 'progress', args: { incident: other.incident, stage: 'enRoute' } });
    expect(tickUntil(other.scene, 2, 400)).toEqual([]);
    expect(other.scene.open().progress).toEqual([{ at: seconds(80), by: 'Minh', stage: 'enRoute' }]);
  });

  test.each([['refute'], ['resolve']] as const)('after %s nobody is disturbed any more', (name) => {
    const { scene, incident } = alarmed({});
    const given = name === 'refute' ? { name, args: { incident, reason: 'Khói bếp' } } : { name, args: { incident } };
    scene.act(lan, seconds(2), given);
    expect(tickUntil(scene, 2, 400)).toEqual([]);
  });

  test('what is reopened begins a new round of all steps', () => {
    const { scene, incident } = alarmed({});
    scene.act(lan, seconds(2), { name: 'refute', args: { incident, reason: 'Khói bếp' } });
    scene.say(stairs, { at: seconds(100) });
    expect(tickUntil(scene, 100, 400)).toEqual([
      [105, 'secondChannel'],
      [115, 'voice'],
      [130, 'shiftLead'],
      [160, 'cityCentre'],
      [190, 'everyone'],
    ]);
    const rounds = scene.facts().flatMap((fact) => (fact.type === 'incident.escalated' ? [fact.data.round] : []));
    expect(rounds).toEqual([2, 2, 2, 2, 2]);
  });

  test('a hub that was away takes all that it missed, in order, at once', () => {
    const { scene } = alarmed();
    expect(tickUntil(scene, 1_000, 1_001)).toEqual([
      [1_000, 'secondChannel'],
      [1_000, 'voice'],
      [1_000, 'shiftLead'],
      [1_000, 'cityCentre'],
      [1_000, 'everyone'],
    ]);
  });

  test.each<[string, (scene: ReturnType<typeof openScene>, incident: string) => void, string | null]>([
    ['before any step', () => undefined, 'dispatch first'],
    [
      'twice',
      (scene, incident) => {
        scene.act(lan, noon, { name: 'dispatch', args: { incident } });
        scene.act(lan, seconds(1), { name: 'progress', args: { incident, stage: 'onScene' } });
      },
      'Already on scene by Lan at 14:00:01.',
    ],
  ])('units cannot be on scene %s', (_name, prepare, sentence) => {
    const { scene, incident } = alarmed();
    prepare(scene, incident);
    const { rejection } = scene.act(minh, seconds(9), { name: 'progress', args: { incident, stage: 'onScene' } });
    expect(rejection).toMatchObject({ code: 'conflict', message: expect.stringContaining(sentence ?? '') });
  });
});

describe('how long a single detector may wait', () => {
  const night = noon + 9 * 3_600_000;
  test.each<[string, Partial<Place>, number, number | null, [number, string] | null]>([
    ['by day nobody answers', {}, noon, null, [15, 'noAnswer']],
    ['by day somebody answers at 10 s and does not decide', {}, noon, 10, [70, 'undecided']],
    ['at 22:00', {}, night - 3_600_000, null, [0, 'night']],
    ['at 23:00', {}, night, null, [0, 'night']],
    ['at 05:59', {}, night + 7 * 3_600_000 - 60_000, null, [0, 'night']],
    ['at 06:00', {}, night + 7 * 3_600_000, null, [15, 'noAnswer']],
    ['by day in a hotel', { use: 'hotel' }, noon, null, [0, 'sleepingRisk']],
    ['by day in a shophouse', { use: 'shophouse' }, noon, null, [15, 'noAnswer']],
  ])('%s', (_name, change, start, answeredAfter, expected) => {
    const scene = openScene();
    const body = { id: 'a', ts: start, boot: 1, seq: 1, kind: 'alarm', class: 'smoke' } as const;
    const place = { ...house, ...change };
    scene.enter({ kind: 'message', name: 'event', at: start, device: kitchen, retained: false, body }, { place });
    expect(scene.open()).toMatchObject({ evidence: 'unverified', priority: 2 });
    let found: [number, string] | null = null;
    for (let second = 0; second <= 100 && found === null; second++) {
      const at = start + second * 1_000;
      if (second === answeredAfter) {
        scene.act(lan, at, { name: 'acknowledge', args: { incident: scene.open().id } });
      }
      scene.enter({ kind: 'tick', at });
      const raised = scene.facts().find((fact) => fact.type === 'incident.evidenceRaised');
      if (raised?.type === 'incident.evidenceRaised') found = [second, raised.data.reason];
    }
    expect(found).toEqual(expected);
    expect(scene.open()).toMatchObject({ evidence: 'corroborated', priority: 1 });
  });

  test('whoever has sent units, or said what it is, is not hurried', () => {
    const { scene, incident } = alarmed({});
    scene.act(lan, seconds(5), { name: 'dispatch', args: { incident } });
    scene.act(lan, seconds(6), { name: 'progress', args: { incident, stage: 'enRoute' } });
    expect(tickUntil(scene, 6, 200)).toEqual([]);
    expect(scene.open().evidence).toBe('unverified');
  });
});

describe('a kill between any two facts', () => {
  /** An incident that goes through every step of the chain, with a receipt, an answer and a reopening on the way. */
  function longStory() {
    const { scene, incident } = alarmed({});
    tickUntil(scene, 1, 40);
    scene.enter({ kind: 'receipt', at: seconds(41), event: 'j1', by: lan });
    scene.act(lan, seconds(42), { name: 'acknowledge', args: { incident } });
    tickUntil(scene, 43, 120);
    scene.act(lan, seconds(121), { name: 'refute', args: { incident, reason: 'Khói bếp' } });
    scene.say(stairs, { at: seconds(150) });
    tickUntil(scene, 151, 220);
    scene.act(minh, seconds(221), { name: 'dispatch', args: { incident, units: 'Đội 2' } });
    tickUntil(scene, 222, 400);
    return scene;
  }

  const nameOf = (fact: FireFact) =>
    fact.type === 'incident.escalated' ? `${fact.data.round}/${fact.data.step}` : fact.type;
  const clocked = (facts: readonly FireFact[]) =>
    facts.filter((fact) => fact.type === 'incident.escalated' || fact.type === 'incident.evidenceRaised').map(nameOf);

  /** The facts of people and devices come again at their times; the clock runs in between. */
  function liveOn(prefix: readonly FireFact[], rest: readonly FireFact[]): FireFact[] {
    let state: FireState = prefix.reduce(applyFact, noFireState);
    const lived = [...prefix];
    const outside = rest.filter((fact) => clocked([fact]).length === 0 || fact.at === seconds(150));
    for (let second = 0; second <= 400; second++) {
      const at = seconds(second);
      if (at < (prefix.at(-1)?.at ?? noon)) continue;
      for (const fact of outside.filter((one) => one.at === at)) {
        state = applyFact(state, fact);
        lived.push(fact);
      }
      const step = stepTick(state, at);
      state = step.state;
      lived.push(...(step.events ?? []));
    }
    return lived;
  }

  test('neither repeats nor skips a step', () => {
    const facts = longStory().facts();
    const expected = clocked(facts);
    expect(expected).toEqual([
      '1/secondChannel',
      'incident.evidenceRaised',
      '1/voice',
      '1/shiftLead',
      '1/undecided',
      '2/secondChannel',
      '2/voice',
      '2/shiftLead',
      '2/cityCentre',
      '2/notEnRoute',
    ]);
    for (let length = 2; length <= facts.length; length++) {
      expect(clocked(liveOn(facts.slice(0, length), facts.slice(length))), `killed after ${length}`).toEqual(expected);
    }
  });

  test('a tick that is repeated after its facts were folded does nothing', () => {
    const scene = longStory();
    for (let length = 2; length <= scene.facts().length; length++) {
      const facts = scene.facts().slice(0, length);
      const at = facts.at(-1)?.at ?? noon;
      const once = stepTick(facts.reduce(applyFact, noFireState), at);
      expect(stepTick(once.state, at).events).toBeUndefined();
    }
  });
});

describe('notices', () => {
  function noticesOf(scene: ReturnType<typeof openScene>) {
    return scene.facts().flatMap((fact, index) => {
      const event: JournalledEvent<FireFact> = {
        ...fact,
        cursor: index + 1,
        id: `j${index}`,
        domain: 'fire',
        subject: house.id,
      };
      return fireNotices(event, scene.state(), { place: house, whereabouts: whereaboutsOf(house.id, registry) });
    });
  }

  test('the station hears of it at once and the contacts are called in parallel; then the chain', () => {
    const { scene, incident } = alarmed({});
    tickUntil(scene, 1, 100);
    const notices = noticesOf(scene);
    expect(notices.map(({ step, audience }) => `${step}:${audience}`)).toEqual([
      'raised:station',
      'raised:wardTeam',
      'verify:contacts',
      'secondChannel:station',
      'voice:station',
      'voice:wardTeam',
      'shiftLead:shiftLead',
      'shiftLead:neighbourStation',
      'cityCentre:cityCentre',
      'everyone:everyone',
    ]);
    expect(notices[5]).toEqual({
      id: `${incident}/1/voice/wardTeam`,
      incident,
      step: 'voice',
      audience: 'wardTeam',
      status: 'actual',
      text: {
        vi: 'BÁO CHÁY (có căn cứ) · Nhà 12 ngõ 34, 12 ngõ 34 Hàng Bạc · chưa màn hình nào nhận được',
        en: 'FIRE ALARM (corroborated) · Nhà 12 ngõ 34, 12 ngõ 34 Hàng Bạc · no screen has received it',
      },
      at: seconds(15),
      facts: {
        place: {
          id: house.id,
          name: 'Nhà 12 ngõ 34',
          address: '12 ngõ 34 Hàng Bạc',
          lat: 21.0337,
          lon: 105.8513,
          bindingState: 'claimed',
          contacts: 1,
        },
        ward: { code: '00070' },
        stations: [],
        priority: 1,
        evidence: 'corroborated',
        handling: 'raised',
        source: 'active',
        quality: [],
        raisedAt: noon,
      },
    });
    expect(new Set(notices.map(({ id }) => id)).size).toBe(notices.length);
  });

  test('made again from the journal they are the same', () => {
    const { scene } = alarmed({});
    tickUntil(scene, 1, 100);
    expect(noticesOf(scene)).toEqual(noticesOf(scene));
  });

  const toldOf = (scene: ReturnType<typeof openScene>) =>
    noticesOf(scene).map(({ step, audience, text }) => `${step}:${audience} ${text.en.split(' · ').at(-1)}`);

  test('who was told hears when a second detector makes it surer, not when a clock runs out', () => {
    const { scene } = alarmed({});
    scene.say(stairs, { at: seconds(3) });
    expect(toldOf(scene).slice(3)).toEqual([
      'evidence:station more signals confirm it',
      'evidence:wardTeam more signals confirm it',
    ]);
    const alone = alarmed({});
    tickUntil(alone.scene, 1, 16);
    expect(alone.scene.facts().some(({ type }) => type === 'incident.evidenceRaised')).toBe(true);
    expect(toldOf(alone.scene).filter((told) => told.startsWith('evidence'))).toEqual([]);
  });

  test('an alarm that comes back after it was refuted is told anew', () => {
    const { scene, incident } = alarmed({});
    scene.act(lan, seconds(4), { name: 'refute', args: { incident, reason: 'Khói bếp' } });
    scene.say(stairs, { at: seconds(100) });
    expect(toldOf(scene).slice(3, 5)).toEqual([
      'raised:station the alarm has come back',
      'raised:wardTeam the alarm has come back',
    ]);
    const ids = noticesOf(scene).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a simulated device calls nobody out of the house, and says that it is a test', () => {
    const scene = openScene();
    scene.say(detector('sim', { synthetic: true }), {});
    tickUntil(scene, 1, 100);
    const notices = noticesOf(scene);
    expect(notices.map(({ audience }) => audience)).toEqual(['station', 'station', 'station', 'shiftLead']);
    expect(notices.map(({ status }) => status)).toEqual(['test', 'test', 'test', 'test']);
    expect(notices[0]?.text.vi).toBe('THỬ NGHIỆM · BÁO CHÁY (có căn cứ) · Nhà 12 ngõ 34, 12 ngõ 34 Hàng Bạc');
  });
});
