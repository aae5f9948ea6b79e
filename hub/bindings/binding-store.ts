/** `bindings.db`: the key of the QR codes. Older hubs kept changes of bindings here too; the registry keeps them now. */
import { randomBytes } from 'node:crypto';
import { StartError } from '../errors.ts';
import { openPrivateDatabase } from '../private-database.ts';
import type { BindingChange, BindingState } from '../registry/records.ts';

export type BindingStore = {
  /** Made at the first start; plates that are printed stay valid as long as the file is kept. */
  readonly key: Uint8Array;
  /** Of a device as an older hub kept them, newest first, at most 100. */
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
  const changes = database.prepare('SELECT * FROM change WHERE device = ? ORDER BY number DESC LIMIT 100');
  return {
    key,
    changes: (device) =>
      changes.all(device).map((row) => ({
        device: String(row.device),
        kind: 'place',
        target: String(row.place),
        from: stateOf(row.was),
        to: stateOf(row.became),
        at: Number(row.at),
        by: String(row.by),
        how: row.how === 'qr' ? 'qr' : 'word',
        detail: String(row.detail),
      })),
    close: () => database.close(),
  };
}

function stateOf(word: unknown): BindingState {
  return word === 'verified' || word === 'disputed' ? word : 'claimed';
}
