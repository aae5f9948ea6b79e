/** A notice for the tests of the channels. */
import type { Notice, NoticeFacts } from '../../hub/notice.ts';

/** 2026-11-22T03:00:00.000Z. */
export const noticeAt = 1_795_316_400_000;

export function notice(id: string, change: Partial<Notice> = {}): Notice {
  return {
    id,
    incident: '019a0000-0000-7000-8000-000000000001',
    step: 'shiftLead',
    audience: 'shiftLead',
    status: 'actual',
    text: { vi: 'Báo cháy chưa ai nhận · 12 ngõ 34 Hàng Bạc', en: 'Fire alarm, nobody has taken it' },
    at: noticeAt,
    ...change,
  };
}

export const noticeFacts: NoticeFacts = {
  place: {
    id: 'place-12',
    name: 'Nhà 12',
    address: '12 ngõ 34 Hàng Bạc',
    lat: 21.0345,
    lon: 105.8525,
    bindingState: 'verified',
    contacts: 3,
  },
  ward: { code: '00070', name: 'Hoàn Kiếm' },
  stations: [
    { id: 'station-1', name: 'Đội Hoàn Kiếm', meters: 770 },
    { id: 'station-2', name: 'Đội Ba Đình', meters: 2_100 },
  ],
  priority: 2,
  evidence: 'unverified',
  handling: 'raised',
  source: 'active',
  quality: [],
  raisedAt: noticeAt - 30_000,
};
