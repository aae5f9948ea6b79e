/** The hub's numbers for Prometheus and for the health page: read where they live, at the moment somebody asks. */
import type { Numbers, Sample } from './api/metrics.ts';
import { samples } from './api/metrics.ts';
import type { Health } from './api/options.ts';
import type { Pulse } from './domains/fleet/view.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { IngestCounts } from './ingest.ts';
import type { Broker, History, Journal } from './ports.ts';
import { missesToAlarm } from './watchdog.ts';

export type NumbersParts = {
  pulse(): Pulse;
  readonly counts: IngestCounts;
  readonly journal: Pick<Journal, 'stats'>;
  readonly history: Pick<History, 'stats'>;
  readonly broker: Pick<Broker, 'stats'>;
  /** What the domains count themselves. */
  domains?(): NonNullable<Numbers['domains']>;
  readonly jobs: Pick<Housekeeping, 'stats' | 'warnings'>;
};

/** A commit that takes longer than this is worth an operator's look: a good disk needs 1 to 10 ms. */
const slowCommitMs = 1_000;

export function createNumbers(parts: NumbersParts): { collect(): Numbers; health(): Health } {
  return {
    collect() {
      const pulse = parts.pulse();
      const broker = parts.broker.stats();
      const history = parts.history.stats();
      return {
        messages: messageSamples(parts.counts),
        deadLetters: samples('reason', Object.fromEntries(parts.counts.deadBy)),
        sockets: [{ labels: { namespace: 'all' }, value: pulse.liveClients }],
        queues: samples('queue', {
          ingest: parts.counts.pending,
          journal: pulse.journal.pending,
          history: history.pending,
          broker_bytes: broker.waitingBytes,
        }),
        devices: Object.entries(pulse.fleet).flatMap(([domain, links]) =>
          Object.entries(links).map(([link, value]) => ({ labels: { domain, link }, value })),
        ),
        journal: parts.journal.stats(),
        history,
        broker,
        jobRuns: parts.jobs.stats().flatMap(({ name, runs, failures }) => [
          { labels: { job: name, result: 'ok' }, value: runs - failures },
          { labels: { job: name, result: 'failed' }, value: failures },
        ]),
        jobSeconds: parts.jobs
          .stats()
          .flatMap(({ name, lastDurationMs }) =>
            lastDurationMs === undefined ? [] : [{ labels: { job: name }, value: lastDurationMs / 1_000 }],
          ),
        loopDelaySeconds: pulse.loopDelayMs / 1_000,
        domains: parts.domains?.() ?? [],
      };
    },
    health() {
      const { journal, history, watchdog } = parts.pulse();
      const warnings = parts.jobs.warnings();
      const isSlow = journal.lastCommitMs > slowCommitMs;
      return {
        journal: isSlow
          ? { ok: false, reason: `the last commit took ${Math.round(journal.lastCommitMs)} ms` }
          : { ok: true },
        history: history.fault === undefined ? { ok: true } : { ok: false, reason: history.fault },
        disk: warnings.length === 0 ? { ok: true } : { ok: false, reason: warnings.join('; ') },
        ...(watchdog === undefined ? {} : { alarmPath: alarmPathHealth(watchdog.missed) }),
      };
    },
  };
}

function alarmPathHealth(missed: number): Health[string] {
  return missed < missesToAlarm
    ? { ok: true }
    : { ok: false, reason: `the last ${missed} test alarms of the hub did not reach a screen` };
}

/** `result` counts are of all domains; `received` is by domain. */
function messageSamples(counts: IngestCounts): readonly Sample[] {
  const { stored, dead, shed } = counts;
  return [
    ...[...counts.byDomain].map(([domain, { count }]) => ({ labels: { domain, result: 'received' }, value: count })),
    ...Object.entries({ stored, dead, shed }).map(([result, value]) => ({ labels: { domain: 'all', result }, value })),
  ];
}
