/** Hands notices to every channel until each has taken them: kept on disk before the first attempt, tried again with patience. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../../devices/wire.ts';
import type { Api, Told } from '../domain.ts';
import type { Notice } from '../notice.ts';
import { type Channel, ChannelError, type ChannelReceipt } from './channel.ts';
import { type DeliveryState, type Due, openDeliveryStore } from './delivery-store.ts';
import { registerNoticeRoutes } from './notice-routes.ts';

export type ChannelsOptions = {
  /** Path of `channels.db`. */
  readonly path: string;
  readonly channels: readonly Channel[];
  /** The names of the channels that a notice goes to; all of them by default. */
  route?(notice: Notice): readonly string[];
  /** Called once: where receivers tell later what came of what they took. */
  listen?(take: (receipt: ChannelReceipt) => void): void;
  /** The address people reach the hub by, for links. */
  readonly hub?: string;
  now(): Millis;
  /** From 0 to 1, for the jitter; `Math.random` by default. */
  random?(): number;
  /** Waits between attempts in ms; the default gives up after about 16 hours. */
  readonly retryMs?: readonly Millis[];
  readonly log: { warn(details: object, message: string): void; error(details: object, message: string): void };
};

export type Channels = {
  /**
   * Takes notices: on disk when it returns, sent soon after. A known id changes nothing, so the same notices may be given
   * again after a crash. `cursor` is the journal's, of the event that they follow from.
   */
  notify(notices: readonly Notice[], cursor?: number): void;
  /** The highest cursor that was given: after a crash, begin again behind it. */
  cursor(): number;
  /** What was told of an incident, oldest first, with the log of each delivery; for reports. */
  told(incident: string): readonly Told[];
  /** `GET /api/v1/notices`, `POST /api/v1/notices/:id/resend`. */
  routes(api: Api): void;
  stats(): ChannelStats;
  /** Ends after the attempts that are under way; what waits, waits for the next start. */
  close(): Promise<void>;
};

export type ChannelStats = {
  readonly deliveries: readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[];
  /** Channels whose receiver wants nothing more, with its words. */
  readonly switchedOff: Readonly<Record<string, string>>;
};

/** An alarm ages: quick at first, then patient. About 16 hours together. */
const defaultRetryMs: readonly Millis[] = [5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800].map(
  (seconds) => seconds * 1_000,
);
/** Retries spread by a fifth either way, so that a receiver that comes back is not met by all at once. */
const jitter = 0.2;
/** Attempts of one channel at once. */
const atOnce = 4;
/** Deliveries that may wait for one channel; beyond it the oldest are given up and counted: the new alarm matters. */
const maxWaiting = 10_000;
/** Notices kept for reports, the list, and against repetition: a year of proof (GB 50440) and some weeks to ask for it. */
const keptMs: Millis = 400 * 86_400_000;
/** Old and overdue notices are looked for after this many new ones: it reads them all. */
const tidyEvery = 100;
/** Stopping waits this long for attempts that are under way. */
const stopPatienceMs: Millis = 2_000;
/** Receipts kept that came before their attempt was over, or that are of nobody. */
const maxEarly = 1_000;
/** Notices of one incident in a report. */
const maxTold = 1_000;
/** A timer's longest wait; a far due time is looked at again then. */
const longestWaitMs = 60_000;

/** Opens the store and goes on with what was left waiting. @throws StartError when the store cannot be used. */
export function openChannels(options: ChannelsOptions): Channels {
  const { channels, now, log } = options;
  const store = openDeliveryStore(options.path);
  let sinceTidied = 0;
  const deliveriesOf = (notice: Notice) => {
    const names = options.route?.(notice);
    return channels
      .filter(({ name }) => names === undefined || names.includes(name))
      .map(({ name, isExternal }) => {
        return { name, state: isExternal && notice.status !== 'actual' ? 'skipped' : 'waiting' } as const;
      });
  };
  const tidy = (): void => {
    sinceTidied = 0;
    store.forget(now() - keptMs);
    const names = channels.map(({ name }) => name);
    const abandoned = store.abandon(names, now());
    if (abandoned > 0) log.error({ count: abandoned }, 'notices were given up: their channels are no longer set');
    for (const { name } of channels) {
      const count = store.trim(name, maxWaiting, now());
      if (count > 0) log.error({ channel: name, count }, 'notices were given up: too many wait for this channel');
    }
  };
  tidy();
  const workers: Worker[] = [];
  const receipts = createReceipts(store, workers, options);
  workers.push(...channels.map((channel) => createWorker(channel, store, options, receipts.sentAs)));
  options.listen?.(receipts.take);
  for (const worker of workers) worker.wake();
  return {
    notify(notices, cursor) {
      // Of hundreds of channels an alarm concerns a few: the others sleep on.
      const concerned = new Set<string>();
      const deliver = (notice: Notice) => {
        const deliveries = deliveriesOf(notice);
        for (const { name } of deliveries) concerned.add(name);
        return deliveries;
      };
      store.add(notices, deliver, cursor, now());
      sinceTidied += notices.length;
      if (sinceTidied >= tidyEvery) tidy();
      for (const worker of workers) if (concerned.has(worker.name)) worker.wake();
    },
    cursor: store.cursor,
    told: (incident) =>
      store
        .list({ incident, limit: maxTold })
        .toReversed()
        .map(({ notice: { step, audience, at }, deliveries }) => ({ step, audience, at, deliveries })),
    routes: (api) =>
      registerNoticeRoutes(api, {
        store,
        hub: options.hub,
        resend(id, by) {
          const isKnown = store.resend(id, by, now());
          for (const worker of workers) worker.wake();
          return isKnown;
        },
      }),
    stats() {
      const off = channels.flatMap(({ name, receiver }) => {
        const reason = store.switchedOff(name, receiver);
        return reason === undefined ? [] : [[name, reason] as const];
      });
      return { deliveries: store.counts(), switchedOff: Object.fromEntries(off) };
    },
    async close() {
      receipts.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
      for (const channel of channels) channel.close();
      store.close();
    },
  };
}

type Store = ReturnType<typeof openDeliveryStore>;
type Worker = ReturnType<typeof createWorker>;

/** The last hop. A receipt that nobody knows yet may belong to an attempt that is still under way. */
function createReceipts(store: Store, workers: readonly Worker[], { now }: ChannelsOptions) {
  const early = new Map<string, ChannelReceipt>();

  function take(receipt: ChannelReceipt): void {
    const known = store.referred(receipt.reference);
    if (known === undefined) {
      for (const oldest of early.keys()) if (early.size >= maxEarly) early.delete(oldest);
      early.set(receipt.reference, receipt);
      return;
    }
    if (receipt.outcome === 'reached') {
      store.reached(known.notice.id, known.channel, now());
      store.note(known.notice.id, known.channel, { at: now(), outcome: 'reached', reason: undefined });
      return;
    }
    const worker = workers.find(({ name }) => name === known.channel);
    worker?.failed(known.notice, known.attempts, new ChannelError(`not reached: ${receipt.reason}`), 'notReached');
    worker?.wake();
  }

  let isStopped = false;
  return {
    take: (receipt: ChannelReceipt): void => void (isStopped || take(receipt)),
    stop: (): void => {
      isStopped = true;
    },
    sentAs(reference: string): void {
      const receipt = early.get(reference);
      if (receipt === undefined) return;
      early.delete(reference);
      take(receipt);
    },
  };
}

/** Sends what is due on one channel, a few at once, and sleeps until the next. */
function createWorker(channel: Channel, store: Store, options: ChannelsOptions, sentAs: (reference: string) => void) {
  const { now, log } = options;
  const underWay = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isClosed = false;

  function wake(): void {
    if (isStopped) return;
    clearTimeout(timer);
    // One look at the clock: what falls due between two looks would be taken for under way and sleep for a minute.
    const at = now();
    const free = atOnce - underWay.size;
    if (free > 0) {
      // Those under way are still due in the store: ask for as many more.
      const due = store.due(channel.name, at, free + underWay.size);
      for (const one of due.filter(({ notice }) => !underWay.has(notice.id)).slice(0, free)) begin(one);
    }
    if (underWay.size >= atOnce) return;
    const nextAt = store.nextAt(channel.name);
    if (nextAt === undefined) return;
    // What is due and under way already wakes this worker by itself when it is done.
    const waitMs = nextAt <= at ? longestWaitMs : nextAt - at;
    timer = setTimeout(wake, Math.min(waitMs, longestWaitMs));
    timer.unref();
  }

  function begin(due: Due): void {
    const work = attempt(due)
      .catch((error: unknown) =>
        log.error({ error, channel: channel.name }, 'the outcome of a notice could not be kept'),
      )
      .finally(() => {
        underWay.delete(due.notice.id);
        wake();
      });
    underWay.set(due.notice.id, work);
  }

  async function attempt({ notice, attempts: before, isResent }: Due): Promise<void> {
    const attempts = before + 1;
    // A person who sends again may know that the receiver is back.
    const reason = isResent ? undefined : store.switchedOff(channel.name, channel.receiver);
    try {
      if (reason !== undefined) throw new ChannelError(reason, { isGone: true });
      const sent = await channel.send(notice);
      if (isClosed) return;
      store.switchOn(channel.name);
      store.note(notice.id, channel.name, { at: now(), outcome: 'delivered', reason: undefined });
      store.record(notice.id, channel.name, {
        ...{ state: 'delivered', attempts, lastError: undefined, nextAt: undefined },
        ...{ changedAt: now(), reference: sent?.reference },
      });
      if (sent !== undefined) sentAs(sent.reference);
    } catch (cause) {
      if (isClosed) return;
      const fault = cause instanceof ChannelError ? cause : new ChannelError('the channel failed');
      if (!(cause instanceof ChannelError)) log.error({ error: cause, channel: channel.name }, 'a channel failed');
      failed(notice, attempts, fault, 'refused');
    }
  }

  function failed(notice: Notice, attempts: number, fault: ChannelError, outcome: 'refused' | 'notReached'): void {
    const at = now();
    const waitMs = fault.isGone || fault.isFinal ? undefined : nextWait(attempts, fault.retryAfterMs, options);
    if (fault.isGone) store.switchOff(channel.name, channel.receiver, fault.message, at);
    const nextAt = waitMs === undefined ? undefined : at + waitMs;
    const state = nextAt === undefined ? 'failed' : 'waiting';
    store.note(notice.id, channel.name, { at, outcome, reason: fault.message });
    store.record(notice.id, channel.name, {
      ...{ state, attempts, lastError: fault.message, nextAt },
      ...{ changedAt: at, reference: undefined },
    });
    const details = { notice: notice.id, channel: channel.name, attempts, reason: fault.message };
    if (state === 'failed') log.error(details, 'a notice was not delivered and is given up');
    else log.warn(details, 'a notice was not delivered; it is tried again');
  }

  return {
    name: channel.name,
    wake,
    failed,
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      // What is still under way then is not recorded: it waits in the store and is sent again, with the same id.
      const patience = delay(stopPatienceMs, undefined, { ref: false });
      await Promise.race([Promise.all(underWay.values()), patience]);
      isClosed = true;
    },
  };
}

function nextWait(attempts: number, retryAfterMs: Millis | undefined, options: ChannelsOptions): Millis | undefined {
  const { random = Math.random, retryMs = defaultRetryMs } = options;
  const base = retryMs[attempts - 1];
  if (base === undefined) return undefined;
  const spread = Math.round(base * (1 + jitter * (2 * random() - 1)));
  return Math.max(spread, retryAfterMs ?? 0);
}
