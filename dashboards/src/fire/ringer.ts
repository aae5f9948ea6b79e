/** The alarm bell: tones made here, no sound files. It is driven by messages and beats, for a hidden tab's timers sleep. */
import type { Signal } from '@preact/signals';
import { signal } from '@preact/signals';
import type { Level } from './queue.ts';

/** One note: how high (Hz), when after the start and how long (s). */
type Note = { readonly hertz: number; readonly at: number; readonly for: number };

const patterns: Readonly<Record<'1' | '2' | '3' | 'drill' | 'lost' | 'test', readonly Note[]>> = {
  '1': [
    { hertz: 880, at: 0, for: 0.22 },
    { hertz: 1175, at: 0.26, for: 0.22 },
    { hertz: 1568, at: 0.52, for: 0.42 },
  ],
  '2': [
    { hertz: 740, at: 0, for: 0.2 },
    { hertz: 988, at: 0.26, for: 0.28 },
  ],
  '3': [{ hertz: 660, at: 0, for: 0.35 }],
  // Two equal low notes: nobody takes a drill for an alarm, nor an alarm for a drill.
  drill: [
    { hertz: 392, at: 0, for: 0.18 },
    { hertz: 392, at: 0.3, for: 0.18 },
  ],
  // Falls, so that nobody takes a lost link for an alarm.
  lost: [
    { hertz: 520, at: 0, for: 0.3 },
    { hertz: 390, at: 0.34, for: 0.3 },
    { hertz: 260, at: 0.68, for: 0.5 },
  ],
  test: [
    { hertz: 660, at: 0, for: 0.15 },
    { hertz: 880, at: 0.2, for: 0.25 },
  ],
};

/** What the bell may be rung for. */
export type Call = Level | 'drill';

/** How often it rings until somebody accepts, ms; level 3 chimes once, level 4 is silent. */
const repeatMs: Readonly<Record<Call, number>> = { 1: 4_000, 2: 15_000, 3: Infinity, 4: Infinity, drill: 15_000 };
/** In a flood people work from a list and a bell without a pause tells nothing: it rings a third as often, and for new ones not faster. */
const floodRepeatMs: Readonly<Record<Call, number>> = { ...repeatMs, 1: 12_000, 2: 45_000, drill: Infinity };

const muteMs = 60_000;

export type Ringer = {
  /** Whether this browser lets us be heard. */
  readonly isRunning: Signal<boolean>;
  /** Local time until which levels 2 to 4 are silent; 0 when not muted. */
  readonly mutedUntil: Signal<number>;
  /** How often a pattern was played, for the shift's log and for tests. */
  readonly played: Signal<number>;
  /** Turns the sound on and plays the test tone. Must be called from a click or key. */
  start(): Promise<void>;
  /** Mutes all but emergencies for a minute. */
  mute(): void;
  /** Rings what is due: the worst that waits for a person; `isNew` lets it ring at once, but not in a flood. */
  ring(worst: Call | undefined, isNew: boolean, isFlood?: boolean): void;
  /** The link to the hub is lost. */
  ringLost(): void;
};

/** The bell of this console. `now` is local time, ms. */
export function createRinger(now: () => number): Ringer {
  const isRunning = signal(false);
  const mutedUntil = signal(0);
  const played = signal(0);
  let context: AudioContext | undefined;
  let lastRungAt = 0;
  let lastLevel: Call | undefined;

  function play(pattern: readonly Note[], volume: number): void {
    if (context === undefined || context.state !== 'running') return;
    for (const note of pattern) sound(context, note, volume);
    played.value += 1;
  }

  return {
    isRunning,
    mutedUntil,
    played,
    start: async () => {
      const opened = context ?? new AudioContext();
      context = opened;
      opened.onstatechange = () => {
        isRunning.value = opened.state === 'running';
      };
      await opened.resume();
      isRunning.value = opened.state === 'running';
      play(patterns.test, 0.3);
    },
    mute: () => {
      mutedUntil.value = now() + muteMs;
    },
    ring: (worst, isNew, isFlood = false) => {
      if (worst === undefined || worst === 4 || (isFlood && worst === 3)) {
        lastLevel = undefined;
        return;
      }
      if (worst !== 1 && now() < mutedUntil.value) return;
      const everyMs = (isFlood ? floodRepeatMs : repeatMs)[worst];
      const isDue = (isNew && !isFlood) || lastLevel !== worst || now() - lastRungAt >= everyMs;
      if (!isDue) return;
      lastLevel = worst;
      lastRungAt = now();
      play(patterns[worst], worst === 1 ? 0.5 : 0.3);
    },
    ringLost: () => play(patterns.lost, 0.35),
  };
}

function sound(context: AudioContext, note: Note, volume: number): void {
  const start = context.currentTime + note.at;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.value = note.hertz;
  // Short ramps: without them each note clicks.
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume, start + 0.015);
  gain.gain.setValueAtTime(volume, start + note.for - 0.04);
  gain.gain.linearRampToValueAtTime(0, start + note.for);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + note.for);
}
