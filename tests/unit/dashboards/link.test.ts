/** Live means live: when the picture is the present, when it is broken, when it is frozen. */
import { describe, expect, test } from 'vitest';
import { foldClock, noClock } from '../../../dashboards/src/live/clock.ts';
import { freshness, linkState } from '../../../dashboards/src/live/link.ts';

const staff = { startedAt: 0, connected: true, lastContactAt: 0, lastPulseAt: 100_000, expectsPulse: true };
const guest = { startedAt: 0, connected: false, lastContactAt: 100_000, lastPulseAt: 0, expectsPulse: false };

describe('linkState', () => {
  test.each([
    { name: 'a pulse 2.9 s ago is live', facts: staff, now: 102_900, kind: 'live' },
    { name: 'a pulse 3 s ago is broken', facts: staff, now: 103_000, kind: 'broken' },
    { name: 'a pulse 9.9 s ago is broken', facts: staff, now: 109_900, kind: 'broken' },
    { name: 'a pulse 10 s ago is frozen, though the socket is up', facts: staff, now: 110_000, kind: 'frozen' },
    {
      name: 'pulses that come do not hide that another channel is cut',
      facts: { ...staff, connected: false, lastContactAt: 100_000, lastPulseAt: 103_900 },
      now: 104_000,
      kind: 'broken',
    },
    { name: 'a guest whose socket is up is live', facts: { ...guest, connected: true }, now: 500_000, kind: 'live' },
    { name: 'a guest cut for 4 s is broken', facts: guest, now: 104_000, kind: 'broken' },
    { name: 'a guest cut for 11 s is frozen', facts: guest, now: 111_000, kind: 'frozen' },
    { name: 'before the first contact it waits', facts: { ...guest, lastContactAt: 0 }, now: 2_000, kind: 'waiting' },
    {
      name: 'a hub that never answers is told after 3 s',
      facts: { ...guest, lastContactAt: 0 },
      now: 4_000,
      kind: 'broken',
    },
  ])('$name', ({ facts, now, kind }) => {
    expect(linkState(facts, now).kind).toBe(kind);
  });

  test('it says since when', () => {
    expect(linkState(staff, 112_500)).toEqual({ kind: 'frozen', since: 100_000, silentMs: 12_500 });
  });
});

test.each([
  [null, 'never'],
  [1_999, 'live'],
  [2_000, 'late'],
  [4_999, 'late'],
  [5_000, 'stale'],
])('a value of age %s ms that should come each second is %s', (ageMs, expected) => {
  expect(freshness(ageMs, 1_000)).toBe(expected);
});

test('the hub clock is the frame that was least delayed', () => {
  const clock = [
    [10_000, 4_900],
    [11_000, 6_300],
    [12_000, 6_950],
  ].reduce((state, [hubAt = 0, localAt = 0]) => foldClock(state, hubAt, localAt), noClock);
  expect(clock.offsetMs).toBe(5_100);
});

test('a clock that was set right is believed after 30 frames', () => {
  let clock = foldClock(noClock, 100_000, 0);
  for (let second = 1; second <= 30; second += 1) clock = foldClock(clock, second * 1_000, second * 1_000);
  expect(clock.offsetMs).toBe(0);
});
