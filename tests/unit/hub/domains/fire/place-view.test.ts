import { expect, test } from 'vitest';
import { placed, waterNear } from '../../../../../hub/domains/fire/place-view.ts';
import type { Place, WaterState } from '../../../../../hub/registry/records.ts';
import { emptyRegistry } from '../../../../support/empty-registry.ts';
import { detector, house, lan, minh, noon, openScene, operator } from './scene.ts';

/** 2025-07-01 00:00 in Hanoi. */
const reform = Date.UTC(2025, 5, 30, 17);
const full: Place = {
  ...house,
  access: {
    ...house.access,
    truckPoint: { lat: 21.034, lon: 105.8519 },
    entrances: [{ name: 'Cổng chính', position: { lat: 21.0337, lon: 105.8512 } }, { name: 'Cửa sau ngõ 36' }],
    secondExit: 'mái tôn sang nhà 14',
    gate: 'cổng sắt, khóa sau 23 giờ',
    barredBalcony: true,
  },
  hazards: ['12 bình gas', 'sạc xe điện tầng 1'],
  contacts: [
    { name: 'Bà Hoa', phone: '1', role: 'owner' },
    { name: 'Ông Tư', phone: '2', role: 'keyHolder' },
    { name: 'Tổ liên gia 3', phone: '3', role: 'neighbourhood' },
    { name: 'Không rõ', phone: '4' },
  ],
  aliases: [
    { kind: 'alleyChain', value: 'ngách 34/5, ngõ 34 Hàng Bạc' },
    { kind: 'unit', value: 'tầng 2' },
    { kind: 'oldWard', value: 'phường Hàng Bạc', validTo: reform },
    { kind: 'number', value: '8B', validTo: reform - 1 },
    { kind: 'street', value: 'Hàng Bạc', validTo: reform },
    { kind: 'landCertificate', value: 'BA 123456', validTo: reform },
    { kind: 'alleyChain', value: 'hẻm mới', validFrom: noon + 1 },
  ],
};

const look = (principal = lan, at = noon) => {
  const scene = openScene();
  scene.say(detector('d'), {});
  return placed(full, 'verified', scene.open(), { principal, at, registry: emptyRegistry });
};

test('a crew sees how locals say it, what it was called, the way in and what burns', () => {
  expect(look()).toMatchObject({
    address: '12 ngõ 34 Hàng Bạc',
    alleyChain: 'ngách 34/5, ngõ 34 Hàng Bạc',
    unit: 'tầng 2',
    // The street is still called so, and a paper's number helps nobody to find the way.
    formerNames: [
      { kind: 'oldWard', value: 'phường Hàng Bạc', validTo: reform },
      { kind: 'number', value: '8B', validTo: reform - 1 },
    ],
    footMeters: 85,
    alleyWidthMeters: 1.4,
    truckPoint: { lat: 21.034, lon: 105.8519 },
    entrances: [{ name: 'Cổng chính', position: { lat: 21.0337, lon: 105.8512 } }, { name: 'Cửa sau ngõ 36' }],
    secondExit: 'mái tôn sang nhà 14',
    gate: 'cổng sắt, khóa sau 23 giờ',
    barredBalcony: true,
    hazards: ['12 bình gas', 'sạc xe điện tầng 1'],
  });
  expect(look(lan, reform - 2)).not.toHaveProperty('formerNames');
});

test('a report, made as for nobody, says where it was and not how to get in', () => {
  const view = look({ kind: 'anonymous', id: 'anonymous', name: 'anonymous', roles: [] });
  const hidden = ['alleyChain', 'unit', 'formerNames', 'truckPoint', 'entrances', 'secondExit', 'gate', 'hazards'];
  for (const key of [...hidden, 'barredBalcony', 'contactsWithheld']) expect(view).not.toHaveProperty(key);
  expect(view).toMatchObject({ address: '12 ngõ 34 Hàng Bạc', footMeters: 85, contacts: [] });
});

const phonesOf = ({ contacts }: ReturnType<typeof placed>) => contacts.map(({ phone }) => phone).join('');

test.each([
  { who: lan, taken: false, dispatched: '', phones: '23', withheld: 2 },
  { who: lan, taken: true, dispatched: '', phones: '1234', withheld: undefined },
  { who: minh, taken: true, dispatched: '', phones: '23', withheld: 2 },
  { who: minh, taken: true, dispatched: 'Xe 1,  Minh', phones: '1234', withheld: undefined },
  { who: minh, taken: true, dispatched: 'Minh An', phones: '23', withheld: 2 },
  { who: operator, taken: true, dispatched: 'Operator', phones: '', withheld: undefined },
])('telephones of $who.name, taken $taken, sent "$dispatched": $phones', (row) => {
  const scene = openScene();
  scene.say(detector('d'), {});
  const { id } = scene.open();
  if (row.taken) scene.act(lan, noon + 1, { name: 'acknowledge', args: { incident: id } });
  if (row.dispatched !== '') {
    scene.act(lan, noon + 2, { name: 'dispatch', args: { incident: id, units: row.dispatched } });
  }
  const view = placed(full, 'verified', scene.open(), { principal: row.who, at: noon, registry: emptyRegistry });
  expect(phonesOf(view)).toBe(row.phones);
  expect(view.contactsWithheld).toBe(row.withheld);
});

test('once it is closed nobody has a telephone of it', () => {
  const scene = openScene();
  scene.say(detector('d'), {});
  const open = scene.open();
  const closed = {
    ...open,
    acknowledged: { at: noon, by: 'Lan' },
    closed: { at: noon, by: 'Lan', disposition: 'unwanted', note: null },
  } as const;
  const view = placed(full, 'verified', closed, { principal: lan, at: noon, registry: emptyRegistry });
  expect(view).toMatchObject({ contacts: [] });
  expect(view).not.toHaveProperty('contactsWithheld');
});

type Water = Parameters<typeof waterNear>[0];
const water = (states: readonly (WaterState | undefined)[]): Water =>
  states.map((state, index) => ({
    distanceMeters: (index + 1) * 100.4,
    facility: {
      id: `w${index}`,
      kind: 'water',
      name: `Trụ ${index + 1}`,
      position: { lat: 21, lon: 105 },
      approximate: false,
      ...(state === undefined ? {} : { state }),
    },
  }));

test('a broken hydrant is shown as such and hides no good one behind it', () => {
  expect(waterNear(water(['broken', 'working', 'dry', undefined, 'blocked', 'working', 'working']))).toMatchObject([
    { name: 'Trụ 1', meters: 100, state: 'broken' },
    { name: 'Trụ 2', meters: 201, state: 'working' },
    { name: 'Trụ 3', meters: 301, state: 'dry' },
    { name: 'Trụ 4', meters: 402, lat: 21, lon: 105 },
    { name: 'Trụ 6', meters: 602, state: 'working' },
  ]);
  expect(waterNear(water([undefined, undefined, undefined, undefined]))).toHaveLength(3);
  expect(waterNear([])).toEqual([]);
});
