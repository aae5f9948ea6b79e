import { expect, test } from 'vitest';
import { placeMatcher, wordsOf } from '../../../../hub/api/place-search.ts';
import type { Place, Ward } from '../../../../hub/registry/records.ts';

/** 2025-07-01 00:00 in Hanoi. */
const reform = Date.UTC(2025, 5, 30, 17);
const house: Place = {
  id: 'HN-1',
  name: 'Nhà bà Lan',
  address: '12 ngõ 34 Hàng Bạc',
  wardCode: '00070',
  position: { lat: 21.03, lon: 105.85 },
  aliases: [
    { kind: 'alleyChain', value: 'số 5 ngách 34/12 ngõ Trung Yên' },
    { kind: 'street', value: 'Rue des Changeurs', validTo: Date.UTC(1945, 7, 31, 17) },
    { kind: 'landCertificate', value: 'BA 123456' },
  ],
};
const ward: Ward = {
  code: '00070',
  name: 'Phường Hoàn Kiếm',
  kind: 'phường',
  aliases: [
    { kind: 'oldWard', value: 'Hàng Buồm', validTo: reform },
    { kind: 'oldWard', value: 'Lý Thái Tổ', validTo: reform },
  ],
};
const match = (q: string, at?: number) =>
  placeMatcher({ q, mayUse: (kind) => kind !== 'landCertificate', ...(at === undefined ? {} : { at }) })(house, ward);

test.each([
  ['', 0, []],
  ['12 hang bac', 0, []],
  ['HÀNG BẠC', 0, []],
  ['hn-1', 0, []],
  ['12 ngõ 34 Hàng Bạc, Hoàn Kiếm', 0, []],
  ['trung yên', 1, ['alleyChain']],
  ['5 ngach 34/12', 1, ['alleyChain']],
  ['changeurs', 1, ['street']],
  ['Hàng Buồm', 2, ['oldWard']],
  ['12 ngõ 34 Hàng Bạc, phường Hàng Buồm, quận Hoàn Kiếm, Hà Nội', 2, ['oldWard']],
  ['phường Lý Thái Tổ', 2, ['oldWard']],
  ['trung yen, phuong hang buom, tp ha noi, viet nam', 2, ['alleyChain', 'oldWard']],
])('"%s" finds it at rank %d by %j', (q, rank, kinds) => {
  const found = match(q);
  expect(found?.rank).toBe(rank);
  expect(found?.foundBy.map(({ kind }) => kind)).toEqual(kinds);
});

test.each(['Láng Hạ', 'trung yên láng hạ', 'BA 123456'])('"%s" does not find it', (q) => {
  expect(match(q)).toBeUndefined();
});

test.each([
  ['12 ngõ 34', 0],
  ['2 ngõ 34', 1],
  ['1 ngo 3', 2],
  ['số 5 ngách 34/12', 0],
  ['hang buo', 1],
])('"%s" has %d words that stand only within longer ones', (q, loose) => {
  expect(match(q)?.loose).toBe(loose);
});

test('with a time only names that held then are used', () => {
  expect(match('hàng buồm', reform - 1)?.foundBy).toHaveLength(1);
  expect(match('hàng buồm', reform)).toBeUndefined();
  expect(match('trung yên', reform)?.rank).toBe(1);
});

test.each([
  ['Quận Hoàn Kiếm', ['quan', 'hoan', 'kiem']],
  ['số 12, phường Hàng Bạc', ['12', 'hang', 'bac']],
  ['12/34 Hàng Bạc; TP Hà Nội', ['12/34', 'hang', 'bac']],
  ['xã Sóc Sơn', ['soc', 'son']],
  [' , ', []],
])('the words of "%s"', (q, words) => {
  expect(wordsOf(q)).toEqual(words);
});
