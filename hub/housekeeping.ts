/** The scheduled work of one hub: retention, the daily summary and the watch over what fills up slowly. */
import type { Logger } from 'pino';
import type { Millis } from '../devices/wire.ts';
import type { Config } from './config.ts';
import { dataPaths } from './data-directory.ts';
import type { IngestCounts } from './ingest.ts';
import { dailySummaryJob } from './jobs/daily-summary.ts';
import { type JobStats, startJobs } from './jobs/jobs.ts';
import { retentionJob } from './jobs/retention.ts';
import { supervisionJob } from './jobs/supervision.ts';
import type { Stores } from './stores.ts';
import { beatFacts } from './watchdog.ts';

export type Housekeeping = {
  stats(): readonly JobStats[];
  /** What an operator should look at, in words. */
  warnings(): readonly string[];
  stop(): Promise<void>;
};

/** Facts that outlive every retention: what burned, and what was paid. */
const keptForEver = ['incident.raised', 'incident.closed', 'session.closed', 'payment.received'];

export function startHousekeeping(parts: {
  readonly config: Config;
  readonly log: Logger;
  readonly stores: Stores;
  readonly counts: IngestCounts;
  now(): Millis;
}): Housekeeping {
  const { config, log, stores, counts, now } = parts;
  const { journal, history, measurements } = stores;
  const paths = dataPaths(config.dataDirectory);
  const supervision = supervisionJob({
    dataDirectory: paths.path,
    databases: [paths.registry, paths.access, paths.journal],
    history,
    limits: config.limits,
    log,
  });
  const jobs = startJobs({
    jobs: [
      retentionJob({
        journal,
        history,
        measurements: Object.keys(measurements),
        limits: config.limits,
        keepTypes: keptForEver,
        beats: beatFacts,
        now,
        log,
      }),
      dailySummaryJob({
        totals: () => ({
          all: { received: counts.received, stored: counts.stored, dead: counts.dead, shed: counts.shed },
          ...Object.fromEntries([...counts.byDomain].map(([domain, { count }]) => [domain, { received: count }])),
        }),
        history,
        now,
        log,
      }),
      supervision.job,
    ],
    now,
    log,
  });
  return { stats: jobs.stats, warnings: supervision.warnings.current, stop: jobs.stop };
}
