/** `channels.db`: each notice and how far each channel is with it, in one SQLite file that only the hub's user can read. */
import type { DatabaseSync } from 'node:sqlite';
import { Compile } from 'typebox/compile';
import type { Millis } from '../../devices/wire.ts';
import { type Notice, NoticeSchema } from '../notice.ts';
import { inTransaction } from '../private-database.ts';
import { openDeliveryFile } from './delivery-file.ts';

/** `waiting` also between attempts; `failed` when given up; `skipped` when the channel must not have it. */
export const deliveryStates = ['waiting', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const outcomes = ['delivered', 'refused', 'resent', 'reached', 'notReached'] as const;

/** One line of a delivery's log: an attempt and its outcome, a resending by a person, the receiver's later word. */
export type Attempt = {
  readonly at: Millis;
  readonly outcome: (typeof outcomes)[number];
  /** Why not, or who sent it again. */
  readonly reason: string | undefined;
};

export type Delivery = {
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastError: string | undefined;
  /** When it is tried next; only while waiting. */
  readonly nextAt: Millis | undefined;
  readonly changedAt: Millis;
  /** Who last asked to send it again. */
  readonly resentBy: string | undefined;
  /** The receiver's own name for it, where a receipt may follow. */
  readonly reference: string | undefined;
  /** When a telephone had it or somebody picked up, as the receiver reported. */
  readonly reachedAt: Millis | undefined;
  /** Oldest first. Empty for what an older hub delivered. */
  readonly log: readonly Attempt[];
};

/** What an attempt makes of a delivery. */
export type Change = Omit<Delivery, 'channel' | 'resentBy' | 'reachedAt' | 'log'>;

/** A notice with its place in the list, newest highest. */
export type KeptNotice = { readonly number: number; readonly notice: Notice; readonly deliveries: readonly Delivery[] };

/** One attempt that is due. */
export type Due = { readonly notice: Notice; readonly attempts: number; readonly isResent: boolean };

export type DeliveryStore = {
  /** Keeps new notices with a delivery for each channel; one that is known already changes nothing. One transaction. */
  add(
    notices: readonly Notice[],
    deliveriesOf: (notice: Notice) => readonly { readonly name: string; readonly state: DeliveryState }[],
    cursor: number | undefined,
    at: Millis,
  ): void;
  /** The highest cursor given to `add`. */
  cursor(): number;
  /** Due deliveries of a channel, first attempts first: a dead receiver's backlog must not hold up a new alarm. */
  due(channel: string, at: Millis, limit: number): readonly Due[];
  /** When the next delivery of a channel is due. */
  nextAt(channel: string): Millis | undefined;
  record(notice: string, channel: string, change: Change): void;
  /** The newest delivery that its receiver calls by this name. */
  referred(reference: string): (Pick<Due, 'notice' | 'attempts'> & { readonly channel: string }) | undefined;
  reached(notice: string, channel: string, at: Millis): void;
  /** Adds a line to the log of a delivery. */
  note(notice: string, channel: string, attempt: Attempt): void;
  /** Gives up what waits for channels that are no longer there; answers how many. */
  abandon(channels: readonly string[], at: Millis): number;
  /** Everything of a notice that was not skipped waits again, from the first attempt; false when there is no such notice. */
  resend(notice: string, by: string, at: Millis): boolean;
  /** Gives up the oldest waiting ones of a channel beyond `most`; answers how many. */
  trim(channel: string, most: number, at: Millis): number;
  notice(id: string): KeptNotice | undefined;
  list(query: { readonly before?: number; readonly incident?: string; readonly limit: number }): readonly KeptNotice[];
  counts(): readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[];
  /** How many wait for each channel; quick, however many were delivered. */
  waiting(): readonly { readonly channel: string; readonly count: number }[];
  /** Why a channel is off for this receiver; `undefined` when it is on. */
  switchedOff(channel: string, receiver: string): string | undefined;
  switchOff(channel: string, receiver: string, reason: string, at: Millis): void;
  switchOn(channel: string): void;
  /** Removes notices that were made before and of which nothing waits, some at a time; answers how many. */
  forget(before: Millis): number;
  close(): void;
};

/** A few milliseconds of the loop; more than come in between two tidyings. */
const forgottenAtOnce = 500;

/**
 * Opens or creates the file, mode 0600. Calls are synchronous and on the loop, so no commit waits for the disk:
 * a kill loses nothing, and what a power cut takes, cursor and notices together, the journal gives again.
 *
 * @throws StartError when it cannot be used.
 */
export function openDeliveryStore(path: string): DeliveryStore {
  const database = openDeliveryFile(path);
  const sql = statements(database);
  const read = (row: Row): KeptNotice => {
    const notice = readNotice(row);
    const attempts = Map.groupBy(sql.attempts.all(notice.id), ({ channel }) => String(channel));
    const deliveries = sql.deliveries.all(notice.id).map((one) => readDelivery(one, attempts.get(String(one.channel))));
    return { number: Number(row.number), notice, deliveries };
  };
  return {
    add(notices, deliveriesOf, cursor, at) {
      inTransaction(database, () => {
        for (const notice of notices) {
          const isNew = sql.addNotice.run(notice.id, notice.incident, JSON.stringify(notice), notice.at).changes > 0;
          if (!isNew) continue;
          for (const { name, state } of deliveriesOf(notice)) {
            sql.addDelivery.run(notice.id, name, state, state === 'waiting' ? at : null, at);
          }
        }
        if (cursor !== undefined) sql.setMark.run('cursor', cursor);
      });
    },
    cursor: () => Number(sql.mark.get('cursor')?.value ?? 0),
    due: (channel, at, limit) =>
      sql.due.all(channel, at, limit).map((row) => ({
        notice: readNotice(row),
        attempts: Number(row.attempts),
        isResent: row.resent_by !== null,
      })),
    nextAt: (channel) => optionalNumber(sql.nextAt.get(channel)?.at),
    record(notice, channel, { state, attempts, lastError, nextAt, changedAt, reference }) {
      const row = [state, attempts, lastError ?? null, nextAt ?? null, changedAt, reference ?? null];
      sql.record.run(...row, notice, channel);
    },
    referred(reference) {
      const row = sql.referred.get(reference);
      if (row === undefined) return undefined;
      return { notice: readNotice(row), attempts: Number(row.attempts), channel: String(row.channel) };
    },
    reached: (notice, channel, at) => void sql.reached.run(at, notice, channel),
    note: (notice, channel, { at, outcome, reason }) =>
      void sql.noteAttempt.run(notice, channel, at, outcome, reason ?? null),
    abandon: (channels, at) => Number(sql.abandon.run(at, JSON.stringify(channels)).changes),
    resend(notice, by, at) {
      if (sql.resend.run(at, at, by, notice).changes === 0) return false;
      sql.noteResend.run(at, by, notice);
      return true;
    },
    trim: (channel, most, at) => Number(sql.trim.run(at, channel, most).changes),
    notice(id) {
      const row = sql.notice.get(id);
      return row === undefined ? undefined : read(row);
    },
    list({ before = Number.MAX_SAFE_INTEGER, incident, limit }) {
      const rows = incident === undefined ? sql.list.all(before, limit) : sql.listOf.all(incident, before, limit);
      return rows.map(read);
    },
    counts: () =>
      sql.counts.all().map((row) => ({
        channel: String(row.channel),
        state: stateOf(row.state),
        count: Number(row.count),
      })),
    waiting: () => sql.waiting.all().map((row) => ({ channel: String(row.channel), count: Number(row.count) })),
    switchedOff: (channel, receiver) => optionalText(sql.switchedOff.get(channel, receiver)?.reason),
    switchOff: (channel, receiver, reason, at) => void sql.switchOff.run(channel, receiver, reason, at),
    switchOn: (channel) => void sql.switchOn.run(channel),
    forget: (before) => Number(sql.forget.run(before, forgottenAtOnce).changes),
    close: () => database.close(),
  };
}

function statements(database: DatabaseSync) {
  const columns = 'notice.number, notice.body';
  return {
    addNotice: database.prepare(
      'INSERT INTO notice (id, incident, body, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    addDelivery: database.prepare(
      'INSERT INTO delivery (notice, channel, state, attempts, next_at, changed_at) VALUES (?, ?, ?, 0, ?, ?)',
    ),
    deliveries: database.prepare('SELECT * FROM delivery WHERE notice = ? ORDER BY channel'),
    setMark: database.prepare(
      'INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
    ),
    mark: database.prepare('SELECT value FROM mark WHERE name = ?'),
    due: database.prepare(
      `SELECT ${columns}, delivery.attempts, delivery.resent_by FROM delivery JOIN notice ON notice.id = delivery.notice
       WHERE channel = ? AND state = 'waiting' AND next_at <= ? ORDER BY attempts, next_at, notice.number LIMIT ?`,
    ),
    nextAt: database.prepare("SELECT min(next_at) AS at FROM delivery WHERE channel = ? AND state = 'waiting'"),
    record: database.prepare(
      `UPDATE delivery SET state = ?, attempts = ?, last_error = ?, next_at = ?, changed_at = ?, reference = ?
       WHERE notice = ? AND channel = ?`,
    ),
    referred: database.prepare(
      `SELECT ${columns}, delivery.attempts, delivery.channel FROM delivery JOIN notice ON notice.id = delivery.notice
       WHERE reference = ? ORDER BY notice.number DESC LIMIT 1`,
    ),
    reached: database.prepare('UPDATE delivery SET reached_at = ? WHERE notice = ? AND channel = ?'),
    abandon: database.prepare(
      `UPDATE delivery SET state = 'failed', last_error = 'this channel is no longer set', next_at = NULL, changed_at = ?
       WHERE state = 'waiting' AND channel NOT IN (SELECT value FROM json_each(?))`,
    ),
    resend: database.prepare(
      `UPDATE delivery SET state = 'waiting', attempts = 0, next_at = ?, changed_at = ?, resent_by = ?,
       reached_at = NULL
       WHERE notice = ? AND state <> 'skipped'`,
    ),
    trim: database.prepare(
      `UPDATE delivery SET state = 'failed', last_error = 'too many were waiting', next_at = NULL, changed_at = ?
       WHERE rowid IN (SELECT delivery.rowid FROM delivery JOIN notice ON notice.id = delivery.notice
         WHERE channel = ? AND state = 'waiting' ORDER BY notice.number DESC LIMIT -1 OFFSET ?)`,
    ),
    notice: database.prepare(`SELECT ${columns} FROM notice WHERE id = ?`),
    list: database.prepare(`SELECT ${columns} FROM notice WHERE number < ? ORDER BY number DESC LIMIT ?`),
    listOf: database.prepare(
      `SELECT ${columns} FROM notice WHERE incident = ? AND number < ? ORDER BY number DESC LIMIT ?`,
    ),
    counts: database.prepare('SELECT channel, state, count(*) AS count FROM delivery GROUP BY channel, state'),
    waiting: database.prepare(
      "SELECT channel, count(*) AS count FROM delivery WHERE state = 'waiting' GROUP BY channel",
    ),
    switchedOff: database.prepare('SELECT reason FROM switched_off WHERE channel = ? AND receiver = ?'),
    switchOff: database.prepare(
      `INSERT INTO switched_off VALUES (?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE SET receiver = excluded.receiver,
       reason = excluded.reason, at = excluded.at`,
    ),
    switchOn: database.prepare('DELETE FROM switched_off WHERE channel = ?'),
    forget: database.prepare(
      `DELETE FROM notice WHERE number IN (SELECT number FROM notice WHERE at < ? AND NOT EXISTS
       (SELECT 1 FROM delivery WHERE delivery.notice = notice.id AND state = 'waiting') ORDER BY at LIMIT ?)`,
    ),
    attempts: database.prepare('SELECT * FROM attempt WHERE notice = ? ORDER BY channel, at, rowid'),
    noteAttempt: database.prepare('INSERT INTO attempt VALUES (?, ?, ?, ?, ?)'),
    noteResend: database.prepare(
      `INSERT INTO attempt SELECT notice, channel, ?, 'resent', ? FROM delivery WHERE notice = ? AND state = 'waiting'`,
    ),
  };
}

type Row = Readonly<Record<string, unknown>>;

const noticeCheck = Compile(NoticeSchema);

function readNotice(row: Row): Notice {
  const notice: unknown = JSON.parse(String(row.body));
  if (noticeCheck.Check(notice)) return notice;
  throw new Error('a notice in channels.db is not one');
}

function readDelivery(row: Row, attempts: readonly Row[] = []): Delivery {
  return {
    channel: String(row.channel),
    state: stateOf(row.state),
    attempts: Number(row.attempts),
    lastError: optionalText(row.last_error),
    nextAt: optionalNumber(row.next_at),
    changedAt: Number(row.changed_at),
    resentBy: optionalText(row.resent_by),
    reference: optionalText(row.reference),
    reachedAt: optionalNumber(row.reached_at),
    log: attempts.map((attempt) => ({
      at: Number(attempt.at),
      outcome: outcomeOf(attempt.outcome),
      reason: optionalText(attempt.reason),
    })),
  };
}

function outcomeOf(value: unknown): Attempt['outcome'] {
  const outcome = outcomes.find((known) => known === value);
  if (outcome === undefined) throw new Error(`an attempt in channels.db is "${String(value)}"`);
  return outcome;
}

function stateOf(value: unknown): DeliveryState {
  const state = deliveryStates.find((known) => known === value);
  if (state === undefined) throw new Error(`a delivery in channels.db is "${String(value)}"`);
  return state;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
