/** CSV into places, lots, devices and vehicles. Pure: text in, records and refusals by line out. */
import { Readable } from 'node:stream';
import { isDeviceId } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import {
  CellFault,
  flagCell,
  idCell,
  neededText,
  numberCell,
  positionCell,
  textCell,
  wardCell,
  wordCell,
} from './csv-cells.ts';
import { type CsvKind, columnOf, csvColumns, guessCsvKind } from './csv-columns.ts';
import { type CsvRow, readCsv } from './csv-reader.ts';
import { type AliasLine, aliasLines } from './import-aliases.ts';
import { type Parsed, Refusals } from './import-summary.ts';
import { type IdRule, localIdRule } from './place-id.ts';
import { placeOf } from './place-row.ts';
import type { Binding, BindingState, DeviceRecord, Lot, Place, Vehicle } from './records.ts';
import { optional } from './row.ts';
import { bindingStates } from './tables.ts';

/** A device's line. `secret` is for the access store; the registry never keeps it. */
export type DeviceLine = Omit<DeviceRecord, 'binding'> & {
  readonly line: number;
  readonly binding?: Pick<Binding, 'kind' | 'target'> & { readonly state?: BindingState };
  readonly secret?: string;
};

export type CsvRecords =
  | ({ readonly kind: 'places' } & Parsed<Place>)
  | ({ readonly kind: 'lots' } & Parsed<Lot>)
  | ({ readonly kind: 'vehicles' } & Parsed<Vehicle>)
  | ({ readonly kind: 'devices' } & Parsed<DeviceLine>)
  | ({ readonly kind: 'aliases' } & Parsed<AliasLine>);

export type CsvOptions = {
  /** Guessed from the header when absent. */
  readonly kind?: CsvKind;
  /** What a place's id must look like. */
  readonly placeIdRule: IdRule;
};

/**
 * Reads a CSV file with a header (`,`, `;` or tab; a byte order mark and Vietnamese or English headers are fine; see
 * `csvColumns`). A wrong line is refused by number and reason.
 *
 * - places: `id`, `address`, `lat`, `lon`; as wanted the columns that `placeOf` reads.
 * - aliases: `place` or `ward`, and `kind`, `value`, `valid_from`, `valid_to` (its last day), `source`, `remove`; or `ward` and
 *   `merged_from`. They add to what stands; see `aliasLines`.
 * - lots: `id`, `name`, `lat`, `lon`; `address`, `ward`, `capacity`, `tariff`.
 * - vehicles: `id`; `plate`, `route`, `operator`.
 * - devices: `id`, `domain`; `model`, `name`, `heartbeat_s` (300), at most one of `place`, `lot`, `vehicle`,
 *   `binding_state`, `lat`, `lon`, `secret` (at least 12 characters), `gateway`, `synthetic`.
 *
 * @throws HubError `invalid` when the text is no CSV, its kind cannot be told or a needed column is missing.
 */
export async function parseCsv(text: string, options: CsvOptions): Promise<CsvRecords> {
  const headerLine = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1)[0] ?? '';
  if (headerLine.trim() === '') throw new HubError('invalid', 'the file does not begin with a header line');
  const delimiter = delimiterOf(headerLine);
  const headers = headerLine.split(delimiter).map((header) => header.replaceAll('"', ''));
  const kind = options.kind ?? guessCsvKind(headers);
  if (kind === undefined) {
    throw new HubError(
      'invalid',
      'cannot tell what this CSV holds from its header; say it with --kind places, aliases, lots, devices or vehicles',
    );
  }
  switch (kind) {
    case 'places':
      return { kind, ...(await readLines(text, delimiter, kind, (row) => [placeOf(row, options.placeIdRule)])) };
    case 'lots':
      return { kind, ...(await readLines(text, delimiter, kind, (row) => [lotOf(row)])) };
    case 'vehicles':
      return { kind, ...(await readLines(text, delimiter, kind, (row) => [vehicleOf(row)])) };
    case 'devices':
      return { kind, ...(await readLines(text, delimiter, kind, (row) => [deviceOf(row)])) };
    case 'aliases':
      return { kind, ...(await readLines(text, delimiter, kind, aliasLines)) };
  }
}

const neededColumns: Readonly<Record<CsvKind, readonly string[]>> = {
  places: ['id', 'address', 'lat', 'lon'],
  lots: ['id', 'name', 'lat', 'lon'],
  vehicles: ['id'],
  devices: ['id', 'domain'],
  aliases: [],
};

async function readLines<R extends { readonly id: string }>(
  text: string,
  delimiter: string,
  kind: CsvKind,
  read: (row: CsvRow) => readonly R[],
): Promise<Parsed<R>> {
  const refusals = new Refusals();
  const records = new Map<string, R>();
  await readCsv(
    Readable.from([text]),
    (row) => {
      try {
        for (const record of read(row)) {
          if (records.has(record.id)) throw new CellFault(`id "${record.id}" stands in the file twice`);
          records.set(record.id, record);
        }
      } catch (fault) {
        if (!(fault instanceof CellFault)) throw fault;
        refusals.add({ line: row.line, reason: fault.message });
      }
    },
    {
      delimiter,
      nameOf: (header) => columnOf(kind, header),
      onHeader: (columns) => checkHeader(kind, columns),
      onRagged: (line, cells, width) => {
        refusals.add({ line, reason: `the line has ${cells} cells, the header ${width}` });
      },
    },
  );
  return { records: [...records.values()], read: records.size + refusals.count, refusals, ignored: 0, notes: [] };
}

function checkHeader(kind: CsvKind, columns: readonly string[]): void {
  const missing = neededColumns[kind].filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    const known = Object.keys(csvColumns[kind]).join(', ');
    throw new HubError('invalid', `the header has no column ${missing.join(' and no ')}; columns of ${kind}: ${known}`);
  }
  const twice = columns.find((column, index) => column in csvColumns[kind] && columns.indexOf(column) !== index);
  if (twice !== undefined) throw new HubError('invalid', `the header names the column ${twice} twice`);
}

function delimiterOf(headerLine: string): string {
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: headerLine.split(mark).length }));
  return counts.reduce((best, candidate) => (candidate.count > best.count ? candidate : best)).mark;
}

function lotOf(row: CsvRow): Lot {
  const id = idCell(row, localIdRule);
  const position = positionCell(row);
  if (position === undefined) throw new CellFault('lat and lon are empty');
  const capacity = numberCell(row, 'capacity', 0, 100_000);
  if (capacity !== undefined && !Number.isInteger(capacity))
    throw new CellFault(`capacity ${capacity} is no whole number`);
  return {
    id,
    name: neededText(row, 'name'),
    ...optional('address', textCell(row, 'address')),
    ...optional('wardCode', wardCell(row)),
    position,
    ...optional('capacity', capacity),
    ...optional('tariff', textCell(row, 'tariff')),
  };
}

function vehicleOf(row: CsvRow): Vehicle {
  return {
    id: idCell(row, localIdRule),
    ...optional('plate', textCell(row, 'plate')),
    ...optional('routeId', textCell(row, 'route')),
    ...optional('operator', textCell(row, 'operator')),
  };
}

/** Household detectors speak every few minutes to hours, trackers every few seconds; five minutes is a start. */
const defaultHeartbeatSeconds = 300;

function deviceOf(row: CsvRow): DeviceLine {
  const id = neededText(row, 'id');
  if (!isDeviceId(id)) throw new CellFault(`id "${id}" must be 1 to 64 of A-Z a-z 0-9 _ -`);
  const domain = neededText(row, 'domain');
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(domain))
    throw new CellFault(`domain "${domain}" is no domain, e.g. fire, bus, parking`);
  // A secret is any text: what looks like a formula may be one by chance, and it is never exported.
  const secret = row.get('secret');
  if (secret !== '' && (secret.length < 12 || secret.length > 256))
    throw new CellFault('secret must have 12 to 256 characters');
  return {
    id,
    line: row.line,
    domain,
    model: textCell(row, 'model') ?? domain,
    name: textCell(row, 'name') ?? id,
    heartbeatMs: Math.round((numberCell(row, 'heartbeat_s', 1, 604_800) ?? defaultHeartbeatSeconds) * 1_000),
    ...optional('binding', bindingOf(row)),
    ...optional('position', positionCell(row)),
    ...optional('gateway', textCell(row, 'gateway')),
    synthetic: flagCell(row, 'synthetic') ?? false,
    ...optional('secret', secret === '' ? undefined : secret),
  };
}

function bindingOf(row: CsvRow): DeviceLine['binding'] {
  const targets = (['place', 'lot', 'vehicle'] as const).flatMap((kind) => {
    const target = textCell(row, kind);
    return target === undefined ? [] : [{ kind, target }];
  });
  const state = wordCell(row, 'binding_state', bindingStates);
  const [binding] = targets;
  if (binding === undefined) return undefined;
  if (targets.length > 1) throw new CellFault('only one of place, lot and vehicle may be given');
  return { ...binding, ...optional('state', state) };
}
