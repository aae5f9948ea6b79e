/** The writing thread of the journal: every append that waits goes into one transaction, answered after its COMMIT. */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { fatalCodes, openForWriting, sqliteCode } from './database.ts';
import { prepareWork } from './housework.ts';
import type { Asked, EventRow, Reply, Settled, WriteRequest } from './messages.ts';

/** Rows in one transaction: bounds how long the first append of a burst waits for the last. */
const rowsPerCommit = 2_000;

type Append = { readonly ticket: number; readonly rows: readonly EventRow[] };
type Answer = readonly number[];

type Message = readonly Asked<WriteRequest>[] | 'close';

const port = parentPort ?? notAThread();

function start(path: string): void {
  try {
    run(openForWriting(path));
  } catch (cause) {
    say({ kind: 'cannot', reason: cause instanceof Error ? cause.message : String(cause) });
    port.close();
  }
}

function run(database: DatabaseSync): void {
  const appends: Append[] = [];
  const work = prepareWork(database, (ticket, answer) => {
    say({ kind: 'settled', settled: [{ ticket, ...answer }], head });
  });
  const commit = prepareCommit(database);
  let head = lastCursor(database);
  let closing = false;
  let isScheduled = false;

  const take = (message: Message): void => {
    if (message === 'close') {
      closing = true;
      return;
    }
    for (const { ticket, request } of message) {
      if (request.kind === 'append') appends.push({ ticket, rows: request.rows });
      else work.add(ticket, request);
    }
  };
  const drain = (): void => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) take(next.message);
  };
  const turn = (): void => {
    isScheduled = false;
    drain();
    while (appends.length > 0) {
      const group = nextGroup(appends);
      const startedAt = performance.now();
      const settled = commit(group);
      for (const one of settled) if ('answer' in one) head = Math.max(head, ...one.answer);
      const events = settled.reduce((sum, one) => sum + ('answer' in one ? one.answer.length : 0), 0);
      say({ kind: 'settled', settled, head, commitMs: performance.now() - startedAt, events });
      drain();
    }
    // One small transaction of housework, then events again: they never wait behind more than that.
    work.step(closing);
    if (work.isWaiting()) schedule(closing ? 0 : work.delayMs());
    else if (closing) finish();
  };
  const schedule = (delayMs: number): void => {
    if (isScheduled) return;
    isScheduled = true;
    if (delayMs === 0) setImmediate(turn);
    else setTimeout(turn, delayMs);
  };
  const finish = (): void => {
    database.close();
    port.close();
  };
  port.on('message', (message: Message) => {
    take(message);
    turn();
  });
  say({ kind: 'ready', head });
}

/** Takes whole appends from the front, up to the bound. */
function nextGroup(appends: Append[]): Append[] {
  let rows = 0;
  let count = 0;
  for (const append of appends) {
    rows += append.rows.length;
    if (count > 0 && rows > rowsPerCommit) break;
    count++;
  }
  return appends.splice(0, count);
}

type Commit = (group: readonly Append[]) => readonly Settled<Answer>[];

function prepareCommit(database: DatabaseSync): Commit {
  const insert = database.prepare(
    'INSERT INTO events (id, domain, subject, type, at, data, deviceId, by, storedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const find = database.prepare('SELECT cursor FROM events WHERE id = ?');
  const put = (row: EventRow): number => {
    const result = insert.run(...row, Date.now());
    return Number(result.changes === 0 ? find.get(row[0])?.cursor : result.lastInsertRowid);
  };
  const attempt: Commit = (group) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const settled = group.map(({ ticket, rows }) => ({ ticket, answer: rows.map(put) }));
      database.exec('COMMIT');
      return settled;
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw cause;
    }
  };
  return (group) => {
    try {
      return attempt(group);
    } catch (cause) {
      // After a failed write or fsync the pages in memory prove nothing: end, and let the hub open the file anew.
      if (fatalCodes.includes(sqliteCode(cause))) throw cause;
      if (group.length > 1 && sqliteCode(cause) !== 13) return group.flatMap((one) => oneByOne(attempt, one));
      return group.map(({ ticket }) => ({ ticket, fault: cause instanceof Error ? cause.message : String(cause) }));
    }
  };
}

/** One bad append must not take its neighbours with it. */
function oneByOne(attempt: Commit, append: Append): readonly Settled<Answer>[] {
  try {
    return attempt([append]);
  } catch (cause) {
    return [{ ticket: append.ticket, fault: cause instanceof Error ? cause.message : String(cause) }];
  }
}

function lastCursor(database: DatabaseSync): number {
  return Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'").get()?.seq ?? 0);
}

function say(reply: Reply<Answer>): void {
  port.postMessage(reply);
}

function notAThread(): never {
  throw new Error('sqlite-worker.ts runs as a worker thread');
}

start(String(workerData));
