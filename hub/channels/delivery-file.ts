/** The file `channels.db`: its tables, and how an older one becomes one of today. */
import type { DatabaseSync } from 'node:sqlite';
import { openPrivateDatabase } from '../private-database.ts';

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

/** Opens or creates the file. @throws StartError when it cannot be used. */
export function openDeliveryFile(path: string): DatabaseSync {
  return openPrivateDatabase(path, {
    versions,
    synchronous: 'NORMAL',
    remedy: 'Restore it from a backup, or move it away: its list of notices is then lost',
  });
}
