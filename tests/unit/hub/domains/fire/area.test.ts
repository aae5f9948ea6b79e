/** Many devices with one cause, floods of alarms, chatter and two paths: fire.md §5.9, §5.10. */
import { describe, expect, test } from 'vitest';
import type { JournalledEvent } from '../../../../../hub/domain.ts';
import type { GroupSize, HeardTrouble } from '../../../../../hub/domains/fire/area.ts';
import { fireDueAt, stepTick } from '../../../../../hub/domains/fire/clockwork.ts';
import type { FireFact } from '../../../../../hub/domains/fire/events.ts';
import { fireHearing } from '../../../../../hub/domains/fire/hearing.ts';
import { incidentView } from '../../../../../hub/domains/fire/incident-view.ts';
import { applyFact, type FireState, initialState, pointRecords } from '../../../../../hub/domains/fire/state.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, noon, openScene } from './scene.ts';

const seconds = (n: number) => noon + n * 1_000;
const trouble = (device: string, at: number, change: Partial<HeardTrouble> = {}): HeardTrouble => ({
  kind: 'trouble',
  class: 'mains',
  device,
  ward: '00070',
  gateway: null,
  synthetic: false,
  isOver: false,
  at,
  ...change,
});

/** A collection that hears, and ticks every second when it is due. */
function collect(subject: string) {
  let state = initialState(subject);
  let now = noon;
  const facts: FireFact[] = [];
  return {
    hear: (heard: unknown) => {
      state = fireHearing.fold(state, heard);
    },
    tickUntil(until: number, sizeOf?: GroupSize) {
      for (let turn = 0; turn < 1_000; turn++) {
        const dueAt = fireDueAt(state);
        if (dueAt === undefined || dueAt > until) return;
        now = Math.max(now, Math.ceil(dueAt / 1_000) * 1_000);
        const step = stepTick(state, now, sizeOf);
        state = step.state;
        facts.push(...(step.events ?? []));
      }
      throw new Error('the clock comes again and again for nothing');
    },
    state: () => state,
    facts: () => facts,
    types: () => facts.map((fact) => [(fact.at - noon) / 1_000, fact.type]),
  };
}

function viewOf(state: FireState) {
  const viewer = { principal: lan, at: seconds(60), registry: emptyRegistry };
  return state.open === null ? undefined : incidentView(state.open, 'area:mains', state, viewer);
}

describe('an area incident', () => {
  test('ten thousand panels lose their mains in ten seconds: one incident, one line, a counter', () => {
    const area = collect('area:mains');
    for (let panel = 0; panel < 10_000; panel++) {
      area.hear(trouble(`panel-${panel}`, noon + panel, { ward: panel % 3 === 0 ? '00004' : '00070' }));
      if (panel % 1_000 === 0) area.tickUntil(noon + panel);
    }
    area.tickUntil(seconds(60));
    expect(area.types()).toEqual([
      [1, 'incident.areaRaised'],
      [11, 'incident.areaChanged'],
    ]);
    const open = area.state().open;
    if (open === null) throw new Error('no area incident');
    const view = incidentView(open, 'area:mains', area.state(), {
      principal: lan,
      at: seconds(60),
      registry: emptyRegistry,
    });
    expect(view).toMatchObject({
      priority: 6,
      place: null,
      source: 'active',
      points: [],
      area: {
        class: 'mains',
        members: 10_000,
        standing: 10_000,
        wards: [
          { code: '00070', members: 6_666 },
          { code: '00004', members: 3_334 },
        ],
      },
    });
  });

  test.each<[string, number, number, GroupSize, boolean]>([
    ['20 devices within 120 s', 20, 6, () => 10_000, true],
    ['19 devices of a large ward', 19, 6, () => 10_000, false],
    ['20 devices, too far apart', 20, 7, () => 10_000, false],
    ['5 of a ward of 100', 5, 1, () => 100, true],
    ['4 of a ward of 100', 4, 1, () => 100, false],
    ['2 of a ward of 10: a handful', 2, 1, () => 10, false],
  ])('%s', (_name, devices, gapSeconds, sizeOf, isRaised) => {
    const area = collect('area:mains');
    for (let device = 0; device < devices; device++) area.hear(trouble(`p${device}`, seconds(device * gapSeconds)));
    area.tickUntil(seconds(600), sizeOf);
    expect(area.facts().map((fact) => fact.type)).toEqual(isRaised ? ['incident.areaRaised'] : []);
    const raisedAt = area.state().open?.raisedAt;
    expect(fireDueAt(area.state())).toBe(raisedAt === undefined ? undefined : raisedAt + 900_000);
  });

  test('three of a gateway’s forty are one cause, and the gateway is named', () => {
    const area = collect('area:comm');
    const sizeOf: GroupSize = (group) => ('gateway' in group ? 40 : 10_000);
    for (let device = 0; device < 3; device++) {
      area.hear(trouble(`p${device}`, seconds(device), { class: 'comm', gateway: 'lora-7' }));
    }
    area.tickUntil(seconds(60), sizeOf);
    expect(area.types()).toEqual([[0, 'incident.areaRaised']]);
    expect(viewOf(area.state())?.area).toMatchObject({
      members: 3,
      gateways: [{ id: 'lora-7', members: 3 }],
      overdue: 0,
    });
  });

  test('who is still in trouble after fifteen minutes is overdue, and the screens are told', () => {
    const area = collect('area:mains');
    for (let device = 0; device < 20; device++) area.hear(trouble(`p${device}`, noon));
    area.tickUntil(seconds(60));
    for (let device = 0; device < 17; device++) area.hear(trouble(`p${device}`, seconds(300), { isOver: true }));
    area.tickUntil(seconds(899));
    expect(viewOf(area.state())?.area).toMatchObject({ standing: 3, overdue: 0 });
    area.tickUntil(seconds(1_000));
    expect(viewOf(area.state())?.area).toMatchObject({ standing: 3, overdue: 3 });
    expect(area.types().at(-1)).toEqual([900, 'incident.areaChanged']);
  });

  test('troubles that are over are no members, and the same device counts once', () => {
    const area = collect('area:mains');
    for (let device = 0; device < 30; device++) {
      area.hear(trouble('p1', seconds(device)));
      area.hear(trouble(`q${device}`, seconds(device)));
      area.hear(trouble(`q${device}`, seconds(device), { isOver: true }));
    }
    area.tickUntil(seconds(600), () => 10_000);
    expect(area.facts()).toEqual([]);
  });

  test('when all is well again it says so, and closes itself after ten quiet minutes', () => {
    const area = collect('area:mains');
    for (let device = 0; device < 20; device++) area.hear(trouble(`p${device}`, noon));
    area.tickUntil(seconds(30));
    for (let device = 0; device < 20; device++)
      area.hear(trouble(`p${device}`, seconds(60 + device), { isOver: true }));
    area.tickUntil(seconds(1_000));
    expect(area.types()).toEqual(
      [
        [0, 'incident.areaRaised'],
        [79, 'incident.areaChanged'],
        [79, 'incident.restored'],
        [679, 'incident.closed'],
      ]
        .map(([at, type]) => [at, type])
        .filter(Boolean),
    );
    expect(area.state()).toMatchObject({ open: null, area: { members: { size: 0 } } });
    area.hear(trouble('p1', seconds(1_200)));
    area.tickUntil(seconds(2_000));
    expect(area.state().open).toBeNull();
  });

  test('killed before, between or after its facts it raises once', () => {
    const heard = Array.from({ length: 25 }, (_, device) => trouble(`p${device}`, seconds(device / 10)));
    const whole = collect('area:mains');
    heard.forEach(whole.hear);
    whole.tickUntil(seconds(60));
    for (let length = 0; length <= whole.facts().length; length++) {
      // The journal brings back what was heard and the own facts; in which order makes no difference.
      const own = whole.facts().slice(0, length);
      const before = own.reduce(applyFact, heard.reduce<FireState>(fireHearing.fold, initialState('area:mains')));
      const after = heard.reduce<FireState>(fireHearing.fold, own.reduce(applyFact, initialState('area:mains')));
      for (const state of [before, after]) {
        const step = stepTick(state, seconds(60));
        const raises = [...own, ...(step.events ?? [])].filter((fact) => fact.type === 'incident.areaRaised');
        expect(raises).toHaveLength(1);
        expect(step.state.open).not.toBeNull();
      }
    }
  });
});

describe('what an area hears', () => {
  const registry = {
    ...emptyRegistry,
    device: (id: string) => (id === 'panel' || id === 'watchdog' ? detector(id, { model: id }) : undefined),
    place: (id: string) => (id === house.id ? house : undefined),
  };
  const told = (kind: string, change: object = {}): JournalledEvent => ({
    cursor: 1,
    id: 'j1',
    domain: 'fire',
    subject: house.id,
    type: 'signal.received',
    at: noon,
    data: {
      device: 'panel',
      event: 'e1',
      boot: 1,
      seq: 1,
      kind,
      class: 'other',
      point: '',
      ts: noon,
      time: noon,
      priority: 6,
      quality: [],
      synthetic: false,
      panelVerified: false,
      ...change,
    },
  });

  test.each<[string, JournalledEvent, string[]]>([
    ['a fire', told('alarm'), []],
    ['mains by a word', told('trouble', { values: { code: 'mainsLost' } }), ['area:mains']],
    ['mains by Contact ID', told('trouble', { values: { code: 'ADM-CID 1301' } }), ['area:mains']],
    ['mains by SIA', told('trouble', { values: { code: 'SIA-DCS AT' } }), ['area:mains']],
    ['a battery', told('trouble', { values: { code: 'lowBattery' } }), ['area:battery']],
    ['what nobody knows', told('trouble'), ['area:other']],
    ['a lid', told('tamper'), ['area:tamper']],
    ['the mains are back', told('troubleRestore', { point: 'mains' }), ['area:mains']],
    [
      'something is well again',
      told('troubleRestore'),
      ['area:mains', 'area:battery', 'area:line', 'area:tamper', 'area:supervisory', 'area:other'],
    ],
    ['a valve that is open again', told('restore', { point: 'valve' }), ['area:supervisory']],
    ['the hub’s own device', told('trouble', { device: 'watchdog' }), []],
    [
      'the hub’s own device, lost',
      { ...told('trouble'), domain: 'fleet', type: 'device.lost', subject: 'watchdog', data: {} },
      [house.id],
    ],
    ['a device that nobody knows', told('trouble', { device: 'x' }), []],
    ['a raise', { ...told('alarm'), type: 'incident.raised', data: { device: 'panel' } }, ['flood']],
    ['the hub’s own test alarm', { ...told('alarm'), type: 'incident.raised', data: { device: 'watchdog' } }, []],
    ['a drill', { ...told('alarm'), type: 'incident.raised', data: { device: 'panel', standing: 'exercise' } }, []],
  ])('%s', (_name, event, subjects) => {
    expect(fireHearing.take(event, registry).map(({ subject }) => subject)).toEqual(subjects);
  });
});

describe('a flood', () => {
  test('begins with the tenth alarm in ten minutes, ends below five', () => {
    const flood = collect('flood');
    for (let raise = 0; raise < 12; raise++) {
      flood.hear({ kind: 'raise', at: seconds(raise * 30) });
      flood.tickUntil(seconds(raise * 30));
    }
    expect(flood.state().flood?.since).toBe(seconds(270));
    flood.tickUntil(seconds(5_000));
    // The eighth of twelve (at 210 s) leaves the window at 810 s: four are left.
    expect(flood.types()).toEqual([
      [270, 'flood.began'],
      [810, 'flood.ended'],
    ]);
    expect(fireDueAt(flood.state())).toBeUndefined();
  });

  test('nine in ten minutes are none', () => {
    const flood = collect('flood');
    for (let raise = 0; raise < 9; raise++) flood.hear({ kind: 'raise', at: seconds(raise) });
    flood.tickUntil(seconds(5_000));
    expect(flood.facts()).toEqual([]);
  });
});

describe('chatter', () => {
  const kitchen = detector('det-kitchen');
  function chatter() {
    const scene = openScene();
    const types = [0, 10, 20, 30, 40, 50].flatMap((after, index) =>
      scene.say(kitchen, { kind: index % 2 === 0 ? 'alarm' : 'restore', at: seconds(after) }).types.slice(1),
    );
    return { scene, types };
  }

  test('is one alarm with a counter: the third change latches it', () => {
    const { scene, types } = chatter();
    expect(types).toEqual(
      [
        'incident.raised',
        'incident.restored',
        'incident.reactivated',
        'incident.reactivated',
        'incident.chattering',
        'incident.repeated',
      ].filter((type, index) => !(type === 'incident.reactivated' && index === 3)),
    );
    expect(scene.open().source).toBe('active');
    expect(pointRecords(scene.state())).toMatchObject([{ count: 3, restoredAt: null }]);
  });

  test('it cannot be closed while it chatters; quiet for a minute it is restored, once', () => {
    const { scene } = chatter();
    const { id: incident } = scene.open();
    const close = { name: 'close', args: { incident, disposition: 'fault' } } as const;
    expect(scene.act(lan, seconds(60), close).rejection?.code).toBe('conflict');
    const ticks = [109, 110, 111].map((after) =>
      scene.enter({ kind: 'tick', at: seconds(after) }).types.filter((type) => type !== 'incident.escalated'),
    );
    expect(ticks.map((types) => types.filter((type) => type !== 'incident.evidenceRaised'))).toEqual([
      [],
      ['incident.settled', 'incident.restored'],
      [],
    ]);
    expect(scene.act(lan, seconds(120), close).types).toContain('incident.closed');
  });

  test('slow changes are no chatter', () => {
    const scene = openScene();
    for (const [index, after] of [0, 40, 80, 120].entries()) {
      scene.say(kitchen, { kind: index % 2 === 0 ? 'alarm' : 'restore', at: seconds(after) });
    }
    expect(scene.open().source).toBe('restored');
  });
});

describe('two paths of one alarm', () => {
  const panel = detector('panel');
  const first = { id: 'ip-1', ts: noon, boot: 'ip', seq: 1, values: { path: 'ip' } };

  test.each<[string, object, string[]]>([
    ['the same event', { values: { path: 'gsm' } }, ['signal.receivedAgain']],
    ['under its own name', { id: 'gsm-9', boot: 'gsm', seq: 77, values: { path: 'gsm' } }, ['signal.receivedAgain']],
    ['by the same way', {}, []],
    [
      'another sensor of the point, whose first way was lost',
      { id: 'gsm-9', boot: 'gsm', seq: 77, class: 'heat', values: { path: 'gsm' } },
      ['signal.received', 'incident.joined'],
    ],
    [
      'at another moment',
      { id: 'gsm-9', boot: 'gsm', seq: 77, ts: seconds(3), values: { path: 'gsm' } },
      ['signal.received'],
    ],
  ])('%s', (_name, change, types) => {
    const scene = openScene();
    scene.say(panel, first);
    expect(scene.say(panel, { ...first, ...change, at: seconds(5) }).types).toEqual(types);
    const isSecond = types[0] === 'signal.receivedAgain';
    expect(scene.open().timeline.some((line) => line.type === 'signal.receivedAgain' && line.text === 'gsm')).toBe(
      isSecond,
    );
    expect(scene.say(panel, { ...first, ...change, at: seconds(6) }).types).toEqual([]);
  });

  test('more than ten minutes later it is an alarm of its own', () => {
    const scene = openScene();
    scene.say(panel, first);
    const late = { id: 'gsm-9', boot: 'gsm', seq: 77, values: { path: 'gsm' } };
    expect(scene.say(panel, { ...first, ...late, at: seconds(601) }).types).toContain('signal.received');
  });
});
