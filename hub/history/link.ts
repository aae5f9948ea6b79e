/** The hub's end of the history's thread: starts it, asks it, starts it again when it dies. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { HubError, StartError } from '../errors.ts';
import type { HistoryRow } from '../ports.ts';
import type { FromWorker, Moved, Parcel, ToWorker, WorkerData } from './messages.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export type LinkOptions = {
  readonly data: WorkerData;
  readonly log: Log;
  readonly onReady: (spooledPoints: number, spoolBytes: number, needsSpool: boolean) => void;
  readonly onMoved: (moved: Moved) => void;
  /** The thread died; everything sent and not settled is in doubt until it is ready again. */
  readonly onDown: (reason: string) => void;
};

type Answer = { readonly rows: readonly HistoryRow[]; readonly count: number };
type Waiting = { resolve(answer: Answer): void; reject(cause: Error): void };
type Question =
  | Omit<Extract<ToWorker, { kind: 'query' }>, 'ticket'>
  | Omit<Extract<ToWorker, { kind: 'forget' }>, 'ticket'>
  | Omit<Extract<ToWorker, { kind: 'flush' }>, 'ticket'>;

const script = new URL('./worker.ts', import.meta.url);
const firstDelayMs = 250;
const lastDelayMs = 10_000;

export class Link {
  readonly #options: LinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #isReady = false;
  #isClosed = false;
  #fault: string | undefined;
  #ticket = 0;
  #delayMs = firstDelayMs;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** @throws StartError with the thread's own sentence when it cannot open store or spool. */
  static async start(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    await new Promise<void>((resolve, reject) => link.#launch(resolve, reject));
    return link;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Why the thread is down, if it is. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** The records' buffers move to the thread; they are empty here afterwards. */
  send(parcels: readonly Parcel[]): void {
    const message: ToWorker = { kind: 'parcels', parcels };
    this.#worker?.postMessage(
      message,
      parcels.map((parcel) => parcel.record),
    );
  }

  /** @throws HubError: `unavailable` while the thread is down, or what the store found wrong with the question. */
  ask(question: Question): Promise<Answer> {
    const worker = this.#worker;
    if (worker === undefined || !this.#isReady) return Promise.reject(this.#unavailable());
    const ticket = ++this.#ticket;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      const message: ToWorker = { ...question, ticket };
      worker.postMessage(message);
    });
  }

  /** Lets the thread store or spool what it has, for this long at most. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const message: ToWorker = { kind: 'close' };
    worker.postMessage(message);
    const late = setTimeout(() => {
      this.#options.log.warn({ timeoutMs }, 'the history did not stop in time and is cut off');
      worker.terminate();
    }, timeoutMs);
    await ended;
    clearTimeout(late);
  }

  #launch(onReady: () => void, onCannot: (cause: Error) => void): void {
    const worker = new Worker(script, {
      workerData: this.#options.data,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Short-lived lines and rows: a small nursery costs little time and saves tens of megabytes.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
    });
    this.#worker = worker;
    let reason = 'the thread ended';
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'cannot') reason = message.reason;
      else if (message.kind === 'ready') {
        this.#isReady = true;
        this.#fault = undefined;
        this.#delayMs = firstDelayMs;
        this.#options.onReady(message.spooledPoints, message.spoolBytes, message.needsSpool);
        onReady();
      } else this.#receive(message);
    });
    worker.on('error', (cause) => {
      reason = cause instanceof Error ? cause.message : String(cause);
    });
    worker.on('exit', () => {
      const wasReady = this.#isReady;
      this.#down(reason);
      if (!wasReady) onCannot(new StartError(reason));
      else if (!this.#isClosed) this.#restartLater();
    });
  }

  #receive(message: Exclude<FromWorker, { kind: 'ready' | 'cannot' }>): void {
    if (message.kind === 'moved') this.#options.onMoved(message);
    else if (message.kind === 'log') this.#options.log[message.level](message.facts, message.message);
    else {
      const waiting = this.#waiting.get(message.ticket);
      this.#waiting.delete(message.ticket);
      if (message.kind === 'rows') waiting?.resolve({ rows: message.rows, count: 0 });
      else if (message.kind === 'count') waiting?.resolve({ rows: [], count: message.count });
      else waiting?.reject(new HubError(message.code ?? 'unavailable', message.message));
    }
  }

  #down(reason: string): void {
    this.#isReady = false;
    this.#worker = undefined;
    this.#fault = this.#isClosed ? 'it is closed' : reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(this.#unavailable());
    this.#options.onDown(this.#fault);
  }

  #restartLater(): void {
    if (this.#isClosed) return;
    const { log } = this.#options;
    log.error({ fault: this.#fault, retryMs: this.#delayMs }, 'the history stopped; opening it again');
    this.#timer = setTimeout(() => {
      this.#launch(
        () => log.info({}, 'the history is open again'),
        () => this.#restartLater(),
      );
    }, this.#delayMs);
    this.#delayMs = Math.min(lastDelayMs, this.#delayMs * 2);
  }

  #unavailable(): HubError {
    return new HubError('unavailable', `The history is not available right now: ${this.#fault ?? 'it is closed'}`);
  }
}
