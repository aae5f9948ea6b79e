/** The worker's one loop: from memory and spool into the store, with patience when the store is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, decodeBatch } from './batch.ts';
import type { Moved, Parcel } from './messages.ts';
import type { Chunk, Spool, SpoolCursor } from './spool.ts';
import { type Store, StoreFault } from './store.ts';

export type DrainOptions = {
  readonly store: Store;
  readonly spool: Spool;
  readonly report: (moved: Moved) => void;
  readonly warn: (message: string, facts: object) => void;
};

const firstDelayMs = 500;
const lastDelayMs = 30_000;
/** A server may ask for more patience than ours, within reason. */
const longestRetryAfterMs = 10 * 60_000;

type Load = { readonly parcels: readonly Parcel[]; readonly batches: readonly Batch[]; readonly chunk?: Chunk };
type Waiter = { readonly number: number; readonly end: SpoolCursor; readonly done: () => void };

export class Drain {
  readonly #options: DrainOptions;
  readonly #memory: Parcel[] = [];
  #inFlight: Load | undefined;
  #waiters: Waiter[] = [];
  #wake: (() => void) | undefined;
  #nap = new AbortController();
  #isClosing = false;
  #fault: string | undefined;
  #newest = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Takes parcels: those for the spool are in its file when this returns. */
  take(parcels: readonly Parcel[]): void {
    const spooled: number[] = [];
    const unsafe: { number: number; reason: string }[] = [];
    for (const parcel of parcels) {
      this.#newest = parcel.number;
      if (!parcel.isSpooled) {
        this.#memory.push(parcel);
        continue;
      }
      try {
        this.#options.spool.write(parcel.record, parcel.points);
        spooled.push(parcel.number);
      } catch (cause) {
        unsafe.push({ number: parcel.number, reason: messageOf(cause) });
        this.#memory.push(parcel);
      }
    }
    if (spooled.length > 0 || unsafe.length > 0) this.#report({ spooled, unsafe });
    this.#wake?.();
  }

  /** Calls back once everything taken so far is in the store, or shed. */
  flush(done: () => void): void {
    this.#waiters.push({ number: this.#newest, end: this.#options.spool.end, done });
    this.#settleWaiters();
    this.#wake?.();
    this.#nap.abort();
  }

  /** Runs until closed. Rejects when the store cannot go on in this process. */
  async run(): Promise<void> {
    let attempts = 0;
    for (;;) {
      const load = this.#inFlight ?? (await this.#nextLoad());
      if (load === undefined) return;
      this.#inFlight = load;
      try {
        await this.#store(load);
        attempts = 0;
      } catch (cause) {
        if (!(cause instanceof StoreFault)) throw cause;
        this.#report({ fault: cause.message });
        if (this.#isClosing) return;
        await this.#pause(retryDelay(attempts++, cause.retryAfterMs));
      }
    }
  }

  /** Ends the loop after what waits in memory; what the store does not take goes into the spool for the next start. */
  close(): void {
    this.#isClosing = true;
    this.#wake?.();
    this.#nap.abort();
  }

  /** After `run` has ended. */
  spoolTheRest(): void {
    const rest = [...(this.#inFlight?.parcels ?? []), ...this.#memory.splice(0)];
    this.#inFlight = undefined;
    const spooled: number[] = [];
    for (const { record, points, number } of rest) {
      try {
        this.#options.spool.write(record, points);
        spooled.push(number);
      } catch (cause) {
        this.#options.warn('points are lost at the stop', { points, reason: messageOf(cause) });
      }
    }
    this.#report({ spooled });
  }

  async #nextLoad(): Promise<Load | undefined> {
    const { store, spool } = this.#options;
    for (;;) {
      const waiting = this.#memory.reduce((sum, parcel) => sum + parcel.points, 0) + spool.points;
      if (waiting === 0 && this.#isClosing) return undefined;
      const isUrgent = this.#isClosing || this.#waiters.length > 0;
      if (waiting === 0) await this.#sleepUntilWoken();
      else if (waiting < store.chunkPoints && !isUrgent) await this.#pause(store.gatherMs);
      const load = this.#load();
      if (load !== undefined) return load;
      this.#report({});
      if (this.#isClosing) return undefined;
    }
  }

  #load(): Load | undefined {
    const { store, spool } = this.#options;
    const parcels: Parcel[] = [];
    let points = 0;
    for (const parcel of this.#memory) {
      if (points > 0 && points + parcel.points > store.chunkPoints) break;
      parcels.push(parcel);
      points += parcel.points;
    }
    this.#memory.splice(0, parcels.length);
    const room = store.chunkPoints - points;
    const chunk = room > 0 ? spool.read(room) : undefined;
    if (parcels.length === 0 && chunk === undefined) return undefined;
    const batches = parcels.map((parcel) => decodeBatch(new Uint8Array(parcel.record)));
    return { parcels, batches: [...batches, ...(chunk?.batches ?? [])], ...(chunk ? { chunk } : {}) };
  }

  async #store({ parcels, batches, chunk }: Load): Promise<void> {
    const { store, spool } = this.#options;
    const result = await store.write(batches, chunk?.end);
    if (chunk !== undefined) spool.advance(chunk, store.cursor !== undefined);
    this.#inFlight = undefined;
    this.#fault = undefined;
    const drained = chunk?.points ?? 0;
    this.#report({ ...result, drained, done: parcels.map((parcel) => parcel.number) });
  }

  #report(moved: Partial<Moved>): void {
    if (moved.fault !== undefined) this.#fault = moved.fault;
    const lost = this.#options.spool.takeLost();
    const none = { written: 0, refused: 0, spooled: [], unsafe: [], done: [] };
    this.#options.report({
      ...none,
      ...moved,
      shed: lost,
      drained: (moved.drained ?? 0) + lost,
      spoolBytes: this.#options.spool.waitingBytes,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    });
    this.#settleWaiters();
  }

  #settleWaiters(): void {
    const oldest = this.#inFlight?.parcels[0]?.number ?? this.#memory[0]?.number ?? Number.POSITIVE_INFINITY;
    this.#waiters = this.#waiters.filter((waiter) => {
      const isDone = oldest > waiter.number && this.#options.spool.isDrainedTo(waiter.end);
      if (isDone) waiter.done();
      return !isDone;
    });
  }

  async #sleepUntilWoken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  /** Sleeps, unless a flush or the end comes between. */
  async #pause(ms: number): Promise<void> {
    if (this.#nap.signal.aborted) this.#nap = new AbortController();
    await sleep(ms, undefined, { signal: this.#nap.signal }).catch(() => undefined);
    this.#nap = new AbortController();
  }
}

/** Doubles from 0.5 s to 30 s, give or take a quarter; never shorter than the server asked for. */
export function retryDelay(attempts: number, retryAfterMs: number | undefined): number {
  const delay = Math.min(lastDelayMs, firstDelayMs * 2 ** Math.min(attempts, 10));
  const jittered = delay * (0.75 + Math.random() * 0.5);
  const wished = Math.min(longestRetryAfterMs, retryAfterMs ?? 0) * (1 + Math.random() * 0.1);
  return Math.max(firstDelayMs, wished, Math.min(lastDelayMs, jittered));
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
