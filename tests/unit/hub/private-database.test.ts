/** The small databases beside the journal: only their owner reads them, and a file that cannot be used says what to do. */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StartError } from '../../../hub/errors.ts';
import { inTransaction, openPrivateDatabase } from '../../../hub/private-database.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const folder = temporaryFolder();
const options = {
  versions: ['CREATE TABLE word (text TEXT PRIMARY KEY) STRICT;', 'ALTER TABLE word ADD COLUMN language TEXT;'],
  synchronous: 'FULL',
  remedy: 'Restore it from a backup',
} as const;

test('a file is made once, for its owner alone, and opened by a second process as it is', () => {
  const path = join(folder, 'new.db');
  const first = openPrivateDatabase(path, options);
  first.exec("INSERT INTO word VALUES ('a', 'vi')");
  const second = openPrivateDatabase(path, options);
  expect(second.prepare('SELECT text FROM word').all()).toEqual([{ text: 'a' }]);
  expect(second.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  expect(second.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(['', '-wal'].map((end) => statSync(path + end).mode & 0o777)).toEqual([0o600, 0o600]);
  second.close();
  first.close();
});

test('an older file is brought forward with what is in it', () => {
  const path = join(folder, 'older.db');
  const older = openPrivateDatabase(path, { ...options, versions: options.versions.slice(0, 1) });
  older.exec("INSERT INTO word VALUES ('cũ')");
  older.close();
  const database = openPrivateDatabase(path, options);
  expect(database.prepare('SELECT * FROM word').all()).toEqual([{ text: 'cũ', language: null }]);
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  database.close();
});

test('a newer file is left alone', () => {
  const path = join(folder, 'newer.db');
  openPrivateDatabase(path, { ...options, versions: [...options.versions, 'SELECT 1;'] }).close();
  expect(() => openPrivateDatabase(path, options)).toThrow(
    new StartError(`${path} was written by a newer hub (version 3). Start that one, or restore a backup.`),
  );
});

test('a damaged file says what to do', () => {
  const path = join(folder, 'damaged.db');
  writeFileSync(path, 'this is no database at all, it is a text '.repeat(200));
  expect(() => openPrivateDatabase(path, options)).toThrow(
    new StartError(`${path} cannot be read (file is not a database). Restore it from a backup.`),
  );
});

test('a folder that is not there cannot be written', () => {
  const open = () => openPrivateDatabase(join(folder, 'nowhere', 'x.db'), options);
  expect(open).toThrow(StartError);
  expect(open).toThrow(/^Cannot write .*nowhere.*set HUB_DATA_DIR to another one\.$/);
});

test('work that throws leaves nothing behind', () => {
  const database = openPrivateDatabase(join(folder, 'work.db'), options);
  const work = () => {
    database.exec("INSERT INTO word (text) VALUES ('half')");
    throw new Error('no');
  };
  expect(() => inTransaction(database, work)).toThrow('no');
  expect(inTransaction(database, () => database.prepare('SELECT count(*) AS count FROM word').get())).toEqual({
    count: 0,
  });
  database.close();
});
