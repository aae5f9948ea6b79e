/** Residents from a CSV file: one line a person. A wrong line is refused by number and reason. */
import { Readable } from 'node:stream';
import { HubError } from '../errors.ts';
import { CellFault, neededText, numberCell, textCell } from '../registry/csv-cells.ts';
import { plainHeader } from '../registry/csv-columns.ts';
import { type CsvRow, readCsv } from '../registry/csv-reader.ts';
import type { Person } from './person.ts';

/** What a file holds, by place. */
export type PeopleFile = {
  readonly residents: ReadonlyMap<string, readonly Person[]>;
  readonly read: number;
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
};

const columns: Readonly<Record<string, readonly string[]>> = {
  place: ['place_id', 'placeid', 'house_number_id', 'ma_nha', 'ma_so_nha'],
  name: ['ten', 'ho_ten', 'ho_va_ten'],
  phone: ['dien_thoai', 'so_dien_thoai', 'sdt'],
  birth_year: ['nam_sinh'],
  needs: ['can_ho_tro', 'ho_tro', 'vulnerability'],
  note: ['ghi_chu'],
};

/**
 * Reads a file with the columns `place`, `name` and, as wanted, `phone`, `birth_year`, `needs` (with `;` or `|` between), `note`;
 * English or Vietnamese, with `,`, `;` or tab between.
 *
 * @throws HubError `invalid` when it is no CSV or a needed column is missing.
 */
export async function readPeople(text: string): Promise<PeopleFile> {
  const residents = new Map<string, Person[]>();
  const refused: { line: number; reason: string }[] = [];
  const take = (row: CsvRow): void => {
    try {
      const place = neededText(row, 'place');
      const person = personOf(row);
      residents.set(place, [...(residents.get(place) ?? []), person]);
    } catch (cause) {
      if (!(cause instanceof CellFault)) throw cause;
      refused.push({ line: row.line, reason: cause.message });
    }
  };
  const header = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1)[0] ?? '';
  const read = await readCsv(Readable.from([text]), take, {
    delimiter: ['\t', ';'].find((candidate) => header.includes(candidate)) ?? ',',
    nameOf: columnOf,
    onHeader(names) {
      const missing = ['place', 'name'].filter((name) => !names.includes(name));
      if (missing.length > 0) throw new HubError('invalid', `the file has no column ${missing.join(' and ')}`);
    },
    onRagged: (line, cells, width) => refused.push({ line, reason: `has ${cells} cells, the header ${width}` }),
  });
  return { residents, read: read + refused.filter(({ reason }) => reason.includes('the header')).length, refused };
}

function columnOf(header: string): string {
  const plain = plainHeader(header);
  return Object.keys(columns).find((column) => column === plain || columns[column]?.includes(plain)) ?? plain;
}

function personOf(row: CsvRow): Person {
  const phone = textCell(row, 'phone');
  const birthYear = numberCell(row, 'birth_year', 1880, 2200);
  const note = textCell(row, 'note');
  const needs = (textCell(row, 'needs') ?? '').split(/[;|]/).map((need) => need.trim().slice(0, 100));
  return {
    name: neededText(row, 'name').slice(0, 200),
    ...(phone === undefined ? {} : { phone: phone.slice(0, 40) }),
    ...(birthYear === undefined ? {} : { birthYear: Math.trunc(birthYear) }),
    needs: needs.filter((need) => need !== '').slice(0, 20),
    ...(note === undefined ? {} : { note }),
  };
}
