/** Opens the journal's database file in a worker: checks it before trusting it, and lays out its tables. */
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Written to `PRAGMA user_version`; a higher one comes from a newer hub. */
const schemaVersion = 1;

/** Up to this size the whole file is checked at every start (about half a second); beyond, only what is read. */
const fullCheckBytes = 256 * 1024 * 1024;

/**
 * Opens or creates the database for writing: WAL, and synchronous=FULL so that a COMMIT is on disk when it returns.
 *
 * @throws Error with one sentence for the person at the console: which file, what is wrong, what to do.
 */
export function openForWriting(path: string): DatabaseSync {
  makeFolder(dirname(path));
  refuseForeignFile(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8192');
    refuseDamage(path, database);
    refuseNewerVersion(path, database);
    database.exec(schema);
    return database;
  } catch (cause) {
    database?.close();
    throw explain(path, cause);
  }
}

/** A second connection that sees every commit and never holds one up. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192');
  return database;
}

/** SQLite's primary result code, e.g. 13 for a full disk; `undefined` when the error is not SQLite's. */
export function sqliteCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return undefined;
  return cause.errcode & 0xff;
}

/** The codes after which the file or the disk below it cannot be trusted: IOERR, CORRUPT, NOTADB. */
export const fatalCodes: readonly (number | undefined)[] = [10, 11, 26];

// An index on (domain) ends in the row id, which is the cursor: it is the index (domain, cursor).
const schema = `
  CREATE TABLE IF NOT EXISTS events (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    subject TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    deviceId TEXT,
    by TEXT,
    storedAt INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS events_domain ON events (domain);
  CREATE INDEX IF NOT EXISTS events_subject ON events (subject);
  CREATE INDEX IF NOT EXISTS events_device ON events (deviceId) WHERE deviceId IS NOT NULL;
  CREATE TABLE IF NOT EXISTS receipts (
    event TEXT NOT NULL, hop TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (event, hop, by)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS deadLetters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, topic TEXT NOT NULL, deviceId TEXT NOT NULL, reason TEXT NOT NULL,
    detail TEXT NOT NULL, bytes INTEGER NOT NULL, head TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS deadLetters_device ON deadLetters (deviceId);
  CREATE TABLE IF NOT EXISTS snapshots (
    domain TEXT PRIMARY KEY, cursor INTEGER NOT NULL, version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS snapshotParts (
    domain TEXT NOT NULL, version INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (domain, version, part)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new Error(
      `The folder ${folder} cannot be made or used (${text(cause)}). Give the hub's user the right to write there, or set HUB_DATA_DIR to another folder.`,
    );
  }
}

/** A file that does not begin as SQLite's do is not opened at all: SQLite would call it "not a database" or worse. */
function refuseForeignFile(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const head = Buffer.alloc(16);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, 16, 0);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw explain(path, cause);
  }
  if (head.toString('latin1') !== 'SQLite format 3\0') throw new Error(damaged(path, 'it does not begin like one'));
}

function refuseDamage(path: string, database: DatabaseSync): void {
  if (statSync(path).size > fullCheckBytes) return;
  const fault = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (fault !== 'ok') throw new Error(damaged(path, String(fault).replaceAll('\n', ' ')));
}

function refuseNewerVersion(path: string, database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version <= schemaVersion) return;
  throw new Error(
    `The journal ${path} was written by a newer hub (version ${version}, this one knows ${schemaVersion}). Start the newer hub, or set HUB_DATA_DIR to another folder.`,
  );
}

/** Turns what SQLite or the file system says into a sentence that says what to do. */
function explain(path: string, cause: unknown): Error {
  if (cause instanceof Error && cause.message.includes(path)) return cause;
  const code = sqliteCode(cause);
  if (code === 11 || code === 26) return new Error(damaged(path, text(cause)));
  if (code === 5) {
    return new Error(`The journal ${path} is locked by another process. Stop the other hub, or set HUB_DATA_DIR.`);
  }
  return new Error(
    `The journal ${path} cannot be opened for writing (${text(cause)}). Give the hub's user the right to write to it and to its folder, free some disk space, or set HUB_DATA_DIR to another folder.`,
  );
}

function damaged(path: string, what: string): string {
  return `The journal ${path} is not a whole SQLite database: ${what}. Restore a backup with "npx nhip restore <file>", or move the file away (with its -wal and -shm) to start empty.`;
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
