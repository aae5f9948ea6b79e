/** The app's copy of the hub: what was missed comes once, what was seen changes nothing. */
import { describe, expect, test } from 'vitest';
import type { FireState, LiveEvent } from '../../../dashboards/src/live/fold.ts';
import { foldFire, foldOps, foldRows, noFire, noOps, rowsOf } from '../../../dashboards/src/live/fold.ts';
import { countWindows, windowFromRest } from '../../../dashboards/src/live/windows.ts';
import type { FireEventView, IncidentView } from '../../../hub/domains/fire/view.ts';
import { incident } from './incidents.ts';

function event(cursor: number, changed: IncidentView): LiveEvent<FireEventView> {
  return {
    cursor,
    id: `event-${cursor}`,
    type: 'incident.raised',
    at: cursor,
    subject: 'place-12',
    data: { incident: changed },
  };
}

function startedAt(cursor: number, incidents: readonly IncidentView[]): FireState {
  return foldFire(noFire, { kind: 'snapshot', snapshot: { at: 1, incidents, windows: [] }, cursor, resumed: false });
}

const idsOf = (state: FireState): readonly string[] => [...state.incidents.keys()];

describe('fire', () => {
  test('the first snapshot is the state and sets the cursor', () => {
    const state = startedAt(10, [incident()]);
    expect(idsOf(state)).toEqual(['incident-1']);
    expect(state.received).toBe(10);
    expect(state.replayed).toBe(0);
    expect(state.ready).toBe(true);
  });

  test('an event adds its incident and moves the cursor', () => {
    const state = foldFire(startedAt(10, []), { kind: 'event', event: event(11, incident()) });
    expect(idsOf(state)).toEqual(['incident-1']);
    expect(state.received).toBe(11);
    expect(state.replayed).toBe(0);
  });

  test('an event that was seen before changes nothing, not even the identity of the state', () => {
    const once = foldFire(startedAt(10, []), { kind: 'event', event: event(11, incident()) });
    const twice = foldFire(once, { kind: 'event', event: event(11, incident({ priority: 1 })) });
    expect(twice).toBe(once);
  });

  test('windows and floods that the hub tells of between snapshots replace what was known', () => {
    const window = windowFromRest({
      ...{ id: 'w1', subject: 'place-12', kind: 'isolation', devices: ['fd-1', 'fd-2'], by: 'Lan', reason: 'Sơn' },
      ...{ compensation: 'Bảo vệ', from: '2026-11-22T00:00:00.000Z', until: '2026-11-22T01:00:00.000Z' },
      coverage: { seen: ['fd-1/1'], never: ['fd-2/', 'fd-2/2'] },
    });
    const state = foldFire(startedAt(10, [incident()]), { kind: 'windows', windows: [window] });
    expect(state.windows).toMatchObject([{ id: 'w1', until: 1_795_309_200_000, seen: 1, expected: 3 }]);
    expect(idsOf(state)).toEqual(['incident-1']);
    const drill = { ...window, id: 'w2', kind: 'drill' as const };
    expect(countWindows([window, { ...window, id: 'w3', devices: ['fd-2'] }, drill])).toEqual({
      isolated: 2,
      drills: 1,
      tests: 0,
    });
    const flooded = foldFire(state, { kind: 'flood', since: 5 });
    expect(flooded.floodSince).toBe(5);
    expect(foldFire(flooded, { kind: 'flood', since: undefined }).floodSince).toBeUndefined();
  });

  test('a closed incident leaves the queue and is remembered as the last one', () => {
    const open = startedAt(10, [incident()]);
    const state = foldFire(open, { kind: 'event', event: event(11, incident({ handling: 'closed' })) });
    expect(idsOf(state)).toEqual([]);
    expect(state.lastClosed?.id).toBe('incident-1');
  });

  test('after a break the snapshot shows the present, and the replay counts and marks what was missed', () => {
    const before = startedAt(10, [incident()]);
    const accepted = incident({ handling: 'acknowledged' });
    const back = foldFire(before, {
      kind: 'snapshot',
      snapshot: { at: 2, incidents: [accepted, incident({ id: 'incident-2' })], windows: [] },
      cursor: 13,
      resumed: true,
    });
    expect(back.received).toBe(10);
    const replayed = [11, 12, 13].reduce(
      (state, cursor) =>
        foldFire(state, {
          kind: 'event',
          event: event(cursor, cursor === 13 ? incident({ id: 'incident-2' }) : accepted),
        }),
      back,
    );
    expect(replayed.replayed).toBe(3);
    expect(replayed.received).toBe(13);
    expect(replayed.incidents.get('incident-1')).toMatchObject({
      missed: true,
      incident: { handling: 'acknowledged' },
    });
    expect(replayed.incidents.get('incident-2')?.missed).toBe(true);
  });

  test('a replayed raising does not bring back an incident that was closed meanwhile', () => {
    const back = foldFire(startedAt(10, []), {
      kind: 'snapshot',
      snapshot: { at: 2, incidents: [], windows: [] },
      cursor: 12,
      resumed: true,
    });
    const state = foldFire(back, { kind: 'event', event: event(11, incident()) });
    expect(idsOf(state)).toEqual([]);
    expect(state.replayed).toBe(1);
  });

  test('an event that overtook the snapshot is not undone by it', () => {
    const ahead = foldFire(startedAt(10, [incident()]), {
      kind: 'event',
      event: event(15, incident({ handling: 'dispatched' })),
    });
    const state = foldFire(ahead, {
      kind: 'snapshot',
      snapshot: { at: 2, incidents: [incident()], windows: [] },
      cursor: 14,
      resumed: true,
    });
    expect(state.incidents.get('incident-1')?.incident.handling).toBe('dispatched');
  });

  test('a lower cursor than ours means another journal: everything begins anew', () => {
    const state = foldFire(startedAt(500, [incident()]), {
      kind: 'snapshot',
      snapshot: { at: 2, incidents: [], windows: [] },
      cursor: 3,
      resumed: true,
    });
    expect(state.received).toBe(3);
    const next = foldFire(state, { kind: 'event', event: event(4, incident()) });
    expect(idsOf(next)).toEqual(['incident-1']);
  });
});

describe('rows of a volatile channel', () => {
  type Row = readonly [id: string, value: number];
  const start = rowsOf<Row>(100, [
    ['a', 1],
    ['b', 1],
  ]);

  test('a frame replaces rows of the same id and removes those that are gone', () => {
    const state = foldRows(start, {
      at: 101,
      rows: [
        ['a', 2],
        ['c', 1],
      ],
      gone: ['b'],
    });
    expect([...state.rows.values()]).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
    expect(state.at).toBe(101);
  });

  test('a frame older than the state is dropped', () => {
    expect(foldRows(start, { at: 99, rows: [['a', 9]], gone: ['b'] })).toBe(start);
  });
});

describe('fleet news', () => {
  const lost = (cursor: number): LiveEvent<unknown> => {
    return { cursor, id: `e${cursor}`, type: 'device.lost', at: cursor, subject: `fd-${cursor}`, data: {} };
  };

  test('the newest stands first and each comes once', () => {
    const state = [5, 6, 6].reduce((ops, cursor) => foldOps(ops, { kind: 'event', event: lost(cursor) }), noOps);
    expect(state.news.map((one) => one.subject)).toEqual(['fd-6', 'fd-5']);
  });

  test('at most 100 are kept', () => {
    let state = noOps;
    for (let cursor = 1; cursor <= 130; cursor += 1) state = foldOps(state, { kind: 'event', event: lost(cursor) });
    expect(state.news.length).toBe(100);
    expect(state.news[0]?.subject).toBe('fd-130');
  });
});
