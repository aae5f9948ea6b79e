/** What a crew finds at an invented house: doors, bars, hazards and older names. By use and street, nothing is drawn by chance. */
import type { MadePlace } from './make-city.ts';
import { oldQuarterAlley, type Use } from './street-table.ts';

/** What such buildings often hold or lack; a house is not known to. */
const typical: Readonly<Record<Use, Readonly<Record<string, unknown>>>> = {
  'mini-apartment': { gate: 'cửa cuốn, khóa từ 23 giờ', hazards: ['xe máy, xe điện sạc ở tầng 1', 'một cầu thang'] },
  shophouse: { hazards: ['hàng hóa ở tầng 1'] },
  'tube-house': { barredBalcony: true, hazards: ['bình gas trong bếp'] },
  school: { gate: 'cổng chính cho xe vào', entrances: [{ name: 'Cổng chính' }, { name: 'Cổng phụ sau nhà ăn' }] },
  market: { hazards: ['vải, giấy chất cao'], entrances: [{ name: 'Cửa Đông' }, { name: 'Cửa Tây' }] },
  karaoke: { secondExit: 'thang sắt phía sau, tầng 2 đến tầng 5', hazards: ['vật liệu cách âm dễ cháy'] },
  factory: { gate: 'cổng rộng 4 m', hazards: ['dung môi', 'bình khí nén'] },
  office: { secondExit: 'thang thoát hiểm phía sau' },
  hotel: { secondExit: 'thang thoát hiểm phía sau', hazards: ['bếp gas tầng 1'] },
};

/** Properties of the place's feature. */
export function siteOf({ use, street, address }: MadePlace): Readonly<Record<string, unknown>> {
  if (street !== oldQuarterAlley) return typical[use];
  const number = address.split(' ')[0] ?? '';
  return {
    ...typical[use],
    secondExit: 'mái tôn sang nhà liền kề',
    aliases: [
      { kind: 'alleyChain', value: `số ${number} ngõ Chợ Con` },
      // The ward of the alley until the merger of 2025-07-01.
      { kind: 'oldWard', value: 'phường Hàng Bạc', validTo: '2025-06-30' },
    ],
  };
}
