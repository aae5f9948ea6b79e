/** Fire on the live channel: what a screen is given first, and what it is told of. */
import { expect, test } from 'vitest';
import { fireLive } from '../../../../../hub/domains/fire/live.ts';
import { noFireState } from '../../../../../hub/domains/fire/state.ts';
import type { RegistryReader } from '../../../../../hub/ports.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, noon, openScene, operator } from './scene.ts';

const kitchen = detector('det-kitchen');
const registry: RegistryReader = { ...emptyRegistry, place: (id) => (id === house.id ? house : undefined) };
const seconds = (n: number) => noon + n * 1_000;

test('the live snapshot is worst first: not taken, then priority, then the longer waiting', () => {
  const states = new Map(
    [
      { subject: 'p1', say: { at: seconds(3) }, taken: false },
      { subject: 'p2', say: { at: seconds(1) }, taken: false },
      { subject: 'p3', say: { at: seconds(2), class: 'callPoint' as const }, taken: true },
      { subject: 'p4', say: { at: seconds(4), class: 'callPoint' as const }, taken: false },
    ].map(({ subject, say, taken }) => {
      const scene = openScene();
      scene.say(kitchen, say);
      if (taken) scene.act(lan, seconds(9), { name: 'acknowledge', args: { incident: scene.open().id } });
      return [subject, scene.state()] as const;
    }),
  );
  const snapshot = fireLive.snapshot(states, {}, { principal: lan, at: seconds(10), registry });
  expect(snapshot).toMatchObject({
    at: seconds(10),
    incidents: ['p4', 'p2', 'p1', 'p3'].map((subject) => ({ subject })),
  });
});

test('live events carry the incident to its ward; a device’s signal and a receipt are no screen’s business', () => {
  const scene = openScene();
  scene.say(kitchen, {});
  scene.enter({ kind: 'receipt', at: seconds(1), event: 'j', by: lan });
  const viewer = { principal: lan, at: seconds(2), registry };
  const shown = (filter: unknown) =>
    scene.facts().flatMap((fact, index) => {
      const event = { ...fact, cursor: index, id: `j${index}`, domain: 'fire', subject: house.id };
      return fireLive.present?.(event, scene.state(), filter, viewer) === undefined ? [] : [fact.type];
    });
  expect(scene.facts().map((fact) => fact.type)).toEqual(['signal.received', 'incident.raised', 'incident.delivered']);
  expect(shown({})).toEqual(['incident.raised']);
  expect(shown({ wards: ['00070'], since: 4 })).toEqual(['incident.raised']);
  expect(shown({ wards: ['00004'] })).toEqual([]);
});

test('an empty queue explains itself with the last closing', () => {
  const scene = openScene();
  scene.say(kitchen, {});
  const { id } = scene.open();
  scene.say(kitchen, { kind: 'restore', at: seconds(1) });
  scene.act(lan, seconds(2), { name: 'close', args: { incident: id, disposition: 'fault' } });
  const states = new Map([
    [house.id, scene.state()],
    ['quiet', noFireState],
  ]);
  const snapshot = fireLive.snapshot(states, undefined, { principal: operator, at: seconds(3), registry });
  expect(snapshot).toMatchObject({ incidents: [], lastClosed: { id, closed: { disposition: 'fault' } } });
});

test('devices near their alarm are told to their ward, without an incident, until they are well', () => {
  const scene = openScene();
  scene.say(kitchen, { kind: 'prealarm' });
  const viewer = { principal: lan, at: seconds(2), registry };
  const shown = (filter: unknown) => fireLive.snapshot(new Map([[house.id, scene.state()]]), filter, viewer);
  const prealarms = [{ subject: house.id, devices: ['det-kitchen'] }];
  expect(shown({})).toMatchObject({ incidents: [], prealarms });
  expect(shown({ wards: ['00004'] })).not.toHaveProperty('prealarms');
  const frame = fireLive.frames?.find(({ name }) => name === 'prealarms');
  expect(frame?.row(house.id, scene.state(), seconds(2))).toEqual([house.id, 'det-kitchen']);
  scene.say(kitchen, { kind: 'restore', at: seconds(3) });
  expect(frame?.row(house.id, scene.state(), seconds(3))).toBeUndefined();
  expect(shown({})).not.toHaveProperty('prealarms');
});
