import { expect, test } from 'vitest';
import { columnOf, plainHeader } from '../../../../hub/registry/csv-columns.ts';
import { parseCsv } from '../../../../hub/registry/import-csv.ts';
import { placeIdRules } from '../../../../hub/registry/place-id.ts';

const parse = (text: string) => parseCsv(text, { placeIdRule: placeIdRules.vn12 });

test('places are read with a byte order mark, semicolons, Vietnamese headers, quotes and decimal commas', async () => {
  const parsed = await parse(
    '\uFEFFMã số nhà;Tên;Địa chỉ;Vĩ độ;Kinh độ;Mã phường;Công năng;Bề rộng ngõ (m);Người liên hệ;Điện thoại\r\n' +
      '010203040506;"Nhà ""Hoa"";1";12 ngõ 34 Hàng Bạc;21,0341;105,8525;00070;nhà ở;1,8;Bà Hoa;+84 24 3825-0000\r\n',
  );
  expect(parsed).toMatchObject({ kind: 'places', read: 1, refusals: { count: 0 } });
  expect(parsed.records).toEqual([
    {
      id: '010203040506',
      name: 'Nhà "Hoa";1',
      address: '12 ngõ 34 Hàng Bạc',
      wardCode: '00070',
      position: { lat: 21.0341, lon: 105.8525 },
      use: 'nhà ở',
      access: { alleyWidthMeters: 1.8 },
      contacts: [{ name: 'Bà Hoa', phone: '+84 24 3825-0000' }],
    },
  ]);
});

test.each([
  ['Mã thiết bị', 'ma_thiet_bi', 'id'],
  ['  HEARTBEAT_S ', 'heartbeat_s', 'heartbeat_s'],
  ['Lĩnh vực', 'linh_vuc', 'domain'],
  ['Đường', 'duong', 'duong'],
])('the header "%s" is the column %s', (header, plain, column) => {
  expect(plainHeader(header)).toBe(plain);
  expect(columnOf('devices', header)).toBe(column);
});

test('devices are read with their binding, heartbeat and secret', async () => {
  const parsed = await parse(
    'id,domain,model,name,heartbeat_s,place,lot,vehicle,binding_state,lat,lon,secret,synthetic\n' +
      'fd-1,fire,smoke,Bếp,60,P1,,,verified,21.03,105.85,=correct horse battery,\n' +
      'bus-1,bus,,,0.5,,,29B-1,,,,,x\n' +
      'gate-1,parking,,,,,,,,,,,no\n',
  );
  expect(parsed.kind).toBe('devices');
  expect(parsed.refusals.list).toEqual([{ line: 3, reason: 'heartbeat_s "0.5" is not a number from 1 to 604800' }]);
  expect(parsed.records).toEqual([
    {
      id: 'fd-1',
      line: 2,
      domain: 'fire',
      model: 'smoke',
      name: 'Bếp',
      heartbeatMs: 60_000,
      binding: { kind: 'place', target: 'P1', state: 'verified' },
      position: { lat: 21.03, lon: 105.85 },
      synthetic: false,
      secret: '=correct horse battery',
    },
    {
      id: 'gate-1',
      line: 4,
      domain: 'parking',
      model: 'parking',
      name: 'gate-1',
      heartbeatMs: 300_000,
      synthetic: false,
    },
  ]);
});

test('vehicles and lots are told by their header', async () => {
  expect(await parse('Mã xe,Biển số,Tuyến\nB1,29B-123.45,01_1\n')).toMatchObject({
    kind: 'vehicles',
    records: [{ id: 'B1', plate: '29B-123.45', routeId: '01_1' }],
  });
  expect(await parse('id\tname\tlat\tlon\tcapacity\nL1\tNgọc Khánh\t21.03\t105.81\t120\n')).toMatchObject({
    kind: 'lots',
    records: [{ id: 'L1', name: 'Ngọc Khánh', position: { lat: 21.03, lon: 105.81 }, capacity: 120 }],
  });
});

const header = 'id,address,lat,lon,name';
test.each([
  ['an empty id', ',a,21,105,n', 'id is empty'],
  [
    'an id against the rule',
    'a b,a,21,105,n',
    'id "a b" must be 12 digits (did a spreadsheet drop leading zeros?), or a local id of 1 to 64 of A-Z a-z 0-9 . _ : -',
  ],
  ['no address', 'P1,,21,105,n', 'address is empty'],
  ['no position', 'P1,a,,,n', 'lat and lon are empty'],
  ['half a position', 'P1,a,21,,n', 'lat and lon are needed together'],
  ['swapped coordinates', 'P1,a,105.85,21.03,n', 'lat "105.85" is not a number from -90 to 90'],
  ['no fix', 'P1,a,0,0,n', 'lat, lon 0, 0 is no place of a city'],
  ['not a number', 'P1,a,NaN,105,n', 'lat "NaN" is not a number from -90 to 90'],
  ['a formula', 'P1,a,21,105,"=HYPERLINK(""http://x"",1)"', /name "=HYPERLINK.*is a formula; put an apostrophe/],
  ['a command', 'P1,a,21,105,@SUM(1)', /is a formula/],
  ['a line break in a cell', 'P1,a,21,105,"x\ny"', 'name holds a line break or control character'],
  ['a missing cell', 'P1,a,21,105', 'the line has 4 cells, the header 5'],
  ['very long text', `P1,a,21,105,${'x'.repeat(301)}`, 'name has 301 characters, at most 300 are kept'],
  ['the same id again', 'P0,a,21,105,n', 'id "P0" stands in the file twice'],
])('a line with %s is refused by its number and the reason', async (_what, wrong, reason) => {
  const parsed = await parse(`${header}\nP0,a,21,105,n\n${wrong}\nP2,a,21,105,n\n`);
  expect(parsed.records.map(({ id }) => id)).toEqual(['P0', 'P2']);
  expect(parsed.refusals.list).toEqual([
    { line: wrong.includes('\n') ? 4 : 3, reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
  ]);
});

test('a spreadsheet keeps leading zeros as a formula and text as an apostrophe; both are understood', async () => {
  const parsed = await parse(`${header}\n"=""00012""","'=12 ngõ 3",21,105,-\n`);
  expect(parsed.records).toMatchObject([{ id: '00012', address: '=12 ngõ 3', name: '-' }]);
});

test('only one of place, lot and vehicle can hold a device', async () => {
  const parsed = await parse('id,domain,place,lot,vehicle\nd1,fire,P1,L1,\n');
  expect(parsed.refusals.list).toEqual([{ line: 2, reason: 'only one of place, lot and vehicle may be given' }]);
});

test.each([
  ['a,b\n1,2\n', /cannot tell what this CSV holds.*--kind/],
  ['', /does not begin with a header/],
  ['id,address\nP1,a\n', /the header has no column lat and no lon; columns of places: /],
  ['id,address,lat,lon,latitude\n', /the header names the column lat twice/],
  [`${header}\n"P1,a,21,105,n\n`, /is not CSV/],
])('the file %j is answered with what is wrong', async (text, message) => {
  await expect(parse(text)).rejects.toThrow(message);
});

test('the way in, the hazards and who has the key are read', async () => {
  const parsed = await parse(
    'id;address;lat;lon;Các lối vào;Lối thoát thứ hai;Cổng;Chuồng cọp;Nguy hiểm;Liên hệ;Điện thoại;Giữ chìa khóa;SĐT giữ chìa khóa;SĐT tổ liên gia\n' +
      'HN-1;12 Hàng Bạc;21,03;105,85;Cổng chính @ 21.0301 105.8502 | Cửa sau;mái sang nhà 14;khóa 23h;có;bình gas | sạc xe điện;Bà Hoa;1;Ông Tư;2;3\n',
  );
  expect(parsed.refusals.list).toEqual([]);
  expect(parsed.records).toMatchObject([
    {
      access: {
        entrances: [{ name: 'Cổng chính', position: { lat: 21.0301, lon: 105.8502 } }, { name: 'Cửa sau' }],
        secondExit: 'mái sang nhà 14',
        gate: 'khóa 23h',
        barredBalcony: true,
      },
      hazards: ['bình gas', 'sạc xe điện'],
      contacts: [
        { name: 'Bà Hoa', phone: '1' },
        { name: 'Ông Tư', phone: '2', role: 'keyHolder' },
        { name: 'Tổ liên gia', phone: '3', role: 'neighbourhood' },
      ],
    },
  ]);
});

test.each(['Cổng @ 21.03', 'Cổng @ x y', 'Cổng @ 105.85 21.03', 'A @ 21 105 @ 22 106'])(
  'the entrance "%s" is refused',
  async (entrance) => {
    const { refusals } = await parse(`id,address,lat,lon,entrances\nHN-1,a,21,105,${entrance}\n`);
    expect(refusals.list).toEqual([{ line: 2, reason: `entrances "${entrance}" is not a name, or a name @ lat lon` }]);
  },
);
