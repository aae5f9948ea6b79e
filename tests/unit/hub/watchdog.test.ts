/** The counting of the hub's own test alarms. */
import { describe, expect, test } from 'vitest';
import { type BeatInput, noBeats, stepBeats } from '../../../hub/watchdog.ts';

const sent = (beat: string, ms: number): BeatInput => ({ kind: 'sent', beat, ms });
const returned = (beat: string, ms: number): BeatInput => ({ kind: 'returned', beat, ms, at: 1_000_000 + ms });
const overdue = (beat: string): BeatInput => ({ kind: 'overdue', beat });

type Row = {
  readonly name: string;
  readonly inputs: readonly BeatInput[];
  readonly status: { readonly lastAt: number | null; readonly roundTripMs: number | null; readonly missed: number };
  readonly news: readonly ('broken' | 'whole')[];
};

const rows: readonly Row[] = [
  {
    name: 'a beat under way is neither here nor missed',
    inputs: [sent('a', 0)],
    status: { lastAt: null, roundTripMs: null, missed: 0 },
    news: [],
  },
  {
    name: 'a beat that returns tells its round trip',
    inputs: [sent('a', 10), returned('a', 22)],
    status: { lastAt: 1_000_022, roundTripMs: 12, missed: 0 },
    news: [],
  },
  {
    name: 'a timer that ends after the return changes nothing',
    inputs: [sent('a', 10), returned('a', 22), overdue('a')],
    status: { lastAt: 1_000_022, roundTripMs: 12, missed: 0 },
    news: [],
  },
  {
    name: 'one missed beat is no alarm',
    inputs: [sent('a', 0), overdue('a')],
    status: { lastAt: null, roundTripMs: null, missed: 1 },
    news: [],
  },
  {
    name: 'the second in a row is the alarm, said once however long it lasts',
    inputs: [sent('a', 0), overdue('a'), sent('b', 30_000), overdue('b'), sent('c', 60_000), overdue('c')],
    status: { lastAt: null, roundTripMs: null, missed: 3 },
    news: ['broken'],
  },
  {
    name: 'a return between two misses begins the count anew',
    inputs: [sent('a', 0), overdue('a'), sent('b', 30_000), returned('b', 30_005), sent('c', 60_000), overdue('c')],
    status: { lastAt: 1_030_005, roundTripMs: 5, missed: 1 },
    news: [],
  },
  {
    name: 'a beat that comes after its time stays missed',
    inputs: [sent('a', 0), overdue('a'), returned('a', 11_000)],
    status: { lastAt: null, roundTripMs: null, missed: 1 },
    news: [],
  },
  {
    name: 'a late one does not answer for the next',
    inputs: [sent('a', 0), overdue('a'), sent('b', 30_000), returned('a', 30_001), overdue('b')],
    status: { lastAt: null, roundTripMs: null, missed: 2 },
    news: ['broken'],
  },
  {
    name: 'a beat that still waits when the next is sent is missed',
    inputs: [sent('a', 0), sent('b', 30_000), sent('c', 60_000)],
    status: { lastAt: null, roundTripMs: null, missed: 2 },
    news: ['broken'],
  },
  {
    name: 'the first return after an alarm ends it, and a new break is a new alarm',
    inputs: [
      ...[sent('a', 0), overdue('a'), sent('b', 1), overdue('b')],
      ...[sent('c', 100), returned('c', 103)],
      ...[sent('d', 200), overdue('d'), sent('e', 300), overdue('e')],
    ],
    status: { lastAt: 1_000_103, roundTripMs: 3, missed: 2 },
    news: ['broken', 'whole', 'broken'],
  },
];

describe('beats', () => {
  test.each(rows)('$name', ({ inputs, status, news }) => {
    let beats = noBeats;
    const said: string[] = [];
    for (const input of inputs) {
      const after = stepBeats(beats, input);
      beats = after.beats;
      if (after.news !== undefined) said.push(after.news);
    }
    const { lastAt, roundTripMs, missed } = beats;
    expect({ lastAt, roundTripMs, missed }).toEqual(status);
    expect(said).toEqual(news);
  });
});
