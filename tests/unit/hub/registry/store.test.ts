import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { StartError } from '../../../../hub/errors.ts';
import { openRegistry } from '../../../../hub/registry/registry.ts';
import { openStore, pragma, transaction } from '../../../../hub/registry/store.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const folder = temporaryFolder();
const silent = { info: () => undefined, error: () => undefined };

test('a new registry is made with its folder, in WAL mode and with full synchronisation', () => {
  const path = join(folder, 'deep', 'er', 'registry.db');
  const database = openStore(path);
  expect(pragma(database, 'journal_mode')).toBe('wal');
  expect(pragma(database, 'synchronous')).toBe(2);
  expect(pragma(database, 'user_version')).toBe(2);
  database.close();
});

test('a garbage file is refused with what to do, and left as it was', () => {
  const path = join(folder, 'garbage.db');
  writeFileSync(path, 'this is a letter, not a database, and it is long enough to be looked at '.repeat(20));
  expect(() => openRegistry(path, { log: silent })).toThrow(StartError);
  expect(() => openRegistry(path, { log: silent })).toThrow(/damaged or something else.*move it away/);
  expect(readFileSync(path, 'utf8')).toContain('this is a letter');
});

test('a database cut in half is refused with what to do', () => {
  const path = join(folder, 'half.db');
  const registry = openRegistry(path, { log: silent });
  const places = Array.from({ length: 2_000 }, (_, index) => ({
    id: `p-${index}`,
    name: `Nhà ${index}`,
    address: `${index} Hàng Bạc`,
    position: { lat: 21.03, lon: 105.85 },
  }));
  registry.write({ places });
  registry.close();
  truncateSync(path, Math.floor(readFileSync(path).length / 2));
  expect(() => openRegistry(path, { log: silent })).toThrow(StartError);
});

test("another program's database is refused and not written to", () => {
  const path = join(folder, 'other.db');
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE songs (title TEXT)');
  other.close();
  expect(() => openStore(path)).toThrow(/another program/);
  const again = new DatabaseSync(path);
  expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'songs' }]);
  again.close();
});

test('a registry of a newer version is refused', () => {
  const path = join(folder, 'newer.db');
  const database = openStore(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openStore(path)).toThrow(/newer version.*registry 99/);
});

test('an unwritable place is refused with what to check', () => {
  const path = join(folder, 'a-file');
  writeFileSync(path, '');
  expect(() => openStore(join(path, 'registry.db'))).toThrow(/cannot be opened.*you may write/);
});

test('a failed transaction leaves nothing behind', () => {
  const database = openStore(join(folder, 'transaction.db'));
  const work = () => {
    database.exec("INSERT INTO network (id, value) VALUES ('a', 'b')");
    throw new Error('no');
  };
  expect(() => transaction(database, work)).toThrow('no');
  expect(database.prepare('SELECT count(*) AS n FROM network').get()).toEqual({ n: 0 });
  database.close();
});

test('a writer that finds another one at work says so instead of waiting for ever', () => {
  const path = join(folder, 'busy.db');
  const first = openStore(path);
  const second = openStore(path, { busyMs: 10 });
  first.exec('BEGIN IMMEDIATE');
  expect(() => transaction(second, () => 1)).toThrow(/another process/);
  first.exec('ROLLBACK');
  expect(transaction(second, () => 1)).toBe(1);
  first.close();
  second.close();
});

test('a registry of the first version is brought forward with all that it holds', () => {
  const path = join(folder, 'first.db');
  const before = openRegistry(path, { log: silent });
  const contacts = [{ name: 'Bà Hoa', phone: '1' }];
  before.putPlace({ id: 'A', name: 'A', address: '1 Hàng Bạc', position: { lat: 21, lon: 105 }, contacts });
  before.putFacility({ id: 'w', kind: 'water', name: 'w', position: { lat: 21, lon: 105 }, approximate: false });
  const binding = { kind: 'place', target: 'A', state: 'verified', since: 5, by: 'Lan' } as const;
  before.putDevice({ id: 'd', domain: 'fire', model: 'm', name: 'd', heartbeatMs: 1, synthetic: false, binding });
  before.close();
  // What later versions added is taken away again.
  const database = new DatabaseSync(path);
  database.exec(`
    ALTER TABLE places DROP COLUMN site; ALTER TABLE facilities DROP COLUMN state;
    ALTER TABLE devices DROP COLUMN binding_how; ALTER TABLE devices DROP COLUMN binding_detail; ALTER TABLE devices DROP COLUMN gateway;
    DROP TABLE aliases; DROP TABLE binding_changes; PRAGMA user_version = 1;`);
  database.close();
  expect(() => openStore(path, { readOnly: true })).toThrow(/older version.*start the hub once/);
  const after = openRegistry(path, { log: silent });
  expect(after.place('A')).toEqual({
    ...{ id: 'A', name: 'A', address: '1 Hàng Bạc', position: { lat: 21, lon: 105 }, contacts },
  });
  expect(after.device('d')?.binding).toEqual(binding);
  expect(after.facility('w')).not.toHaveProperty('state');
  after.bindDevice('d', { ...binding, state: 'disputed', how: 'word', detail: 'nhà bên' });
  expect(after.bindingChanges('d')).toMatchObject([{ from: 'verified', to: 'disputed', how: 'word' }]);
  after.close();
});
