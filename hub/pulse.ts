/** The hub's own health, assembled once a second: the strip of every staff screen shows it. */
import type { Millis } from '../devices/wire.ts';
import type { FleetCounts, Pulse } from './domains/fleet/view.ts';
import type { IngestCounts } from './ingest.ts';
import type { Broker, History, Journal } from './ports.ts';

export type PulseParts = {
  readonly startedAt: Millis;
  readonly counts: IngestCounts;
  readonly journal: Pick<Journal, 'head' | 'stats'>;
  readonly history: Pick<History, 'stats'>;
  readonly broker: Pick<Broker, 'stats'>;
  fleet(at: Millis): FleetCounts;
  liveClients(): number;
  loopDelayMs(): number;
  memoryBytes(): number;
  /** Empty while no door for another dialect is open. */
  gateways?(): NonNullable<Pulse['gateways']>;
  /** `undefined` while it is off. */
  watchdog?(): Pulse['watchdog'];
  now(): Millis;
};

export type PulseMaker = { pulse(): Pulse; stop(): void };

export function createPulse(parts: PulseParts): PulseMaker {
  let perSecond = 0;
  let receivedBefore = 0;
  let fleet = parts.fleet(parts.now());
  const timer = setInterval(() => {
    perSecond = parts.counts.received - receivedBefore;
    receivedBefore = parts.counts.received;
    fleet = parts.fleet(parts.now());
  }, 1_000);
  timer.unref();

  return {
    stop: () => clearInterval(timer),
    pulse() {
      const { received, stored, dead, shed, pending } = parts.counts;
      const journal = parts.journal.stats();
      const history = parts.history.stats();
      const watchdog = parts.watchdog?.();
      const gateways = parts.gateways?.() ?? {};
      return {
        at: parts.now(),
        startedAt: parts.startedAt,
        messages: { received, stored, dead, shed, pending },
        perSecond,
        connections: parts.broker.stats().connections,
        liveClients: parts.liveClients(),
        loopDelayMs: parts.loopDelayMs(),
        memoryBytes: parts.memoryBytes(),
        journal: { cursor: parts.journal.head(), pending: journal.pending, lastCommitMs: journal.lastCommitMs },
        history: {
          pending: history.pending,
          spoolBytes: history.spoolBytes,
          ...(history.fault === undefined ? {} : { fault: history.fault }),
        },
        newest: Object.fromEntries([...parts.counts.byDomain].map(([name, { newestAt }]) => [name, newestAt])),
        fleet,
        ...(Object.keys(gateways).length === 0 ? {} : { gateways }),
        ...(watchdog === undefined ? {} : { watchdog }),
      };
    },
  };
}
