/** Fire stations, lakes and car parks, placed by hand: approximate places, invented capacities. */

/** Name, latitude, longitude. */
export const stations: readonly (readonly [name: string, lat: number, lon: number])[] = [
  ['Đội Chữa cháy Hoàn Kiếm (mô phỏng)', 21.0362, 105.8522],
  ['Đội Chữa cháy Ba Đình (mô phỏng)', 21.0381, 105.8152],
  ['Đội Chữa cháy Đống Đa (mô phỏng)', 21.0134, 105.8142],
  ['Đội Chữa cháy Hai Bà Trưng (mô phỏng)', 20.9957, 105.8598],
  ['Đội Chữa cháy Cầu Giấy (mô phỏng)', 21.0323, 105.7871],
  ['Đội Chữa cháy Thanh Xuân (mô phỏng)', 20.9942, 105.8098],
  ['Đội Chữa cháy Long Biên (mô phỏng)', 21.0404, 105.8888],
  ['Đội Chữa cháy Hà Đông (mô phỏng)', 20.9716, 105.7752],
];

/** Lakes where a pump can draw: a point on the bank. */
export const lakes: readonly (readonly [name: string, lat: number, lon: number])[] = [
  ['Hồ Hoàn Kiếm', 21.0302, 105.8522],
  ['Hồ Tây - bến Thanh Niên', 21.0467, 105.8372],
  ['Hồ Tây - bến Nhật Tân', 21.0705, 105.8205],
  ['Hồ Trúc Bạch', 21.0452, 105.8404],
  ['Hồ Thiền Quang', 21.0192, 105.8441],
  ['Hồ Bảy Mẫu', 21.0132, 105.8432],
  ['Hồ Ba Mẫu', 21.0124, 105.8397],
  ['Hồ Giảng Võ', 21.0269, 105.8181],
  ['Hồ Thành Công', 21.0211, 105.8143],
  ['Hồ Đống Đa', 21.0163, 105.8222],
  ['Hồ Văn Chương', 21.0217, 105.8365],
  ['Hồ Nghĩa Tân', 21.0441, 105.7936],
  ['Hồ Thủ Lệ', 21.0311, 105.8065],
  ['Hồ Đền Lừ', 20.9811, 105.8607],
  ['Hồ Yên Sở', 20.9683, 105.8588],
];

/** How a lot lives: which curve its occupancy follows. */
export type LotKind = 'office' | 'market' | 'hospital' | 'residential' | 'leisure';

/** Name, street, kind, capacity, latitude, longitude. Capacity counts the class that the lot mainly takes. */
export type LotDrawing = readonly [
  name: string,
  address: string,
  kind: LotKind,
  vehicle: 'car' | 'motorbike',
  capacity: number,
  lat: number,
  lon: number,
];

export const lotDrawings: readonly LotDrawing[] = [
  ['Bãi xe phố Trần Nhật Duật', 'phố Trần Nhật Duật', 'market', 'car', 90, 21.0379, 105.8531],
  ['Bãi xe chợ Đồng Xuân', 'phố Đồng Xuân', 'market', 'motorbike', 420, 21.0378, 105.8491],
  ['Bãi xe phố Phùng Hưng', 'phố Phùng Hưng', 'leisure', 'car', 60, 21.0357, 105.8447],
  ['Bãi xe Bờ Hồ', 'phố Đinh Tiên Hoàng', 'leisure', 'motorbike', 380, 21.0318, 105.8532],
  ['Bãi xe Nhà hát Lớn', 'phố Tràng Tiền', 'leisure', 'car', 80, 21.0241, 105.8568],
  ['Hầm xe phố Hai Bà Trưng', 'phố Hai Bà Trưng', 'office', 'car', 220, 21.0253, 105.8496],
  ['Bãi xe Bệnh viện Việt Đức', 'phố Phủ Doãn', 'hospital', 'motorbike', 600, 21.0281, 105.8472],
  ['Bãi xe Ga Hà Nội', 'đường Lê Duẩn', 'market', 'car', 110, 21.0243, 105.8412],
  ['Bãi xe Công viên Thống Nhất', 'phố Trần Nhân Tông', 'leisure', 'motorbike', 500, 21.0172, 105.8459],
  ['Hầm xe phố Huế', 'phố Huế', 'office', 'car', 160, 21.0151, 105.8518],
  ['Bãi xe Bệnh viện Bạch Mai', 'đường Giải Phóng', 'hospital', 'motorbike', 900, 21.0011, 105.8417],
  ['Bãi xe Đại học Bách khoa', 'phố Trần Đại Nghĩa', 'office', 'motorbike', 800, 21.0049, 105.8452],
  ['Bãi xe chợ Mơ', 'phố Bạch Mai', 'market', 'motorbike', 450, 20.9969, 105.8504],
  ['Bãi xe Lăng Bác', 'phố Ngọc Hà', 'leisure', 'car', 70, 21.0361, 105.8307],
  ['Bãi xe Văn Miếu', 'phố Nguyễn Thái Học', 'leisure', 'car', 45, 21.0295, 105.8372],
  ['Hầm xe Giảng Võ', 'phố Giảng Võ', 'office', 'car', 260, 21.0271, 105.8231],
  ['Bãi xe Kim Mã', 'phố Kim Mã', 'office', 'car', 120, 21.0317, 105.8229],
  ['Hầm xe Đào Tấn', 'phố Đào Tấn', 'office', 'car', 400, 21.0322, 105.8099],
  ['Bãi xe Công viên Thủ Lệ', 'đường Bưởi', 'leisure', 'motorbike', 350, 21.0302, 105.8052],
  ['Bãi xe Thái Hà', 'phố Thái Hà', 'market', 'car', 75, 21.0127, 105.8191],
  ['Bãi xe Gò Đống Đa', 'phố Tây Sơn', 'leisure', 'motorbike', 260, 21.0126, 105.8232],
  ['Hầm xe Royal City', 'đường Nguyễn Trãi', 'residential', 'car', 900, 21.0018, 105.8148],
  ['Bãi xe Ngã Tư Sở', 'đường Láng', 'market', 'motorbike', 400, 21.0042, 105.8185],
  ['Bãi xe Lê Văn Lương', 'đường Lê Văn Lương', 'office', 'car', 180, 21.0053, 105.8034],
  ['Bãi xe Nguyễn Tuân', 'phố Nguyễn Tuân', 'residential', 'car', 210, 20.9981, 105.8027],
  ['Bãi xe Trần Thái Tông', 'phố Trần Thái Tông', 'office', 'car', 190, 21.0331, 105.7878],
  ['Bãi xe Đại học Quốc gia', 'đường Xuân Thủy', 'office', 'motorbike', 700, 21.0369, 105.7826],
  ['Bãi xe Dịch Vọng', 'phố Dịch Vọng Hậu', 'residential', 'car', 140, 21.0322, 105.7902],
  ['Bãi xe chợ Nghĩa Tân', 'phố Nghĩa Tân', 'market', 'motorbike', 320, 21.0433, 105.7921],
  ['Bãi xe Hoàng Quốc Việt', 'đường Hoàng Quốc Việt', 'office', 'car', 130, 21.0459, 105.7981],
  ['Bãi xe Lạc Long Quân', 'đường Lạc Long Quân', 'residential', 'car', 95, 21.0622, 105.8098],
  ['Bãi xe Quảng An', 'phố Quảng An', 'leisure', 'car', 85, 21.0661, 105.8241],
  ['Bãi xe Thụy Khuê', 'đường Thụy Khuê', 'office', 'motorbike', 240, 21.0437, 105.8262],
  ['Bãi xe Bến xe Gia Lâm', 'phố Ngô Gia Khảm', 'market', 'car', 150, 21.0487, 105.8779],
  ['Bãi xe Nguyễn Văn Cừ', 'đường Nguyễn Văn Cừ', 'office', 'car', 100, 21.0449, 105.8737],
  ['Bãi xe Cổ Linh', 'đường Cổ Linh', 'residential', 'car', 170, 21.0262, 105.8977],
  ['Bãi xe chợ Hà Đông', 'phố Quang Trung', 'market', 'motorbike', 380, 20.9702, 105.7757],
  ['Bãi xe Vạn Phúc', 'phố Vạn Phúc', 'leisure', 'car', 65, 20.9791, 105.7752],
  ['Bãi xe Tam Trinh', 'đường Tam Trinh', 'residential', 'car', 160, 20.9772, 105.8631],
  ['Bãi xe Bến xe Nước Ngầm', 'đường Ngọc Hồi', 'market', 'car', 200, 20.9652, 105.8431],
];
