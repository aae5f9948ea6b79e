/** Streets whose houses the simulated city knows, placed by hand; houses, people and telephone numbers on them are invented. */

/** What a building is used for. */
export type Use =
  | 'mini-apartment'
  | 'shophouse'
  | 'tube-house'
  | 'school'
  | 'market'
  | 'karaoke'
  | 'factory'
  | 'office'
  | 'hotel';

/** A street or alley with the houses on it. */
export type Street = {
  /** As it stands in an address: `phố Hàng Đào`, `ngõ 34 Hàng Bạc`. */
  readonly name: string;
  /** [lat, lon] of its first and last house. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Number of the first house; every next is two or more higher. */
  readonly firstNumber: number;
  readonly houses: number;
  readonly uses: readonly Use[];
  /** Absent where a truck gets to the door. */
  readonly alley?: { readonly widthM: number; readonly truckPoint: readonly [number, number] };
};

/** The alley of the scenario `old-quarter-fire`: close-built tube houses, 1.6 m wide, 70 m from the nearest truck. */
export const oldQuarterAlley = 'ngõ 34 Hàng Bạc';

export const streets: readonly Street[] = [
  {
    name: oldQuarterAlley,
    from: [21.0341, 105.8521],
    to: [21.0347, 105.8524],
    firstNumber: 2,
    houses: 22,
    uses: ['tube-house', 'tube-house', 'tube-house', 'mini-apartment', 'shophouse'],
    alley: { widthM: 1.6, truckPoint: [21.034, 105.8519] },
  },
  {
    name: 'phố Hàng Bạc',
    from: [21.0339, 105.8508],
    to: [21.034, 105.8541],
    firstNumber: 12,
    houses: 14,
    uses: ['shophouse', 'hotel', 'shophouse'],
  },
  {
    name: 'phố Hàng Đào',
    from: [21.0324, 105.8508],
    to: [21.0344, 105.8503],
    firstNumber: 5,
    houses: 12,
    uses: ['shophouse'],
  },
  {
    name: 'phố Hàng Buồm',
    from: [21.0361, 105.8512],
    to: [21.0357, 105.8543],
    firstNumber: 8,
    houses: 11,
    uses: ['shophouse', 'karaoke', 'hotel'],
  },
  {
    name: 'chợ Đồng Xuân',
    from: [21.0381, 105.8493],
    to: [21.0386, 105.8499],
    firstNumber: 1,
    houses: 2,
    uses: ['market'],
  },
  {
    name: 'ngõ 12 Hàng Chiếu',
    from: [21.0369, 105.8507],
    to: [21.0374, 105.8512],
    firstNumber: 1,
    houses: 8,
    uses: ['tube-house', 'shophouse'],
    alley: { widthM: 2.1, truckPoint: [21.0368, 105.8506] },
  },
  {
    name: 'phố Hai Bà Trưng',
    from: [21.0246, 105.8548],
    to: [21.0258, 105.8455],
    firstNumber: 16,
    houses: 12,
    uses: ['office', 'shophouse', 'hotel'],
  },
  {
    name: 'phố Quán Sứ',
    from: [21.0263, 105.8462],
    to: [21.0212, 105.8447],
    firstNumber: 21,
    houses: 8,
    uses: ['office', 'shophouse', 'school'],
  },
  {
    name: 'phố Phan Đình Phùng',
    from: [21.0397, 105.8431],
    to: [21.0401, 105.8375],
    firstNumber: 18,
    houses: 8,
    uses: ['school', 'office'],
  },
  {
    name: 'phố Đội Cấn',
    from: [21.0357, 105.8262],
    to: [21.0375, 105.8121],
    firstNumber: 60,
    houses: 14,
    uses: ['mini-apartment', 'shophouse', 'karaoke'],
  },
  {
    name: 'ngõ 173 Hoàng Hoa Thám',
    from: [21.0404, 105.8203],
    to: [21.0393, 105.8207],
    firstNumber: 3,
    houses: 9,
    uses: ['mini-apartment', 'tube-house'],
    alley: { widthM: 2.4, truckPoint: [21.0407, 105.8202] },
  },
  {
    name: 'phố Giảng Võ',
    from: [21.0284, 105.8246],
    to: [21.0238, 105.8196],
    firstNumber: 101,
    houses: 9,
    uses: ['office', 'shophouse'],
  },
  {
    name: 'phố Khâm Thiên',
    from: [21.0199, 105.8408],
    to: [21.0195, 105.8353],
    firstNumber: 44,
    houses: 11,
    uses: ['shophouse', 'karaoke', 'mini-apartment'],
  },
  {
    name: 'ngõ Văn Chương',
    from: [21.0226, 105.8362],
    to: [21.0233, 105.8385],
    firstNumber: 7,
    houses: 11,
    uses: ['mini-apartment', 'tube-house', 'mini-apartment'],
    alley: { widthM: 1.9, truckPoint: [21.0221, 105.8357] },
  },
  {
    name: 'phố Thái Hà',
    from: [21.0118, 105.8216],
    to: [21.0141, 105.8162],
    firstNumber: 25,
    houses: 10,
    uses: ['office', 'shophouse', 'karaoke'],
  },
  {
    name: 'ngõ 165 Thái Hà',
    from: [21.0122, 105.8183],
    to: [21.0109, 105.8177],
    firstNumber: 2,
    houses: 8,
    uses: ['mini-apartment'],
    alley: { widthM: 2.8, truckPoint: [21.0125, 105.8184] },
  },
  {
    name: 'phố Huế',
    from: [21.0184, 105.8519],
    to: [21.0104, 105.8512],
    firstNumber: 102,
    houses: 12,
    uses: ['shophouse', 'office'],
  },
  {
    name: 'phố Lò Đúc',
    from: [21.0176, 105.8569],
    to: [21.0103, 105.8593],
    firstNumber: 40,
    houses: 9,
    uses: ['shophouse', 'mini-apartment'],
  },
  {
    name: 'phố Bạch Mai',
    from: [21.0071, 105.8508],
    to: [20.9982, 105.8507],
    firstNumber: 88,
    houses: 11,
    uses: ['shophouse', 'mini-apartment'],
  },
  {
    name: 'ngõ 459 Bạch Mai',
    from: [21.0016, 105.8511],
    to: [21.0017, 105.8535],
    firstNumber: 5,
    houses: 9,
    uses: ['mini-apartment', 'tube-house'],
    alley: { widthM: 2.2, truckPoint: [21.0016, 105.8509] },
  },
  {
    name: 'đường Thụy Khuê',
    from: [21.0431, 105.8291],
    to: [21.0444, 105.8192],
    firstNumber: 36,
    houses: 8,
    uses: ['shophouse', 'office', 'school'],
  },
  {
    name: 'đường Lạc Long Quân',
    from: [21.0581, 105.8083],
    to: [21.0689, 105.8133],
    firstNumber: 410,
    houses: 9,
    uses: ['shophouse', 'hotel', 'mini-apartment'],
  },
  {
    name: 'đường Hoàng Quốc Việt',
    from: [21.0461, 105.8021],
    to: [21.0462, 105.7868],
    firstNumber: 18,
    houses: 9,
    uses: ['office', 'school', 'shophouse'],
  },
  {
    name: 'ngõ 106 Hoàng Quốc Việt',
    from: [21.0455, 105.7951],
    to: [21.0434, 105.7954],
    firstNumber: 4,
    houses: 9,
    uses: ['mini-apartment'],
    alley: { widthM: 3.0, truckPoint: [21.046, 105.795] },
  },
  {
    name: 'phố Trần Thái Tông',
    from: [21.0356, 105.7884],
    to: [21.0291, 105.7862],
    firstNumber: 5,
    houses: 9,
    uses: ['office', 'karaoke'],
  },
  {
    name: 'phố Nguyễn Tuân',
    from: [21.0003, 105.8046],
    to: [20.9962, 105.8019],
    firstNumber: 35,
    houses: 9,
    uses: ['mini-apartment', 'factory', 'office'],
  },
  {
    name: 'ngõ 29 Khương Hạ',
    from: [20.9983, 105.8108],
    to: [20.9975, 105.8098],
    firstNumber: 11,
    houses: 8,
    uses: ['mini-apartment'],
    alley: { widthM: 2.0, truckPoint: [20.9989, 105.8112] },
  },
  {
    name: 'đường Tam Trinh',
    from: [20.9812, 105.8626],
    to: [20.9702, 105.8624],
    firstNumber: 420,
    houses: 9,
    uses: ['factory', 'shophouse', 'market'],
  },
  {
    name: 'đường Nguyễn Văn Cừ',
    from: [21.0421, 105.8698],
    to: [21.0478, 105.8795],
    firstNumber: 210,
    houses: 9,
    uses: ['shophouse', 'office', 'school'],
  },
  {
    name: 'đường Cổ Linh',
    from: [21.0245, 105.8895],
    to: [21.0268, 105.8985],
    firstNumber: 15,
    houses: 7,
    uses: ['factory', 'shophouse'],
  },
  {
    name: 'phố Quang Trung',
    from: [20.9707, 105.7763],
    to: [20.9652, 105.7683],
    firstNumber: 60,
    houses: 9,
    uses: ['shophouse', 'office', 'market'],
  },
  {
    name: 'phố Vạn Phúc',
    from: [20.9785, 105.7741],
    to: [20.9802, 105.7768],
    firstNumber: 3,
    houses: 7,
    uses: ['factory', 'shophouse'],
  },
];
