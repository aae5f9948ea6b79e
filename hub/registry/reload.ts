/** Loading facts anew off the hot path, from a second connection and in one read transaction. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Facts, loadFacts } from './facts.ts';
import { openReader } from './store.ts';

/** How long a slice may hold the event loop; nothing else waits longer than this and a few rows. */
const sliceMs = 5;

/** Loads everything at once, for the start. */
export function loadNow(path: string): Facts {
  const reader = openReader(path);
  try {
    const steps = loadFacts(reader);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  } finally {
    reader.close();
  }
}

/** Loads what has changed since `known`, in slices; `undefined` when `isClosed` became true meanwhile. */
export async function loadInSlices(path: string, known: Facts, isClosed: () => boolean): Promise<Facts | undefined> {
  const reader = openReader(path);
  try {
    const steps = loadFacts(reader, known);
    while (!isClosed()) {
      const until = performance.now() + sliceMs;
      while (performance.now() < until) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
      await nextTurn();
    }
    return undefined;
  } finally {
    reader.close();
  }
}
