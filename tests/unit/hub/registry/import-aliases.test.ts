import { expect, test } from 'vitest';
import { dayOf, dayStart } from '../../../../hub/registry/day.ts';
import { kindOf, oldWardsIn } from '../../../../hub/registry/import-aliases.ts';
import { parseCsv } from '../../../../hub/registry/import-csv.ts';
import { placeIdRules } from '../../../../hub/registry/place-id.ts';

const parse = (text: string) => parseCsv(text, { placeIdRule: placeIdRules.vn12 });
/** 2025-07-01 00:00 in Hanoi. */
const reform = Date.UTC(2025, 5, 30, 17);

test('a day of the city begins at 17:00 UTC of the day before', () => {
  expect(dayStart('2025-07-01')).toBe(reform);
  expect(dayStart('1/7/2025')).toBe(reform);
  expect([dayOf(reform - 1), dayOf(reform)]).toEqual(['2025-06-30', '2025-07-01']);
  for (const wrong of ['2025-02-30', '30/02/2025', '2025', 'hôm qua', '']) expect(dayStart(wrong)).toBeUndefined();
});

test('names are read with their time, kind and owner, in Vietnamese or English words', async () => {
  const parsed = await parse(
    'Mã số nhà;Mã phường;Loại;Tên gọi;Từ ngày;Đến ngày;Nguồn;Xóa\n' +
      'HN-1;;Ngõ;ngách 34/5, ngõ 34 Hàng Bạc;;;;\n' +
      'HN-1;;Phường cũ;Hàng Bạc;;30/06/2025;NQ 1656;\n' +
      ';00070;oldWard;Hàng Bồ;;2025-06-30;;\n' +
      'HN-1;;Mã QR;https://diachi.example.vn/1;2026-01-01;;;có\n',
  );
  expect(parsed).toMatchObject({ kind: 'aliases', read: 4, refusals: { count: 0 } });
  expect(parsed.records).toMatchObject([
    {
      ...{ line: 2, ownerKind: 'place', owner: 'HN-1', remove: false },
      alias: { kind: 'alleyChain', value: 'ngách 34/5, ngõ 34 Hàng Bạc' },
    },
    { alias: { kind: 'oldWard', value: 'Hàng Bạc', validTo: reform, source: 'NQ 1656' } },
    { ownerKind: 'ward', owner: '00070', alias: { kind: 'oldWard', value: 'Hàng Bồ', validTo: reform } },
    { remove: true, alias: { kind: 'plateQr', value: 'https://diachi.example.vn/1', validFrom: 1_767_200_400_000 } },
  ]);
});

test.each([
  ['P1,00070,street,a,,', 'exactly one of place and ward is needed'],
  [',,street,a,,', 'exactly one of place and ward is needed'],
  [
    'P1,,quận,a,,',
    'kind "quận" is not one of ward, oldWard, street, alleyChain, number, unit, plateQr, postcode, landCertificate, other',
  ],
  ['P1,,street,,,', 'value is empty'],
  ['P1,,street,a,2025-13-01,', 'valid_from "2025-13-01" is no day, e.g. 2025-06-30'],
  ['P1,,street,a,2025-07-01,2025-06-29', 'valid_to is before valid_from'],
  ['P1,,street,=cmd(),,', /is a formula/],
])('the line %s is refused', async (line, reason) => {
  const parsed = await parse(`place,ward,kind,value,valid_from,valid_to\n${line}\n`);
  expect(parsed.records).toEqual([]);
  expect(parsed.refusals.list).toEqual([
    { line: 2, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
  ]);
});

test.each([
  ['alleyChain', 'alleyChain'],
  ['ngõ/ngách', 'alleyChain'],
  ['Hẻm', 'alleyChain'],
  ['Số nhà', 'number'],
  ['Sổ đỏ', 'landCertificate'],
  ['Mã bưu chính', 'postcode'],
])('%s is the kind %s', (word, kind) => {
  expect(kindOf(word)).toBe(kind);
});

// The forms of sentences that the resolution on Hanoi's wards uses.
test.each([
  [
    'Hàng Bạc, Hàng Bồ và một phần diện tích tự nhiên, quy mô dân số của các phường Cửa Đông, Cửa Nam',
    ['Hàng Bạc', 'Hàng Bồ', 'Cửa Đông', 'Cửa Nam'],
  ],
  [
    'Thạch Bàn, xã Cổ Bi, phần còn lại của các phường Giang Biên và phần còn lại của phường Phúc Đồng',
    ['Thạch Bàn', 'Cổ Bi', 'Giang Biên', 'Phúc Đồng'],
  ],
  ['Kim Liên và phần còn lại của phường Quang Trung (quận Đống Đa)', ['Kim Liên', 'Quang Trung (quận Đống Đa)']],
  ['Thị trấn Phùng và các xã Đồng Tháp, Đan Phượng ', ['Phùng', 'Đồng Tháp', 'Đan Phượng']],
  ['phần còn lại của phường Văn Quán phần còn lại của xã Thanh Liệt', ['Văn Quán', 'Thanh Liệt']],
  [
    'Minh Châu, một phần diện tích tự nhiên, toàn bộ quy mô dân số của xã Thụy An và xã Chu Minh',
    ['Minh Châu', 'Thụy An', 'Chu Minh'],
  ],
])('the old wards of "%s"', (text, wards) => {
  expect(oldWardsIn(text)).toEqual(wards);
});

test('a table of mergers gives each new ward the names of its old ones, which ended on 2025-06-30', async () => {
  const parsed = await parse(
    '"","Phường, xã sau sắp xếp","Sáp nhập từ các đơn vị hành chính","Nơi đặt trụ sở"\n' +
      '"","Phường Hoàn Kiếm\t","Hàng Bạc và phần còn lại của phường Cửa Nam","Số 126 Hàng Trống"\n',
  );
  expect(parsed.records).toMatchObject([
    { ownerKind: 'ward', owner: 'Phường Hoàn Kiếm', alias: { kind: 'oldWard', value: 'Hàng Bạc', validTo: reform } },
    { owner: 'Phường Hoàn Kiếm', alias: { value: 'Cửa Nam', validTo: reform } },
  ]);
});
