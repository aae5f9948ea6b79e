/** The engine's order: journal, then state, then history, devices and screens. Shown with a domain of one folder. */
import { describe, expect, test } from 'vitest';
import { BadMessage } from '../../../devices/wire.ts';
import { type Principal, system } from '../../../hub/access/policy.ts';
import { domainEntry } from '../../../hub/engine.ts';
import type { EngineParts } from '../../../hub/mounted.ts';
import type { NewEvent, Point } from '../../../hub/ports.ts';
import { renotify } from '../../../hub/recovery.ts';
import type { DeviceRecord } from '../../../hub/registry/records.ts';
import { airQuality } from '../../support/air-quality/index.ts';
import { emptyRegistry } from '../../support/empty-registry.ts';
import { until } from '../../support/until.ts';

const station: DeviceRecord = {
  id: 'st-1',
  domain: 'air',
  model: 'station',
  name: 'Hồ Gươm',
  heartbeatMs: 60_000,
  synthetic: true,
};
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const alert = (id: string) => ({
  name: 'alert',
  payload: bytes({ id, ts: 1_770_000_000_000, level: 'unhealthy' }),
  device: station,
  at: 1_770_000_000_500,
  retained: false,
  safe: true,
});
const reading = (ts: number, pm25UgPerM3: number) => ({
  name: 'reading',
  payload: bytes({ ts, pm25UgPerM3 }),
  device: station,
  at: 1_770_000_000_500,
  retained: false,
  safe: false,
});

/** A journal whose commits the test lets through one by one. */
function mount(parts: Partial<EngineParts> = {}, domain = airQuality) {
  const commits: { events: readonly NewEvent[]; commit(): void; refuse(error: Error): void }[] = [];
  const points: Point[] = [];
  const published: { cursor: number; type: string; data: unknown }[] = [];
  let cursor = 0;
  const fail = () => Promise.reject(new Error('not used here'));
  const mounted = domainEntry(domain).mount({
    journal: {
      append: (events) =>
        new Promise((resolve, reject) => {
          commits.push({ events, commit: () => resolve(events.map(() => ++cursor)), refuse: reject });
        }),
      head: () => cursor,
      read: fail,
      event: fail,
      receipts: fail,
      deadLetters: fail,
      addReceipts: fail,
      addDeadLetters: fail,
      loadSnapshot: fail,
      saveSnapshot: fail,
      forget: fail,
      backup: fail,
      stats: () => ({ pending: 0, commits: 0, events: 0, lastCommitMs: 0 }),
      close: fail,
    },
    history: {
      append: (added) => void points.push(...added),
      appendSafely: async (added) => void points.push(...added),
      query: fail,
      stats: () => ({ offered: 0, written: 0, pending: 0, shed: 0, refused: 0, spoolBytes: 0 }),
      flush: fail,
      forget: fail,
      close: fail,
    },
    registry: emptyRegistry,
    now: () => 1_770_000_000_500,
    send: () => undefined,
    noteBattery: () => undefined,
    subjectBacklog: 2,
    log: { error: () => undefined, warn: () => undefined },
    ...parts,
  });
  mounted.watch({
    changed: () => undefined,
    published: ({ cursor: at, type, data }) => void published.push({ cursor: at, type, data }),
  });
  return { mounted, commits, points, published };
}

describe('a durable message', () => {
  test('moves the state, and is shown and acknowledged, only once the journal has it', async () => {
    const { mounted, commits, published } = mount();
    const accepted = mounted.accept(alert('a1'));
    expect(mounted.states.get('st-1')).toBeUndefined();
    expect(published).toEqual([]);
    expect(commits[0]?.events.map(({ type, subject, deviceId, data }) => ({ type, subject, deviceId, data }))).toEqual([
      { type: 'alert.raised', subject: 'st-1', deviceId: 'st-1', data: { id: 'a1', level: 'unhealthy' } },
    ]);
    commits[0]?.commit();
    await accepted;
    expect(mounted.states.get('st-1')).toEqual({ pm25: null, at: 0, alerts: ['a1'] });
    expect(published).toEqual([{ cursor: 1, type: 'alert.raised', data: { id: 'a1', level: 'unhealthy' } }]);
  });

  test('leaves everything as it was when the journal refuses, and the same message may come again', async () => {
    const { mounted, commits, published } = mount();
    const refused = mounted.accept(alert('a1'));
    commits[0]?.refuse(new Error('disk full'));
    await expect(refused).rejects.toThrow('disk full');
    expect(mounted.states.get('st-1')).toBeUndefined();
    expect(published).toEqual([]);
    const again = mounted.accept(alert('a1'));
    commits[1]?.commit();
    await again;
    expect(mounted.states.get('st-1')).toEqual({ pm25: null, at: 0, alerts: ['a1'] });
  });

  test('that comes twice while the first is being committed makes one event', async () => {
    const { mounted, commits } = mount();
    const both = [mounted.accept(alert('a1')), mounted.accept(alert('a1'))];
    commits[0]?.commit();
    await Promise.all(both);
    expect(commits).toHaveLength(1);
    expect(mounted.pending()).toBe(0);
  });
});

describe('a stream message', () => {
  test('is taken at once, with its point for the history', () => {
    const { mounted, points } = mount();
    expect(mounted.accept(reading(1_770_000_000_000, 41.5))).toBeUndefined();
    expect(mounted.states.get('st-1')).toEqual({ pm25: 41.5, at: 1_770_000_000_000, alerts: [] });
    expect(points).toEqual([
      { measurement: 'air_reading', subject: 'st-1', at: 1_770_000_000_000, fields: { pm25: 41.5 } },
    ]);
  });

  test('waits behind a commit of its subject, and is shed when too many wait', async () => {
    const { mounted, commits } = mount();
    const accepted = mounted.accept(alert('a1'));
    const waiting = [mounted.accept(reading(1_770_000_000_001, 1)), mounted.accept(reading(1_770_000_000_002, 2))];
    expect(mounted.accept(reading(1_770_000_000_003, 3))).toBe('shed');
    commits[0]?.commit();
    await Promise.all([accepted, ...waiting]);
    expect(mounted.states.get('st-1')).toEqual({ pm25: 2, at: 1_770_000_000_002, alerts: ['a1'] });
  });

  test('that cannot be true is refused with its reason and changes nothing', () => {
    const { mounted, points } = mount();
    expect(() => mounted.accept(reading(1_770_000_100_000, 3))).toThrow(
      new BadMessage('time', 'the reading is from the future'),
    );
    expect(mounted.states.get('st-1')).toBeUndefined();
    expect(points).toEqual([]);
  });
});

describe('a command', () => {
  const by: Principal = system;
  test('with wrong arguments is answered, not carried out', async () => {
    const { mounted } = mount();
    await expect(mounted.command(by, 'st-1', 'mute', { minutes: 'ten' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(mounted.command(by, 'st-1', '__proto__', {})).rejects.toMatchObject({ code: 'invalid' });
  });

  test('that the step rejects carries the code and sentence of the step', async () => {
    const { mounted } = mount();
    await expect(mounted.command(by, 'st-1', 'mute', { minutes: 10 })).rejects.toMatchObject({
      code: 'conflict',
      message: 'nothing to mute',
    });
  });
});

test('folding the journal gives the state that the step left', async () => {
  const { mounted } = mount();
  mounted.fold({
    cursor: 1,
    id: 'x',
    domain: 'air',
    subject: 'st-1',
    type: 'alert.raised',
    at: 5,
    data: { id: 'a1', level: 'unhealthy' },
  });
  mounted.fold({ cursor: 2, id: 'y', domain: 'air', subject: 'st-1', type: 'alert.forgotten', at: 6, data: {} });
  expect(mounted.states.get('st-1')).toEqual({ pm25: null, at: 0, alerts: ['a1'] });
});

describe('notices and hearing', () => {
  const talking = {
    ...airQuality,
    notices: ({ id, subject, at }: { id: string; subject: string; at: number }) => [
      {
        id: `${id}/told`,
        incident: subject,
        step: 'told',
        audience: 'station',
        status: 'actual' as const,
        text: { vi: 'Báo', en: 'Told' },
        at,
      },
    ],
  };
  const raised = {
    cursor: 7,
    id: 'x',
    domain: 'air',
    subject: 'st-1',
    type: 'alert.raised',
    at: 5,
    data: { id: 'a1', level: 'unhealthy' },
  };

  test('a notice leaves only after the commit, with the cursor of its event', async () => {
    const told: [string, number][] = [];
    const notify: EngineParts['notify'] = (notices, at) => notices.forEach(({ step }) => void told.push([step, at]));
    const { mounted, commits } = mount({ notify }, talking);
    const accepted = mounted.accept(alert('a1'));
    expect(told).toEqual([]);
    commits[0]?.commit();
    await accepted;
    expect(told).toEqual([['told', 1]]);
  });

  test('after a crash the same notices are made again from the journal', async () => {
    const { mounted } = mount({}, talking);
    const again: [string, number][] = [];
    const journal = { read: async ({ after = 0 }) => [raised].filter(({ cursor }) => cursor > after) };
    await renotify(journal, new Map([['air', mounted]]), 6, (notices, at) =>
      notices.forEach(({ id }) => void again.push([id, at])),
    );
    await renotify(journal, new Map([['air', mounted]]), 7, () => again.push(['never', 0]));
    expect(again).toEqual([['x/told', 7]]);
  });

  test('what is heard while a commit is under way waits for it, and is not overwritten', async () => {
    const hearing = {
      ...airQuality,
      hears: {
        take: (event: { domain: string }) => (event.domain === 'other' ? [{ subject: 'st-1', heard: 9 }] : []),
        fold: (state: { pm25: number | null; at: number; alerts: readonly string[] }, heard: unknown) => ({
          ...state,
          pm25: typeof heard === 'number' ? heard : null,
        }),
      },
    };
    const { mounted, commits } = mount({}, hearing);
    const accepted = mounted.accept(alert('a1'));
    mounted.hear({ ...raised, domain: 'other' });
    commits[0]?.commit();
    await accepted;
    await until('it is heard', () => mounted.pending() === 0);
    expect(mounted.states.get('st-1')).toEqual({ pm25: 9, at: 0, alerts: ['a1'] });
  });
});
