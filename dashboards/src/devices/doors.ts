/** The doors for other dialects: what came in and what could not be believed. Pure. */
import type { Pulse } from '../../../hub/domains/fleet/view.ts';

export type DoorRow = {
  readonly gateway: string;
  readonly connections: number;
  readonly frames: number;
  /** What came in and was stored or answered, then what somebody should look at; only what happened. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number; readonly isFault: boolean }[];
};

/** In the order of a reader's interest; the rest (answers of other receivers, foreign topics) says nothing to people. */
const well = ['acked', 'linkTests', 'repeats'];
const faults = [
  'unknownAccount',
  'wrongCrc',
  'wrongSum',
  'nakTime',
  'nakKey',
  'wrongAddress',
  'replays',
  'duh',
  'unreadable',
  'notStored',
  'busy',
];

/** One row a door that is open; none where the hub has no such doors. */
export function doorsOf(gateways: Pulse['gateways']): readonly DoorRow[] {
  return Object.entries(gateways ?? {}).map(([gateway, counts]) => {
    const outcome = (name: string, isFault: boolean) => ({ outcome: name, count: counts[name] ?? 0, isFault });
    const outcomes = [...well.map((name) => outcome(name, false)), ...faults.map((name) => outcome(name, true))];
    return {
      gateway,
      connections: counts.connections ?? 0,
      frames: counts.frames ?? 0,
      outcomes: outcomes.filter(({ count }) => count > 0),
    };
  });
}
