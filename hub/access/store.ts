/** `access.db`: tokens and device secrets (hashes only) in one SQLite file that only the hub's user can read. */
import { inTransaction, openPrivateDatabase } from '../private-database.ts';
import type { DeviceCredential } from './credentials.ts';
import { readRoles, type StoredToken } from './tokens.ts';

const schema = `
  CREATE TABLE token (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, hash BLOB NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER
  ) STRICT;
  CREATE TABLE device (
    id TEXT PRIMARY KEY, domain TEXT NOT NULL, hash BLOB NOT NULL, previous BLOB, previous_until INTEGER
  ) STRICT;`;

/** The file, with every read and write that access needs. Calls are synchronous and rare. */
export type AccessStore = {
  tokens(): StoredToken[];
  devices(): DeviceCredential[];
  /** Changes when another process committed. */
  version(): number;
  putToken(token: StoredToken): void;
  /** False when there was none. */
  deleteToken(id: string): boolean;
  putDevices(devices: readonly DeviceCredential[]): void;
  deleteDevice(deviceId: string): boolean;
  /** Runs the work as one transaction, alone on the file. */
  exclusively<T>(work: () => T): T;
  close(): void;
};

/**
 * Opens or creates the file, mode 0600.
 *
 * @throws StartError that says what to do when it cannot be written or is no database of ours.
 */
export function openAccessStore(path: string): AccessStore {
  const database = openPrivateDatabase(path, {
    versions: [schema],
    synchronous: 'FULL',
    remedy: 'Restore it from a backup, or move it away: the hub then starts with no tokens and no device secrets',
  });
  const putToken = database.prepare(
    'INSERT INTO token (id, name, roles, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const putDevice = database.prepare(
    `INSERT INTO device (id, domain, hash, previous, previous_until) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET domain = excluded.domain, hash = excluded.hash,
       previous = excluded.previous, previous_until = excluded.previous_until`,
  );
  return {
    tokens: () => database.prepare('SELECT * FROM token ORDER BY created_at, id').all().map(readToken),
    devices: () => database.prepare('SELECT * FROM device').all().map(readDevice),
    version: () => Number(database.prepare('PRAGMA data_version').get()?.data_version),
    putToken(token) {
      const { id, name, roles, hash, createdAt, expiresAt } = token;
      putToken.run(id, name, JSON.stringify(roles), hash, createdAt, expiresAt ?? null);
    },
    deleteToken: (id) => database.prepare('DELETE FROM token WHERE id = ?').run(id).changes > 0,
    putDevices(devices) {
      for (const { deviceId, domain, hash, previous, previousUntil } of devices) {
        putDevice.run(deviceId, domain, hash, previous ?? null, previousUntil ?? null);
      }
    },
    deleteDevice: (deviceId) => database.prepare('DELETE FROM device WHERE id = ?').run(deviceId).changes > 0,
    exclusively: (work) => inTransaction(database, work),
    close: () => database.close(),
  };
}

type Row = Readonly<Record<string, unknown>>;

function readToken(row: Row): StoredToken {
  const words: unknown = JSON.parse(String(row.roles));
  return {
    id: String(row.id),
    name: String(row.name),
    roles: readRoles(Array.isArray(words) ? words.map(String) : []),
    createdAt: Number(row.created_at),
    ...(row.expires_at === null ? {} : { expiresAt: Number(row.expires_at) }),
    hash: blob(row.hash),
  };
}

function readDevice(row: Row): DeviceCredential {
  return {
    deviceId: String(row.id),
    domain: String(row.domain),
    hash: blob(row.hash),
    ...(row.previous === null ? {} : { previous: blob(row.previous), previousUntil: Number(row.previous_until) }),
  };
}

function blob(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error('a hash in access.db is not a blob');
}
