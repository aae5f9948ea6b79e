/** Opens everything that keeps something, in the data folder, in the order in which it is needed. */
import type { Logger } from 'pino';
import type { Millis } from '../devices/wire.ts';
import { type Access, openAccess } from './access/access.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';
import { openDataDirectory } from './data-directory.ts';
import { openHistory } from './history/open.ts';
import { dailyFields, dailyMeasurement } from './jobs/daily-summary.ts';
import { openSqliteJournal } from './journal/sqlite.ts';
import type { DomainEntry } from './mounted.ts';
import type { History, Journal, MeasurementTable } from './ports.ts';
import { openRegistry, type Registry } from './registry/registry.ts';

export type Stores = {
  readonly registry: Registry;
  readonly access: Access;
  readonly journal: Journal;
  readonly history: History;
  /** Every measurement that the history keeps. */
  readonly measurements: MeasurementTable;
};

/** Stopping may take this long to write out points; what is left stays in the spool for the next start. */
const flushOnStopMs = 1_000;

/** @throws StartError when the folder or a file in it cannot be used. */
export async function openStores(
  config: Config,
  entries: readonly DomainEntry[],
  parts: { readonly log: Logger; readonly keep: Keep; now(): Millis },
): Promise<Stores> {
  const { log, keep, now } = parts;
  const { limits } = config;
  const data = keep(openDataDirectory(config.dataDirectory, process.pid), (folder) => folder.release());
  const registry = keep(openRegistry(data.registry, { log }), (store) => store.close());
  const access = keep(openAccess(data.access, { now }), (store) => store.close());
  const journal = keep(await openSqliteJournal(data.journal, { limits, log }), (store) => store.close());
  const measurements: MeasurementTable = Object.assign(
    { [dailyMeasurement]: dailyFields },
    ...entries.map((entry) => entry.measurements),
  );
  const influx = config.influx === undefined ? {} : { influx: config.influx };
  const history = keep(
    await openHistory({ directory: data.history, config: influx, measurements, limits, log }),
    async (store) => {
      await store.flush(flushOnStopMs);
      await store.close();
    },
  );
  return { registry, access, journal, history, measurements };
}
