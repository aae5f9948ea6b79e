/** What the open incident says of itself. */
import { describe, expect, test } from 'vitest';
import { deskSpeech } from '../../../dashboards/src/fire/desk-words.ts';
import { doubtsOf } from '../../../dashboards/src/fire/doubts.ts';
import { nearPoints } from '../../../dashboards/src/fire/FireMap.tsx';
import { seenBy } from '../../../dashboards/src/fire/ledger.ts';
import { deliveryWord } from '../../../dashboards/src/fire/notices/notice.ts';
import { quantileOf } from '../../../dashboards/src/fire/path/figures.ts';
import { soundingsOf } from '../../../dashboards/src/fire/soundings.ts';
import { windowRefusal } from '../../../dashboards/src/fire/windows/window-refusal.ts';
import { readHistogram } from '../../../dashboards/src/live/histogram.ts';
import { incident } from './incidents.ts';

const vi = deskSpeech('vi');
// 2026-11-22 07:02:11 UTC is 14:02:11 in Hanoi.
const raisedAt = 1_795_330_931_000;

describe('doubts are sentences', () => {
  test.each([
    [['late'], 420_000, ['Tin tới MUỘN 7 phút: thiết bị báo lúc 13:55:11, trung tâm nhận lúc 14:02:11.']],
    [['clock'], -95_000, ['Đồng hồ thiết bị NHANH 95 giây; giờ ghi ở đây là giờ trung tâm.']],
    [['clock'], 7_200_000, ['Đồng hồ thiết bị CHẬM 2 giờ; giờ ghi ở đây là giờ trung tâm.']],
    [
      ['late', 'clock', 'retained'],
      420_000,
      [
        'Thiết bị nói 13:55:11, trung tâm nhận 14:02:11: tin tới MUỘN, hoặc đồng hồ thiết bị CHẬM 7 phút. Giờ ghi ở đây là giờ trung tâm.',
        'Có thể là tin cũ được phát lại.',
      ],
    ],
    [['unknownCode'], 0, ['Tủ gửi một mã lạ; xem như báo cháy cho tới khi có người xác minh.']],
    [['newerThanThisApp'], 0, ['newerThanThisApp']],
    [[], 0, []],
  ])('%j, %i ms', (quality, receivedAfterMs, sentences) => {
    expect(doubtsOf({ quality, raisedAt, receivedAfterMs }, vi, raisedAt + 5_000)).toEqual(sentences);
  });
});

test('what speaks of the fire is counted by class, a pulled call point first', () => {
  const point = (name: string, sensor: string) => ({
    ...{ deviceId: 'fd-1', point: name, class: sensor, since: 1, lastAt: 1, count: 1 },
  });
  const points = [point('1', 'heat'), point('2', 'smoke'), point('3', 'smoke'), point('4', 'callPoint')];
  expect(soundingsOf({ points })).toEqual([
    { class: 'callPoint', count: 1 },
    { class: 'smoke', count: 2 },
    { class: 'heat', count: 1 },
  ]);
});

test('who has seen it is who said so, each once', () => {
  const hop = (name: string, by: string) => ({ hop: name, by, at: null, afterMs: null });
  const ledger = [
    hop('emitted', 'Lan'),
    hop('receivedByApp', 'Hoa'),
    hop('receivedByApp', 'Lan'),
    hop('receivedByApp', 'Hoa'),
  ];
  expect(seenBy(ledger)).toEqual(['Hoa', 'Lan']);
});

test('water that cannot be used says why beside its distance', () => {
  const place = {
    ...{ id: 'p', name: 'Nhà 12', address: '12 ngõ 34', lat: 21, lon: 105, bindingState: 'verified' as const },
    contacts: [],
    stations: [{ name: 'Đội 1', meters: 1_240, approximate: false, lat: 21.01, lon: 105 }],
    water: [
      { name: 'Trụ 1', meters: 60, lat: 21, lon: 105.001, state: 'dry' as const },
      { name: 'Hồ', meters: 140, lat: 21, lon: 105.002 },
    ],
  };
  expect(nearPoints(incident({ place }), vi.word).map(({ kind, label, stale }) => [kind, label, stale])).toEqual([
    ['water', 'Trụ 1 · 60 m · CẠN', true],
    ['water', 'Hồ · 140 m', false],
    ['station', 'Đội 1 · 1,2 km', false],
  ]);
  expect(nearPoints(incident(), vi.word)).toEqual([]);
});

test.each([
  [{ state: 'delivered' }, 'delivered'],
  [{ state: 'delivered', reachedAt: '2026-11-22T07:00:00Z' }, 'reached'],
  [{ state: 'failed', lastError: 'the receiver answered 500' }, 'failed'],
  [{ state: 'failed', lastError: 'the receiver answered 410: it wants no more notices' }, 'off'],
  [{ state: 'waiting', lastError: 'the receiver answered 503' }, 'waiting'],
  [{ state: 'skipped' }, 'skipped'],
] as const)('a delivery %j is called %s', (delivery, word) => {
  const known = { channel: 'webhook', attempts: 1, lastError: null, nextAt: null, resentBy: null, ...delivery };
  expect(deliveryWord(known)).toBe(word);
});

describe('why a window is not opened', () => {
  test.each([
    ['There is no device "fd-9" at this place.', 'Thiết bị fd-9 không ở nơi này. Mỗi khung giờ chỉ cho một nơi.'],
    ['There is no device at this place.', 'Nơi này không có thiết bị nào.'],
    ['A window of this kind (drill) lasts at most 240 minutes at once.', 'Loại này chỉ được tối đa 240 phút một lần.'],
    [
      'A window (drill) of Lan already stands open for these devices.',
      'Các thiết bị này đang trong một khung giờ khác của Lan.',
    ],
    ['Nothing was heard of "fd-1" yet; set it off once.', 'Chưa nghe thấy fd-1. Hãy cho nó báo thử một lần.'],
    ['The address of "fd-1" is not verified yet.', 'Địa chỉ của fd-1 chưa được xác minh.'],
    ['No window "w1" stands open.', 'Khung giờ này đã kết thúc.'],
    ['Something new.', 'trung tâm từ chối (Something new.)'],
  ])('%s', (reason, said) => {
    expect(windowRefusal(vi.t, reason)).toBe(said);
  });

  test('a hub that cannot be reached is said so', () => {
    expect(windowRefusal(vi.t, undefined)).toBe('Không tải được: không tới được trung tâm');
  });
});

test('the slowest of a hundred alarms is read out of the metrics page', () => {
  const page = [
    '# TYPE hub_alarm_delivery_seconds histogram',
    'hub_alarm_delivery_seconds_bucket{le="0.005"} 60',
    'hub_alarm_delivery_seconds_bucket{le="0.05"} 99',
    'hub_alarm_delivery_seconds_bucket{le="+Inf"} 100',
    'hub_alarm_delivery_seconds_sum 0.4',
    'hub_alarm_delivery_seconds_count 100',
  ].join('\n');
  const found = readHistogram(page, 'hub_alarm_delivery_seconds');
  expect(found.count).toBe(100);
  expect(quantileOf(found, 0.5)).toBe(0.005);
  expect(quantileOf(found, 0.99)).toBe(0.05);
  expect(quantileOf(found, 0.995)).toBe(Infinity);
  expect(quantileOf(readHistogram('', 'hub_alarm_delivery_seconds'), 0.99)).toBeUndefined();
});
