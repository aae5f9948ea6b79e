/** A small GTFS feed in code, and writing one as a folder or a zip. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** File name → text. */
export type FeedFiles = Readonly<Record<string, string>>;

/**
 * Two lines in the middle of Hanoi. Line 01 is two routes, one a direction, as in Hanoi's feed; line 02 is one route
 * with both directions and a trip that runs past midnight. Each direction has stop ids of its own.
 */
export const smallFeed: FeedFiles = {
  'agency.txt': 'agency_id,agency_name,agency_url,agency_timezone\nHN,Xe buýt,https://example.org,Asia/Ho_Chi_Minh\n',
  'calendar.txt':
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n' +
    'WEEK,1,1,1,1,1,0,0,20260101,20261231\n',
  'calendar_dates.txt': 'service_id,date,exception_type\nWEEK,20260902,2\nTET,20260217,1\n',
  'routes.txt':
    'route_id,route_short_name,route_long_name,route_type,route_color\n' +
    '01_1,01,Gia Lâm - Yên Nghĩa,3,#00aa55\n01_2,01,Yên Nghĩa - Gia Lâm,3,\n02,02,Bờ Hồ - Hà Đông,3,\n',
  'stops.txt':
    'stop_id,stop_name,stop_lat,stop_lon,location_type\n' +
    'A1,Hàng Bài,21.02000,105.85000,0\n' +
    'B1,Bờ Hồ,21.02800,105.85200,0\n' +
    'C1,Long Biên,21.04000,105.85000,0\n' +
    'A2,Hàng Bài,21.02010,105.85010,0\n' +
    'B2,Hàng Khay,21.02805,105.85210,0\n' +
    'C2,Ga Long Biên,21.04005,105.85005,0\n' +
    'STATION,Nhà ga,21.02000,105.85000,1\n',
  'trips.txt':
    'route_id,service_id,trip_id,direction_id,trip_headsign\n' +
    '01_1,WEEK,t1,0,Long Biên\n01_1,WEEK,t2,0,Long Biên\n01_2,WEEK,t3,1,\n02,WEEK,t4,0,\n02,TET,t5,1,\n',
  'stop_times.txt':
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' +
    't1,08:00:00,08:00:00,A1,1\nt1,08:05:00,08:05:30,B1,2\nt1,08:10:00,08:10:00,C1,3\n' +
    't2,09:10:00,09:10:00,C1,3\nt2,09:05:00,09:05:30,B1,2\nt2,09:00:00,09:00:00,A1,1\n' +
    't3,10:00:00,10:00:00,C2,1\nt3,10:12:00,10:12:00,B2,5\nt3,10:20:00,10:20:00,A2,9\n' +
    't4,23:50:00,23:50:00,A1,1\nt4,24:10:00,24:10:00,C1,2\n' +
    't5,06:00:00,06:00:00,C1,1\nt5,06:15:00,06:15:00,A1,2\n',
};

/** Writes the files into a new folder. */
export function writeFeedFolder(path: string, files: FeedFiles): string {
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

/** How a zip may lie or be odd. */
export type ZipOddities = {
  /** Put before each name, e.g. `feed/`. */
  readonly folder?: string;
  /** Unpacked size that the zip declares instead of the true one. */
  readonly declaredSize?: number;
};

/** Writes the files as a zip: local headers, deflated data, central directory, end record (APPNOTE 4.3). */
export function writeFeedZip(path: string, files: FeedFiles, { folder = '', declaredSize }: ZipOddities = {}): string {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [file, text] of Object.entries(files)) {
    const name = Buffer.from(folder + file);
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    // From "version needed" to "extra field length", the same in both headers.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declaredSize ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, name);
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(bodies.length, 8);
  end.writeUInt16LE(bodies.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  writeFileSync(path, Buffer.concat([...bodies, central, end]));
  return path;
}
