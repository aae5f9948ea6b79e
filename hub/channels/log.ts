/** The place of SMS and voice until a provider is chosen: each notice is one line of the log. */
import type { Channel } from './channel.ts';
import { masked, type PhoneProvider } from './phone.ts';

type Log = { warn(details: object, message: string): void };

/** A channel that only logs: for notices that no other way takes. */
export function logChannel(log: Log): Channel {
  return {
    name: 'log',
    receiver: 'log',
    isExternal: false,
    async send({ id, incident, step, audience, status, text }) {
      log.warn(
        { notice: id, incident, step, audience, status, text: text.vi },
        'notice: no SMS or voice provider is set',
      );
      return undefined;
    },
    close: () => undefined,
  };
}

/** A telephone provider that only logs, with the number masked. */
export function logPhoneProvider(log: Log): PhoneProvider {
  return {
    async send({ kind, number, text, notice: { id, ...rest } }) {
      log.warn(
        { notice: id, ...rest, kind, to: masked(number), text: text.vi },
        'nobody was called: no SMS or voice provider is set',
      );
      return undefined;
    },
    close: () => undefined,
  };
}
