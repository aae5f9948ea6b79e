/** A notice for the tests of the channels. */
import type { Notice } from '../../hub/channels/channel.ts';

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
