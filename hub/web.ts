/** The one HTTP port: REST, documents, the web app, MQTT over WebSocket and the live channels. */
import { join } from 'node:path';
import { createAdministration, endRevoked } from './administration.ts';
import { createApi } from './api/server.ts';
import type { OpenedBroker } from './brokers.ts';
import type { Context } from './context.ts';
import { fleetCounts } from './domains/fleet/counts.ts';
import { gatewayNumbers, type OpenedGateways } from './gateways.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { Ingest } from './ingest.ts';
import { type Live, startLive } from './live/live.ts';
import { watchLoopDelay } from './loop-delay.ts';
import type { Meter } from './meter.ts';
import { fleetOf, type Mounted } from './mounted.ts';
import { createNumbers } from './numbers.ts';
import type { Outside } from './outside.ts';
import { createPulse } from './pulse.ts';
import type { Stores } from './stores.ts';
import { version } from './version.ts';
import type { Watchdog } from './watchdog.ts';

/** What the web shows. */
export type WebParts = {
  readonly stores: Stores;
  readonly mounted: readonly Mounted[];
  readonly ingest: Ingest;
  readonly broker: OpenedBroker;
  readonly gateways: OpenedGateways;
  readonly meter: Meter;
  readonly outside: Outside;
  readonly watchdog: Watchdog;
};

/** Opens it; answers the port that is bound. @throws StartError when it is taken. */
export async function openWeb({ config, log, keep, now }: Context, parts: WebParts): Promise<number> {
  const { stores, mounted, ingest, broker, gateways, meter, outside, watchdog } = parts;
  const { registry, access, journal, history } = stores;
  const { limits } = config;
  let live: Live | undefined;
  const fleet = fleetOf(mounted);
  const loopDelay = keep(watchLoopDelay(), (part) => part.stop());
  const { pulse } = keep(
    createPulse({
      startedAt: now(),
      counts: ingest.counts,
      journal,
      history,
      broker,
      fleet: (at) => fleetCounts(fleet.states, registry, at),
      liveClients: () => (live?.clients() ?? 0) - watchdog.sockets(),
      gateways: gateways.stats,
      watchdog: watchdog.status,
      loopDelayMs: loopDelay.worstMs,
      memoryBytes: () => process.memoryUsage.rss(),
      now,
    }),
    (part) => part.stop(),
  );
  const jobs = keep(startHousekeeping({ config, log, now, stores, counts: ingest.counts }), (part) => part.stop());
  const numbers = createNumbers({
    pulse,
    counts: ingest.counts,
    journal,
    history,
    broker,
    jobs,
    domains: () => [
      ...mounted.flatMap((domain) => domain.numbers(now())),
      ...gatewayNumbers(gateways.stats()),
      ...outside.notices.numbers(),
    ],
  });
  meter.feed(numbers.collect);
  const api = keep(
    await createApi({
      log,
      version,
      now,
      principalOf: access.tokenPrincipal,
      domains: mounted,
      registry,
      history,
      ...createAdministration({ access, registry }),
      metrics: meter.metrics,
      health: numbers.health,
      ...outside.web,
      assetsDirectory: join(import.meta.dirname, '../dashboards/dist'),
    }),
    (part) => part.close(),
  );
  live = keep(
    startLive({
      http: api.server,
      domains: mounted,
      journal,
      registry,
      limits,
      now,
      principalOf: (token) => watchdog.principalOf(token) ?? access.tokenPrincipal(token),
      pulse,
      observeDelivery: (namespace, seconds) => {
        if (namespace === '/fire') meter.metrics.observeAlarmDelivery(seconds);
      },
      log,
    }),
    (part) => part.stop(),
  );
  keep(endRevoked(access, live, broker), (end) => end());
  api.server.on('upgrade', (request, socket, head) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path === '/mqtt' && broker.upgrade) broker.upgrade(request, socket, head);
    else if (!path.startsWith('/socket.io')) socket.destroy();
  });
  return await api.listen(config.httpPort, config.host);
}
