/** Items for a person: what the rules must not decide alone. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Cause, ParkingFact, Review } from './events.ts';
import type { Text } from './tariff.ts';

const texts: Readonly<Record<Review['reason'], Text>> = {
  entryNotFound: { vi: 'Xe ra nhưng không tìm thấy lượt vào', en: 'Exit without a known entry' },
  ambiguousPlate: { vi: 'Biển số khớp với nhiều lượt gửi', en: 'The plate fits several open sessions' },
  unpaidExit: { vi: 'Xe ra chưa trả tiền', en: 'Exit without payment' },
  underpaidExit: { vi: 'Xe ra trả thiếu tiền', en: 'Exit with too little paid' },
  overpaid: { vi: 'Khách trả thừa tiền', en: 'More was paid than due' },
  paymentUnmatched: { vi: 'Khoản tiền không khớp lượt gửi nào', en: 'Payment that fits no session' },
  exitMissed: { vi: 'Không ghi nhận được lượt ra', en: 'The exit was not seen' },
  noTariff: { vi: 'Bãi xe chưa có biểu giá', en: 'The lot has no known tariff' },
  clock: { vi: 'Giờ của thiết bị không đúng', en: "The device's time cannot be true" },
  conflict: { vi: 'Cùng mã sự kiện nhưng nội dung khác', en: 'Same event id with other contents' },
};

/** A review item as a fact. Its id follows from the message, so that the same message makes the same item. */
export function reviewFact(
  given: { readonly cause: Cause; readonly at: Millis },
  item: Pick<Review, 'reason' | 'sessionId' | 'plate' | 'amount'>,
  id = `${item.reason} ${given.cause.device} ${given.cause.event} ${given.cause.digest}`,
): Extract<ParkingFact, { type: 'review.opened' }> {
  const { cause, at } = given;
  const { vi, en } = texts[item.reason];
  return { type: 'review.opened', at, data: { cause, review: { id, ...item, openedAt: at, text: { vi, en } } } };
}
