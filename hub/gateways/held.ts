/**
 * Events of frames whose time is wrong: an alarm must not depend on the panel's clock, nor a copy of an old one be an alarm
 * at once. They wait for the panel to send them again with the right time.
 */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import type { GatewayParts } from './hand-on.ts';

export type Held = {
  /** Keeps the events under these words; tells them once nobody came for them. */
  hold(words: string, messages: readonly Adapted[]): void;
  /** The same words came with the right time. */
  release(words: string): void;
  /** Tells all that wait. */
  stop(): Promise<void>;
};

type Entry = { readonly messages: readonly Adapted[]; readonly timer: NodeJS.Timeout };

export function createHeld(
  { limits }: Pick<GatewayParts, 'limits'>,
  store: (messages: readonly Adapted[]) => Promise<boolean>,
): Held {
  const entries = new Map<string, Entry>();

  /** Nobody sends it again: it is tried until it is stored. */
  function tell(words: string, messages: readonly Adapted[]): void {
    const timer = setTimeout(async () => {
      if (await store(messages)) entries.delete(words);
      else tell(words, messages);
    }, limits.holdMs);
    timer.unref();
    entries.set(words, { messages, timer });
  }

  return {
    hold(words, messages) {
      if (messages.length === 0 || entries.has(words)) return;
      const doubted = messages.map(withClockDoubt);
      if (entries.size >= limits.held) void store(doubted);
      else tell(words, doubted);
    },
    release(words) {
      clearTimeout(entries.get(words)?.timer);
      entries.delete(words);
    },
    async stop() {
      const waiting = [...entries.values()];
      for (const { timer } of waiting) clearTimeout(timer);
      await Promise.all(waiting.map(({ messages }) => store(messages)));
    },
  };
}

function withClockDoubt(message: Adapted): Adapted {
  if (message.message !== 'event') return message;
  const quality = [...new Set([...message.quality, 'clock' as const])];
  return { ...message, quality, body: { ...message.body, quality } };
}
