/** One namespace: subscriptions with a checked filter, durable events by cursor, and conflated frames. */
import type { Namespace, Socket } from 'socket.io';
import { Compile } from 'typebox/compile';
import type { Millis } from '../../devices/wire.ts';
import type { Principal } from '../access/policy.ts';
import type { Limits } from '../config.ts';
import type { DomainEvent, JournalledEvent, LiveDefinition, Viewer } from '../domain.ts';
import type { Pulse } from '../domains/fleet/view.ts';
import type { Mounted } from '../mounted.ts';
import type { Journal, Receipt, RegistryReader } from '../ports.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createFrameRooms } from './frames.ts';

export type LiveSocket = Socket;

export type ChannelParts = {
  readonly mounted: Mounted<unknown, DomainEvent>;
  readonly live: LiveDefinition<unknown, DomainEvent>;
  readonly namespace: Namespace;
  readonly journal: Journal;
  readonly registry: RegistryReader;
  readonly limits: Limits;
  now(): Millis;
  pulse(): Pulse;
  /** How long the first screen to have an event waited for it, from the hub's having it. */
  observeDelivery(namespace: string, seconds: number): void;
  readonly log: { info(details: object, message: string): void; error(details: object, message: string): void };
};

export type Channel = {
  admit(socket: LiveSocket, principal: Principal): void;
  /** Sends what has changed since the last frame. */
  frame(): void;
  stop(): void;
};

/** Receipts are for the first screen that had an event; this many events are remembered. */
const rememberedReceipts = 10_000;

export function openChannel(parts: ChannelParts): Channel {
  const { mounted, live, journal, limits } = parts;
  const filterSchema = Compile(live.filter);
  const frames = createFrameRooms({ ...parts, definitions: live.frames ?? [] });
  const deliveries = new Set<Delivery>();
  const received = new Set<string>();

  mounted.watch({
    changed: frames.touch,
    published: (event, state) => {
      for (const delivery of deliveries) delivery.offer(event, state);
    },
  });

  /** The proof that a screen had it: kept, and told to the domain the first time. */
  function noteReceipt(hop: Receipt['hop'], event: JournalledEvent, by: Principal): void {
    journal.addReceipts([{ event: event.id, hop, by: by.name, at: parts.now() }]).catch((error: unknown) => {
      parts.log.error({ err: error, event: event.id }, 'a receipt could not be kept');
    });
    // The hub's own watchdog is nobody's screen.
    if (hop !== 'received' || by.kind === 'system' || received.has(event.id)) return;
    received.add(event.id);
    parts.observeDelivery(live.namespace, (parts.now() - event.at) / 1_000);
    if (received.size > rememberedReceipts) for (const oldest of received) return void received.delete(oldest);
    mounted.receipt(event, by).catch((error: unknown) => {
      parts.log.error({ err: error, event: event.id }, 'a receipt could not be told to the domain');
    });
  }

  function admit(socket: LiveSocket, principal: Principal): void {
    const allowance = createAllowance(principal, limits, parts.now);
    let delivery: Delivery | undefined;

    const leave = (): void => {
      if (delivery) deliveries.delete(delivery);
      delivery?.stop();
      delivery = undefined;
      frames.leave(socket);
    };

    socket.on('subscribe', (...given: unknown[]) => {
      const answer = given.at(-1);
      const reply = typeof answer === 'function' ? answer : () => undefined;
      // No filter at all is the widest one.
      const filter: object = typeof given[0] === 'object' && given[0] !== null ? given[0] : {};
      const fault = faultOf(filterSchema, filter) ?? allowance.fault();
      if (fault) return void reply({ ok: false, error: fault });
      leave();
      const viewer: Viewer = { principal, at: parts.now(), registry: parts.registry };
      if (!frames.join(socket, withoutSince(filter), principal)) {
        return void reply({
          ok: false,
          error: { code: 'tooMany', message: 'too many different filters are in use; use a wider one' },
        });
      }
      void socket.join('subscribed');
      const cursor = journal.head();
      const snapshot = live.snapshot(mounted.states, filter, viewer);
      const whole = live.namespace === '/ops' ? withPulse(snapshot, parts.pulse()) : snapshot;
      reply({ ok: true, snapshot: whole, cursor });
      if (live.present === undefined) return;
      const present = live.present;
      delivery = createDelivery({
        ...parts,
        socket,
        // A cursor from before a restored backup is ahead of the journal: nothing was missed, and nothing may be hidden.
        since: Math.min(sinceOf(filter) ?? cursor, cursor),
        present: (event, state) => present(event, state, filter, { ...viewer, at: parts.now() }),
        noteReceipt: (hop, event) => noteReceipt(hop, event, principal),
      });
      deliveries.add(delivery);
    });
    socket.on('disconnect', leave);
  }

  return {
    admit,
    frame: frames.send,
    stop() {
      for (const delivery of deliveries) delivery.stop();
    },
  };
}

type Fault = { readonly code: 'invalid' | 'tooMany'; readonly message: string };

function faultOf(schema: ReturnType<typeof Compile>, filter: unknown): Fault | undefined {
  if (schema.Check(filter)) return undefined;
  const fault = schema.Errors(filter)[0];
  return {
    code: 'invalid',
    message: `filter${fault?.instancePath ?? ''} ${fault?.message ?? 'does not fit the schema'}`,
  };
}

/** Anonymous visitors may change their filter only so often. */
function createAllowance(principal: Principal, limits: Limits, now: () => Millis) {
  let minute = 0;
  let used = 0;
  return {
    fault(): Fault | undefined {
      if (principal.kind !== 'anonymous') return undefined;
      const current = Math.floor(now() / 60_000);
      if (current !== minute) {
        minute = current;
        used = 0;
      }
      if (++used <= limits.anonymousSubscribesPerMinute) return undefined;
      return {
        code: 'tooMany',
        message: `at most ${limits.anonymousSubscribesPerMinute} subscriptions a minute without a token`,
      };
    },
  };
}

function sinceOf(filter: unknown): number | undefined {
  if (typeof filter !== 'object' || filter === null || !('since' in filter)) return undefined;
  return typeof filter.since === 'number' ? filter.since : undefined;
}

/** Frames are the latest values: clients that came back at different cursors see the same ones. */
function withoutSince(filter: object): object {
  const { since: _cursor, ...rest }: { since?: unknown } = { ...filter };
  return rest;
}

function withPulse(snapshot: unknown, pulse: Pulse): unknown {
  return typeof snapshot === 'object' && snapshot !== null ? { ...snapshot, pulse } : { pulse };
}
