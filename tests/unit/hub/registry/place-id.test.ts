import { expect, test } from 'vitest';
import { readConfig } from '../../../../hub/config.ts';
import { parseCsv } from '../../../../hub/registry/import-csv.ts';
import { placeIdRules } from '../../../../hub/registry/place-id.ts';

test.each([
  // id, vn12, vn12-only, local
  ['010203040506', true, true, true],
  ['10203040506', false, false, true],
  ['0102030405067', false, false, true],
  ['HN-0001', true, false, true],
  ['osm-node-721788305', true, false, true],
  ['7', true, false, true],
  ['a b', false, false, false],
  ['', false, false, false],
  ['x'.repeat(65), false, false, false],
  ['nhà-1', false, false, false],
])('the id "%s" by each rule', (id, draft, strict, local) => {
  expect([placeIdRules.vn12.test(id), placeIdRules['vn12-only'].test(id), placeIdRules.local.test(id)]).toEqual([
    draft,
    strict,
    local,
  ]);
});

test('a refusal says what was expected, by the rule that was chosen', async () => {
  const text = 'id,address,lat,lon\n10203040506,a,21,105\nHN-1,b,21,105\n';
  const refused = async (rule: keyof typeof placeIdRules) =>
    (await parseCsv(text, { placeIdRule: placeIdRules[rule] })).refusals.list;
  expect(await refused('vn12')).toEqual([
    {
      line: 2,
      reason:
        'id "10203040506" must be 12 digits (did a spreadsheet drop leading zeros?), or a local id of 1 to 64 of A-Z a-z 0-9 . _ : -',
    },
  ]);
  expect(await refused('vn12-only')).toEqual([
    { line: 2, reason: 'id "10203040506" must be 12 digits' },
    { line: 3, reason: 'id "HN-1" must be 12 digits' },
  ]);
  expect(await refused('local')).toEqual([]);
});

test('the rule is a setting, and another word stops the start', () => {
  expect(readConfig({}).placeIdRule).toBe('vn12');
  expect(readConfig({ HUB_PLACE_ID_RULE: 'vn12-only' }).placeIdRule).toBe('vn12-only');
  expect(() => readConfig({ HUB_PLACE_ID_RULE: 'vn6' })).toThrow(
    'HUB_PLACE_ID_RULE is "vn6"; expected one of vn12, vn12-only, local',
  );
});
