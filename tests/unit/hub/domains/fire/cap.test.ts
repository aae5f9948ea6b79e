/** Public warnings: which messages an incident leads to, what they say, and that CAP's schema takes them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CapMessage, capMessages } from '../../../../../hub/domains/fire/cap.ts';
import { type CapArea, capArea, streetOf } from '../../../../../hub/domains/fire/cap-area.ts';
import { capDocument, capFeed, capTime } from '../../../../../hub/domains/fire/cap-xml.ts';
import type { FireFact } from '../../../../../hub/domains/fire/events.ts';
import type { StoredFact } from '../../../../../hub/domains/fire/incident-facts.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, noon, openScene } from './scene.ts';

const kitchen = detector('det-kitchen');
const hall = detector('det-hall');
const toy = detector('det-toy', { synthetic: true });
const seconds = (n: number) => noon + n * 1_000;
const registry = {
  ...emptyRegistry,
  place: (id: string) => (id === house.id ? house : undefined),
  ward: (code: string) => (code === '00070' ? { code, name: 'Hoàn Kiếm', kind: 'phường' } : undefined),
};
const area: CapArea = {
  description: 'Hàng Bạc, phường Hoàn Kiếm',
  wardCode: '00070',
  circle: { center: { lat: 21.034, lon: 105.852 }, radiusKm: 0.3 },
};

type Scene = ReturnType<typeof openScene>;

const isOfIncident = (fact: FireFact): fact is Extract<FireFact, { type: `incident.${string}` }> =>
  fact.type.startsWith('incident.');

function storedFacts(scene: Scene): StoredFact[] {
  return scene
    .facts()
    .flatMap((fact, index) =>
      !isOfIncident(fact) ? [] : [{ ...fact, cursor: index + 1, id: `j${index}`, subject: house.id }],
    );
}

function messagesOf(scene: Scene): readonly CapMessage[] {
  return capMessages(storedFacts(scene), { isSynthetic: (id) => id === toy.id });
}

const kinds = (scene: Scene) => messagesOf(scene).map(({ msgType, status, phase }) => `${status} ${msgType} ${phase}`);
const act = (scene: Scene, second: number, name: 'dispatch' | 'resolve' | 'verify') =>
  scene.act(lan, seconds(second), { name, args: { incident: scene.open().id } });

describe('an incident becomes public', () => {
  test('not by one detector alone', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    expect(messagesOf(scene)).toEqual([]);
  });

  test('when units are dispatched, and is updated as the evidence grows', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    act(scene, 20, 'dispatch');
    scene.say(hall, { at: seconds(30) });
    act(scene, 60, 'verify');
    expect(kinds(scene)).toEqual(['Actual Alert burning', 'Actual Update burning', 'Actual Update burning']);
    expect(messagesOf(scene).map(({ evidence }) => evidence)).toEqual(['unverified', 'corroborated', 'confirmed']);
  });

  test('when a call point confirms fire', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    expect(kinds(scene)).toEqual(['Actual Alert burning']);
  });

  test('and every further message refers to all before it, oldest first', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    scene.say(kitchen, { at: seconds(60), class: 'callPoint', kind: 'restore' });
    act(scene, 90, 'resolve');
    const { id } = scene.open();
    expect(messagesOf(scene).at(-1)).toMatchObject({
      identifier: `${id}.3`,
      msgType: 'Update',
      phase: 'over',
      references: [
        { identifier: `${id}.1`, sentAt: seconds(0) },
        { identifier: `${id}.2`, sentAt: seconds(60) },
      ],
    });
  });
});

describe('a warning ends', () => {
  test('with an all-clear when it was a fire', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    scene.say(kitchen, { at: seconds(60), class: 'callPoint', kind: 'restore' });
    scene.act(lan, seconds(90), { name: 'close', args: { incident: scene.open().id, disposition: 'fire' } });
    expect(kinds(scene).at(-1)).toBe('Actual Update over');
  });

  test('with a cancellation when it was none', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    act(scene, 20, 'dispatch');
    scene.act(lan, seconds(40), { name: 'refute', args: { incident: scene.open().id, reason: 'nấu ăn' } });
    scene.say(kitchen, { at: seconds(60), kind: 'restore' });
    scene.act(lan, seconds(90), { name: 'close', args: { incident: scene.open().id, disposition: 'unwanted' } });
    expect(kinds(scene)).toEqual(['Actual Alert burning', 'Actual Cancel withdrawn']);
  });

  test('and a fire that comes back after a cancellation is a new warning', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    act(scene, 20, 'dispatch');
    scene.act(lan, seconds(40), { name: 'refute', args: { incident: scene.open().id, reason: 'nấu ăn' } });
    scene.say(hall, { at: seconds(50), class: 'callPoint' });
    expect(kinds(scene).at(-1)).toBe('Actual Alert burning');
    expect(messagesOf(scene).at(-1)?.references).toEqual([]);
  });
});

describe('what is not real', () => {
  test('is never sent as Actual', () => {
    const scene = openScene();
    scene.say(toy, { at: seconds(0), class: 'callPoint' });
    act(scene, 20, 'dispatch');
    expect(kinds(scene)).toEqual(['Test Alert burning']);
  });

  test('becomes Actual with the first real device, as a new warning', () => {
    const scene = openScene();
    scene.say(toy, { at: seconds(0), class: 'callPoint' });
    scene.say(kitchen, { at: seconds(10) });
    expect(kinds(scene)).toEqual(['Test Alert burning', 'Actual Alert burning']);
    expect(messagesOf(scene)[1]?.references).toEqual([]);
  });
});

describe('where it is', () => {
  test.each([
    ['12 ngõ 34 Hàng Bạc', 'Hàng Bạc'],
    ['99 Khương Hạ', 'Khương Hạ'],
    ['Số 5 ngách 12/3 ngõ 8 phố Láng Hạ, phường Láng', 'phố Láng Hạ'],
    ['12 đường 19-5', 'đường 19-5'],
    ['12B Tổ 7', undefined],
    ['Nhà bà Hoa', undefined],
    ['', undefined],
  ])('the street of "%s" is %s', (address, street) => {
    expect(streetOf(address)).toBe(street);
  });

  test('is told by street, ward and a coarse circle that holds the house', () => {
    const then = { address: house.address, wardCode: '00070' };
    expect(capArea(house.id, 'det-kitchen', then, registry)).toEqual({
      description: 'Hàng Bạc, phường Hoàn Kiếm',
      wardCode: '00070',
      // The house is at 21.0337, 105.8513.
      circle: { center: { lat: 21.034, lon: 105.852 }, radiusKm: 0.3 },
    });
  });

  test('never by anything that names the house or who lives there', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    const area = capArea(house.id, 'det-kitchen', { address: house.address, wardCode: '00070' }, registry);
    const xml = messagesOf(scene)
      .map((message) => capDocument(message, area))
      .join();
    for (const secret of ['Nhà 12', 'ngõ 34', 'Bà Hoa', '0900000001', '105.8513', house.id, 'det-kitchen']) {
      expect(xml).not.toContain(secret);
    }
  });
});

describe('the document', () => {
  test('has its times with the offset of Vietnam, never Z', () => {
    // 2026-11-24T07:00:00.000Z.
    expect(capTime(noon)).toBe('2026-11-24T14:00:00+07:00');
  });

  test('says in Vietnamese first what the evidence allows', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    const [message] = messagesOf(scene);
    const xml = message === undefined ? '' : capDocument(message, area);
    expect(xml.match(/<(language|event|urgency|severity|certainty|sent|circle|headline)>[^<]*/g)).toEqual([
      '<sent>2026-11-24T14:00:00+07:00',
      '<language>vi-VN',
      '<event>Cháy',
      '<urgency>Immediate',
      '<severity>Severe',
      '<certainty>Observed',
      '<headline>Cháy: Hàng Bạc, phường Hoàn Kiếm',
      '<circle>21.034,105.852 0.3',
      '<language>en-US',
      '<event>Fire',
      '<urgency>Immediate',
      '<severity>Severe',
      '<certainty>Observed',
      '<headline>Fire: Hàng Bạc, phường Hoàn Kiếm',
      '<circle>21.034,105.852 0.3',
    ]);
  });

  test('escapes whatever an address holds', () => {
    const [message] = every();
    const hostile = { description: '<script>&"\u0000\uFFFE\uD800' };
    const xml = message === undefined ? '' : capDocument(message, hostile);
    expect(xml).toContain('<areaDesc>&lt;script&gt;&amp;&quot;</areaDesc>');
  });

  test('marks an exercise in its headline and note', () => {
    const [message] = every();
    const xml = message === undefined ? '' : capDocument({ ...message, status: 'Exercise' }, area);
    expect(xml).toContain('<status>Exercise</status>');
    expect(xml).toContain('[DIỄN TẬP] ');
    expect(xml).toContain(`<note>${message?.incident}: Không phải sự cố thật. Not a real incident.</note>`);
  });
});

/** Messages of every kind: burning, updated, over, cancelled, test. */
function every(): readonly CapMessage[] {
  const fire = openScene();
  fire.say(kitchen, { at: seconds(0) });
  act(fire, 20, 'dispatch');
  fire.say(hall, { at: seconds(30) });
  fire.say(kitchen, { at: seconds(60), kind: 'restore' });
  fire.say(hall, { at: seconds(60), kind: 'restore' });
  act(fire, 90, 'resolve');
  const nothing = openScene();
  nothing.say(kitchen, { at: seconds(0) });
  act(nothing, 20, 'dispatch');
  nothing.act(lan, seconds(40), { name: 'refute', args: { incident: nothing.open().id, reason: 'nấu ăn' } });
  const test = openScene();
  test.say(toy, { at: seconds(0), class: 'callPoint' });
  return [fire, nothing, test].flatMap(messagesOf);
}

const hasLinter = (() => {
  try {
    execFileSync('xmllint', ['--version'], { stdio: 'ignore' });
    return true;
  } catch (cause) {
    return !(cause instanceof Error);
  }
})();

describe('the schema of OASIS', () => {
  const specs = join(import.meta.dirname, '../../../../../../shared/data/specs/cap');
  const absent = [hasLinter ? '' : 'xmllint (libxml2-utils)', existsSync(specs) ? '' : specs]
    .filter(Boolean)
    .join(', ');
  const folder = mkdtempSync(join(tmpdir(), 'nhip-cap-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(absent !== '').each(['cap12.xsd', 'cap12_extended.xsd'])(
    `takes every message (%s)${absent === '' ? '' : ` SKIPPED: missing ${absent}`}`,
    (schema) => {
      const documents = every().map((message) => capDocument(message, area));
      documents.push(...every().map((message) => capDocument(message, { description: 'Chưa rõ địa điểm' })));
      // Whatever an import, a device or a person wrote as a name.
      const hostile = ']]></areaDesc><!-- &#0; &xxe; <?php ?> "\'\u0000\u202E\uFFFE\uD800 =1+1';
      documents.push(...every().map((message) => capDocument(message, { ...area, description: hostile })));
      documents.push(...every().map((message) => capDocument(message, { ...area, wardCode: hostile })));
      expect(documents.length).toBeGreaterThan(10);
      const files = documents.map((document, index) => {
        const file = join(folder, `${index}.xml`);
        writeFileSync(file, document);
        return file;
      });
      const lint = () =>
        execFileSync('xmllint', ['--noout', '--nonet', '--schema', join(specs, schema), ...files], { stdio: 'pipe' });
      expect(lint).not.toThrow();
      writeFileSync(join(folder, '0.xml'), documents[0]?.replaceAll('+07:00', 'Z') ?? '');
      expect(lint).toThrow('0.xml');
    },
  );
});

test.skipIf(!hasLinter)(
  `the feed is well-formed whatever a place is called${hasLinter ? '' : ' SKIPPED: missing xmllint (libxml2-utils)'}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nhip-feed-'));
    const file = join(folder, 'feed.xml');
    const description = ']]></title><entry>&xxe;\u0000"\'';
    writeFileSync(
      file,
      capFeed(
        every().map((message) => ({ message, area: { description } })),
        seconds(100),
      ),
    );
    expect(() => execFileSync('xmllint', ['--noout', '--nonet', file], { stdio: 'pipe' })).not.toThrow();
    rmSync(folder, { recursive: true, force: true });
  },
);

test('the feed lists each warning once, with its identifier and a link', () => {
  const [message] = every();
  const xml = message === undefined ? '' : capFeed([{ message, area }], seconds(100));
  expect(xml).toContain(`<id>urn:nhip:cap:${message?.identifier}</id>`);
  expect(xml).toContain(`href="/cap/alerts/${message?.identifier}"`);
  expect(xml).toContain('<updated>2026-11-24T14:00:20+07:00</updated>');
  expect(capFeed([], noon)).toContain('<updated>2026-11-24T14:00:00+07:00</updated>');
});

describe('windows of the hub', () => {
  /** The facts of a call point, with a standing from the raising on. */
  function standing(given: 'exercise' | 'test' | 'isolated', after: readonly FireFact[] = []): readonly string[] {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
    const facts = storedFacts(scene).map((fact) =>
      fact.type === 'incident.raised' ? { ...fact, data: { ...fact.data, standing: given } } : fact,
    );
    const incident = scene.open().id;
    const later = after.filter(isOfIncident).map((fact, index) => {
      const named = { ...fact, data: { ...fact.data, incident } };
      return { ...named, cursor: 100 + index, id: `l${index}`, subject: house.id };
    });
    const all = [...facts, ...later].filter(isStored);
    return capMessages(all, { isSynthetic: () => false }).map(({ status, msgType }) => `${status} ${msgType}`);
  }
  const isStored = (fact: unknown): fact is StoredFact => typeof fact === 'object';
  const dispatched: FireFact = {
    type: 'incident.dispatched',
    at: seconds(20),
    data: { incident: '', by: 'Lan', units: 'Đội 1' },
  };
  const real = (was: 'exercise' | 'test'): FireFact => ({
    type: 'incident.standingChanged',
    at: seconds(30),
    data: { incident: '', device: hall.id, was, standing: 'actual' },
  });
  const setAside: FireFact = {
    type: 'incident.setAside',
    at: seconds(40),
    data: { incident: '', by: 'Lan', reason: 'đầu báo đã cháy' },
  };

  test.each<[string, readonly string[], readonly string[]]>([
    ['a drill is an exercise', standing('exercise'), ['Exercise Alert']],
    ['a walk test is a test', standing('test', [dispatched]), ['Test Alert']],
    ['an isolated call point is nobody’s business', standing('isolated'), []],
    ['unless people send units: then it is no test', standing('isolated', [dispatched]), ['Actual Alert']],
    [
      'a drill that turns real is a new warning, which refers to nothing of the drill',
      standing('exercise', [dispatched, real('exercise')]),
      ['Exercise Alert', 'Actual Alert'],
    ],
    [
      'a burnt detector that is set aside is told once: nothing rings any more',
      standing('isolated', [dispatched, setAside]),
      ['Actual Alert', 'Actual Update'],
    ],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('units of the drill are no units of the fire: one real detector alone is not public', () => {
    const scene = openScene();
    scene.say(kitchen, { at: seconds(0) });
    act(scene, 20, 'dispatch');
    const facts = storedFacts(scene).map((fact) =>
      fact.type === 'incident.raised' ? { ...fact, data: { ...fact.data, standing: 'exercise' as const } } : fact,
    );
    const turned: StoredFact = {
      ...real('exercise'),
      type: 'incident.standingChanged',
      at: seconds(30),
      cursor: 99,
      id: 'x',
      subject: house.id,
      data: { incident: scene.open().id, device: hall.id, was: 'exercise', standing: 'actual' },
    };
    const messages = capMessages([...facts, turned], { isSynthetic: () => false });
    expect(messages.map(({ status, msgType }) => `${status} ${msgType}`)).toEqual(['Exercise Alert']);
  });
});

test('a drill is an exercise for as long as the hub says so, however many real detectors take part', () => {
  const scene = openScene();
  scene.say(kitchen, { at: seconds(0), class: 'callPoint' });
  scene.say(hall, { at: seconds(10) });
  // A window of the hub gives an incident its standing, when it is raised.
  const facts = storedFacts(scene).map((fact) =>
    fact.type === 'incident.raised' ? { ...fact, data: { ...fact.data, standing: 'exercise' as const } } : fact,
  );
  const messages = capMessages(facts, { isSynthetic: () => false });
  expect(messages.map(({ status, msgType }) => `${status} ${msgType}`)).toEqual(['Exercise Alert']);
});
