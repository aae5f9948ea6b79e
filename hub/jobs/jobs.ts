/** Scheduled work: each job named, timed, never twice at once, its errors logged, and stopped with the hub. */
import { schedule } from 'node-cron';
import type { Millis } from '../../devices/wire.ts';

/** The city's days begin and end here. */
export const cityTimeZone = 'Asia/Ho_Chi_Minh';

/** Work with a time table. */
export type Job = {
  readonly name: string;
  /** Five fields (minute hour day month weekday) in the city's time. */
  readonly schedule: string;
  run(): Promise<void> | void;
};

/** How a job has done since the start. */
export type JobStats = {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  /** Times that it was due while its last run was still busy. */
  readonly skipped: number;
  readonly lastRunAt?: Millis;
  readonly lastDurationMs?: number;
  readonly lastError?: string;
};

export type JobsLog = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

export type Jobs = {
  stats(): readonly JobStats[];
  /** Runs a job now; false when there is none of this name or it is busy. Resolves when it is done. */
  run(name: string): Promise<boolean>;
  /** No further run begins; resolves when those under way are done. */
  stop(): Promise<void>;
};

type Tally = { -readonly [K in keyof JobStats]: JobStats[K] };
type Running = { readonly job: Job; readonly record: Tally; busy: Promise<void> | undefined };

/** Starts the time tables. */
export function startJobs(options: { readonly jobs: readonly Job[]; now(): Millis; readonly log: JobsLog }): Jobs {
  const running: readonly Running[] = options.jobs.map((job) => ({
    job,
    record: { name: job.name, runs: 0, failures: 0, skipped: 0 },
    busy: undefined,
  }));
  let isStopped = false;

  async function runOne(entry: Running): Promise<boolean> {
    if (isStopped) return false;
    if (entry.busy !== undefined) {
      entry.record.skipped++;
      options.log.warn({ job: entry.job.name }, 'job skipped: its last run is still busy');
      return false;
    }
    entry.busy = runJob(entry, options).finally(() => {
      entry.busy = undefined;
    });
    await entry.busy;
    return true;
  }

  const tasks = running.map((entry) =>
    schedule(entry.job.schedule, () => runOne(entry), { name: entry.job.name, timezone: cityTimeZone }),
  );
  return {
    stats: () => running.map(({ record }) => ({ ...record })),
    async run(name) {
      const entry = running.find(({ job }) => job.name === name);
      return entry === undefined ? false : runOne(entry);
    },
    async stop() {
      isStopped = true;
      await Promise.all(tasks.map((task) => task.destroy()));
      await Promise.all(running.map(({ busy }) => busy));
    },
  };
}

async function runJob({ job, record }: Running, { now, log }: { now(): Millis; readonly log: JobsLog }): Promise<void> {
  const startedAt = performance.now();
  record.lastRunAt = now();
  record.runs++;
  try {
    await job.run();
    delete record.lastError;
  } catch (error) {
    record.failures++;
    record.lastError = error instanceof Error ? error.message : String(error);
    log.error({ err: error, job: job.name }, 'job failed; it will be tried at its next time');
  }
  record.lastDurationMs = Math.round(performance.now() - startedAt);
}
