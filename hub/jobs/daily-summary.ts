/** What each domain did in a day: a point that is kept for ever, and a line in the log. */
import type { Millis } from '../../devices/wire.ts';
import type { History, Point } from '../ports.ts';
import type { Job, JobsLog } from './jobs.ts';

/** Measurement of the daily counts; subject is the domain. */
export const dailyMeasurement = 'ops_daily';

/** Its columns: messages received, and what became of them. */
export const dailyFields = { received: 'number', stored: 'number', dead: 'number', shed: 'number' } as const;

/** Counts since the hub's start; only `received` is known by domain. */
export type Totals = { readonly [K in keyof typeof dailyFields]?: number };

/**
 * At 00:05 city time, counts of the day before. `totals` answers counts since the hub's start by subject (a domain, or
 * `all`); the job keeps what it saw last and writes the difference.
 */
export function dailySummaryJob(options: {
  totals(): Readonly<Record<string, Totals>>;
  readonly history: Pick<History, 'append'>;
  now(): Millis;
  readonly log: JobsLog;
}): Job {
  let before: Readonly<Record<string, Totals>> = {};
  let since = options.now();
  return {
    name: 'daily-summary',
    schedule: '5 0 * * *',
    run() {
      const now = options.now();
      const totals = options.totals();
      const points = Object.entries(totals).map(([subject, total]): Point => {
        const fields = difference(total, before[subject] ?? {});
        return { measurement: dailyMeasurement, subject, at: middleOfDayBefore(now), fields };
      });
      options.history.append(points);
      const counts = Object.fromEntries(points.map(({ subject, fields }) => [subject, fields]));
      // Less than 86,400 s when the hub was started during the day.
      options.log.info({ counts, coveredSeconds: Math.round((now - since) / 1000) }, 'daily summary');
      before = totals;
      since = now;
    },
  };
}

function difference(total: Totals, before: Totals): Totals {
  const { received, stored, dead, shed } = total;
  return {
    ...(received === undefined ? {} : { received: received - (before.received ?? 0) }),
    ...(stored === undefined ? {} : { stored: stored - (before.stored ?? 0) }),
    ...(dead === undefined ? {} : { dead: dead - (before.dead ?? 0) }),
    ...(shed === undefined ? {} : { shed: shed - (before.shed ?? 0) }),
  };
}

const cityOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/** Noon of the day that ended, so that no zone moves it to another date. Vietnam (UTC+7) has no summer time. */
function middleOfDayBefore(now: Millis): Millis {
  const startOfToday = Math.floor((now + cityOffsetMs) / dayMs) * dayMs - cityOffsetMs;
  return startOfToday - dayMs / 2;
}
