/** The reading thread of the journal: its own connection, so that a long read never delays a commit. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventQuery } from '../ports.ts';
import { openForReading } from './database.ts';
import type { Asked, ReadRequest, Reply, Row } from './messages.ts';

/** A page is never longer, whatever is asked for. */
const maxPage = 1_000;

const port = parentPort ?? notAThread();
start(openForReading(String(workerData)));

function start(database: DatabaseSync): void {
  port.on('message', (message: readonly Asked<ReadRequest>[] | 'close') => {
    if (message === 'close') {
      database.close();
      port.close();
      return;
    }
    for (const { ticket, request } of message) {
      try {
        say({ kind: 'settled', settled: [{ ticket, answer: answer(database, request) }], head: 0 });
      } catch (cause) {
        const fault = cause instanceof Error ? cause.message : String(cause);
        say({ kind: 'settled', settled: [{ ticket, fault }], head: 0 });
      }
    }
  });
  say({ kind: 'ready', head: 0 });
}

function answer(database: DatabaseSync, request: ReadRequest): readonly Row[] {
  switch (request.kind) {
    case 'events':
      return readEvents(database, request.query);
    case 'event':
      return database.prepare('SELECT * FROM events WHERE id = ?').all(request.id);
    case 'receipts':
      return database.prepare('SELECT * FROM receipts WHERE event = ? ORDER BY at, hop, by').all(request.event);
    case 'letters':
      return readLetters(database, request);
    case 'snapshot':
      return readSnapshot(database, request.domain);
    case 'backup':
      writeBackup(database, request.path);
      return [];
  }
}

function readEvents(database: DatabaseSync, query: EventQuery): readonly Row[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('cursor > ?', query.after);
  add('cursor < ?', query.before);
  add('domain = ?', query.domain);
  add('subject = ?', query.subject);
  add('deviceId = ?', query.deviceId);
  add('type IN (SELECT value FROM json_each(?))', query.types && JSON.stringify(query.types));
  const order = query.before !== undefined && query.after === undefined ? 'DESC' : 'ASC';
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return database
    .prepare(`SELECT * FROM events ${where} ORDER BY cursor ${order} LIMIT ?`)
    .all(...values, pageSize(query.limit));
}

function readLetters(database: DatabaseSync, query: Extract<ReadRequest, { kind: 'letters' }>): readonly Row[] {
  return database
    .prepare('SELECT * FROM deadLetters WHERE id < ?1 AND (?2 IS NULL OR deviceId = ?2) ORDER BY id DESC LIMIT ?3')
    .all(query.before ?? Number.MAX_SAFE_INTEGER, query.deviceId ?? null, pageSize(query.limit));
}

/** One row: the cursor and the parts put together, read in one statement so that all are of one version. */
function readSnapshot(database: DatabaseSync, domain: string): readonly Row[] {
  const rows = database
    .prepare(
      `SELECT s.cursor, p.text FROM snapshots s JOIN snapshotParts p ON p.domain = s.domain AND p.version = s.version
       WHERE s.domain = ? ORDER BY p.part`,
    )
    .all(domain);
  const first = rows[0];
  return first === undefined ? [] : [{ cursor: first.cursor ?? 0, text: rows.map((row) => row.text).join('') }];
}

/** Under another name first, so that a file with the final name is always whole. */
function writeBackup(database: DatabaseSync, path: string): void {
  const partial = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(partial, { force: true });
  database.prepare('VACUUM INTO ?').run(partial);
  const file = openSync(partial, 'r+');
  fsyncSync(file);
  closeSync(file);
  renameSync(partial, path);
}

function pageSize(limit: number): number {
  return Math.max(1, Math.min(maxPage, Math.trunc(limit) || 1));
}

function say(reply: Reply<readonly Row[]>): void {
  port.postMessage(reply);
}

function notAThread(): never {
  throw new Error('sqlite-reader.ts runs as a worker thread');
}
