/** What people tell, what burns next door, and how likely it all makes a fire: fire.md §5.4, §5.5. */
import { describe, expect, test } from 'vitest';
import type { JournalledEvent } from '../../../../../hub/domain.ts';
import { fireDueAt } from '../../../../../hub/domains/fire/clockwork.ts';
import { fireHearing } from '../../../../../hub/domains/fire/hearing.ts';
import { incidentView } from '../../../../../hub/domains/fire/incident-view.ts';
import type { LedgerRow } from '../../../../../hub/domains/fire/ledger.ts';
import { scoreOf } from '../../../../../hub/domains/fire/score.ts';
import type { FireState } from '../../../../../hub/domains/fire/state.ts';
import type { Place } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, durable, house, lan, noon, openScene } from './scene.ts';

const seconds = (n: number) => noon + n * 1_000;
const minutes = (n: number) => seconds(60 * n);
const kitchen = detector('kitchen');
const report = (change: object = {}) =>
  ({ name: 'report', args: { source: 'call114', text: 'khói ở tầng 2', meters: 20, ...change } }) as const;

describe('a report of a person', () => {
  test('confirms an open alarm, which is then dispatched at once', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    expect(scene.act(lan, minutes(2), report()).types).toEqual([
      'report.given',
      'incident.reported',
      'incident.evidenceRaised',
    ]);
    expect(scene.open()).toMatchObject({
      evidence: 'confirmed',
      priority: 1,
      handling: 'raised',
      reports: [{ at: minutes(2), by: 'Lan', source: 'call114', text: 'khói ở tầng 2', meters: 20 }],
    });
    expect(scene.act(lan, minutes(3), report()).types).toEqual(['report.given', 'incident.reported']);
    expect(durable(scene.folded())).toEqual(durable(scene.state()));
  });

  test('waits ten minutes for the alarm, and raises nothing by itself', () => {
    const scene = openScene();
    expect(scene.act(lan, seconds(0), report()).types).toEqual(['report.given']);
    expect(scene.say(kitchen, { at: minutes(9) }).types).toEqual([
      'signal.received',
      'incident.raised',
      'incident.reported',
      'incident.evidenceRaised',
    ]);
    expect(scene.open().evidence).toBe('confirmed');
  });

  test.each([
    ['an alarm after more than ten minutes is not confirmed by it', 0, 11],
    ['nor is an alarm that is older than ten minutes', 11, 0],
  ])('%s', (_what, reportAt, alarmAt) => {
    const scene = openScene();
    if (reportAt < alarmAt) scene.act(lan, minutes(reportAt), report());
    scene.say(kitchen, { at: minutes(alarmAt) });
    if (reportAt > alarmAt) scene.act(lan, minutes(reportAt), report());
    expect(scene.open().evidence).not.toBe('confirmed');
    expect(scene.open().reports).toBeUndefined();
  });

  test('several reports before the alarm confirm it once', () => {
    const scene = openScene();
    for (const at of [0, 10, 20]) scene.act(lan, seconds(at), report());
    const { types } = scene.say(kitchen, { at: seconds(60) });
    expect(types.filter((type) => type === 'incident.evidenceRaised')).toHaveLength(1);
    expect(scene.open().reports).toHaveLength(3);
  });

  test('reopens what was refuted: the person on site may have seen the wrong house', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    scene.act(lan, seconds(30), {
      name: 'refute',
      args: { incident: scene.open().id, reason: 'nấu ăn' },
    });
    expect(scene.act(lan, seconds(60), report({ source: 'neighbour' })).types).toEqual([
      'report.given',
      'incident.reported',
      'incident.reopened',
      'incident.evidenceRaised',
    ]);
    expect(scene.open()).toMatchObject({ handling: 'raised', verdict: null, evidence: 'confirmed' });
    expect(scene.open().timeline.find(({ type }) => type === 'incident.reopened')?.by).toBe('Lan');
  });
});

const nextDoor: Place = { ...house, id: 'HN-14-34-HB', position: { lat: 21.0339, lon: 105.8513 } };
const registry = {
  ...emptyRegistry,
  place: (id: string) => [house, nextDoor].find((place) => place.id === id),
  placesNear: () => [house, nextDoor],
};
const told = (type: string, incident: string, at: number): JournalledEvent => {
  return { cursor: 1, id: 'e1', domain: 'fire', subject: nextDoor.id, type, at, data: { incident } };
};

function hear(state: FireState, event: JournalledEvent): FireState {
  let after = state;
  for (const { subject, heard } of fireHearing.take(event, registry)) {
    if (subject === house.id) after = fireHearing.fold(after, heard);
  }
  return after;
}

describe('an incident next door', () => {
  test('is tied to the open one at the next tick, once, and stays an incident of its own', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    const heard = openScene(hear(scene.state(), told('incident.raised', 'other', seconds(3))));
    expect(fireDueAt(heard.state())).toBe(seconds(3));
    expect(heard.enter({ kind: 'tick', at: seconds(3) }).types).toEqual(['incident.related']);
    expect(heard.open().related).toEqual([{ incident: 'other', subject: nextDoor.id, meters: 22 }]);
    expect(heard.enter({ kind: 'tick', at: seconds(4) }).types).toEqual([]);
    const view = incidentView(heard.open(), house.id, heard.state(), { principal: lan, at: seconds(6), registry });
    expect(view.related).toEqual([{ incident: 'other', subject: nextDoor.id, meters: 22 }]);
    expect(view.points).toHaveLength(1);
  });

  test('that was closed before is not told of', () => {
    const raised = hear(openScene().state(), told('incident.raised', 'other', seconds(0)));
    const scene = openScene(hear(raised, told('incident.closed', 'other', seconds(5))));
    scene.say(kitchen, { at: seconds(10) });
    expect(scene.enter({ kind: 'tick', at: seconds(10) }).types).not.toContain('incident.related');
  });

  test('that is raised first is told of when our own is', () => {
    const scene = openScene(hear(openScene().state(), told('incident.raised', 'other', seconds(0))));
    expect(fireDueAt(scene.state())).toBeUndefined();
    scene.say(kitchen, { at: seconds(10) });
    expect(scene.enter({ kind: 'tick', at: seconds(10) }).types).toContain('incident.related');
  });
});

describe('the score', () => {
  const words = (state: FireState, at: number, ledger: readonly LedgerRow[] = []) => {
    const view = incidentView(
      openScene(state).open(),
      house.id,
      { ...state, ledger },
      { principal: lan, at, registry },
    );
    return view.score;
  };
  const ended = (disposition: LedgerRow['disposition']): LedgerRow => ({
    ...{ incident: 'i', raisedAt: 0, closedAt: 1, answeredAfterMs: null, cause: null, device: 'kitchen' },
    disposition,
  });

  test('of a lone detector is what lone detectors are worth', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    expect(words(scene.state(), seconds(1))).toEqual({
      probability: 0.005,
      reasons: [{ word: 'detector', weight: 0.005 }],
    });
  });

  test('learns from how the place’s alarms ended, and never reaches zero', () => {
    const scene = openScene();
    scene.say(kitchen, {});
    const unwanted = Array.from({ length: 20 }, () => ended('unwanted'));
    expect(words(scene.state(), seconds(1), unwanted)?.probability).toBe(0.0025);
    expect(words(scene.state(), seconds(1), [ended('fire'), ended('exercise')])?.probability).toBe(0.0524);
  });

  test('joins independent signs, and names them', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    scene.say(detector('hall'), { at: seconds(20), class: 'heat' });
    expect(words(scene.state(), seconds(21))).toEqual({
      probability: 0.6518,
      reasons: [
        { word: 'twoPoints', weight: 0.5 },
        { word: 'twoKinds', weight: 0.3 },
        { word: 'detector', weight: 0.005 },
      ],
    });
    scene.act(lan, seconds(30), report());
    expect(words(scene.state(), seconds(31))?.probability).toBe(0.9652);
  });

  test('of a call point is the word of a person, not of a detector', () => {
    const scene = openScene();
    scene.say(detector('stairs'), { class: 'callPoint' });
    expect(words(scene.state(), seconds(1))).toEqual({
      probability: 0.6,
      reasons: [{ word: 'callPoint', weight: 0.6 }],
    });
    expect(scoreOf({}, [], [], noon)).toEqual({ probability: 0, reasons: [] });
  });
});
