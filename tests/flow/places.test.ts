/** A house by each of its names: imported from files, found by what people say, and shown so to the crew of an incident. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatSummary, importFile } from '../../hub/cli/import.ts';
import { device, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const folder = temporaryFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const id = '010100006789';
const plate = 'https://diachi.example.vn/Q7f3';
const placesFile = file(
  'places.csv',
  'id,address,lat,lon,truck_lat,truck_lon,foot_m,alley_width_m,entrances,second_exit,gate,barred_balcony,hazards,contact_name,contact_phone,key_name,key_phone\n' +
    `${id},12 ngõ 34 Hàng Bạc,21.0345,105.8526,21.034,105.8519,85,1.4,Cổng chính @ 21.0345 105.8525 | Cửa sau ngõ 36,mái tôn sang nhà 14,cổng sắt,có,bình gas | sạc xe điện,Bà Hoa,0900 000 201,Ông Tư,0900 000 202\n`,
);
const aliasesFile = file(
  'aliases.csv',
  'place,kind,value,valid_from,valid_to,source\n' +
    `${id},alleyChain,"số 12, ngách 34/5 ngõ Trung Yên",,,khảo sát 2026\n` +
    `${id},oldWard,phường Hàng Bạc,,2025-06-30,NQ 1656\n` +
    `${id},number,8B,,2019-12-31,\n` +
    `${id},plateQr,${plate},2026-01-01,,\n`,
);

let hub: TestHub;
const bring = async (path: string, dryRun = false) => {
  const summary = await importFile(path, { dataDirectory: hub.directory, dryRun });
  await hub.hub.registry.reload();
  return summary;
};
const find = async (query: string, token = hub.tokens.operator) => {
  const { status, body } = await hub.request(`/api/v1/places?${new URLSearchParams(query)}`, { token });
  expect([query, status]).toEqual([query, 200]);
  return body;
};

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub?.stop());

test('names go in dry, for real, and again without a change; unknown places are refused by line', async () => {
  const early = await bring(aliasesFile);
  expect(early).toMatchObject({ kind: 'aliases', written: false, refusedCount: 4 });
  expect(early.refused[0]).toEqual({ line: 2, reason: `there is no place "${id}"; import places first` });
  expect(await bring(placesFile)).toMatchObject({ added: 1, written: true });
  expect(await bring(aliasesFile, true)).toMatchObject({ read: 4, added: 4, dryRun: true, written: false });
  expect(hub.hub.registry.place(id)).not.toHaveProperty('aliases');
  expect(await bring(aliasesFile)).toMatchObject({ added: 4, written: true });
  expect(formatSummary(await bring(aliasesFile))).toContain('0 new, 0 changed, 4 unchanged');
  // The place's own file says nothing of names: they stay.
  expect(await bring(placesFile)).toMatchObject({ unchanged: 1 });
  expect(hub.hub.registry.place(id)?.aliases).toHaveLength(4);
});

test('a later line ends a name, and one that was wrong is taken away', async () => {
  const wrong = file('wrong.csv', `place,kind,value\n${id},other,Nhà ma\n${id},postcode,11010\n`);
  expect(await bring(wrong)).toMatchObject({ added: 2 });
  const mend = file(
    'mend.csv',
    `place,kind,value,valid_to,remove\n${id},other,Nhà ma,,x\n${id},postcode,11010,2026-01-31,\n`,
  );
  expect(await bring(mend, true)).toMatchObject({ removed: 1, changed: 1, written: false });
  expect(await bring(mend)).toMatchObject({ removed: 1, changed: 1, written: true });
  expect(await bring(mend)).toMatchObject({ removed: 0, unchanged: 2 });
  const { body } = await hub.request(`/api/v1/places/${id}`, { token: hub.tokens.operator });
  expect(body).toMatchObject({
    aliases: [
      { kind: 'alleyChain', value: 'số 12, ngách 34/5 ngõ Trung Yên', source: 'khảo sát 2026', isPast: false },
      { kind: 'number', value: '8B', validTo: '2019-12-31', isPast: true },
      { kind: 'oldWard', value: 'phường Hàng Bạc', validTo: '2025-06-30', source: 'NQ 1656', isPast: true },
      { kind: 'plateQr', value: plate, validFrom: '2026-01-01', isPast: false },
      { kind: 'postcode', value: '11010', validTo: '2026-01-31', isPast: true },
    ],
  });
  const then = await hub.request(`/api/v1/places/${id}?at=2019-06-01`, { token: hub.tokens.operator });
  expect(JSON.stringify(then.body)).toContain('"8B"');
  expect(JSON.stringify(then.body)).not.toContain(plate);
  expect((await hub.request(`/api/v1/places/${id}?at=yesterday`, { token: hub.tokens.fire })).status).toBe(400);
});

test('a GeoJSON place brings names too, counted apart, and takes none away', async () => {
  const feature = (aliases: readonly object[]) => ({
    type: 'Feature',
    properties: { place_id: 'HN-geo', address: '7 Đinh Liệt', aliases },
    geometry: { type: 'Point', coordinates: [105.8517, 21.0332] },
  });
  const geo = (name: string, aliases: readonly object[]) =>
    file(name, JSON.stringify({ type: 'FeatureCollection', features: [feature(aliases)] }));
  const one = geo('one.geojson', [{ kind: 'other', value: 'Nhà thuốc cũ', validTo: '2020-12-31' }]);
  const names = (added: number, unchanged: number) => ({ names: { added, changed: 0, unchanged, removed: 0 } });
  expect(await bring(one)).toMatchObject({ added: 1, parts: names(1, 0) });
  expect(formatSummary(await bring(one))).toContain('Nothing to do');
  const two = await bring(geo('two.geojson', [{ kind: 'street', value: 'Rue du Lac' }]));
  expect(two).toMatchObject({ added: 0, unchanged: 1, parts: names(1, 0) });
  expect(formatSummary(two)).toContain('Written.');
  expect(hub.hub.registry.place('HN-geo')?.aliases?.map(({ value }) => value)).toEqual(['Nhà thuốc cũ', 'Rue du Lac']);
  expect(await find('q=rue du lac')).toMatchObject({ items: [{ id: 'HN-geo', foundBy: [{ kind: 'street' }] }] });
});

test('it is found by what it is and was called, and the answer says by which name', async () => {
  const byAlley = { id, foundBy: [{ kind: 'alleyChain', isPast: false }] };
  expect(await find('q=ngách 34/5 ngõ trung yên')).toMatchObject({ items: [byAlley] });
  expect(await find('q=ngach 34/5 ngo trung yen')).toMatchObject({ items: [byAlley] });
  expect(await find('q=8B ngõ 34 hàng bạc')).toMatchObject({
    items: [{ id, foundBy: [{ kind: 'number', isPast: true }] }],
  });
  expect(await find('q=8B ngõ 34 hàng bạc&at=2026-06-01')).toMatchObject({ items: [] });
  // Both houses of the alley have the street in their present address.
  const present = JSON.stringify(await find('q=12 ngo 34 hang bac'));
  expect(present).toContain('"place-12"');
  expect(present).toContain(id);
  expect(present).not.toContain('foundBy');
});

test('a plate leads to its house, exactly and while it hangs there', async () => {
  expect(await find(`plate=${plate}`)).toMatchObject({ items: [{ id, foundBy: [{ kind: 'plateQr', value: plate }] }] });
  expect(await find(`plate=${plate.toLowerCase()}`)).toMatchObject({ items: [] });
  expect(await find(`plate=${plate}&at=2025-12-31`)).toMatchObject({ items: [] });
});

test('the crew sees it as locals say it, what it was called, the way in and what burns', async () => {
  hub.device('fd-alley', {
    binding: { kind: 'place', target: id, state: 'verified', since: 1_767_225_600_000, by: 'test' },
  });
  const detector = await device(hub, 'fd-alley');
  await raise(detector, 'fd-alley');
  await detector.endAsync();
  const incident = await until('there is an incident', async () => {
    const { body } = await hub.request('/api/v1/incidents', { token: hub.tokens.fire });
    const items: unknown = typeof body === 'object' && body !== null && 'items' in body ? body.items : [];
    return Array.isArray(items) ? items.find((item) => item.subject === id) : undefined;
  });
  expect(incident).toMatchObject({
    place: {
      id,
      address: '12 ngõ 34 Hàng Bạc',
      alleyChain: 'số 12, ngách 34/5 ngõ Trung Yên',
      formerNames: [
        { kind: 'oldWard', value: 'phường Hàng Bạc', validTo: '2025-06-30T17:00:00.000Z' },
        { kind: 'number', value: '8B', validTo: '2019-12-31T17:00:00.000Z' },
      ],
      bindingState: 'verified',
      truckPoint: { lat: 21.034, lon: 105.8519 },
      footMeters: 85,
      alleyWidthMeters: 1.4,
      entrances: [{ name: 'Cổng chính', position: { lat: 21.0345, lon: 105.8525 } }, { name: 'Cửa sau ngõ 36' }],
      secondExit: 'mái tôn sang nhà 14',
      gate: 'cổng sắt',
      barredBalcony: true,
      hazards: ['bình gas', 'sạc xe điện'],
      contacts: [{ name: 'Ông Tư', phone: '0900 000 202', role: 'keyHolder' }],
      contactsWithheld: 1,
      water: [{ name: 'Trụ nước Hàng Bạc', meters: expect.any(Number) }],
    },
  });
  const report = await hub.request(`/api/v1/incidents/${incident.id}/report`, { token: hub.tokens.fire });
  for (const secret of ['0900 000', 'cổng sắt', 'mái tôn', 'Cửa sau']) {
    expect(JSON.stringify(report.body)).not.toContain(secret);
  }
  const parking = await hub.request(`/api/v1/places/${id}`, { token: hub.tokens.parking });
  expect(parking.body).toMatchObject({ access: { footMeters: 85 } });
  expect(JSON.stringify(parking.body)).not.toMatch(/cổng sắt|mái tôn|Cửa sau|bình gas|0900/);
});

const data = join(import.meta.dirname, '../../../shared/data/city');
const isThere = existsSync(data);
const reason = isThere ? '' : ' (skipped: the real wards are not beside this project)';

describe.skipIf(!isThere)(`Hanoi's wards before and after July 2025${reason}`, () => {
  test('old wards lead to the houses of the new ones that they went into', async () => {
    expect(await bring(join(data, 'hanoi-wards-2025.geojson'))).toMatchObject({ added: 126 });
    const old = await bring(join(data, 'hanoi-wards-2025-predecessors.csv'));
    expect(old).toMatchObject({ kind: 'aliases', written: true, refusedCount: 0 });
    expect(old.added).toBeGreaterThan(600);
    expect(await bring(join(data, 'hanoi-wards-2025-predecessors.csv'))).toMatchObject({
      ...{ added: 0, changed: 0, unchanged: old.added },
    });
    const byOldWard = await find('q=12 ngõ 34 Hàng Bạc, phường Hàng Đào, quận Hoàn Kiếm, Hà Nội');
    expect(byOldWard).toMatchObject({
      items: [
        { id, wardName: 'Phường Hoàn Kiếm', foundBy: [{ kind: 'oldWard', value: 'Hàng Đào', isPast: true }] },
        { id: 'place-12' },
      ],
    });
    // Its own old ward is surer than those of its ward.
    expect(await find('q=phuong hang bac&at=2025-06-30')).toMatchObject({ items: [{ id }, {}, {}, { id: 'HN-geo' }] });
    expect(await find('q=phường Hàng Đào&at=2025-07-01')).toMatchObject({ items: [] });
    const { body } = await hub.request('/api/v1/wards');
    expect(JSON.stringify(body)).toContain('"value":"Hàng Buồm"');
  });
});
