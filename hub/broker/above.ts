/** What a guarded connection has around it, as types. */
import type { Limits } from '../config.ts';
import type { GuardedConnection } from './connection.ts';
import type { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Identity } from './own-topics.ts';

/** What stands above the guard. */
export type Above = {
  /** A peer's CONNECT is about to come out of this stream. */
  handle(connection: GuardedConnection): void;
  /** A whole QoS 0 message of a known device to one of its own topics. Never throws. */
  take(identity: Identity, topic: string, payload: Buffer): void;
  /** The device acknowledged a message that was sent to it. */
  acknowledged(connection: GuardedConnection, messageId: number): void;
  closed(connection: GuardedConnection): void;
};

/** What all connections of a broker share. */
export type Shared = {
  readonly limits: Limits;
  readonly lanes: Lanes;
  readonly ledger: Ledger;
  readonly above: Above;
};
