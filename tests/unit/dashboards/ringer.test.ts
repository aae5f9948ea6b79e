/** When the bell rings. The tones themselves need a browser and are tried there. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Ringer } from '../../../dashboards/src/fire/ringer.ts';
import { createRinger } from '../../../dashboards/src/fire/ringer.ts';

/** A browser's audio that only remembers nothing: enough for the bell to run. */
class SilentAudio {
  state = 'running';
  currentTime = 0;
  destination = {};
  onstatechange: (() => void) | null = null;
  resume(): Promise<void> {
    return Promise.resolve();
  }
  createOscillator(): object {
    const oscillator = {
      type: '',
      frequency: { value: 0 },
      connect: (next: object) => next,
      start: vi.fn(),
      stop: vi.fn(),
    };
    return oscillator;
  }
  createGain(): object {
    return {
      gain: { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() },
      connect: (next: object) => next,
    };
  }
}

let now = 0;
let ringer: Ringer;

beforeEach(async () => {
  vi.stubGlobal('AudioContext', SilentAudio);
  now = 1_000_000;
  ringer = createRinger(() => now);
  await ringer.start();
  // The test tone of the start of the shift.
  expect(ringer.played.value).toBe(1);
});

test('before the start of the shift nothing sounds and the strip can say so', () => {
  const mute = createRinger(() => now);
  mute.ring(1, true);
  expect(mute.isRunning.value).toBe(false);
  expect(mute.played.value).toBe(0);
});

test('an emergency rings at once and then every 4 s until it is accepted', () => {
  ringer.ring(1, true);
  now += 3_999;
  ringer.ring(1, false);
  expect(ringer.played.value).toBe(2);
  now += 1;
  ringer.ring(1, false);
  expect(ringer.played.value).toBe(3);
  now += 60_000;
  ringer.ring(undefined, false);
  expect(ringer.played.value).toBe(3);
});

test('level 2 rings every 15 s, level 3 once, level 4 never', () => {
  ringer.ring(2, true);
  now += 14_999;
  ringer.ring(2, false);
  expect(ringer.played.value).toBe(2);
  now += 1;
  ringer.ring(2, false);
  expect(ringer.played.value).toBe(3);
  ringer.ring(3, true);
  now += 3_600_000;
  ringer.ring(3, false);
  expect(ringer.played.value).toBe(4);
  ringer.ring(4, true);
  expect(ringer.played.value).toBe(4);
});

test('a mute lasts a minute and never silences an emergency', () => {
  ringer.mute();
  ringer.ring(2, true);
  expect(ringer.played.value).toBe(1);
  ringer.ring(1, true);
  expect(ringer.played.value).toBe(2);
  now += 60_000;
  ringer.ring(2, true);
  expect(ringer.played.value).toBe(3);
});

test('a drill has its own slow bell, which a mute silences', () => {
  ringer.ring('drill', true);
  now += 14_999;
  ringer.ring('drill', false);
  expect(ringer.played.value).toBe(2);
  now += 1;
  ringer.ring('drill', false);
  expect(ringer.played.value).toBe(3);
  ringer.mute();
  now += 15_000;
  ringer.ring('drill', false);
  expect(ringer.played.value).toBe(3);
});

test('in a flood an emergency rings every 12 s, however many are new, and a chime not at all', () => {
  ringer.ring(1, true, true);
  now += 11_999;
  ringer.ring(1, true, true);
  expect(ringer.played.value).toBe(2);
  now += 1;
  ringer.ring(1, true, true);
  expect(ringer.played.value).toBe(3);
  ringer.ring(3, true, true);
  expect(ringer.played.value).toBe(3);
});
