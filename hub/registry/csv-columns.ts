/**
 * The columns of each kind of CSV file and the words that stand for them. Case, accents, spaces and punctuation do not
 * count: `Mã thiết bị`, `ma_thiet_bi` and `MA THIET BI` are one column. Columns not named here are left alone.
 */
import type { ImportKind } from './import-summary.ts';

export type CsvKind = Extract<ImportKind, 'places' | 'lots' | 'devices' | 'vehicles' | 'aliases'>;

const position = {
  lat: ['latitude', 'vi_do'],
  lon: ['lng', 'long', 'longitude', 'kinh_do'],
};

/** Column → other words for it; the column's own name always counts. */
export const csvColumns: Readonly<Record<CsvKind, Readonly<Record<string, readonly string[]>>>> = {
  places: {
    ...position,
    id: ['place_id', 'placeid', 'house_number_id', 'ma', 'ma_nha', 'ma_so_nha'],
    name: ['ten', 'ten_co_so'],
    address: ['dia_chi', 'so_nha'],
    ward: ['ward_code', 'wardcode', 'ma_phuong', 'ma_phuong_xa', 'phuong_xa'],
    use: ['cong_nang', 'muc_dich_su_dung'],
    truck_lat: ['vi_do_xe_chua_chay'],
    truck_lon: ['kinh_do_xe_chua_chay'],
    foot_m: ['foot_meters', 'di_bo_m'],
    alley_width_m: ['alley_width', 'be_rong_ngo_m', 'rong_ngo_m'],
    entrances: ['loi_vao', 'cac_loi_vao', 'cua'],
    second_exit: ['loi_thoat_thu_hai', 'loi_thoat_2', 'loi_thoat_nan_thu_hai'],
    gate: ['cong'],
    barred_balcony: ['ban_cong_co_long_sat', 'long_sat', 'chuong_cop'],
    hazards: ['hazard', 'nguy_hiem', 'nguy_co', 'chat_nguy_hiem'],
    contact_name: ['contact', 'nguoi_lien_he', 'lien_he'],
    contact_phone: ['phone', 'dien_thoai', 'so_dien_thoai', 'sdt'],
    key_name: ['key_holder', 'nguoi_giu_chia_khoa', 'giu_chia_khoa'],
    key_phone: ['key_holder_phone', 'sdt_giu_chia_khoa', 'dien_thoai_giu_chia_khoa'],
    team_name: ['neighbourhood_team', 'to_lien_gia'],
    team_phone: ['neighbourhood_phone', 'sdt_to_lien_gia', 'dien_thoai_to_lien_gia'],
  },
  aliases: {
    place: ['place_id', 'placeid', 'house_number_id', 'ma_nha', 'ma_so_nha'],
    ward: ['ward_code', 'ma_phuong', 'ma_phuong_xa', 'phuong_xa', 'phuong_xa_sau_sap_xep'],
    kind: ['loai', 'loai_ten'],
    value: ['alias', 'ten', 'ten_goi', 'gia_tri'],
    valid_from: ['from', 'tu_ngay', 'hieu_luc_tu'],
    valid_to: ['to', 'den_ngay', 'hieu_luc_den'],
    source: ['nguon', 'can_cu'],
    merged_from: ['sap_nhap_tu_cac_don_vi_hanh_chinh', 'sap_nhap_tu'],
    remove: ['xoa', 'bo'],
  },
  lots: {
    ...position,
    id: ['lot_id', 'lotid', 'ma', 'ma_bai', 'ma_bai_do'],
    name: ['ten', 'ten_bai', 'ten_bai_do'],
    address: ['dia_chi'],
    ward: ['ward_code', 'wardcode', 'ma_phuong', 'ma_phuong_xa', 'phuong_xa'],
    capacity: ['places', 'suc_chua', 'so_cho'],
    tariff: ['bieu_gia', 'bang_gia'],
  },
  devices: {
    ...position,
    id: ['device_id', 'deviceid', 'ma', 'ma_thiet_bi'],
    domain: ['linh_vuc'],
    model: ['kieu', 'loai', 'loai_thiet_bi'],
    name: ['ten', 'ten_thiet_bi'],
    heartbeat_s: ['heartbeat', 'heartbeat_seconds', 'chu_ky_s', 'nhip_s'],
    place: ['place_id', 'placeid', 'ma_nha', 'ma_so_nha'],
    lot: ['lot_id', 'lotid', 'ma_bai', 'ma_bai_do', 'bai_do'],
    vehicle: ['vehicle_id', 'vehicleid', 'ma_xe', 'xe'],
    binding_state: ['state', 'trang_thai'],
    secret: ['password', 'mat_khau'],
    gateway: ['feeder', 'isp', 'nha_mang', 'tram_thu'],
    synthetic: ['gia_lap'],
  },
  vehicles: {
    id: ['vehicle_id', 'vehicleid', 'ma', 'ma_xe'],
    plate: ['license_plate', 'bien_so', 'bien_so_xe', 'bien_kiem_soat'],
    route: ['route_id', 'routeid', 'tuyen', 'ma_tuyen'],
    operator: ['don_vi', 'don_vi_van_hanh', 'xi_nghiep'],
  },
};

/** `Mã thiết bị` → `ma_thiet_bi`. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** The column that a header stands for in a file of this kind; the plain header when it is none of ours. */
export function columnOf(kind: CsvKind, header: string): string {
  const plain = plainHeader(header);
  const columns = csvColumns[kind];
  if (plain in columns) return plain;
  return Object.keys(columns).find((column) => columns[column]?.includes(plain)) ?? plain;
}

/** Tells the kind from the header: what only one kind has decides. */
export function guessCsvKind(headers: readonly string[]): CsvKind | undefined {
  const has = (kind: CsvKind, ...columns: string[]): boolean =>
    headers.some((header) => columns.includes(columnOf(kind, header)));
  if (has('devices', 'domain', 'heartbeat_s', 'secret')) return 'devices';
  if (has('aliases', 'merged_from') || (has('aliases', 'kind') && has('aliases', 'value'))) return 'aliases';
  if (has('vehicles', 'plate')) return 'vehicles';
  if (has('lots', 'capacity', 'tariff')) return 'lots';
  if (has('places', 'address', 'contact_phone', 'alley_width_m')) return 'places';
  return undefined;
}
