/** What the journal writes when no event waits: receipts, dead letters, snapshots, forgetting; in small transactions. */
import type { DatabaseSync } from 'node:sqlite';
import { fatalCodes, sqliteCode } from './database.ts';
import type { LetterRow, ReceiptRow, WriteRequest } from './messages.ts';

/** Cursors looked at, or rows written, in one transaction: a few milliseconds at most. */
const rowsPerStep = 2_000;
/** Characters of a snapshot in one transaction. */
const charactersPerStep = 256 * 1024;
/** Receipts and dead letters gather for this long: one fsync for all of them. */
const gatherMs = 100;

type Chore = Exclude<WriteRequest, { kind: 'append' }>;
type Answer = { readonly answer: readonly number[] } | { readonly fault: string };

/** Does one transaction of a longer job; `undefined` while there is more to do. */
type Job = { readonly ticket: number; step(): readonly number[] | undefined };

export type Work = ReturnType<typeof prepareWork>;

/** The queue of chores. `settle` answers a ticket once its chore is on disk, or could not be done. */
export function prepareWork(database: DatabaseSync, settle: (ticket: number, answer: Answer) => void) {
  const jobs: Job[] = [];
  const gathered = gatherer(database);
  let gatheredAt = 0;
  return {
    add(ticket: number, chore: Chore): void {
      if (chore.kind === 'snapshot') jobs.push(snapshotJob(database, ticket, chore));
      else if (chore.kind === 'forget') jobs.push(forgetJob(database, ticket, chore));
      else {
        if (!gathered.isWaiting()) gatheredAt = performance.now();
        gathered.add(ticket, chore);
      }
    },
    isWaiting: () => jobs.length > 0 || gathered.isWaiting(),
    delayMs: () => (jobs.length > 0 ? 0 : Math.max(1, gatherMs - (performance.now() - gatheredAt))),
    /** At most one transaction; `isLast`: what has gathered is written now. */
    step(isLast: boolean): void {
      if (gathered.isWaiting() && (isLast || jobs.length > 0 || performance.now() - gatheredAt >= gatherMs)) {
        const tickets = gathered.tickets();
        const answer = tried(database, () => gathered.write());
        for (const ticket of tickets) settle(ticket, answer === undefined ? { answer: [] } : answer);
        return;
      }
      const job = jobs[0];
      if (job === undefined) return;
      const answer = tried(database, () => job.step());
      if (answer === undefined) return;
      jobs.shift();
      settle(job.ticket, answer);
    },
  };
}

/** One transaction; `undefined` when it gave no answer yet. A failure is an answer, unless the file cannot be trusted. */
function tried(database: DatabaseSync, action: () => readonly number[] | undefined): Answer | undefined {
  try {
    database.exec('BEGIN IMMEDIATE');
    const answer = action();
    database.exec('COMMIT');
    return answer === undefined ? undefined : { answer };
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    if (fatalCodes.includes(sqliteCode(cause))) throw cause;
    return { fault: cause instanceof Error ? cause.message : String(cause) };
  }
}

function gatherer(database: DatabaseSync) {
  const receipt = database.prepare(
    'INSERT INTO receipts (event, hop, by, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const letter = database.prepare(
    'INSERT INTO deadLetters (at, topic, deviceId, reason, detail, bytes, head) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const trim = database.prepare('DELETE FROM deadLetters WHERE id <= (SELECT MAX(id) FROM deadLetters) - ?');
  let tickets: number[] = [];
  let receipts: ReceiptRow[] = [];
  let letters: LetterRow[] = [];
  let keep = 0;
  return {
    add(ticket: number, chore: Extract<Chore, { kind: 'receipts' | 'letters' }>): void {
      tickets.push(ticket);
      if (chore.kind === 'receipts') for (const row of chore.rows) receipts.push(row);
      else {
        for (const row of chore.rows) letters.push(row);
        keep = chore.keep;
      }
    },
    isWaiting: () => tickets.length > 0,
    tickets: () => tickets,
    write(): undefined {
      const [someReceipts, someLetters] = [receipts, letters];
      [tickets, receipts, letters] = [[], [], []];
      for (const row of someReceipts) receipt.run(...row);
      for (const row of someLetters) letter.run(...row);
      if (someLetters.length > 0) trim.run(keep);
    },
  };
}

/** Writes the parts under a new version, then turns the pointer to it: a crash between leaves the old one whole. */
function snapshotJob(
  database: DatabaseSync,
  ticket: number,
  { domain, cursor, text }: Extract<Chore, { kind: 'snapshot' }>,
): Job {
  let version: number | undefined;
  let written = 0;
  return {
    ticket,
    step() {
      if (version === undefined) {
        const row = database.prepare('SELECT MAX(version) AS last FROM snapshotParts WHERE domain = ?').get(domain);
        version = Number(row?.last ?? 0) + 1;
      }
      if (written < text.length) {
        const part = text.slice(written, written + charactersPerStep);
        database
          .prepare('INSERT INTO snapshotParts (domain, version, part, text) VALUES (?, ?, ?, ?)')
          .run(domain, version, written, part);
        written += part.length;
        return undefined;
      }
      database
        .prepare('INSERT OR REPLACE INTO snapshots (domain, cursor, version) VALUES (?, ?, ?)')
        .run(domain, cursor, version);
      database.prepare('DELETE FROM snapshotParts WHERE domain = ? AND version <> ?').run(domain, version);
      return [];
    },
  };
}

/** Goes through the cursors in steps; the receipts of a forgotten event go with it. */
function forgetJob(
  database: DatabaseSync,
  ticket: number,
  { before, keepTypes, only }: Extract<Chore, { kind: 'forget' }>,
): Job {
  // The index events_device ends in the cursor: one device's rows are found without a look at any other.
  const ofDevice = only === null ? '' : 'deviceId = ? AND type IN (SELECT value FROM json_each(?)) AND ';
  const device = only === null ? [] : [only.deviceId, JSON.stringify(only.types)];
  const where = `${ofDevice}cursor > ? AND cursor <= ? AND at < ? AND type NOT IN (SELECT value FROM json_each(?))`;
  const receipts = database.prepare(`DELETE FROM receipts WHERE event IN (SELECT id FROM events WHERE ${where})`);
  const events = database.prepare(`DELETE FROM events WHERE ${where}`);
  const keep = JSON.stringify(keepTypes);
  const range = only === null ? 'events' : 'events WHERE deviceId = ?';
  const ends = database
    .prepare(`SELECT MIN(cursor) AS first, MAX(cursor) AS last FROM ${range}`)
    .get(...device.slice(0, 1));
  const last = Number(ends?.last ?? 0);
  let cursor = Number(ends?.first ?? 1) - 1;
  let forgotten = 0;
  return {
    ticket,
    step() {
      const until = cursor + rowsPerStep;
      receipts.run(...device, cursor, until, before, keep);
      forgotten += Number(events.run(...device, cursor, until, before, keep).changes);
      cursor = until;
      return cursor >= last ? [forgotten] : undefined;
    },
  };
}
