/** `bindings.db`: the key of the QR codes, and who verified or disputed which binding, when and how. */
import { randomBytes } from 'node:crypto';
import type { Millis } from '../../devices/wire.ts';
import { StartError } from '../errors.ts';
import { openPrivateDatabase } from '../private-database.ts';

/** One change of a binding's state. */
export type BindingChange = {
  readonly device: string;
  readonly place: string;
  readonly from: string;
  readonly to: string;
  readonly at: Millis;
  readonly by: string;
  /** `qr` when a code was scanned on site, `word` when a person said so. */
  readonly how: 'qr' | 'word';
  readonly detail: string;
};

export type BindingStore = {
  /** Made at the first start; plates that are printed stay valid as long as the file is kept. */
  readonly key: Uint8Array;
  add(change: BindingChange): void;
  /** Of a device, newest first, at most 100. */
  changes(device: string): readonly BindingChange[];
  close(): void;
};

const schema = `
  CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE change (number INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, place TEXT NOT NULL,
    was TEXT NOT NULL, became TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, how TEXT NOT NULL,
    detail TEXT NOT NULL) STRICT;
  CREATE INDEX change_device ON change (device, number);`;

/** Opens or creates the file, mode 0600. @throws StartError when it cannot be used. */
export function openBindingStore(path: string): BindingStore {
  const database = openPrivateDatabase(path, {
    versions: [schema],
    synchronous: 'FULL',
    remedy: 'Restore it from a backup: without it printed codes are void',
  });
  database.prepare("INSERT INTO secret VALUES ('qr', ?) ON CONFLICT DO NOTHING").run(randomBytes(32));
  const key = database.prepare("SELECT value FROM secret WHERE name = 'qr'").get()?.value;
  if (!(key instanceof Uint8Array)) throw new StartError(`${path} holds no key. Restore it from a backup.`);
  const add = database.prepare(
    'INSERT INTO change (device, place, was, became, at, by, how, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const changes = database.prepare('SELECT * FROM change WHERE device = ? ORDER BY number DESC LIMIT 100');
  return {
    key,
    add: ({ device, place, from, to, at, by, how, detail }) => {
      add.run(device, place, from, to, at, by, how, detail);
    },
    changes: (device) =>
      changes.all(device).map((row) => ({
        device: String(row.device),
        place: String(row.place),
        from: String(row.was),
        to: String(row.became),
        at: Number(row.at),
        by: String(row.by),
        how: row.how === 'qr' ? 'qr' : 'word',
        detail: String(row.detail),
      })),
    close: () => database.close(),
  };
}
