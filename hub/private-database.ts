/** The small databases beside the journal (`access.db`, `people.db`, …): SQLite files that only the hub's user can read. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from './errors.ts';

export type PrivateDatabase = {
  /** SQL that makes each version of the tables from the one before; the first makes those of an empty file. */
  readonly versions: readonly string[];
  /** `NORMAL` where the newest rows may be lost in a power cut; `FULL` keeps every commit. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Overwrites what is deleted, so that it cannot be found in the file. */
  readonly isErasing?: boolean;
  /** What to do, and what is lost, when the file is damaged: a sentence without its full stop. */
  readonly remedy: string;
};

/**
 * Opens or creates the file, mode 0600. The hub and the command line may have it open side by side.
 *
 * @throws StartError that says what to do when it cannot be written, is damaged, or is newer than this hub.
 */
export function openPrivateDatabase(path: string, options: PrivateDatabase): DatabaseSync {
  takeFile(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // At every opening: the default of a WAL database that is opened again may be less.
    const erase = options.isErasing ? ' PRAGMA secure_delete = ON;' : '';
    database.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous};${erase}`,
    );
    makeTables(database, path, options);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof StartError) throw cause;
    throw new StartError(`${path} cannot be read (${reasonOf(cause)}). ${options.remedy}.`);
  }
}

/** Runs the work as one transaction, alone on the file: all of it or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function takeFile(path: string): void {
  try {
    // SQLite gives its -wal and -shm files the mode of the database, so it must be right before it is opened.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new StartError(
      `Cannot write ${path} (${reasonOf(cause)}). Give the hub's user the folder, or set HUB_DATA_DIR to another one.`,
    );
  }
}

function makeTables(database: DatabaseSync, path: string, { versions }: PrivateDatabase): void {
  const found = versionOf(database);
  if (found > versions.length) {
    throw new StartError(`${path} was written by a newer hub (version ${found}). Start that one, or restore a backup.`);
  }
  if (found === versions.length) return;
  inTransaction(database, () => {
    // Read again: another process may have made the tables while this one waited for the lock.
    for (const sql of versions.slice(versionOf(database))) database.exec(sql);
    database.exec(`PRAGMA user_version = ${versions.length};`);
  });
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
