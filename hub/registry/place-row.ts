/** A place from a line of CSV. Pure. */
import {
  CellFault,
  flagCell,
  idCell,
  listCell,
  neededText,
  numberCell,
  positionCell,
  textCell,
  wardCell,
} from './csv-cells.ts';
import type { CsvRow } from './csv-reader.ts';
import type { IdRule } from './place-id.ts';
import type { Contact, ContactRole, Entrance, Place } from './records.ts';
import { optional } from './row.ts';

/**
 * Columns: `id`, `address`, `lat`, `lon`, and as wanted `name`, `ward`, `use`;
 * the way in: `truck_lat`, `truck_lon`, `foot_m`, `alley_width_m`, `entrances` (`Cổng chính @ 21.03 105.85 | Cửa sau`), `second_exit`,
 * `gate`, `barred_balcony` (yes or no), `hazards` (with `|` or `;` between);
 * people: `contact_name`, `contact_phone` (the household), `key_name`, `key_phone` (who has the key), `team_name`, `team_phone`
 * (the neighbourhood's safety group).
 *
 * @throws CellFault saying what is wrong.
 */
export function placeOf(row: CsvRow, idRule: IdRule): Place {
  const id = idCell(row, idRule);
  const address = neededText(row, 'address');
  const position = positionCell(row);
  if (position === undefined) throw new CellFault('lat and lon are empty');
  const name = textCell(row, 'name') ?? address;
  const access = {
    ...optional('truckPoint', positionCell(row, 'truck_lat', 'truck_lon')),
    ...optional('footMeters', numberCell(row, 'foot_m', 0, 10_000)),
    ...optional('alleyWidthMeters', numberCell(row, 'alley_width_m', 0, 100)),
    ...optional('entrances', listCell(row, 'entrances')?.map(entranceOf)),
    ...optional('secondExit', textCell(row, 'second_exit')),
    ...optional('gate', textCell(row, 'gate')),
    ...optional('barredBalcony', flagCell(row, 'barred_balcony')),
  };
  const contacts = [
    ...contactOf(row, 'contact', name),
    ...contactOf(row, 'key', 'Người giữ chìa khóa', 'keyHolder'),
    ...contactOf(row, 'team', 'Tổ liên gia', 'neighbourhood'),
  ];
  return {
    id,
    name,
    address,
    ...optional('wardCode', wardCell(row)),
    position,
    ...optional('use', textCell(row, 'use')),
    ...(Object.keys(access).length > 0 ? { access } : {}),
    ...optional('hazards', listCell(row, 'hazards')),
    ...optional('contacts', contacts.length === 0 ? undefined : contacts),
  };
}

/** `Cổng chính @ 21.0341 105.8525`, or the name alone. */
function entranceOf(text: string): Entrance {
  const [name = '', where, ...rest] = text.split('@').map((part) => part.trim());
  if (where === undefined) return { name };
  const [lat = Number.NaN, lon = Number.NaN, ...more] = where.split(/[\s,]+/).map(Number);
  if (name === '' || rest.length > 0 || more.length > 0 || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) {
    throw new CellFault(`entrances "${text.slice(0, 60)}" is not a name, or a name @ lat lon`);
  }
  return { name, position: { lat, lon } };
}

function contactOf(row: CsvRow, what: string, fallback: string, role?: ContactRole): readonly Contact[] {
  const phone = textCell(row, `${what}_phone`);
  if (phone === undefined) return [];
  return [{ name: textCell(row, `${what}_name`) ?? fallback, phone, ...optional('role', role) }];
}
