/** Sends what is due on one channel, again until it is taken; and takes the receivers' later word. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../../devices/wire.ts';
import type { Notice } from '../notice.ts';
import { type Channel, ChannelError, type ChannelReceipt } from './channel.ts';
import type { ChannelsOptions } from './channels.ts';
import type { DeliveryStore, Due } from './delivery-store.ts';

/** An alarm ages: quick at first, then patient. About 16 hours together. */
const defaultRetryMs: readonly Millis[] = [5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800].map(
  (seconds) => seconds * 1_000,
);
/** Retries spread by a fifth either way, so that a receiver that comes back is not met by all at once. */
const jitter = 0.2;
/** Attempts of one channel at once. */
const atOnce = 4;
/** Stopping waits this long for attempts that are under way. */
const stopPatienceMs: Millis = 2_000;
/** Receipts kept that came before their attempt was over, or that are of nobody. */
const maxEarly = 1_000;
/** A timer's longest wait; a far due time is looked at again then. */
const longestWaitMs = 60_000;

/** One channel's. */
export type Worker = ReturnType<typeof createWorker>;

/** The last hop. A receipt that nobody knows yet may belong to an attempt that is still under way. */
export function createReceipts(store: DeliveryStore, workers: readonly Worker[], { now }: ChannelsOptions) {
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
export function createWorker(
  channel: Channel,
  store: DeliveryStore,
  options: ChannelsOptions,
  sentAs: (reference: string) => void,
) {
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
