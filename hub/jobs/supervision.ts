/** Looks each minute at what fills up slowly, and warns while there is still time. */
import { stat, statfs } from 'node:fs/promises';
import type { Limits } from '../config.ts';
import type { History } from '../ports.ts';
import type { Job, JobsLog } from './jobs.ts';

/** Below this the journal's next days are in danger. */
const lowDiskBytes = 1024 ** 3;
/** A write-ahead log that is never folded back means a reader that never lets go. */
const largeWalBytes = 256 * 1024 ** 2;
/** The spool sheds at its bound; half of it leaves an operator time. */
const spoolShare = 0.5;

/** What is wrong now, in words for an operator. */
export type Warnings = { current(): readonly string[] };

/** The job, and what it found at its last look. */
export function supervisionJob(options: {
  readonly dataDirectory: string;
  /** SQLite files whose write-ahead logs are watched. */
  readonly databases: readonly string[];
  readonly history: Pick<History, 'stats'>;
  readonly limits: Pick<Limits, 'spoolBytes'>;
  readonly log: JobsLog;
}): { readonly job: Job; readonly warnings: Warnings } {
  let found: ReadonlyMap<string, string> = new Map();
  const job: Job = {
    name: 'supervision',
    schedule: '* * * * *',
    async run() {
      const now = new Map([
        ...(await diskWarning(options.dataDirectory)),
        ...(await walWarnings(options.databases)),
        ...spoolWarning(options.history.stats().spoolBytes, options.limits.spoolBytes),
      ]);
      // Only what changed is logged: the same line each minute would hide the next one.
      for (const [key, text] of now) if (!found.has(key)) options.log.warn({ warning: key }, text);
      for (const [key, text] of found) if (!now.has(key)) options.log.info({ warning: key }, `no longer: ${text}`);
      found = now;
    },
  };
  return { job, warnings: { current: () => [...found.values()] } };
}

type Found = readonly (readonly [key: string, text: string])[];

async function diskWarning(directory: string): Promise<Found> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= lowDiskBytes) return [];
  return [['disk', `only ${megabytes(freeBytes)} MB are free at ${directory}; make room or move HUB_DATA_DIR`]];
}

async function walWarnings(databases: readonly string[]): Promise<Found> {
  const sizes = await Promise.all(databases.map(async (path) => ({ path, bytes: await sizeOf(`${path}-wal`) })));
  return sizes
    .filter(({ bytes }) => bytes > largeWalBytes)
    .map(({ path, bytes }) => [
      `wal:${path}`,
      `the write-ahead log of ${path} has ${megabytes(bytes)} MB; some other program may hold the file open`,
    ]);
}

/** Bytes of a file; 0 when it is not there, as a folded-back log is. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 0;
    throw cause;
  }
}

function spoolWarning(bytes: number, boundBytes: number): Found {
  if (bytes <= boundBytes * spoolShare) return [];
  const percent = Math.round((bytes / boundBytes) * 100);
  return [
    ['spool', `points wait on disk for the time series store: ${percent} % of the bound; is the store reachable?`],
  ];
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
