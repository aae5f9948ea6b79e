/**
 * A dozen of Hanoi's bus lines, drawn by hand: real numbers, termini and streets, approximate stops, bends and times.
 * The way back is the way there reversed.
 */

/** One line as drawn. */
export type Line = {
  readonly id: string;
  readonly name: string;
  /** `RRGGBB`. */
  readonly color: string;
  /** Mean running speed without the time at stops. */
  readonly speedKmh: number;
  /** Minutes between buses in the rush (06:30 to 08:30, 16:30 to 18:30) and otherwise. */
  readonly headwayMinutes: readonly [rush: number, otherwise: number];
  /** Keys of the stop table, in order. */
  readonly way: string;
};

export const lines: readonly Line[] = [
  {
    id: '01',
    name: 'Bến xe Gia Lâm - Bến xe Yên Nghĩa',
    color: 'D7263D',
    speedKmh: 21,
    headwayMinutes: [10, 16],
    way: `giaLam nvcSon nvcBoDe vChuongDuongEast vChuongDuongWest tranNhatDuat longBien hangCot phungHung cuaNam gaHaNoi
      khamThien khamThien2 oChoDua nguyenLuongBang tayDuong tayThuyLoi ngaTuSo royalCity daiHocKhtn khuatDuyTien
      phungKhoang buuChinh cauTrang quangTrung laKhe baLa yenNghia`,
  },
  {
    id: '02',
    name: 'Bác Cổ - Bến xe Yên Nghĩa',
    color: '1B998B',
    speedKmh: 21,
    headwayMinutes: [10, 16],
    way: `bacCo nhaHatLon hangBai haiBaTrung cuaNam nguyenThaiHoc vanMieu tonDucThang oChoDua nguyenLuongBang tayDuong
      tayThuyLoi ngaTuSo royalCity thuongDinh daiHocKhtn khuatDuyTien phungKhoang vanQuan cauTrang quangTrung baLa yenNghia`,
  },
  {
    id: '03A',
    name: 'Bến xe Giáp Bát - Bến xe Gia Lâm',
    color: '2E5EAA',
    speedKmh: 20,
    headwayMinutes: [10, 16],
    way: `giapBat duoiCa ngaTuVong bachMaiBv bachKhoa leDuan gaHaNoi tranHungDao2 tranHungDao bacCo vChuongDuongWest
      vChuongDuongEast nvcBoDe nvcSon ngoc giaLam`,
  },
  {
    id: '09A',
    name: 'Trần Khánh Dư - Khu liên cơ quan Võ Chí Công',
    color: 'F46036',
    speedKmh: 20,
    headwayMinutes: [12, 20],
    way: `tranKhanhDu nhaHatLon boHo trangThi cuaNam dienBienPhu nguyenThaiHoc sonTay kimMa kimMaNks voiPhuc cauGiay
      cauGiayPho nguyenPhongSac hoangQuocViet buoi lacLongQuan2 voChiCong`,
  },
  {
    id: '14',
    name: 'Trần Khánh Dư - Cổ Nhuế',
    color: '7B2D8E',
    speedKmh: 20,
    headwayMinutes: [12, 20],
    way: `tranKhanhDu bacCo nhaHatLon boHo duongThanh phungHung phanDinhPhung quanThanh thuyKhue thuyKhue2 buoi hoangQuocViet
      hoangQuocViet2 phamVanDong coNhue`,
  },
  {
    id: '16',
    name: 'Bến xe Mỹ Đình - Bến xe Nước Ngầm',
    color: '3C6E71',
    speedKmh: 21,
    headwayMinutes: [10, 16],
    way: `myDinh hoTungMau xuanThuyQg xuanThuy cauGiayPho cauGiay langThuong langNct langYenHoa langNts ngaTuSo tonThatTung
      truongChinh ngaTuVong duoiCa giapBat linhDam nuocNgam`,
  },
  {
    id: '22A',
    name: 'Bến xe Gia Lâm - Khu đô thị Trung Văn',
    color: 'C08401',
    speedKmh: 20,
    headwayMinutes: [12, 20],
    way: `giaLam ngoc nvcBoDe vChuongDuongEast vChuongDuongWest tranNhatDuat longBien yenPhu quanThanh hungVuong sonTay kimMa giangVo
      nuiTruc thanhCong thaiHa hoangDaoThuy leVanLuong luongTheVinh trungVan`,
  },
  {
    id: '26',
    name: 'Mai Động - Sân vận động Mỹ Đình',
    color: '0B7A75',
    speedKmh: 20,
    headwayMinutes: [8, 15],
    way: `maiDong minhKhai2 thanhNhan tranKhatChan daiCoViet xaDan2 xaDan oChoDua nuiTruc kimMaNks voiPhuc cauGiay cauGiayPho
      xuanThuy xuanThuyQg hoTungMau leDucTho svdMyDinh`,
  },
  {
    id: '32',
    name: 'Bến xe Giáp Bát - Nhổn',
    color: 'E71D73',
    speedKmh: 21,
    headwayMinutes: [8, 15],
    way: `giapBat duoiCa ngaTuVong bachMaiBv bachKhoa leDuan gaHaNoi cuaNam nguyenThaiHoc sonTay kimMa kimMaNks voiPhuc cauGiay
      cauGiayPho xuanThuy hoTungMau cauDien phuDien minhKhaiBtl nhon`,
  },
  {
    id: '34',
    name: 'Bến xe Mỹ Đình - Bến xe Gia Lâm',
    color: '5C4D9A',
    speedKmh: 21,
    headwayMinutes: [10, 16],
    way: `myDinh xuanThuyQg xuanThuy cauGiayPho cauGiay voiPhuc kimMaNks kimMa nguyenThaiHoc cuaNam haiBaTrung hangBai bacCo
      vChuongDuongWest vChuongDuongEast nvcBoDe nvcSon giaLam`,
  },
  {
    id: '55A',
    name: 'Khu đô thị Times City - Cầu Giấy',
    color: '6A994E',
    speedKmh: 22,
    headwayMinutes: [12, 20],
    way: `timesCity minhKhai2 nguyenKhoai tranKhanhDu bacCo tranNhatDuat longBien yenPhu nghiTam auCo anDuong lacLongQuan
      lacLongQuan2 buoi hoangQuocViet nguyenPhongSac cauGiayPho cauGiay`,
  },
  {
    id: '86',
    name: 'Ga Hà Nội - Sân bay Nội Bài',
    color: 'FF8C00',
    speedKmh: 34,
    headwayMinutes: [20, 25],
    way: `gaHaNoi haiBaTrung hangBai boHo tranNhatDuat longBien yenPhu nghiTam auCo anDuong vNhatTanSouth vNhatTanNorth
      vVinhNgoc vVoNguyenGiap noiBaiT1 noiBaiT2`,
  },
  {
    id: 'BRT01',
    name: 'Bến xe Yên Nghĩa - Kim Mã',
    color: '009E49',
    speedKmh: 25,
    headwayMinutes: [7, 12],
    way: `yenNghia baLa vanPhu vanKhe leTrongTan vanPhuc luongTheVinh leVanLuong hoangDaoThuy thaiHa thanhCong nuiTruc
      giangVo kimMa`,
  },
];
