/**
 * When a panel's words were first said: a panel that got no ACK says the same again, and some put a new time on it. What is
 * the same must have the same id, and what is new must not vanish behind it.
 */
import type { Millis } from '../../devices/wire.ts';
import { BoundedMap } from './bounded-map.ts';
import type { GatewayParts } from './hand-on.ts';
import { type Said, wordsOf } from './recent.ts';

export type PanelWords = {
  /** The time that stands for these words: the panel's, or of the first reception where it gives none. */
  momentOf(deviceId: string, digest: string, time: Millis | undefined): Millis;
};

export function createPanelWords({ limits, recent, now }: Pick<GatewayParts, 'limits' | 'recent' | 'now'>): PanelWords {
  const firsts = new BoundedMap<string, Millis>(limits.remembered, recent.firsts);
  const lasts = new BoundedMap<string, Said>(limits.remembered, recent.lasts);

  function firstAt(words: string, at: Millis): Millis {
    const first = firsts.get(words);
    if (first !== undefined && at >= first && at - first < limits.repeatMs) return first;
    firsts.set(words, at);
    return at;
  }

  /**
   * Only the panel's last words are sent again with a new time: it waits for its ACK before it says the next. So an alarm
   * after its restore is never taken for the alarm before, also where a panel's number stands still.
   */
  function sameOrNew(deviceId: string, digest: string, time: Millis, at: Millis): Millis {
    const last = lasts.get(deviceId);
    const isAgain =
      last !== undefined &&
      last.digest === digest &&
      Math.abs(at - last.at) <= limits.retimedMs &&
      Math.abs(time - last.time) <= limits.retimedMs;
    if (isAgain) return last.time;
    lasts.set(deviceId, { digest, time, at });
    return time;
  }

  return {
    momentOf(deviceId, digest, time) {
      const at = now();
      return time === undefined ? firstAt(wordsOf(deviceId, digest), at) : sameOrNew(deviceId, digest, time, at);
    },
  };
}
