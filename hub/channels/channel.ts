/** The port of every way out to people who look at no screen: webhook, mail, SMS, voice. */
import type { Millis } from '../../devices/wire.ts';
import type { Notice } from '../notice.ts';

/** One way out to one receiver. */
export type Channel = {
  /** Short word; deliveries are kept by it, so it must not change. */
  readonly name: string;
  /** Changes when the receiver does: one that was switched off (410 Gone) is then tried again. Not a secret. */
  readonly receiver: string;
  /** Reaches people outside: gets actual incidents only. */
  readonly isExternal: boolean;
  /**
   * Resolves when the receiver has taken it, with the receiver's own name for it when a receipt may follow.
   *
   * @throws ChannelError, or anything else that is then tried again.
   */
  send(notice: Notice): Promise<Sent | undefined>;
  close(): void;
};

/** The receiver's own name for what it took, e.g. a provider's message id; unique among all channels. */
export type Sent = { readonly reference: string };

/** The last hop, told later: a telephone has it or somebody picked up; or neither, then the notice is tried again. */
export type ChannelReceipt =
  | { readonly reference: string; readonly outcome: 'reached' }
  | { readonly reference: string; readonly outcome: 'notReached'; readonly reason: string };

/** Why a receiver did not take a notice. The message is shown to operators and holds no secret. */
export class ChannelError extends Error {
  /** The receiver wants nothing more, ever: the channel is switched off. */
  readonly isGone: boolean;
  /** This notice can never be taken; others may. */
  readonly isFinal: boolean;
  /** When the receiver asks to come back. */
  readonly retryAfterMs: Millis | undefined;

  constructor(
    message: string,
    options: { readonly isGone?: boolean; readonly isFinal?: boolean; readonly retryAfterMs?: Millis | undefined } = {},
  ) {
    super(message);
    this.name = 'ChannelError';
    this.isGone = options.isGone ?? false;
    this.isFinal = options.isFinal ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
