/** Names of places and wards from CSV: one name a line, or all old wards that a new one was made of in one sentence. Pure. */
import type { Millis } from '../../devices/wire.ts';
import { CellFault, flagCell, neededText, textCell } from './csv-cells.ts';
import { plainHeader } from './csv-columns.ts';
import type { CsvRow } from './csv-reader.ts';
import { dayMs, dayStart } from './day.ts';
import { type Alias, type AliasKind, aliasKinds } from './records.ts';
import { optional } from './row.ts';

/** A line's name. `owner` is a place's id, or a ward's code or name: only the registry knows which there are. */
export type AliasLine = {
  /** For messages, and to find what stands in the file twice. */
  readonly id: string;
  readonly line: number;
  readonly ownerKind: 'place' | 'ward';
  readonly owner: string;
  readonly alias: Alias;
  /** Takes the name away instead. */
  readonly remove: boolean;
};

/** Words for each kind besides its own name, as plain headers. */
const kindWords: Readonly<Record<AliasKind, readonly string[]>> = {
  ward: ['phuong', 'xa', 'phuong_xa'],
  oldWard: ['old_ward', 'phuong_cu', 'xa_cu', 'phuong_xa_cu'],
  street: ['duong', 'pho', 'duong_pho'],
  alleyChain: ['alley_chain', 'alley', 'ngo', 'ngach', 'hem', 'kiet', 'ngo_ngach', 'ngo_hem'],
  number: ['so_nha', 'house_number'],
  unit: ['can_ho', 'can', 'tang', 'phong', 'floor'],
  plateQr: ['plate_qr', 'plate', 'bien_so_nha', 'ma_qr', 'qr'],
  postcode: ['ma_buu_chinh', 'vpostcode'],
  landCertificate: ['land_certificate', 'so_do', 'giay_chung_nhan'],
  other: ['khac', 'ten_khac', 'ten_goi_khac'],
};

/** Hanoi's wards were merged on 2025-07-01: the last day of the old ones when the file does not say. */
const mergerDay = '2025-07-01';

/** The names of one line. @throws CellFault saying what is wrong. */
export function aliasLines(row: CsvRow): readonly AliasLine[] {
  const place = textCell(row, 'place');
  const ward = row.get('ward') === '' ? undefined : row.get('ward').normalize('NFC').replace(/\s+/g, ' ');
  if ((place === undefined) === (ward === undefined)) throw new CellFault('exactly one of place and ward is needed');
  const owner = place ?? ward ?? '';
  const ownerKind = place === undefined ? 'ward' : 'place';
  const source = textCell(row, 'source');
  const line = (alias: Alias, remove = false): AliasLine => ({
    id: [owner, alias.kind, alias.validFrom ?? '', alias.value].join(' '),
    line: row.line,
    ...{ ownerKind, owner, alias, remove },
  });
  const merged = row.get('merged_from');
  if (merged !== '') {
    const validTo = endOf(row) ?? dayStart(mergerDay);
    return oldWardsIn(merged).map((value) =>
      line({ kind: 'oldWard', value, ...optional('validTo', validTo), ...optional('source', source) }),
    );
  }
  const validFrom = dayCell(row, 'valid_from');
  const validTo = endOf(row);
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom) {
    throw new CellFault('valid_to is before valid_from');
  }
  const alias = { kind: kindOf(neededText(row, 'kind')), value: neededText(row, 'value') };
  return [
    line(
      { ...alias, ...optional('validFrom', validFrom), ...optional('validTo', validTo), ...optional('source', source) },
      flagCell(row, 'remove') ?? false,
    ),
  ];
}

/** The kind that a word stands for: `alleyChain`, `ngõ`, `Phường cũ`. @throws CellFault naming those that there are. */
export function kindOf(word: string): AliasKind {
  const plain = plainHeader(word);
  const kind = aliasKinds.find((known) => known.toLowerCase() === plain || kindWords[known].includes(plain));
  if (kind === undefined) throw new CellFault(`kind "${word.slice(0, 40)}" is not one of ${aliasKinds.join(', ')}`);
  return kind;
}

/**
 * The old wards in the words of the resolution that merged them: `Hàng Bạc, Hàng Bồ và một phần diện tích tự nhiên, quy mô
 * dân số của các phường Cửa Đông, Cửa Nam`. Which part of which is not kept: it says nothing of a single house.
 */
export function oldWardsIn(text: string): readonly string[] {
  const parts = text
    .normalize('NFC')
    .split(/[,;]|\s+và\s+|(?=một phần|phần còn lại)/i)
    .map((part) =>
      part
        .replace(prefix, '')
        .replace(/\s*và$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => /^\p{L}/u.test(part));
  return [...new Set(parts)];
}

const prefix =
  /^(?:\s|một phần|phần còn lại|diện tích tự nhiên|toàn bộ|quy mô dân số|của|các|phường|xã|thị trấn|d(?=\s))+/i;

/** The day after the last day of a name. */
function endOf(row: CsvRow): Millis | undefined {
  const last = dayCell(row, 'valid_to');
  return last === undefined ? undefined : last + dayMs;
}

function dayCell(row: CsvRow, column: string): Millis | undefined {
  const cell = row.get(column);
  if (cell === '') return undefined;
  const start = dayStart(cell);
  if (start === undefined) throw new CellFault(`${column} "${cell.slice(0, 40)}" is no day, e.g. 2025-06-30`);
  return start;
}
