/** The contact with the hub: is it there, what time has it, how fresh is what it says. */
import type { ReadonlySignal } from '@preact/signals';
import { computed, signal } from '@preact/signals';
import type { ClockState } from './clock.ts';
import { foldClock, noClock } from './clock.ts';
import type { LinkState } from './link.ts';
import { linkState } from './link.ts';

export type Contact = {
  readonly link: ReadonlySignal<LinkState>;
  /** The hub's time, once a second. */
  readonly now: ReadonlySignal<number>;
  /** Hub time of the newest message or event that reached this app; 0 when none did. */
  readonly newestAt: ReadonlySignal<number>;
  /** A snapshot or frame of this hub time came. */
  heard(hubAt: number): void;
  /** A pulse of this hub time came. */
  pulsed(hubAt: number): void;
  /** These are hub times of messages that the hub has. */
  newest(times: readonly number[]): void;
  /** Whether every connection that is needed stands. */
  connected(is: boolean): void;
  /** A second has passed. */
  tick(): void;
};

/** `expectsPulse`: whether this user gets pulses; their absence then means that the link is broken. */
export function createContact(expectsPulse: () => boolean): Contact {
  const startedAt = Date.now();
  const localNow = signal(startedAt);
  const clock = signal<ClockState>(noClock);
  const isConnected = signal(true);
  const lastContactAt = signal(0);
  const lastPulseAt = signal(0);
  const newestAt = signal(0);
  const heard = (hubAt: number): void => {
    localNow.value = Date.now();
    clock.value = foldClock(clock.value, hubAt, localNow.value);
  };
  return {
    link: computed(() =>
      linkState(
        {
          startedAt,
          connected: isConnected.value,
          lastContactAt: lastContactAt.value,
          lastPulseAt: lastPulseAt.value,
          expectsPulse: expectsPulse(),
        },
        localNow.value,
      ),
    ),
    now: computed(() => localNow.value + clock.value.offsetMs),
    newestAt,
    heard,
    pulsed: (hubAt) => {
      lastPulseAt.value = Date.now();
      heard(hubAt);
    },
    newest: (times) => {
      newestAt.value = times.reduce((newest, at) => Math.max(newest, at), newestAt.value);
    },
    connected: (is) => {
      if (isConnected.value && !is) lastContactAt.value = Date.now();
      isConnected.value = is;
    },
    tick: () => {
      localNow.value = Date.now();
    },
  };
}
