/** The registry's file: one SQLite database that the hub and the import command open side by side. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HubError, StartError } from '../errors.ts';

/** Where the registry lies in a data directory. */
export function registryPath(dataDirectory: string): string {
  return join(dataDirectory, 'registry.db');
}

/** Raised with every change of the tables; an older file is brought forward, a newer one refused. */
export const schemaVersion = 2;

/** Marks the file as ours (`nhip` in ASCII), so that another program's database is not taken for a registry. */
const applicationId = 0x6e686970;

/** How long a command waits for another process that is writing, e.g. a running import. */
const defaultBusyMs = 5_000;

/**
 * Opens the registry's file, makes it when absent (never when `readOnly`), and checks that it is one.
 * WAL lets the hub read while an import writes; FULL keeps a finished import through a power cut.
 *
 * @throws StartError when the file is no registry, is damaged, newer than this version or cannot be opened.
 */
export function openStore(
  path: string,
  options: { readonly readOnly?: boolean; readonly busyMs?: number } = {},
): DatabaseSync {
  const readOnly = options.readOnly === true;
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:' && !readOnly) mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { readOnly, timeout: options.busyMs ?? defaultBusyMs });
    prepare(database, path, readOnly);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof StartError) throw cause;
    throw new StartError(explain(path, cause));
  }
}

/** A second connection that sees one moment of the file until it is closed, whatever others write. */
export function openReader(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: defaultBusyMs });
  database.exec('BEGIN');
  return database;
}

/** Whether a registry was ever written there. */
export function hasStore(path: string): boolean {
  return existsSync(path);
}

function prepare(database: DatabaseSync, path: string, readOnly: boolean): void {
  if (pragma(database, 'quick_check(1)') !== 'ok') throw new StartError(damaged(path));
  const id = pragma(database, 'application_id');
  const version = Number(pragma(database, 'user_version'));
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n;
  if (id !== applicationId && tables !== 0) {
    throw new StartError(
      `${path} is a database of another program, not the hub's registry. ` +
        'Move it away, or set HUB_DATA_DIR to another folder.',
    );
  }
  if (version > schemaVersion) {
    throw new StartError(
      `${path} was written by a newer version of the hub (registry ${version}, this one knows ${schemaVersion}). ` +
        'Run the newer version, or restore a backup made by this one.',
    );
  }
  if (readOnly) {
    if (version < schemaVersion)
      throw new StartError(`${path} is of an older version or was never finished; start the hub once, then try again.`);
    return;
  }
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  if (version < schemaVersion) bringForward(database);
}

function bringForward(database: DatabaseSync): void {
  transaction(database, () => {
    // Another process may have been faster.
    const version = Number(pragma(database, 'user_version'));
    if (version >= schemaVersion) return;
    for (const step of schemas.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`);
  });
}

/**
 * Runs the work in one write transaction: all of it or nothing.
 *
 * @throws HubError `unavailable` when another process keeps writing; whatever the work throws, after the rollback.
 */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (cause) {
    if (!/locked|busy/i.test(messageOf(cause))) throw cause;
    throw new HubError('unavailable', 'the registry is being written by another process, e.g. an import; try again');
  }
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (cause) {
    // A full disk ends the transaction by itself; a second rollback would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

/** One value of a PRAGMA. */
export function pragma(database: DatabaseSync, name: string): unknown {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

function explain(path: string, cause: unknown): string {
  const message = messageOf(cause);
  if (/not a database|malformed|corrupt/i.test(message)) return damaged(path);
  return `The registry ${path} cannot be opened (${message}). Check that the folder exists, that you may write to it and that the disk is not full.`;
}

function damaged(path: string): string {
  return (
    `${path} is not a readable registry: it is damaged or something else. Restore it with "npx nhip restore <backup>", ` +
    'or move it away and import the city again.'
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** What each version added, from the first on. */
const schemas: readonly string[] = [
  `
CREATE TABLE generations (section TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
CREATE TABLE devices (id TEXT PRIMARY KEY, domain TEXT NOT NULL, model TEXT NOT NULL, name TEXT NOT NULL,
  heartbeat_ms INTEGER NOT NULL, binding_kind TEXT, binding_target TEXT, binding_state TEXT, binding_since INTEGER,
  binding_by TEXT, lat REAL, lon REAL, synthetic INTEGER NOT NULL) STRICT;
CREATE TABLE places (id TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, ward_code TEXT, lat REAL NOT NULL,
  lon REAL NOT NULL, use TEXT, truck_lat REAL, truck_lon REAL, foot_m REAL, alley_width_m REAL, contacts TEXT) STRICT;
CREATE TABLE wards (code TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, rings BLOB NOT NULL) STRICT;
CREATE TABLE facilities (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, lat REAL NOT NULL,
  lon REAL NOT NULL, approximate INTEGER NOT NULL, outline BLOB) STRICT;
CREATE TABLE lots (id TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT, ward_code TEXT, lat REAL NOT NULL,
  lon REAL NOT NULL, capacity INTEGER, tariff TEXT) STRICT;
CREATE TABLE vehicles (id TEXT PRIMARY KEY, plate TEXT, route_id TEXT, operator TEXT) STRICT;
CREATE TABLE routes (id TEXT PRIMARY KEY, short_name TEXT NOT NULL, long_name TEXT NOT NULL, color TEXT,
  type INTEGER NOT NULL, line_name TEXT, opposite_id TEXT) STRICT;
CREATE TABLE stops (id TEXT PRIMARY KEY, name TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
  cluster_id TEXT NOT NULL) STRICT;
CREATE TABLE patterns (id TEXT PRIMARY KEY, route_id TEXT NOT NULL, direction INTEGER NOT NULL, headsign TEXT,
  stop_ids TEXT NOT NULL, shape BLOB NOT NULL, shape_source TEXT NOT NULL) STRICT;
CREATE TABLE profiles (id TEXT PRIMARY KEY, arrivals BLOB NOT NULL, departures BLOB) STRICT;
CREATE TABLE trips (id TEXT PRIMARY KEY, route_id TEXT NOT NULL, pattern_id TEXT NOT NULL, service_id TEXT NOT NULL,
  start_seconds INTEGER NOT NULL, profile_id TEXT NOT NULL) STRICT;
CREATE TABLE calendars (service_id TEXT PRIMARY KEY, days TEXT NOT NULL, from_date INTEGER, to_date INTEGER,
  added TEXT NOT NULL, removed TEXT NOT NULL) STRICT;
CREATE TABLE network (id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE imports (id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL,
  at INTEGER NOT NULL, read INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL, removed INTEGER NOT NULL, refused INTEGER NOT NULL) STRICT;
`,
  `
ALTER TABLE places ADD COLUMN site TEXT;
ALTER TABLE facilities ADD COLUMN state TEXT;
ALTER TABLE devices ADD COLUMN binding_how TEXT;
ALTER TABLE devices ADD COLUMN binding_detail TEXT;
CREATE TABLE aliases (id TEXT PRIMARY KEY, owner_kind TEXT NOT NULL, owner TEXT NOT NULL, kind TEXT NOT NULL,
  value TEXT NOT NULL, valid_from INTEGER, valid_to INTEGER, source TEXT) STRICT;
CREATE INDEX aliases_owner ON aliases (owner_kind, owner);
CREATE TABLE binding_changes (number INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, kind TEXT NOT NULL,
  target TEXT NOT NULL, was TEXT NOT NULL, became TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, how TEXT,
  detail TEXT NOT NULL) STRICT;
CREATE INDEX binding_changes_device ON binding_changes (device, number);
`,
  'ALTER TABLE devices ADD COLUMN gateway TEXT;',
];
