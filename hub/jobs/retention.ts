/** Old points and routine facts go when their time is over. */

import type { Millis } from '../../devices/wire.ts';
import type { Limits } from '../config.ts';
import type { EventsOfDevice, History, Journal } from '../ports.ts';
import { dailyMeasurement } from './daily-summary.ts';
import type { Job, JobsLog } from './jobs.ts';

const dayMs = 86_400_000;

/** Forgets at night, when the city is quiet. `keepTypes` are facts that are kept for ever, such as money. */
export function retentionJob(options: {
  readonly journal: Pick<Journal, 'forget'>;
  readonly history: Pick<History, 'forget'>;
  readonly measurements: readonly string[];
  readonly limits: Pick<Limits, 'historyDays' | 'journalDays' | 'watchdogDays'>;
  readonly keepTypes: readonly string[];
  /** The hub's own test alarms. */
  readonly beats: EventsOfDevice;
  now(): Millis;
  readonly log: JobsLog;
}): Job {
  return {
    name: 'retention',
    schedule: '17 3 * * *',
    async run() {
      const now = options.now();
      const { keepTypes } = options;
      const points: Record<string, number> = {};
      for (const measurement of options.measurements) {
        // One point a domain and day: small enough to keep, and the only memory of a year ago.
        if (measurement === dailyMeasurement) continue;
        points[measurement] = await options.history.forget(measurement, now - options.limits.historyDays * dayMs);
      }
      const events = await options.journal.forget(now - options.limits.journalDays * dayMs, keepTypes);
      const beats = await options.journal.forget(now - options.limits.watchdogDays * dayMs, keepTypes, options.beats);
      options.log.info({ points, events, beats }, 'retention: removed what is past its time');
    },
  };
}
