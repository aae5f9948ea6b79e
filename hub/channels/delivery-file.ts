/** The file `channels.db`: its tables, and how an older one becomes one of today. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../errors.ts';

/** What each version added to the one before; the first makes an empty file. */
const versions = [
  `CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, incident TEXT NOT NULL,
     body TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
   CREATE INDEX notice_incident ON notice (incident, number);
   CREATE TABLE delivery (notice TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
     last_error TEXT, next_at INTEGER, changed_at INTEGER NOT NULL, resent_by TEXT, PRIMARY KEY (notice, channel)) STRICT;
   CREATE INDEX delivery_due ON delivery (channel, state, attempts, next_at);
   CREATE TABLE switched_off (channel TEXT PRIMARY KEY, receiver TEXT NOT NULL, reason TEXT NOT NULL,
     at INTEGER NOT NULL) STRICT;
   CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;`,
  `ALTER TABLE delivery ADD COLUMN reference TEXT;
   ALTER TABLE delivery ADD COLUMN reached_at INTEGER;
   CREATE INDEX delivery_reference ON delivery (reference) WHERE reference IS NOT NULL;`,
  `CREATE TABLE attempt (notice TEXT NOT NULL, channel TEXT NOT NULL, at INTEGER NOT NULL, outcome TEXT NOT NULL,
     reason TEXT) STRICT;
   CREATE INDEX attempt_notice ON attempt (notice, channel, at);
   CREATE INDEX notice_at ON notice (at);
   CREATE INDEX delivery_waiting ON delivery (channel) WHERE state = 'waiting';
   CREATE TRIGGER notice_gone AFTER DELETE ON notice BEGIN
     DELETE FROM delivery WHERE notice = old.id;
     DELETE FROM attempt WHERE notice = old.id;
   END;`,
] as const;

/** Opens or creates the file, mode 0600. @throws StartError when it cannot be used. */
export function openDeliveryFile(path: string): DatabaseSync {
  try {
    // SQLite gives its -wal and -shm files the mode of the database, so it must be right before it is opened.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    const database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > versions.length)
      throw new StartError(`${path} was written by a newer hub (version ${version}). Start that one.`);
    const missing = versions.slice(version).join('\n');
    if (missing !== '') database.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version = ${versions.length}; COMMIT;`);
    return database;
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `${path} cannot be used (${reason}). Restore it from a backup, or move it away: its list of notices is then lost.`,
    );
  }
}
