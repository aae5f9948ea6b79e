/** The table of places. What only a responder needs of the site stands in one column as JSON: it grows with what crews ask for. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { contactRoles, type Place } from './records.ts';
import { maybeNumber, maybePosition, maybeText, optional, position, type Row, text } from './row.ts';
import type { Table } from './tables.ts';

/** Aliases stand in a table of their own. */
export const placeTable: Table<Place> = {
  name: 'places',
  section: 'places',
  columns: [
    ...['id', 'name', 'address', 'ward_code', 'lat', 'lon', 'use'],
    ...['truck_lat', 'truck_lon', 'foot_m', 'alley_width_m', 'contacts', 'site'],
  ],
  toRow: ({ access, contacts, ...place }) => [
    ...[place.id, place.name, place.address, place.wardCode ?? null, place.position.lat, place.position.lon],
    ...[place.use ?? null, access?.truckPoint?.lat ?? null, access?.truckPoint?.lon ?? null],
    ...[access?.footMeters ?? null, access?.alleyWidthMeters ?? null],
    contacts === undefined ? null : JSON.stringify(contacts.map(contactCell)),
    siteOf({ ...place, ...optional('access', access) }),
  ],
  fromRow: (row) => {
    const { hazards, ...site } = readSite(row);
    const access = {
      ...optional('truckPoint', maybePosition(row, 'truck_lat', 'truck_lon')),
      ...optional('footMeters', maybeNumber(row, 'foot_m')),
      ...optional('alleyWidthMeters', maybeNumber(row, 'alley_width_m')),
      ...site,
    };
    return {
      id: text(row, 'id'),
      name: text(row, 'name'),
      address: text(row, 'address'),
      ...optional('wardCode', maybeText(row, 'ward_code')),
      position: position(row),
      ...optional('use', maybeText(row, 'use')),
      ...(Object.keys(access).length > 0 ? { access } : {}),
      ...optional('hazards', hazards),
      ...optional('contacts', contactsOf(maybeText(row, 'contacts'))),
    };
  },
};

const Site = Compile(
  Type.Object({
    entrances: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          position: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() })),
        }),
      ),
    ),
    secondExit: Type.Optional(Type.String()),
    gate: Type.Optional(Type.String()),
    barredBalcony: Type.Optional(Type.Boolean()),
    hazards: Type.Optional(Type.Array(Type.String())),
  }),
);

/** Always in this order: an import compares the text to see whether anything has changed. */
function siteOf({ access, hazards }: Pick<Place, 'access' | 'hazards'>): string | null {
  const { entrances, secondExit, gate, barredBalcony } = access ?? {};
  const site = { entrances, secondExit, gate, barredBalcony, hazards };
  return Object.values(site).some((value) => value !== undefined) ? JSON.stringify(site) : null;
}

function readSite(row: Row) {
  const value: unknown = JSON.parse(maybeText(row, 'site') ?? '{}');
  if (!Site.Check(value)) throw new Error('registry: column site holds something else');
  return value;
}

function contactCell({ name, phone, role }: NonNullable<Place['contacts']>[number]): readonly string[] {
  return role === undefined ? [name, phone] : [name, phone, role];
}

function contactsOf(json: string | undefined): Place['contacts'] {
  if (json === undefined) return undefined;
  const rows: unknown = JSON.parse(json);
  if (!Array.isArray(rows)) return undefined;
  return rows.map((row: unknown) => {
    const [name, phone, role] = Array.isArray(row) ? row : [];
    return {
      name: String(name),
      phone: String(phone),
      ...optional(
        'role',
        contactRoles.find((word) => word === role),
      ),
    };
  });
}
