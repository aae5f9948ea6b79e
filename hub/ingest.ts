/** The one door: bytes from any broker or gateway become inputs, or dead letters with a reason. */
import { BadMessage, type Millis, parseTopic } from '../devices/wire.ts';
import type { DomainEvent } from './domain.ts';
import type { Arrival, Mounted } from './mounted.ts';
import type { DeadLetter, Delivery, Journal, Receive } from './ports.ts';
import type { DeviceRecord } from './registry/records.ts';
import type { Registry } from './registry/registry.ts';

/** Messages since the start: `received = stored + dead + shed + pending` at every moment. */
export type IngestCounts = {
  received: number;
  /** Accepted by a step: its facts are in the journal, its points with the history. */
  stored: number;
  dead: number;
  shed: number;
  pending: number;
  /** Dead letters by reason; those of messages that were salvaged too, which are not in `dead`. */
  readonly deadBy: Map<string, number>;
  /** Messages and newest hub time by domain. */
  readonly byDomain: Map<string, { count: number; newestAt: Millis }>;
};

type Target = Pick<Mounted<unknown, DomainEvent>, 'name' | 'accept' | 'salvage' | 'lane' | 'touch'>;

export type IngestParts = {
  readonly domains: ReadonlyMap<string, Target>;
  /** Takes `status` of every domain, and hears of each device that speaks for the first time. */
  readonly fleet: Target;
  readonly registry: Pick<Registry, 'device' | 'notePresence' | 'onChange'>;
  readonly journal: Pick<Journal, 'addDeadLetters'>;
  readonly deadLettersPerSecond: number;
  /** How long a message that had to wait (for the journal, or for its subject) took, by domain. */
  observeLag(domain: string, seconds: number): void;
  now(): Millis;
  readonly log: { info(details: object, message: string): void; error(details: object, message: string): void };
};

/** Where a topic leads; looked up once and kept while the registry stands. */
type Route = {
  readonly target: Target;
  readonly name: string;
  readonly device: DeviceRecord;
  readonly domain: { count: number; newestAt: Millis };
};

/** Routes kept; a city has fewer topics. At the bound all are looked up anew. */
const maxRoutes = 200_000;

export type Ingest = { readonly receive: Receive; readonly counts: IngestCounts };

export function createIngest(parts: IngestParts): Ingest {
  const routes = new Map<string, Route>();
  const counts: IngestCounts = {
    received: 0,
    stored: 0,
    dead: 0,
    shed: 0,
    pending: 0,
    deadBy: new Map(),
    byDomain: new Map(),
  };
  const letters = createLetterBox(parts);
  parts.registry.onChange(() => routes.clear());

  /** @throws BadMessage when the topic leads nowhere. */
  function routeOf(topic: string): Route {
    const known = routes.get(topic);
    if (known !== undefined) return known;
    const route = findRoute(parts, counts, topic);
    if (routes.size >= maxRoutes) routes.clear();
    routes.set(topic, route);
    return route;
  }

  function bury(delivery: Delivery, fault: BadMessage): void {
    counts.dead++;
    countFault(delivery, fault);
    letters.add(delivery, fault);
  }

  function countFault(delivery: Delivery, fault: BadMessage): void {
    counts.deadBy.set(fault.reason, (counts.deadBy.get(fault.reason) ?? 0) + 1);
    parts.registry.notePresence(delivery.deviceId, delivery.at, true);
  }

  function receive(delivery: Delivery): Promise<void> | undefined {
    counts.received++;
    try {
      const { target, name, device, domain } = routeOf(delivery.topic);
      domain.count++;
      domain.newestAt = delivery.at;
      const { payload, at, retain: retained, qos } = delivery;
      const outcome = accept(delivery, target, { name, payload, device, at, retained, safe: qos > 0 });
      if (outcome === 'shed') {
        counts.shed++;
        return undefined;
      }
      const isFirst = parts.registry.notePresence(device.id, delivery.at, false);
      if (isFirst && target !== parts.fleet) parts.fleet.touch(device.id);
      if (outcome === undefined) {
        counts.stored++;
        return undefined;
      }
      return settle(delivery, target.name, outcome);
    } catch (error) {
      return fail(delivery, error);
    }
  }

  /** What a domain can still understand of a refused message goes on its way; the original and its fault are kept beside it. */
  function accept(delivery: Delivery, target: Target, arrival: Arrival): ReturnType<Target['accept']> {
    try {
      return target.accept(arrival);
    } catch (fault) {
      const payload = fault instanceof BadMessage ? target.salvage(arrival) : undefined;
      if (!(fault instanceof BadMessage) || payload === undefined) throw fault;
      countFault(delivery, fault);
      letters.add(delivery, {
        reason: fault.reason,
        message: `${fault.message}; taken all the same, marked as doubtful`,
      });
      return target.accept({ ...arrival, payload });
    }
  }

  function settle(delivery: Delivery, domain: string, outcome: Promise<void>): Promise<void> {
    counts.pending++;
    return outcome.then(
      () => {
        counts.pending--;
        counts.stored++;
        parts.observeLag(domain, (parts.now() - delivery.at) / 1_000);
      },
      (error: unknown) => {
        counts.pending--;
        return fail(delivery, error);
      },
    );
  }

  /** A device's mistake is acknowledged and buried. Ours is loud, and not acknowledged: the device sends again. */
  function fail(delivery: Delivery, error: unknown): Promise<void> | undefined {
    if (error instanceof BadMessage) {
      bury(delivery, error);
      return undefined;
    }
    counts.shed++;
    parts.log.error({ err: error, topic: delivery.topic }, 'a message could not be processed and was not acknowledged');
    letters.add(delivery, {
      reason: 'internal',
      message: 'the hub could not process it and has not acknowledged it; see its log',
    });
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  return { receive, counts };
}

/** @throws BadMessage when the topic leads nowhere. */
function findRoute(parts: IngestParts, counts: IngestCounts, topic: string): Route {
  const parsed = parseTopic(topic);
  if (parsed === undefined) throw new BadMessage('topic', 'expected city/v1/<domain>/<deviceId>/<message>');
  const domainTarget = parts.domains.get(parsed.domain);
  if (domainTarget === undefined) {
    throw new BadMessage(
      'topic',
      `"${parsed.domain}" is not a domain; known are ${[...parts.domains.keys()].join(', ')}`,
    );
  }
  const device = parts.registry.device(parsed.deviceId);
  if (device === undefined)
    throw new BadMessage('unknownDevice', `"${parsed.deviceId}" is not in the registry; add it first`);
  if (device.domain !== parsed.domain) {
    throw new BadMessage(
      'topic',
      `"${device.id}" is a device of ${device.domain}; it may not speak as ${parsed.domain}`,
    );
  }
  const target =
    domainTarget.lane(parsed.message) === undefined && parts.fleet.lane(parsed.message) ? parts.fleet : domainTarget;
  const domain = counts.byDomain.get(parsed.domain) ?? { count: 0, newestAt: 0 };
  counts.byDomain.set(parsed.domain, domain);
  return { target, name: parsed.message, device, domain };
}

/** How much of a refused payload is kept. */
const headBytes = 1024;

/** Writes dead letters once a turn of the loop, at most so many a second: a broken fleet must not fill the disk. */
function createLetterBox(parts: IngestParts) {
  let second = 0;
  let written = 0;
  let waiting: Omit<DeadLetter, 'id'>[] = [];

  function post(): void {
    const batch = waiting;
    waiting = [];
    parts.journal.addDeadLetters(batch).catch((error: unknown) => {
      parts.log.error({ err: error, count: batch.length }, 'dead letters could not be written; they are only counted');
    });
  }

  return {
    add(delivery: Delivery, fault: { readonly reason: string; readonly message: string }): void {
      const now = Math.floor(parts.now() / 1_000);
      if (now !== second) {
        second = now;
        written = 0;
      }
      if (++written > parts.deadLettersPerSecond) return;
      parts.log.info({ topic: delivery.topic, device: delivery.deviceId, reason: fault.reason }, fault.message);
      if (waiting.length === 0) setImmediate(post);
      waiting.push({
        at: delivery.at,
        topic: delivery.topic.slice(0, 256),
        deviceId: delivery.deviceId,
        reason: fault.reason,
        detail: fault.message.slice(0, 512),
        bytes: delivery.payload.length,
        head: delivery.payload.subarray(0, headBytes).toString('base64'),
      });
    },
  };
}
