/** The history as the hub sees it: points gathered on the loop in columns, everything else in a thread. */
import type { Config, Limits } from '../config.ts';
import type { History, HistoryQuery, HistoryRow, HistoryStats, MeasurementTable, Point } from '../ports.ts';
import { Gatherer, type Refusals } from './gatherer.ts';
import { Ledger } from './ledger.ts';
import { Link, type Log } from './link.ts';
import type { InfluxConfig, Moved, Parcel } from './messages.ts';
import { checkMeasurements } from './store.ts';

export type HistoryOptions = {
  /** The spool, and the embedded store's file, live below it. */
  readonly directory: string;
  /** InfluxDB when it is set, the embedded store when not. */
  readonly config: Pick<Config, 'influx'>;
  /** Every measurement by the full name that its points carry. */
  readonly measurements: MeasurementTable;
  readonly limits: Pick<Limits, 'pendingPoints' | 'spoolBytes'>;
  readonly log: Log;
};

/**
 * Opens the history. A server that is away is no reason not to start: points wait in the spool.
 *
 * @throws StartError when the folder cannot be written, or the embedded database is damaged or open elsewhere.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  checkMeasurements(options.measurements);
  const history = new SpooledHistory(options);
  await history.start();
  return history;
}

/** How long a point waits in a batch that does not fill. */
const gatherMs = 200;
/** Stopping with Ctrl-C takes under 2 s altogether. */
const closeTimeoutMs = 1_500;

/** The points of all `appendSafely` calls that go to the disk together. */
type Round = {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
  /** Not yet known to be on disk. */
  readonly parcels: Set<number>;
  fault: string | undefined;
};

class SpooledHistory implements History {
  readonly #options: HistoryOptions;
  readonly #ledger = new Ledger();
  readonly #quick: Gatherer;
  readonly #safe: Gatherer;
  #link: Link | undefined;
  #outbox: Parcel[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | undefined;
  #needsSpool = false;
  #fault: string | undefined;
  #nextRound: Round | undefined;
  #roundUnderWay: Round | undefined;
  #refusals = { count: 0, toldAt: Number.NEGATIVE_INFINITY };

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#quick = new Gatherer(options.measurements, (record, points) => this.#seal(record, points, false));
    this.#safe = new Gatherer(options.measurements, (record, points) => this.#seal(record, points, true));
  }

  async start(): Promise<void> {
    const { directory, config, measurements, limits, log } = this.#options;
    const influx = config.influx && influxOf(config.influx);
    this.#link = await Link.start({
      data: { directory, measurements, spoolBytes: limits.spoolBytes, ...(influx ? { influx } : {}) },
      log,
      onReady: (spooledPoints, spoolBytes, needsSpool) => {
        this.#needsSpool = needsSpool;
        this.#fault = undefined;
        this.#ledger.recover(spooledPoints, spoolBytes);
      },
      onMoved: (moved) => this.#moved(moved),
      onDown: (reason) => this.#down(reason),
    });
  }

  append(points: readonly Point[]): void {
    this.#gather(this.#quick, points);
    this.#timer ??= setTimeout(() => this.#tick(), gatherMs);
  }

  appendSafely(points: readonly Point[]): Promise<void> {
    const isFirst = this.#nextRound === undefined;
    this.#nextRound ??= makeRound();
    const { promise } = this.#nextRound;
    this.#gather(this.#safe, points);
    // While a round is being written the next one gathers: the groups form by themselves.
    if (isFirst && this.#roundUnderWay === undefined) setImmediate(() => this.#sendRound());
    return promise;
  }

  stats(): HistoryStats {
    const fault = this.#link?.fault ?? this.#fault;
    return { ...this.#ledger.stats(), ...(fault === undefined ? {} : { fault }) };
  }

  async flush(timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    while (this.#link?.isReady !== true) {
      if (performance.now() >= until) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#sealAll();
    this.#pump(true);
    const flushed = this.#link.ask({ kind: 'flush' }).then(
      () => true,
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), Math.max(0, until - performance.now()));
    });
    const isDone = await Promise.race([flushed, late]);
    clearTimeout(timer);
    return isDone;
  }

  async query(query: HistoryQuery): Promise<readonly HistoryRow[]> {
    return (await this.#opened().ask({ kind: 'query', query })).rows;
  }

  async forget(measurement: string, before: number): Promise<number> {
    return (await this.#opened().ask({ kind: 'forget', measurement, before })).count;
  }

  async close(): Promise<void> {
    this.#sealAll();
    this.#pump(true);
    await this.#link?.close(closeTimeoutMs);
  }

  #opened(): Link {
    if (this.#link === undefined) throw new Error('the history is used before it is open');
    return this.#link;
  }

  #gather(gatherer: Gatherer, points: readonly Point[]): void {
    this.#ledger.offer(points.length);
    const refused = gatherer.add(points);
    if (refused !== undefined) this.#refuse(refused);
    this.#shedToBound();
  }

  #tick(): void {
    this.#timer = undefined;
    this.#quick.sealAll();
  }

  #sealAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#quick.sealAll();
    this.#sendRound();
  }

  #seal(record: ArrayBuffer, points: number, isSafe: boolean): void {
    const parcel: Parcel = { number: ++this.#number, points, record, isSpooled: isSafe };
    if (!isSafe) {
      this.#outbox.push(parcel);
      this.#pump(false);
      return;
    }
    this.#nextRound?.parcels.add(parcel.number);
    // Who asked for safety is told now and can send again; nobody waits for a thread to come back.
    if (this.#link?.isReady === true) this.#send(parcel);
    else this.#ledger.shed(points);
  }

  /** Half of the memory may be in the worker's hands; the other half waits here, where the oldest can be shed. */
  #pump(isLast: boolean): void {
    const { pendingPoints } = this.#options.limits;
    while (this.#link?.isReady === true) {
      const parcel = this.#outbox[0];
      if (parcel === undefined) return;
      if (!isLast && this.#ledger.underWay + parcel.points > pendingPoints / 2) return;
      this.#outbox.shift();
      // A store that does not keep up, or is away, gets its points by the spool.
      const isBehind = this.#fault !== undefined || this.#ledger.underWay > pendingPoints / 4;
      this.#send({ ...parcel, isSpooled: this.#needsSpool || isBehind });
    }
  }

  #send(parcel: Parcel): void {
    this.#ledger.send(parcel);
    this.#link?.send([parcel]);
  }

  #shedToBound(): void {
    while (this.#ledger.inMemory > this.#options.limits.pendingPoints) {
      const oldest = this.#outbox.shift();
      if (oldest === undefined) return;
      this.#ledger.shed(oldest.points);
    }
  }

  #moved(moved: Moved): void {
    this.#fault = moved.fault;
    this.#ledger.move(moved);
    for (const { reason } of moved.unsafe) this.#options.log.warn({ reason }, 'the spool could not be written');
    for (const round of [this.#roundUnderWay, this.#nextRound]) {
      if (round === undefined) continue;
      for (const number of moved.spooled) round.parcels.delete(number);
      const unsafe = moved.unsafe.find(({ number }) => round.parcels.delete(number));
      if (unsafe !== undefined) round.fault = `The points are not on disk: ${unsafe.reason}`;
    }
    if (this.#roundUnderWay?.parcels.size === 0) this.#endRound();
    this.#pump(false);
  }

  #down(reason: string): void {
    this.#safe.sealAll();
    for (const round of [this.#roundUnderWay, this.#nextRound]) {
      if (round !== undefined) round.fault = `The history is not available: ${reason}`;
    }
    this.#endRound();
    this.#sendRound();
  }

  #sendRound(): void {
    if (this.#nextRound === undefined || this.#roundUnderWay !== undefined) return;
    this.#safe.sealAll();
    this.#roundUnderWay = this.#nextRound;
    this.#nextRound = undefined;
    if (this.#link?.isReady !== true) {
      this.#roundUnderWay.fault ??= `The history is not available: ${this.#link?.fault}`;
      this.#endRound();
    } else if (this.#roundUnderWay.parcels.size === 0) this.#endRound();
  }

  #endRound(): void {
    const round = this.#roundUnderWay;
    this.#roundUnderWay = undefined;
    if (round?.fault !== undefined) round.reject(new Error(round.fault));
    else round?.resolve();
    if (this.#nextRound !== undefined) setImmediate(() => this.#sendRound());
  }

  /** Our own mistake, or a device's number that is none: a line a second at most, with what was refused. */
  #refuse({ count, first }: Refusals): void {
    this.#ledger.refuse(count);
    this.#refusals.count += count;
    if (performance.now() - this.#refusals.toldAt < 1_000) return;
    const { measurement, subject, at } = first;
    this.#options.log.warn({ count: this.#refusals.count, measurement, subject, at }, 'points that cannot be kept');
    this.#refusals = { count: 0, toldAt: performance.now() };
  }
}

/** Only what the worker needs crosses to it. */
function influxOf({ url, token, org, bucket }: InfluxConfig): InfluxConfig {
  return { url, token, org, bucket };
}

function makeRound(): Round {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, resolve, reject, parcels: new Set(), fault: undefined };
}
