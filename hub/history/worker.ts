/** The history's thread: owns the spool and the store, so that the hub's loop never waits for either. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { HubError } from '../errors.ts';
import { Drain } from './drain.ts';
import { openDuckdb } from './duckdb.ts';
import { openInflux } from './influx.ts';
import type { FromWorker, ToWorker, WorkerData } from './messages.ts';
import { Spool } from './spool.ts';
import type { Store } from './store.ts';

const port = parentPort ?? notAThread();
const messages: ToWorker[] = [];
let act = (message: ToWorker): void => {
  messages.push(message);
};
port.on('message', (message: ToWorker) => act(message));
await start(workerData);

async function start(data: WorkerData): Promise<void> {
  let store: Store;
  let spool: Spool;
  try {
    store = await openStore(data);
    spool = await openSpool(data, store);
  } catch (cause) {
    say({ kind: 'cannot', reason: messageOf(cause) });
    port.close();
    return;
  }
  const drain = new Drain({ store, spool, report: (moved) => say({ kind: 'moved', ...moved }), warn });
  act = (message) => handle(message, store, drain);
  const { points, waitingBytes } = spool;
  say({ kind: 'ready', spooledPoints: points, spoolBytes: waitingBytes, needsSpool: store.needsSpool });
  for (const message of messages.splice(0)) act(message);
  try {
    await drain.run();
    drain.spoolTheRest();
  } finally {
    // Also when the store failed for good: the next thread opens the same files.
    spool.close();
    await store.close();
  }
  port.close();
}

function openStore({ directory, influx, measurements }: WorkerData): Promise<Store> {
  return influx === undefined
    ? openDuckdb({ path: join(directory, 'history.duckdb'), measurements })
    : openInflux({ config: influx, measurements, warn });
}

async function openSpool({ directory, spoolBytes }: WorkerData, store: Store): Promise<Spool> {
  const folder = join(directory, 'spool');
  const stored = await store.cursor?.();
  try {
    return new Spool({ directory: folder, maxBytes: spoolBytes, onTrouble: warn }, stored);
  } catch (cause) {
    await store.close();
    throw new Error(
      `The spool ${folder} cannot be used (${messageOf(cause)}). Give the hub's user the right to write there, free some disk space, or set HUB_DATA_DIR to another folder.`,
    );
  }
}

function handle(message: ToWorker, store: Store, drain: Drain): void {
  switch (message.kind) {
    case 'parcels':
      drain.take(message.parcels);
      return;
    case 'flush':
      drain.flush(() => say({ kind: 'count', ticket: message.ticket, count: 0 }));
      return;
    case 'close':
      drain.close();
      return;
    case 'query':
      answer(message.ticket, async () => {
        say({ kind: 'rows', ticket: message.ticket, rows: await store.query(message.query) });
      });
      return;
    case 'forget':
      answer(message.ticket, async () => {
        const count = await store.forget(message.measurement, message.before);
        say({ kind: 'count', ticket: message.ticket, count });
      });
      return;
  }
}

function answer(ticket: number, action: () => Promise<void>): void {
  action().catch((cause: unknown) => {
    const code = cause instanceof HubError ? { code: cause.code } : {};
    say({ kind: 'failed', ticket, message: messageOf(cause), ...code });
  });
}

function warn(message: string, facts: object): void {
  const plain = Object.entries(facts).map(([name, value]) => [name, value instanceof Error ? value.message : value]);
  say({ kind: 'log', level: 'warn', message, facts: Object.fromEntries(plain) });
}

function say(message: FromWorker): void {
  port.postMessage(message);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function notAThread(): never {
  throw new Error('history/worker.ts runs as a worker thread');
}
