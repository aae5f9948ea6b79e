/** The facts as they stand now: written here, or loaded anew when another process has written the file. */
import { readBindingChanges } from './binding-history.ts';
import { applyChanges, type Changes, type Written, writeChanges } from './changes.ts';
import type { Facts } from './facts.ts';
import type { BindingChange } from './records.ts';
import { loadInSlices, loadNow } from './reload.ts';
import { openStore, pragma } from './store.ts';

/** Pino-like. */
export type RegistryLog = {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
};

export type CurrentFacts = {
  now(): Facts;
  /** One transaction, in the file and in memory. */
  write(changes: Changes): void;
  /** Of a device, newest first; from the file. */
  bindingChanges(device: string): readonly BindingChange[];
  reload(): Promise<void>;
  close(): void;
};

export type CurrentFactsOptions = {
  readonly log: RegistryLog;
  readonly pollMs: number;
  readonly onReload: () => void;
};

/**
 * A hub's write waits no longer than this for an import that is being written: waiting holds the event loop, and with it
 * every alarm.
 */
const busyMs = 100;

/** @throws StartError when the file cannot be used. */
export function openFacts(path: string, { log, pollMs, onReload }: CurrentFactsOptions): CurrentFacts {
  const database = openStore(path, { busyMs });
  let version = pragma(database, 'data_version');
  let facts = loadNow(path);
  let isClosed = false;
  let loading: Promise<void> | undefined;
  let writtenMeanwhile: Written[] = [];

  async function load(): Promise<void> {
    const startedAt = performance.now();
    writtenMeanwhile = [];
    const fresh = await loadInSlices(path, facts, () => isClosed);
    if (fresh === undefined) return;
    // What we wrote after the load's moment is not in it.
    for (const written of writtenMeanwhile) applyChanges(fresh, written);
    facts = fresh;
    log.info({ ms: Math.round(performance.now() - startedAt) }, 'registry reloaded');
    onReload();
  }

  async function reload(): Promise<void> {
    // A load under way may have begun before the change that the caller means.
    await loading;
    loading ??= load().finally(() => {
      loading = undefined;
    });
    await loading;
  }

  const timer = setInterval(() => {
    const current = pragma(database, 'data_version');
    if (current === version || loading !== undefined) return;
    version = current;
    reload().catch((error: unknown) => {
      // Tried again at the next look.
      version = undefined;
      log.error({ error }, 'the registry could not be reloaded; the old facts stand');
    });
  }, pollMs);
  timer.unref();

  return {
    now: () => facts,
    write(changes) {
      const written = writeChanges(database, changes);
      if (loading !== undefined) writtenMeanwhile.push(written);
      applyChanges(facts, written);
    },
    bindingChanges: (device) => readBindingChanges(database, device),
    reload,
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      database.close();
    },
  };
}
