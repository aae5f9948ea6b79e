/** Hands notices to every channel until each has taken them: kept on disk before the first attempt, tried again with patience. */
import type { Millis } from '../../devices/wire.ts';
import type { Api, DomainNumber, Told } from '../domain.ts';
import type { Notice } from '../notice.ts';
import type { Channel, ChannelReceipt } from './channel.ts';
import { type DeliveryState, openDeliveryStore } from './delivery-store.ts';
import { createReceipts, createWorker, type Worker } from './delivery-worker.ts';
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
  /** For Prometheus. */
  numbers(): readonly DomainNumber[];
  /** Ends after the attempts that are under way; what waits, waits for the next start. */
  close(): Promise<void>;
};

export type ChannelStats = {
  readonly deliveries: readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[];
  /** Channels whose receiver wants nothing more, with its words. */
  readonly switchedOff: Readonly<Record<string, string>>;
};

/** Deliveries that may wait for one channel; beyond it the oldest are given up and counted: the new alarm matters. */
const maxWaiting = 10_000;
/** Notices kept for reports, the list, and against repetition: a year of proof (GB 50440) and some weeks to ask for it. */
const keptMs: Millis = 400 * 86_400_000;
/** Old and overdue notices are looked for after this many new ones: it reads them all. */
const tidyEvery = 100;
/** Notices of one incident in a report. */
const maxTold = 1_000;

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
    numbers() {
      const waiting = new Map(store.waiting().map(({ channel, count }) => [channel, count]));
      const samples = (measure: (channel: Channel) => number) =>
        channels.map((channel) => ({ labels: { channel: channel.name }, value: measure(channel) }));
      const isOff = ({ name, receiver }: Channel) => store.switchedOff(name, receiver) !== undefined;
      return [
        {
          name: 'notices_waiting',
          help: 'Notices that a channel has not taken yet',
          samples: samples(({ name }) => waiting.get(name) ?? 0),
        },
        {
          name: 'channel_off',
          help: 'One where the receiver wants nothing more (410)',
          samples: samples((channel) => Number(isOff(channel))),
        },
      ];
    },
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
