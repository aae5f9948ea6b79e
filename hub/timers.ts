/** Which subjects are due when: a wheel of whole seconds, so that setting a time again is cheap. */
import type { Millis } from '../devices/wire.ts';

export type Timers = {
  /** Sets, moves or (with `undefined`) clears a subject's time. */
  set(subject: string, at: Millis | undefined): void;
  /** Takes out all subjects whose time has come, earliest second first. */
  due(now: Millis): string[];
};

export function createTimers(): Timers {
  const times = new Map<string, Millis>();
  const wheel = new Map<number, Set<string>>();
  let served = Number.NEGATIVE_INFINITY;

  const slot = (at: Millis): number => Math.max(Math.ceil(at / 1_000), served);

  function set(subject: string, at: Millis | undefined): void {
    const before = times.get(subject);
    if (before === at) return;
    if (before !== undefined)
      for (const second of [slot(before), Math.ceil(before / 1_000)]) wheel.get(second)?.delete(subject);
    if (at === undefined) {
      times.delete(subject);
      return;
    }
    times.set(subject, at);
    const second = slot(at);
    const subjects = wheel.get(second);
    if (subjects === undefined) wheel.set(second, new Set([subject]));
    else subjects.add(subject);
  }

  return {
    set,
    due(now) {
      const until = Math.floor(now / 1_000);
      const ready: string[] = [];
      for (const second of [...wheel.keys()].filter((candidate) => candidate <= until).sort((a, b) => a - b)) {
        for (const subject of wheel.get(second) ?? []) {
          ready.push(subject);
          times.delete(subject);
        }
        wheel.delete(second);
      }
      served = Math.max(served, until);
      return ready;
    },
  };
}
