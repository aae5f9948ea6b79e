/** `nhip import`: a file of the city's standing facts into the registry, tried dry or for good. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import type { CsvKind } from '../registry/csv-columns.ts';
import { type CsvRecords, parseCsv } from '../registry/import-csv.ts';
import { type GeoJsonKind, parseGeoJson } from '../registry/import-geojson.ts';
import { parseGtfs } from '../registry/import-gtfs.ts';
import type { ImportKind, ImportSummary, Parsed, Refusal } from '../registry/import-summary.ts';
import { type ImportRecords, writeImport } from '../registry/import-write.ts';
import { defaultPlaceIdRule, type IdRule, placeIdRules } from '../registry/place-id.ts';
import { hasStore, openStore, registryPath } from '../registry/store.ts';

export type { ImportKind, ImportSummary } from '../registry/import-summary.ts';
export { importKinds } from '../registry/import-summary.ts';

/** A device's credential from a CSV file, for the access store. */
export type DeviceSecret = { readonly deviceId: string; readonly domain: string; readonly secret: string };

/** What is being done and how far it is, 0 to 100. */
export type ImportProgress = { readonly phase: string; readonly percent: number };

export type ImportOptions = {
  readonly dataDirectory: string;
  /** Guessed from the extension and the content when absent. */
  readonly kind?: ImportKind;
  /** Say what would happen and write nothing. */
  readonly dryRun?: boolean;
  /** Leave wrong records out instead of refusing the whole file. */
  readonly skipBad?: boolean;
  /** What a house-number ID must look like; `vn12` when absent. */
  readonly placeIdRule?: IdRule;
  readonly progress?: (progress: ImportProgress) => void;
  /**
   * Takes the device credentials of the file after the registry has committed; the registry never keeps them. Without
   * it, a file with secrets is refused, so that none is lost unseen.
   */
  readonly onSecrets?: (secrets: readonly DeviceSecret[]) => void | Promise<void>;
  readonly now?: () => Millis;
};

/**
 * Imports a GeoJSON, CSV or GTFS file (zip or folder). One transaction: a running hub sees all of it or nothing, about
 * a second later. The same file again changes nothing. When something is refused and `skipBad` is not set, nothing is
 * written and the summary says `written: false`.
 *
 * @throws HubError `notFound`, `invalid` (no such format, kind or column) or `unavailable`; StartError when the
 * registry's file cannot be used.
 */
export async function importFile(file: string, options: ImportOptions): Promise<ImportSummary> {
  const startedAt = performance.now();
  const { progress = () => undefined, now = Date.now, dryRun = false, skipBad = false } = options;
  const format = await formatOf(file, options.kind);
  progress({ phase: 'reading', percent: 0 });
  const parsed = await parse(file, format, options, progress);
  const secrets = secretsOf(parsed.records);
  if (secrets.length > 0 && options.onSecrets === undefined) {
    throw new HubError('invalid', 'the file holds device secrets, and nothing here can keep them; remove the column');
  }
  progress({ phase: dryRun ? 'comparing' : 'writing', percent: 90 });
  const database = openFor(options.dataDirectory, dryRun);
  try {
    const result = writeImport(database, parsed.records, {
      ...{ dryRun, allOrNothing: !skipBad, at: now(), file: basename(file) },
      ...{ refusals: parsed.refusals, sha256: parsed.sha256, read: parsed.read },
    });
    if (result.written && secrets.length > 0) await options.onSecrets?.(secrets);
    progress({ phase: 'done', percent: 100 });
    return {
      ...result.counts,
      ...(result.parts === undefined ? {} : { parts: result.parts }),
      ...{ kind: parsed.records.kind, file: basename(file), read: parsed.read, ignored: parsed.ignored },
      ...{ refused: parsed.refusals.list, refusedCount: parsed.refusals.count, notes: parsed.notes },
      ...{ secrets: secrets.length, dryRun, written: result.written },
      seconds: Math.round(performance.now() - startedAt) / 1_000,
    };
  } finally {
    database.close();
  }
}

/** The summary as a person reads it, a few lines of English. */
export function formatSummary(summary: ImportSummary): string {
  const { added, changed, unchanged, removed } = summary;
  const gone = removed > 0 ? `, ${count(removed)} removed` : '';
  const lines = [
    `${summary.file}: ${summary.kind}, ${count(summary.read)} ${summary.kind === 'gtfs' ? 'rows' : 'records'} read in ${summary.seconds.toFixed(1)} s`,
    `  ${count(added)} new, ${count(changed)} changed, ${count(unchanged)} unchanged${gone}`,
  ];
  for (const [name, part] of Object.entries(summary.parts ?? {})) {
    const left = part.removed > 0 ? `, ${count(part.removed)} removed` : '';
    lines.push(
      `    ${name}: ${count(part.added)} new, ${count(part.changed)} changed, ${count(part.unchanged)} unchanged${left}`,
    );
  }
  for (const note of summary.notes) lines.push(`  note: ${note}`);
  if (summary.secrets > 0) lines.push(`  ${count(summary.secrets)} device secrets`);
  if (summary.refusedCount > 0) {
    lines.push(`  ${count(summary.refusedCount)} refused:`);
    for (const refusal of summary.refused.slice(0, shownRefusals))
      lines.push(`    ${whereOf(refusal)}: ${refusal.reason}`);
    if (summary.refusedCount > shownRefusals) lines.push(`    and ${count(summary.refusedCount - shownRefusals)} more`);
  }
  lines.push(`  ${outcomeOf(summary)}`);
  return lines.join('\n');
}

const shownRefusals = 20;

function outcomeOf({ dryRun, written, refusedCount, added, changed, removed, parts }: ImportSummary): string {
  if (dryRun) return 'Dry run: nothing was written.';
  if (!written)
    return `Nothing was written: ${count(refusedCount)} wrong. Mend the file, or leave them out with --skip-bad.`;
  const partly = Object.values(parts ?? {}).some((part) => part.added + part.changed + part.removed > 0);
  return added + changed + removed === 0 && !partly ? 'Nothing to do: the registry already stands so.' : 'Written.';
}

function whereOf({ file, line, index }: Refusal): string {
  if (line !== undefined) return file === undefined ? `line ${line}` : `${file} line ${line}`;
  return `feature ${index}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

type Format = 'geojson' | 'csv' | 'gtfs';

/** By kind when given, else by extension, else by the first bytes. */
async function formatOf(file: string, kind: ImportKind | undefined): Promise<Format> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) throw new HubError('notFound', `there is no file ${file}`);
  if (kind === 'gtfs' || info.isDirectory()) return 'gtfs';
  if (info.size > maxTextBytes && extname(file) !== '.zip') {
    throw new HubError('invalid', `${basename(file)} is larger than 512 MiB; split it`);
  }
  switch (extname(file).toLowerCase()) {
    case '.zip':
      return 'gtfs';
    case '.geojson':
    case '.json':
      return 'geojson';
    case '.csv':
    case '.tsv':
      return 'csv';
    default:
      return sniff(file);
  }
}

/** JSON.parse and the CSV's text need it whole; a city's wards are 3 MB. */
const maxTextBytes = 512 * 1024 * 1024;

async function sniff(file: string): Promise<Format> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    const head = buffer
      .subarray(0, bytesRead)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .trimStart();
    if (head.startsWith('PK\x03\x04')) return 'gtfs';
    return head.startsWith('{') ? 'geojson' : 'csv';
  } finally {
    await handle.close();
  }
}

type Read = Omit<Parsed<never>, 'records'> & { readonly records: ImportRecords; readonly sha256: string };

async function parse(
  file: string,
  format: Format,
  { kind, placeIdRule = placeIdRules[defaultPlaceIdRule] }: ImportOptions,
  progress: (progress: ImportProgress) => void,
): Promise<Read> {
  if (format === 'gtfs') {
    const { network, ...rest } = await parseGtfs(file, (name, done, total) => {
      progress({ phase: `reading ${name}`, percent: Math.round((done / Math.max(1, total)) * 85) });
    });
    return { ...rest, records: { kind: 'gtfs', network } };
  }
  const bytes = await readFile(file);
  if (!isUtf8(bytes)) {
    throw new HubError('invalid', `${basename(file)} is not UTF-8 text; save it as "CSV UTF-8" or UTF-8 GeoJSON`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = bytes.toString('utf8');
  if (format === 'geojson') {
    const parsed = parseGeoJson(text, { ...given(kind, isGeoJsonKind, 'GeoJSON'), placeIdRule });
    return { ...parsed, records: parsed, sha256 };
  }
  const parsed: CsvRecords = await parseCsv(text, { ...given(kind, isCsvKind, 'CSV'), placeIdRule });
  return { ...parsed, records: parsed, sha256 };
}

function given<K extends ImportKind>(
  kind: ImportKind | undefined,
  fits: (kind: ImportKind) => kind is K,
  format: string,
): { readonly kind?: K } {
  if (kind === undefined) return {};
  if (!fits(kind)) throw new HubError('invalid', `${kind} cannot be read from ${format}`);
  return { kind };
}

function isGeoJsonKind(kind: ImportKind): kind is GeoJsonKind {
  return ['places', 'wards', 'stations', 'water', 'lots'].includes(kind);
}

function isCsvKind(kind: ImportKind): kind is CsvKind {
  return ['places', 'aliases', 'lots', 'devices', 'vehicles'].includes(kind);
}

function secretsOf(records: ImportRecords): readonly DeviceSecret[] {
  if (records.kind !== 'devices') return [];
  return records.records.flatMap(({ id, domain, secret }) =>
    secret === undefined ? [] : [{ deviceId: id, domain, secret }],
  );
}

/** A dry run opens the file for reading only, and compares with an empty registry where there is none. */
function openFor(dataDirectory: string, dryRun: boolean): DatabaseSync {
  const path = registryPath(dataDirectory);
  if (!dryRun) return openStore(path);
  return hasStore(path) ? openStore(path, { readOnly: true }) : openStore(':memory:');
}
