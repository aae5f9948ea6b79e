/**
 * The dispatcher's screen of a bench: subscribes to `/fire`, acknowledges each event, and measures how long each marked
 * alarm took from the device's publish. Stops when all expected have come, when time is over, or on SIGTERM.
 *
 * `node tests/bench/listener.ts --url http://127.0.0.1:8080 --token … --run a1 --expect 600 --seconds 90`
 */
import { parseArgs } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { percentile, preciseNow, readMark } from './mark.ts';

/** What was seen. Latencies in ms from the device's publish to this process. */
export type ListenResult = {
  readonly run: string;
  /** Live events of any kind that came. */
  readonly events: number;
  /** Marked alarms seen, each once; those of the first snapshot count, but have no latency. */
  readonly count: number;
  readonly inSnapshot: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Numbers below the expected that never came; at most the first 100. */
  readonly missing: readonly number[];
  /** Events whose id came more than once: sent again by the hub, allowed but worth knowing. */
  readonly repeated: number;
};

/** A listener at work. `done` resolves when the expected alarms have come or `stop` was called. */
export type Listener = { readonly ready: Promise<void>; readonly done: Promise<ListenResult>; stop(): void };

/** Starts to listen; `ready` resolves with the first snapshot and rejects with the hub's reason. */
export function listenToFire(options: {
  readonly url: string;
  readonly token: string;
  readonly run: string;
  /** How many alarms the run sends; without it, until stopped. */
  readonly expect?: number;
}): Listener {
  const socket = io(`${options.url.replace(/\/$/, '')}/fire`, {
    auth: { token: options.token },
    transports: ['websocket'],
  });
  const latencies = new Map<number, number>();
  const inSnapshot = new Set<number>();
  const seenEvents = new Set<unknown>();
  let events = 0;
  let repeated = 0;
  const done = Promise.withResolvers<ListenResult>();
  const finish = (): void => {
    socket.disconnect();
    done.resolve(summary(options, latencies, inSnapshot, { events, repeated }));
  };
  socket.on('event', (event: unknown, acknowledge?: unknown) => {
    const now = preciseNow();
    if (typeof acknowledge === 'function') acknowledge({ ok: true });
    events++;
    const id = idOf(event);
    if (seenEvents.has(id)) repeated++;
    seenEvents.add(id);
    for (const text of textsOf(event)) {
      const mark = readMark(text);
      if (mark === undefined || mark.run !== options.run || latencies.has(mark.number) || inSnapshot.has(mark.number))
        continue;
      latencies.set(mark.number, now - mark.sentAt);
    }
    if (latencies.size + inSnapshot.size === options.expect) finish();
  });
  const ready = subscribed(socket, (snapshot) => {
    for (const text of textsOf(snapshot)) {
      const mark = readMark(text);
      if (mark?.run === options.run && !latencies.has(mark.number)) inSnapshot.add(mark.number);
    }
  });
  return { ready, done: done.promise, stop: finish };
}

function subscribed(socket: Socket, onSnapshot: (snapshot: unknown) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect_error', reject);
    socket.on('connect', () => {
      socket.emit('subscribe', {}, (answer: unknown) => {
        if (typeof answer === 'object' && answer !== null && Reflect.get(answer, 'ok') === true) {
          onSnapshot(answer);
          resolve();
        } else reject(new Error(`the hub refused to subscribe: ${JSON.stringify(answer)}`));
      });
    });
  });
}

function idOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null ? Reflect.get(event, 'id') : undefined;
}

/** Every text anywhere in the event: where the mark stands in the view is the hub's affair. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) yield* textsOf(child);
}

function summary(
  options: { readonly run: string; readonly expect?: number },
  latencies: ReadonlyMap<number, number>,
  inSnapshot: ReadonlySet<number>,
  counts: { readonly events: number; readonly repeated: number },
): ListenResult {
  const sorted = [...latencies.values()].sort((left, right) => left - right);
  const last = options.expect ?? Math.max(0, ...latencies.keys(), ...inSnapshot);
  const missing = Array.from({ length: last }, (_, index) => index + 1).filter(
    (number) => !latencies.has(number) && !inSnapshot.has(number),
  );
  const hundredth = (value: number): number => Math.round(value * 100) / 100;
  return {
    run: options.run,
    count: sorted.length + inSnapshot.size,
    inSnapshot: inSnapshot.size,
    p50: hundredth(percentile(sorted, 0.5)),
    p99: hundredth(percentile(sorted, 0.99)),
    max: hundredth(sorted.at(-1) ?? Number.NaN),
    missing: missing.slice(0, 100),
    ...counts,
  };
}

async function main(): Promise<void> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      url: { ...string, default: 'http://127.0.0.1:8080' },
      token: { ...string, default: '' },
      run: { ...string, default: '' },
      expect: string,
      seconds: { ...string, default: '90' },
    },
  });
  const expect = values.expect === undefined ? {} : { expect: Number(values.expect) };
  const listener = listenToFire({ url: values.url, token: values.token, run: values.run, ...expect });
  process.once('SIGTERM', listener.stop);
  await listener.ready;
  // The parent starts the alarms once it has read this line.
  process.stdout.write('{"ready":true}\n');
  const timer = setTimeout(listener.stop, Number(values.seconds) * 1000);
  process.stdout.write(`${JSON.stringify(await listener.done)}\n`);
  clearTimeout(timer);
}

if (import.meta.main) {
  main().catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exit(1);
  });
}
