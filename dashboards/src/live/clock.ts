/** The hub's clock as this app knows it: the time in its frames, less what the network took. Pure. */

/** Differences of the last frames, hub time minus local time, ms. */
export type ClockState = { readonly samples: readonly number[]; readonly offsetMs: number };

export const noClock: ClockState = { samples: [], offsetMs: 0 };

// Delay only ever makes a sample smaller, so the largest of the last half minute is the best guess.
const samplesKept = 30;

/** The clock after a frame of hub time `hubAt` came at local time `localAt`. */
export function foldClock(state: ClockState, hubAt: number, localAt: number): ClockState {
  const samples = [...state.samples, hubAt - localAt].slice(-samplesKept);
  return { samples, offsetMs: Math.max(...samples) };
}
