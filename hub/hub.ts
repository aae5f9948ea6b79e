/** The composition root: opens every part, joins them, and closes them in reverse. Tests start it too. */
import type { Logger } from 'pino';
import { buildTopic, type Millis } from '../devices/wire.ts';
import type { Access } from './access/access.ts';
import { type OpenedBroker, openBroker } from './brokers.ts';
import { createClosers } from './closers.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import type { Send } from './domain.ts';
import { domains as cityDomains } from './domains/index.ts';
import { announceDoors } from './doors.ts';
import { type OpenedGateways, openGateways } from './gateways.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { createMeter, type Meter } from './meter.ts';
import { type DomainEntry, fleetOf, type Mounted } from './mounted.ts';
import { type Outside, openOutside } from './outside.ts';
import { joinHearing, recover, renotify } from './recovery.ts';
import type { Registry } from './registry/registry.ts';
import { createSnapshots, keepSnapshots } from './snapshots.ts';
import { openStores, type Stores } from './stores.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';
import { openWeb } from './web.ts';

/** What a test, or the demo, may put in the place of the usual. */
export type HubOverrides = {
  readonly domains?: readonly DomainEntry[];
  now?(): Millis;
  /** Between two test alarms of the hub's own; 0 for none. */
  readonly watchdogMs?: Millis;
};

/** A running hub. */
export type Hub = {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttsPort?: number;
  /** The doors for other dialects, where they are open. */
  readonly gateways: OpenedGateways;
  /** The one-time code of a first start without any token. */
  readonly setupCode?: string;
  readonly access: Access;
  readonly registry: Registry;
  /** Facts that were folded at the start. */
  readonly recovered: number;
  /** Takes no more messages, writes out what it has, closes everything. */
  stop(): Promise<void>;
};

/** @throws StartError with one message for the person at the console. Whatever was opened is closed again. */
export async function startHub(config: Config, log: Logger, overrides: HubOverrides = {}): Promise<Hub> {
  const { keep, closeAll } = createClosers(log);
  const context: Context = { config, log, keep, now: overrides.now ?? Date.now };
  try {
    const entries = overrides.domains ?? cityDomains;
    const stores = await openStores(config, entries, context);
    const outside = openOutside(stores, context);
    const outbox = createOutbox(stores.registry, log);
    const mounted = entries.map((entry) =>
      entry.mount({
        ...stores,
        now: context.now,
        send: outbox.send,
        noteBattery: stores.registry.noteBattery,
        notify: outside.notices.notify,
        told: outside.notices.told,
        subjectBacklog: config.limits.subjectBacklog,
        log,
      }),
    );
    joinHearing(mounted);
    const saving = { journal: stores.journal, domains: mounted, log };
    const snapshots = createSnapshots(saving);
    const recovered = await recover(stores.journal, byName(mounted), await snapshots.load());
    keep(keepSnapshots(snapshots, saving), (part) => part.stop());
    await renotify(stores.journal, byName(mounted), outside.notices.cursor(), outside.notices.notify);
    const meter = createMeter();
    const ingest = openIngest(context, stores, mounted, meter);
    const broker = await openBroker(context, {
      access: stores.access,
      first: firstDomains(mounted),
      receive: ingest.receive,
    });
    outbox.connect(broker);
    const watchdog = openWatchdog(context, stores, mounted, meter, outside, overrides.watchdogMs);
    const gateways = await openGateways(context, { ...stores, receive: ingest.receive });
    const httpPort = await openWeb(context, { stores, mounted, ingest, broker, gateways, meter, outside, watchdog });
    const doors = { processId: process.pid, host: config.host, httpPort, mqttPort: broker.port };
    keep(announceDoors(config.dataDirectory, doors), (withdraw) => withdraw());
    keepTicking(context, mounted);
    keep(watchdog, (part) => part.stop()).start({ host: config.host, httpPort, mqttPort: broker.port });
    const setupCode = stores.access.setupCode();
    return {
      httpPort,
      mqttPort: broker.port,
      ...(broker.tlsPort === undefined ? {} : { mqttsPort: broker.tlsPort }),
      gateways,
      ...(setupCode === undefined ? {} : { setupCode }),
      access: stores.access,
      registry: stores.registry,
      recovered,
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const byName = (mounted: readonly Mounted[]): ReadonlyMap<string, Mounted> =>
  new Map(mounted.map((domain) => [domain.name, domain]));

const firstDomains = (mounted: readonly Mounted[]): ReadonlySet<string> =>
  new Set(mounted.filter((domain) => domain.first).map((domain) => domain.name));

function openIngest({ config, log, now }: Context, stores: Stores, mounted: readonly Mounted[], meter: Meter): Ingest {
  return createIngest({
    domains: byName(mounted),
    fleet: fleetOf(mounted),
    registry: stores.registry,
    journal: stores.journal,
    deadLettersPerSecond: config.limits.deadLettersPerSecond,
    observeLag: meter.metrics.observeIngestLag,
    now,
    log,
  });
}

/** Off without a fire domain; and without our own broker, which alone knows our devices' secrets. */
function openWatchdog(
  { config, log, now }: Context,
  { registry, access }: Stores,
  mounted: readonly Mounted[],
  { metrics }: Meter,
  { notices }: Outside,
  intervalMs: Millis = config.limits.watchdogMs,
): Watchdog {
  const isPossible = config.brokerUrl === undefined && byName(mounted).has('fire');
  return createWatchdog({
    intervalMs: isPossible ? intervalMs : 0,
    graceMs: config.limits.watchdogGraceMs,
    registry,
    access,
    now,
    observe: metrics.observeWatchdog,
    notify: notices.notify,
    log,
  });
}

/** Messages down to devices. The steps exist before the broker does; nothing is stepped until it stands. */
function createOutbox(registry: Registry, log: Logger) {
  let broker: Pick<OpenedBroker, 'publish'> | undefined;
  return {
    connect(opened: Pick<OpenedBroker, 'publish'>): void {
      broker = opened;
    },
    send({ deviceId, message, payload }: Send): void {
      const device = registry.device(deviceId);
      if (device === undefined || broker === undefined) return;
      const topic = buildTopic(device.domain, deviceId, message);
      broker.publish(topic, Buffer.from(JSON.stringify(payload))).catch((error: unknown) => {
        log.warn({ err: error, topic }, 'a message could not be sent to a device');
      });
    },
  };
}

/** Gives every domain the time, once a second. */
function keepTicking({ keep }: Context, mounted: readonly Mounted[]): void {
  keep(
    setInterval(() => {
      for (const domain of mounted) domain.tick();
    }, 1_000),
    clearInterval,
  );
}
