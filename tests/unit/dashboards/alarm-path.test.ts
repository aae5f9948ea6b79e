/** The strip's word on the way of an alarm, and when alarms are more than people can look at. */
import { describe, expect, test } from 'vitest';
import { floodOf } from '../../../dashboards/src/fire/flood.ts';
import { arrange, callsPeople } from '../../../dashboards/src/fire/queue.ts';
import { alarmPath } from '../../../dashboards/src/live/alarm-path.ts';
import type { Pulse } from '../../../hub/domains/fleet/view.ts';
import { incident } from './incidents.ts';

const pulse: Pulse = {
  at: 1_000,
  startedAt: 0,
  messages: { received: 0, stored: 0, dead: 0, shed: 0, pending: 0 },
  perSecond: 0,
  connections: 0,
  liveClients: 0,
  loopDelayMs: 8,
  memoryBytes: 0,
  journal: { cursor: 0, pending: 0, lastCommitMs: 1 },
  history: { pending: 0, spoolBytes: 0 },
  newest: {},
  fleet: {},
};

describe('alarmPath', () => {
  test('without a trial the loop’s delay is all that is known', () => {
    expect(alarmPath(pulse, true)).toEqual({ kind: 'ok', at: null, tripMs: 8 });
    expect(alarmPath({ ...pulse, loopDelayMs: 251 }, true)).toEqual({ kind: 'slow', at: null, tripMs: 251 });
  });

  test('a trial that came back says when and how fast', () => {
    const watchdog = { lastAt: 900, roundTripMs: 12, missed: 0 };
    expect(alarmPath({ ...pulse, watchdog }, true)).toEqual({ kind: 'ok', at: 900, tripMs: 12 });
  });

  test('one lost trial may be chance, the second is a broken path', () => {
    const watchdog = { lastAt: 900, roundTripMs: 12, missed: 1 };
    expect(alarmPath({ ...pulse, watchdog }, true).kind).toBe('ok');
    expect(alarmPath({ ...pulse, watchdog: { ...watchdog, missed: 2 } }, true)).toEqual({ kind: 'missed', missed: 2 });
  });

  test('without a link or a pulse it is broken', () => {
    expect(alarmPath(pulse, false)).toEqual({ kind: 'broken' });
    expect(alarmPath(undefined, true)).toEqual({ kind: 'broken' });
  });
});

test('a flood is what the hub says; its count is of the last ten minutes', () => {
  const alarms = [
    incident({ raisedAt: 500_000 }),
    incident({ raisedAt: 1_000_000 }),
    incident({ raisedAt: 1_050_000 }),
  ];
  expect(floodOf(alarms, undefined, 1_100_001)).toBeUndefined();
  expect(floodOf(alarms, 900_000, 1_100_001)).toEqual({ since: 900_000, count: 2 });
});

test('what is isolated or under test calls nobody; a drill rings, and is pinned no more than they are', () => {
  const isolated = incident({ id: 'isolated', isolated: true });
  const tested = incident({ id: 'tested', status: 'test' });
  const drill = incident({ id: 'drill', status: 'exercise' });
  expect([isolated, tested, drill].map(callsPeople)).toEqual([false, false, true]);
  const { pinned, rest } = arrange([isolated, tested, drill], undefined);
  expect(pinned).toEqual([]);
  expect(rest.map(({ id }) => id)).toEqual(['drill', 'isolated', 'tested']);
});
