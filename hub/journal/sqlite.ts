/** The journal on SQLite: commits in a worker, grouped; reads in another; the hub's loop never touches the disk. */
import type { Limits } from '../config.ts';
import type { DeadLetter, EventQuery, EventsOfDevice, Journal, NewEvent, Receipt, StoredEvent } from '../ports.ts';
import type { EventRow, ReadRequest, Row, WriteRequest } from './messages.ts';
import { type Log, Thread } from './thread.ts';

export type SqliteJournalOptions = { readonly limits: Pick<Limits, 'deadLetters'>; readonly log: Log };

const writerScript = new URL('./sqlite-worker.ts', import.meta.url);
const readerScript = new URL('./sqlite-reader.ts', import.meta.url);

/**
 * Opens the journal's file, creating it and its folder when there is none.
 *
 * @throws StartError when the folder cannot be written, or the file is damaged, foreign, locked or of a newer hub.
 */
export async function openSqliteJournal(path: string, options: SqliteJournalOptions): Promise<Journal> {
  const journal = new SqliteJournal(path, options);
  await journal.start();
  return journal;
}

type Waiting = {
  readonly rows: readonly EventRow[];
  resolve(cursors: readonly number[]): void;
  reject(cause: unknown): void;
};

class SqliteJournal implements Journal {
  readonly #path: string;
  readonly #options: SqliteJournalOptions;
  #writer: Thread<WriteRequest, readonly number[]> | undefined;
  #reader: Thread<ReadRequest, readonly Row[]> | undefined;
  #gathered: Waiting[] = [];
  #isPosting = false;
  #head = 0;
  #pending = 0;
  #commits = 0;
  #events = 0;
  #lastCommitMs = 0;

  constructor(path: string, options: SqliteJournalOptions) {
    this.#path = path;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { log } = this.#options;
    this.#writer = await Thread.start({
      script: writerScript,
      path: this.#path,
      log,
      onSettled: ({ head, commitMs, events }) => {
        this.#head = Math.max(this.#head, head);
        if (commitMs === undefined) return;
        this.#commits++;
        this.#events += events ?? 0;
        this.#lastCommitMs = commitMs;
      },
    });
    try {
      this.#reader = await Thread.start({ script: readerScript, path: this.#path, log });
    } catch (cause) {
      await this.#writer.close();
      throw cause;
    }
  }

  append(events: readonly NewEvent[]): Promise<readonly number[]> {
    if (events.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#gathered.push({ rows: events.map(encodeEvent), resolve, reject });
      this.#pending += events.length;
      this.#postSoon();
    });
  }

  head(): number {
    return this.#head;
  }

  async read(query: EventQuery): Promise<readonly StoredEvent[]> {
    return (await this.#read({ kind: 'events', query })).map(decodeEvent);
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const row = (await this.#read({ kind: 'event', id }))[0];
    return row === undefined ? undefined : decodeEvent(row);
  }

  async receipts(event: string): Promise<readonly Receipt[]> {
    return (await this.#read({ kind: 'receipts', event })).map(decodeReceipt);
  }

  async deadLetters(query: {
    readonly before?: number;
    readonly deviceId?: string;
    readonly limit: number;
  }): Promise<readonly DeadLetter[]> {
    return (await this.#read({ kind: 'letters', ...query })).map(decodeLetter);
  }

  async addReceipts(receipts: readonly Receipt[]): Promise<void> {
    const rows = receipts.map(({ event, hop, by, at }) => [event, hop, by, at] as const);
    await this.#chore('receipts', { kind: 'receipts', rows });
  }

  async addDeadLetters(letters: readonly Omit<DeadLetter, 'id'>[]): Promise<void> {
    const rows = letters.map(
      (one) => [one.at, one.topic, one.deviceId, one.reason, one.detail, one.bytes, one.head] as const,
    );
    await this.#chore('dead letters', { kind: 'letters', rows, keep: this.#options.limits.deadLetters });
  }

  async loadSnapshot(domain: string): Promise<{ readonly cursor: number; readonly data: unknown } | undefined> {
    const row = (await this.#read({ kind: 'snapshot', domain }))[0];
    return row === undefined ? undefined : { cursor: Number(row.cursor), data: JSON.parse(String(row.text)) };
  }

  async saveSnapshot(domain: string, cursor: number, data: unknown): Promise<void> {
    await this.#write({ kind: 'snapshot', domain, cursor, text: encodeJson(data) });
  }

  async forget(before: number, keepTypes: readonly string[], only?: EventsOfDevice): Promise<number> {
    const [count] = await this.#write({ kind: 'forget', before, keepTypes, only: only ?? null });
    return count ?? 0;
  }

  /** In a thread of its own, so that reads go on meanwhile. */
  async backup(path: string): Promise<void> {
    const thread = await Thread.start<ReadRequest, readonly Row[]>({
      script: readerScript,
      path: this.#path,
      log: this.#options.log,
    });
    try {
      await thread.ask({ kind: 'backup', path });
    } finally {
      await thread.close();
    }
  }

  stats() {
    const fault = this.#writer?.fault ?? this.#reader?.fault;
    return {
      pending: this.#pending,
      commits: this.#commits,
      events: this.#events,
      lastCommitMs: this.#lastCommitMs,
      ...(fault === undefined ? {} : { fault }),
    };
  }

  async close(): Promise<void> {
    this.#post();
    // The writer last: who closes last folds the write-ahead log into the file.
    await this.#reader?.close();
    await this.#writer?.close();
  }

  /**
   * With nothing under way an append leaves at the end of the current callback; while a commit runs, the appends of
   * a whole turn of the loop leave together. The worker commits all that has arrived: the groups form by themselves.
   */
  #postSoon(): void {
    if (this.#isPosting) return;
    this.#isPosting = true;
    if (this.#writer?.pending === 0) queueMicrotask(() => this.#post());
    else setImmediate(() => this.#post());
  }

  #post(): void {
    this.#isPosting = false;
    const gathered = this.#gathered;
    this.#gathered = [];
    if (gathered.length === 0) return;
    const answers = this.#writer?.askAll(gathered.map(({ rows }) => ({ kind: 'append', rows })));
    gathered.forEach((one, index) => {
      const settle = (): void => {
        this.#pending -= one.rows.length;
      };
      const answer = answers?.[index] ?? Promise.reject(new Error('The journal is not open'));
      answer.finally(settle).then(one.resolve, one.reject);
    });
  }

  #write(request: WriteRequest): Promise<readonly number[]> {
    return this.#writer?.ask(request) ?? Promise.reject(new Error('The journal is not open'));
  }

  #read(request: ReadRequest): Promise<readonly Row[]> {
    return this.#reader?.ask(request) ?? Promise.reject(new Error('The journal is not open'));
  }

  /** Nobody waits for a chore: its failure is a line in the log, never a rejection. */
  async #chore(what: string, request: Extract<WriteRequest, { kind: 'receipts' | 'letters' }>): Promise<void> {
    if (request.rows.length === 0) return;
    try {
      await this.#write(request);
    } catch (cause) {
      this.#options.log.warn({ cause, count: request.rows.length }, `${what} were not kept`);
    }
  }
}

function encodeEvent(event: NewEvent): EventRow {
  const { id, domain, subject, type, at, data, deviceId, by } = event;
  return [id, domain, subject, type, at, encodeJson(data), deviceId ?? null, by ?? null];
}

/** JSON has no word for `undefined` on its own. */
function encodeJson(data: unknown): string {
  return JSON.stringify(data) ?? 'null';
}

function decodeEvent(row: Row): StoredEvent {
  return {
    cursor: Number(row.cursor),
    id: String(row.id),
    domain: String(row.domain),
    subject: String(row.subject),
    type: String(row.type),
    at: Number(row.at),
    data: JSON.parse(String(row.data)),
    ...(typeof row.deviceId === 'string' ? { deviceId: row.deviceId } : {}),
    ...(typeof row.by === 'string' ? { by: row.by } : {}),
    ...(typeof row.storedAt === 'number' ? { storedAt: row.storedAt } : {}),
  };
}

function decodeReceipt(row: Row): Receipt {
  return {
    event: String(row.event),
    hop: row.hop === 'received' ? 'received' : 'emitted',
    by: String(row.by),
    at: Number(row.at),
  };
}

function decodeLetter(row: Row): DeadLetter {
  return {
    id: Number(row.id),
    at: Number(row.at),
    topic: String(row.topic),
    deviceId: String(row.deviceId),
    reason: String(row.reason),
    detail: String(row.detail),
    bytes: Number(row.bytes),
    head: String(row.head),
  };
}
