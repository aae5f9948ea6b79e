/** A city of one alley, one bus line and two car parks. Made up, near Hoàn Kiếm. */
import type { Changes } from '../../hub/registry/changes.ts';

const since = 1_767_225_600_000;
const detector = (number: number, place: string) =>
  ({
    id: `fd-${number}`,
    domain: 'fire',
    model: 'smoke-detector',
    name: `Đầu báo khói ${number}`,
    heartbeatMs: 60_000,
    binding: { kind: 'place', target: place, state: 'verified', since, by: 'test' },
    synthetic: false,
  }) as const;

export const city: Changes = {
  places: [
    {
      id: 'place-12',
      name: 'Nhà 12',
      address: '12 ngõ 34 Hàng Bạc',
      wardCode: '00070',
      position: { lat: 21.0345, lon: 105.8525 },
      use: 'shophouse',
      access: { footMeters: 45, alleyWidthMeters: 1.4 },
      contacts: [
        { name: 'Chủ nhà', phone: '0900 000 012', role: 'owner' },
        { name: 'Bà Tư giữ chìa khóa', phone: '0900 000 112', role: 'keyHolder' },
      ],
    },
    {
      id: 'place-14',
      name: 'Nhà 14',
      address: '14 ngõ 34 Hàng Bạc',
      wardCode: '00070',
      position: { lat: 21.0346, lon: 105.8526 },
    },
    {
      id: 'place-99',
      name: 'Chung cư mini 99',
      address: '99 Khương Hạ',
      wardCode: '00364',
      position: { lat: 20.9901, lon: 105.8162 },
    },
  ],
  facilities: [
    {
      id: 'station-1',
      kind: 'fireStation',
      name: 'Đội Hoàn Kiếm',
      position: { lat: 21.028, lon: 105.85 },
      approximate: true,
    },
    {
      id: 'hydrant-1',
      kind: 'water',
      name: 'Trụ nước Hàng Bạc',
      position: { lat: 21.0341, lon: 105.8521 },
      approximate: true,
    },
  ],
  lots: [
    { id: 'lot-1', name: 'Bãi Trần Quang Khải', position: { lat: 21.027, lon: 105.858 }, capacity: 100 },
    { id: 'lot-2', name: 'Bãi Ngọc Khánh', position: { lat: 21.03, lon: 105.812 }, capacity: 40 },
  ],
  vehicles: [{ id: 'veh-1', plate: '29B-123.45' }],
  devices: [
    detector(1, 'place-12'),
    detector(2, 'place-12'),
    detector(3, 'place-14'),
    detector(4, 'place-99'),
    {
      id: 'bus-1',
      domain: 'bus',
      model: 'bus-tracker',
      name: 'Xe 1',
      heartbeatMs: 30_000,
      binding: { kind: 'vehicle', target: 'veh-1', state: 'verified', since, by: 'test' },
      synthetic: false,
    },
    {
      id: 'gate-1',
      domain: 'parking',
      model: 'gate',
      name: 'Cổng 1',
      heartbeatMs: 60_000,
      binding: { kind: 'lot', target: 'lot-1', state: 'verified', since, by: 'test' },
      synthetic: false,
    },
  ],
};
