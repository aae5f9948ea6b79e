/** A worker thread that is asked and answers; when it dies, what it was asked fails at once and it is started again. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { StartError } from '../errors.ts';
import type { Asked, Reply } from './messages.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

type Waiting<Answer> = { resolve(answer: Answer): void; reject(cause: Error): void };
type Settlement<Answer> = Extract<Reply<Answer>, { kind: 'settled' }>;

type Options<Answer> = {
  readonly script: URL;
  readonly path: string;
  readonly log: Log;
  /** Called for each message of answers, before they are given out, and with the head at each start. */
  readonly onSettled?: (settlement: Settlement<Answer>) => void;
};

const firstDelayMs = 250;
const lastDelayMs = 10_000;

export class Thread<Request, Answer> {
  readonly #options: Options<Answer>;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #worker: Worker | undefined;
  #isReady = false;
  #fault: string | undefined;
  #ticket = 0;
  #delayMs = firstDelayMs;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(options: Options<Answer>) {
    this.#options = options;
  }

  /** @throws StartError with the thread's own sentence when it cannot open the file. */
  static async start<Request, Answer>(options: Options<Answer>): Promise<Thread<Request, Answer>> {
    const thread = new Thread<Request, Answer>(options);
    await new Promise<void>((resolve, reject) => thread.#launch(resolve, reject));
    return thread;
  }

  /** Why it cannot be asked now, if so. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Requests not yet answered. */
  get pending(): number {
    return this.#waiting.size;
  }

  ask(request: Request): Promise<Answer> {
    const [answer] = this.askAll([request]);
    return answer ?? Promise.reject(new Error('nothing was asked'));
  }

  /** Several requests in one message, each with an answer of its own. */
  askAll(requests: readonly Request[]): readonly Promise<Answer>[] {
    const worker = this.#worker;
    if (worker === undefined || !this.#isReady) {
      const cause = new Error(`The journal is not available: ${this.#fault ?? 'it is closed'}`);
      return requests.map(() => Promise.reject(cause));
    }
    const messages: Asked<Request>[] = [];
    const answers = requests.map((request) => {
      const ticket = ++this.#ticket;
      messages.push({ ticket, request });
      return new Promise<Answer>((resolve, reject) => this.#waiting.set(ticket, { resolve, reject }));
    });
    worker.postMessage(messages);
    return answers;
  }

  /** Lets it finish what it was asked, then ends it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  #launch(onReady: () => void, onCannot: (cause: Error) => void): void {
    const { script, path } = this.#options;
    // The hub's own flags are not the worker's; node:sqlite's warning about being new says nothing to an operator.
    const worker = new Worker(script, {
      workerData: path,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Rows live short: a small nursery costs little time and saves tens of megabytes.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker = worker;
    let reason = 'the thread ended';
    worker.on('message', (reply: Reply<Answer>) => {
      if (reply.kind === 'ready') this.#ready(reply.head, onReady);
      else if (reply.kind === 'cannot') reason = reply.reason;
      else this.#settle(reply);
    });
    worker.on('error', (cause) => {
      reason = cause instanceof Error ? cause.message : String(cause);
    });
    worker.on('exit', () => {
      const wasReady = this.#isReady;
      this.#down(reason);
      if (!wasReady) onCannot(new StartError(reason));
      if (wasReady && !this.#isClosed) this.#restartLater();
    });
  }

  #ready(head: number, onReady: () => void): void {
    this.#isReady = true;
    this.#fault = undefined;
    this.#delayMs = firstDelayMs;
    this.#options.onSettled?.({ kind: 'settled', settled: [], head });
    onReady();
  }

  #settle(settlement: Settlement<Answer>): void {
    this.#options.onSettled?.(settlement);
    for (const one of settlement.settled) {
      const waiting = this.#waiting.get(one.ticket);
      this.#waiting.delete(one.ticket);
      if ('answer' in one) waiting?.resolve(one.answer);
      else waiting?.reject(new Error(`The journal could not store or read: ${one.fault}`));
    }
  }

  #down(reason: string): void {
    this.#isReady = false;
    this.#worker = undefined;
    this.#fault = this.#isClosed ? 'it is closed' : reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(new Error(`The journal is not available: ${this.#fault}`));
  }

  #restartLater(): void {
    if (this.#isClosed) return;
    const { log, path } = this.#options;
    log.error({ path, fault: this.#fault, retryMs: this.#delayMs }, 'the journal stopped; opening it again');
    this.#timer = setTimeout(() => {
      this.#launch(
        () => log.info({ path }, 'the journal is open again'),
        () => this.#restartLater(),
      );
    }, this.#delayMs);
    this.#delayMs = Math.min(lastDelayMs, this.#delayMs * 2);
  }
}
