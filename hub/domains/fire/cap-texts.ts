/** What a public warning says, in Vietnamese and English. Plain sentences: boards and loudspeakers read them out. Pure. */
import type { CapMessage, CapStatus } from './cap.ts';
import type { CapArea } from './cap-area.ts';

export const capLanguages = ['vi-VN', 'en-US'] as const;
export type CapLanguage = (typeof capLanguages)[number];

export type CapTexts = {
  readonly event: string;
  readonly headline: string;
  readonly description: string;
  readonly instruction?: string;
  /** For what is no real incident. */
  readonly note: string;
};

/** The texts of a message in one language. */
export function capTexts(message: CapMessage, { description: where }: CapArea, language: CapLanguage): CapTexts {
  const say = words[language];
  const { phase, evidence, status } = message;
  const mark = say.marks[status];
  const event = evidence === 'confirmed' ? say.fire : say.alarm;
  const note = say.notReal;
  if (phase === 'withdrawn') {
    return { event, headline: `${mark}${say.withdrawn}: ${where}`, description: say.withdrawnLong, note };
  }
  if (phase === 'over') return { event, headline: `${mark}${say.over}: ${where}`, description: say.overLong, note };
  const description = evidence === 'refuted' ? say.unverified : say[evidence];
  return { event, headline: `${mark}${event}: ${where}`, description, instruction: say.instruction, note };
}

const noMark = '';
type Marks = Readonly<Record<CapStatus, string>>;
const words = {
  'vi-VN': {
    marks: { Actual: noMark, Exercise: '[DIỄN TẬP] ', Test: '[THỬ NGHIỆM] ' } satisfies Marks,
    fire: 'Cháy',
    alarm: 'Báo cháy',
    over: 'Sự cố cháy đã kết thúc',
    overLong: 'Sự cố đã được xử lý xong.',
    withdrawn: 'Hủy cảnh báo cháy',
    withdrawnLong: 'Cảnh báo trước đây không còn hiệu lực; người dân có thể yên tâm.',
    confirmed: 'Đám cháy đã được xác nhận.',
    corroborated: 'Nhiều tín hiệu cùng báo cháy; lực lượng chữa cháy đang xác minh tại chỗ.',
    unverified: 'Thiết bị báo cháy đã báo động; lực lượng chữa cháy đang đến kiểm tra.',
    instruction: 'Tránh xa khu vực và nhường đường cho xe chữa cháy. Khi cần cứu giúp, gọi 114.',
    notReal: 'Không phải sự cố thật. Not a real incident.',
  },
  'en-US': {
    marks: { Actual: noMark, Exercise: '[EXERCISE] ', Test: '[TEST] ' } satisfies Marks,
    fire: 'Fire',
    alarm: 'Fire alarm',
    over: 'Fire incident over',
    overLong: 'The incident has been dealt with.',
    withdrawn: 'Fire warning cancelled',
    withdrawnLong: 'The earlier warning no longer holds; there is nothing that you need to do.',
    confirmed: 'The fire has been confirmed.',
    corroborated: 'Several signals report a fire; the fire service is verifying it on site.',
    unverified: 'A fire alarm has gone off; the fire service is on its way to check.',
    instruction: 'Keep away from the area and give way to fire engines. If you need help, call 114.',
    notReal: 'Không phải sự cố thật. Not a real incident.',
  },
} as const;
