/** The place of SMS and voice until a provider is chosen: each notice is one line of the log. */
import type { Channel } from './channel.ts';

/** A channel that only logs. An SMS or voice provider is another function that returns a Channel. */
export function logChannel(log: { warn(details: object, message: string): void }): Channel {
  return {
    name: 'log',
    receiver: 'log',
    isExternal: false,
    async send({ id, incident, step, audience, status, text }) {
      log.warn(
        { notice: id, incident, step, audience, status, text: text.vi },
        'notice: no SMS or voice provider is set',
      );
    },
    close: () => undefined,
  };
}
