/** SMS and voice: the port that a telephone provider fills in, and the channels that speak to it. */
import { createHash } from 'node:crypto';
import type { Notice } from '../notice.ts';
import { type Channel, ChannelError, type ChannelReceipt, type Sent } from './channel.ts';

/**
 * A telephone provider. A real one is one file that returns this: `send` posts to the provider's API and resolves with its
 * message id; what the provider reports later (a callback, or asking it) goes to `listen`.
 */
export type PhoneProvider = {
  /** Hands over a text to be sent or read out. Resolves when the provider has taken it. @throws ChannelError */
  send(message: PhoneMessage): Promise<Sent | undefined>;
  /** Called once, at start. A receipt may come before `send` has resolved. */
  listen?(take: (receipt: ChannelReceipt) => void): void;
  close(): void;
};

/** One text to one telephone. */
export type PhoneMessage = {
  /** The same for every attempt: a provider that knows it must not ring twice. */
  readonly key: string;
  readonly kind: 'sms' | 'voice';
  /** As it is dialled, `+84…` or as the city writes it; never to be logged whole. */
  readonly number: string;
  readonly text: Notice['text'];
  readonly notice: Pick<Notice, 'id' | 'incident' | 'step' | 'audience'>;
};

export type PhoneOptions = {
  readonly name: string;
  readonly kind: PhoneMessage['kind'];
  readonly provider: PhoneProvider;
  /** Whose telephone; asked for each attempt, so that no number is ever kept with a notice. */
  number(notice: Notice): string | undefined;
  /** What tells this receiver from another; hashed. */
  readonly receiver: string;
};

/** A channel to one telephone. */
export function phoneChannel({ name, kind, provider, number, receiver }: PhoneOptions): Channel {
  return {
    name,
    receiver: createHash('sha256').update(`${kind} ${receiver}`).digest('hex').slice(0, 16),
    isExternal: true,
    async send(notice) {
      const { id, incident, step, audience, text } = notice;
      const dialled = number(notice)?.replace(/[\s.()-]/g, '');
      if (dialled === undefined) throw new ChannelError('there is no such contact any more', { isFinal: true });
      if (!isNumber(dialled)) throw new ChannelError('the telephone number is not one', { isFinal: true });
      return provider.send({
        ...{ key: `${id}/${name}`, kind, number: dialled, text },
        notice: { id, incident, step, audience },
      });
    },
    close: () => undefined,
  };
}

/** Whether this can be dialled: digits, with a plus in front for other countries. */
export function isNumber(text: string): boolean {
  return /^\+?\d{3,15}$/.test(text);
}

/** Enough to tell one telephone from another in a log, not enough to call it. */
export function masked(number: string): string {
  return '•'.repeat(Math.max(0, number.length - 3)) + number.slice(-3);
}
