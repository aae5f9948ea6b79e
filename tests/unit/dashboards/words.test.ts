/** Words and figures as people here read them. */
import { describe, expect, test } from 'vitest';
import { deskTexts } from '../../../dashboards/src/i18n/desk.ts';
import { en } from '../../../dashboards/src/i18n/en.ts';
import {
  formatAge,
  formatClock,
  formatDistance,
  formatDong,
  formatElapsed,
  formatMoment,
  formatShare,
  formatSpan,
} from '../../../dashboards/src/i18n/format.ts';
import { foldForSearch, translate } from '../../../dashboards/src/i18n/translate.ts';
import { vi } from '../../../dashboards/src/i18n/vi.ts';

test.each([
  ['the app', vi, en],
  ['the fire desk', deskTexts.vi, deskTexts.en],
])('every text of %s has the same blanks in both languages', (_name, first, second) => {
  const blanks = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
  const table: Readonly<Record<string, string>> = second;
  for (const [key, text] of Object.entries(first))
    expect([key, ...blanks(table[key] ?? '')]).toEqual([key, ...blanks(text)]);
});

test('no text of the desk hides one of the app', () => {
  expect(Object.keys(deskTexts.vi).filter((key) => Object.hasOwn(vi, key))).toEqual([]);
});

test('English tells one from many, Vietnamese has one form', () => {
  expect(translate('en', 'fire.detectors', { n: 1 })).toBe('1 detector');
  expect(translate('en', 'fire.detectors', { n: 2 })).toBe('2 detectors');
  expect(translate('vi', 'fire.detectors', { n: 2 })).toBe('2 đầu báo');
});

test('a blank without a value stays visible', () => {
  expect(translate('vi', 'bus.route')).toBe('Tuyến {name}');
});

test('search needs no diacritics, composed or not', () => {
  expect(foldForSearch('Đường Trần Quang Khải')).toBe('duong tran quang khai');
  expect(foldForSearch('Hồ Tây'.normalize('NFD'))).toBe('ho tay');
});

describe('times', () => {
  // 2026-11-22 07:02:11 UTC is 14:02:11 in Hanoi.
  const at = 1_795_330_931_000;

  test('are Hanoi time in 24 hours', () => {
    expect(formatClock(at)).toBe('14:02:11');
    expect(formatMoment(at, at + 60_000)).toBe('14:02:11');
    expect(formatMoment(at, at + 86_400_000)).toBe('22/11 14:02:11');
  });

  test.each([
    [-500, '00:00'],
    [134_900, '02:14'],
    [3_909_000, '1:05:09'],
    [273_600_000, '3 ngày 04:00'],
  ])('%i ms have run: %s', (ms, expected) => {
    expect(formatElapsed(ms, 'vi')).toBe(expected);
  });

  test.each([
    [8_400, '8 giây'],
    [99_900, '99 giây'],
    [720_000, '12 phút'],
    [10_800_000, '3 giờ'],
    [259_200_000, '3 ngày'],
  ])('%i ms old: %s', (ms, expected) => {
    expect(formatAge(ms, 'vi')).toBe(expected);
  });
});

test('figures are Vietnamese', () => {
  expect(formatDong(1_234_000)).toBe('1.234.000 ₫');
  expect(formatSpan(840)).toBe('840 ms');
  expect(formatSpan(1_240)).toBe('1,2 s');
  expect(formatDistance(343)).toBe('340 m');
  expect(formatDistance(1_240)).toBe('1,2 km');
});

test('a share that is not whole is never called whole', () => {
  expect(formatShare(0.999)).toBe('99 %');
  expect(formatShare(1)).toBe('100 %');
  expect(formatShare(0.425)).toBe('43 %');
});
