/** What the broker counts: messages, bytes, and everybody it refused, by reason. */
import type { Logger } from 'pino';
import type { BrokerStats } from '../ports.ts';

/** What a part of the broker needs of the log. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Why a connection was refused or cut, or a request on it denied. A closed list: it is a metrics label. */
export type RefusalReason =
  /** Too many connections, of one address or together. */
  | 'connections'
  /** No CONNECT in time. */
  | 'timeout'
  /** A packet above the limit, or a control packet larger than any device needs. */
  | 'size'
  /** Not MQTT 3.1.1, or not in its order. */
  | 'protocol'
  /** Unknown name or wrong secret. */
  | 'credentials'
  /** Silent for one and a half times its keepalive. */
  | 'silent'
  /** A publish or last will to a topic that is not its own. */
  | 'topic'
  /** A subscription to a topic that is not its own; the connection stays. */
  | 'subscription'
  /** The device connected again; the older connection ended. */
  | 'takeover'
  /** Does not read what is sent to it. */
  | 'slow'
  /** The hub could not take a message; the device will send it again. */
  | 'notStored'
  /** The hub ended the session, e.g. because the credential was revoked. */
  | 'ended'
  /** A message for the device found its queue full; the oldest went. */
  | 'mailbox'
  | 'tls'
  | 'internal';

// One line for each of ten a second is enough to act on; a flood must not fill the log.
const linesPerSecond = 10;

/** The counters of one broker. */
export class Ledger {
  readonly #log: Log;
  readonly #refused = new Map<RefusalReason, number>();
  #lines = 0;
  /** Seconds since the start, moved by the guard's sweep: a cheap clock for keepalive. */
  second = 0;
  connections = 0;
  received = 0;
  bytes = 0;
  waitingBytes = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Counts a refusal, and says it in the log while there is room in this second. */
  refuse(reason: RefusalReason, about: Readonly<Record<string, unknown>>): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
    if (++this.#lines <= linesPerSecond) this.#log.warn({ reason, ...about }, 'broker refused');
  }

  /** The next second began. */
  tick(): void {
    this.second++;
    if (this.#lines > linesPerSecond) {
      this.#log.warn({ lines: this.#lines - linesPerSecond }, 'broker refused more than is logged one by one');
    }
    this.#lines = 0;
  }

  /** The counters as they stand. */
  stats(): BrokerStats {
    return {
      connections: this.connections,
      received: this.received,
      bytes: this.bytes,
      refused: Object.fromEntries(this.#refused),
      waitingBytes: this.waitingBytes,
    };
  }
}
