/** The port of every way out to people who look at no screen: webhook, mail, SMS, voice. */
import type { Millis } from '../../devices/wire.ts';

/** What people are told. The same fact always makes the same id, and a channel sends each id once. */
export type Notice = {
  readonly id: string;
  readonly incident: string;
  /** Which step of the escalation. */
  readonly step: string;
  /** Who is to know. */
  readonly audience: string;
  /** Only `actual` leaves the house: an exercise must never send a truck. */
  readonly status: 'actual' | 'exercise' | 'test';
  readonly text: { readonly vi: string; readonly en: string };
  readonly at: Millis;
};

/** One way out. */
export type Channel = {
  /** Short word; deliveries are kept by it, so it must not change. */
  readonly name: string;
  /** Changes when the receiver does: one that was switched off (410 Gone) is then tried again. Not a secret. */
  readonly receiver: string;
  /** Reaches people outside: gets actual incidents only. */
  readonly isExternal: boolean;
  /** Resolves when the receiver has taken it. @throws ChannelError, or anything else that is then tried again. */
  send(notice: Notice): Promise<void>;
  close(): void;
};

/** Why a receiver did not take a notice. The message is shown to operators and holds no secret. */
export class ChannelError extends Error {
  /** The receiver wants nothing more, ever: the channel is switched off. */
  readonly isGone: boolean;
  /** When the receiver asks to come back. */
  readonly retryAfterMs: Millis | undefined;

  constructor(
    message: string,
    options: { readonly isGone?: boolean; readonly retryAfterMs?: Millis | undefined } = {},
  ) {
    super(message);
    this.name = 'ChannelError';
    this.isGone = options.isGone ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
