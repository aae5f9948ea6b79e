import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dailySummaryJob, type Totals } from '../../../../hub/jobs/daily-summary.ts';
import { retentionJob } from '../../../../hub/jobs/retention.ts';
import { supervisionJob } from '../../../../hub/jobs/supervision.ts';
import type { HistoryStats, Point } from '../../../../hub/ports.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('retention forgets points, facts and test alarms by their days and keeps the daily counts and money', async () => {
  const forgotten: unknown[] = [];
  const job = retentionJob({
    journal: {
      async forget(before, keepTypes, only) {
        forgotten.push(['journal', before, keepTypes, only]);
        return 3;
      },
    },
    history: {
      async forget(measurement, before) {
        forgotten.push([measurement, before]);
        return 10;
      },
    },
    measurements: ['bus_position', 'ops_daily'],
    limits: { historyDays: 90, journalDays: 3_650, watchdogDays: 7 },
    keepTypes: ['session.paid'],
    beats: { deviceId: 'hub-watchdog', types: ['signal.received'] },
    now: () => 1_795_316_400_000,
    log: silent,
  });
  await job.run();
  // 2026-11-22T03:00Z less 90 days is 2026-08-24T03:00Z; less 3,650 days is 2016-11-24T03:00Z; less 7 days the 15th.
  expect(forgotten).toEqual([
    ['bus_position', 1_787_540_400_000],
    ['journal', 1_479_956_400_000, ['session.paid'], undefined],
    ['journal', 1_794_711_600_000, ['session.paid'], { deviceId: 'hub-watchdog', types: ['signal.received'] }],
  ]);
});

test('the daily summary writes what came since the last one, at noon of the day that ended', async () => {
  const points: Point[] = [];
  let totals: Record<string, Totals> = {
    bus: { received: 100 },
    all: { received: 107, stored: 105, dead: 2, shed: 0 },
  };
  // 2026-11-22 00:05 in Hanoi is 2026-11-21T17:05Z.
  let now = 1_795_280_700_000;
  const job = dailySummaryJob({
    totals: () => totals,
    history: { append: (batch) => void points.push(...batch) },
    now: () => now,
    log: silent,
  });
  await job.run();
  expect(points.splice(0)).toEqual([
    // 2026-11-21 12:00 in Hanoi.
    { measurement: 'ops_daily', subject: 'bus', at: 1_795_237_200_000, fields: { received: 100 } },
    {
      measurement: 'ops_daily',
      subject: 'all',
      at: 1_795_237_200_000,
      fields: { received: 107, stored: 105, dead: 2, shed: 0 },
    },
  ]);
  now += 86_400_000;
  totals = { bus: { received: 250 }, fire: { received: 7 } };
  await job.run();
  expect(points.map(({ subject, fields }) => [subject, fields])).toEqual([
    ['bus', { received: 150 }],
    ['fire', { received: 7 }],
  ]);
});

test('supervision warns once about a full spool and a large write-ahead log, and says when it is over', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'nhip-supervision-'));
  const database = join(directory, 'journal.db');
  await writeFile(`${database}-wal`, '');
  // Sparse: takes no room on the disk.
  await truncate(`${database}-wal`, 300 * 1024 ** 2);
  const stats: HistoryStats = { offered: 0, written: 0, pending: 0, shed: 0, refused: 0, spoolBytes: 800 };
  let spoolBytes = 800;
  const lines: string[] = [];
  const { job, warnings } = supervisionJob({
    dataDirectory: directory,
    databases: [database, join(directory, 'absent.db')],
    history: { stats: () => ({ ...stats, spoolBytes }) },
    limits: { spoolBytes: 1_000 },
    log: {
      ...silent,
      warn: (_details, message) => void lines.push(`warn ${message}`),
      info: (_details, message) => void lines.push(`info ${message}`),
    },
  });
  try {
    await job.run();
    const spool = 'points wait on disk for the time series store: 80 % of the bound; is the store reachable?';
    const wal = `the write-ahead log of ${database} has 300 MB; some other program may hold the file open`;
    expect(warnings.current().filter((text) => !text.includes('are free'))).toEqual([wal, spool]);
    const before = lines.length;
    await job.run();
    expect(lines.length).toBe(before);
    spoolBytes = 10;
    await truncate(`${database}-wal`, 0);
    await job.run();
    expect(lines.slice(before)).toEqual([`info no longer: ${wal}`, `info no longer: ${spool}`]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
