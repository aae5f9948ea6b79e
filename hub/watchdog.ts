/** The hub's own test alarm: it goes the whole way of a real one, device to screen, so that a broken way is known before a fire is. */
import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { connectDevice, type Device } from '../devices/client.ts';
import type { FireEvent } from '../devices/fire/message.ts';
import type { Millis } from '../devices/wire.ts';
import type { Access } from './access/access.ts';
import type { Principal } from './access/policy.ts';
import type { Notice } from './domain.ts';
import type { Pulse } from './domains/fleet/view.ts';
import type { EventsOfDevice } from './ports.ts';
import type { DeviceRecord } from './registry/records.ts';
import type { Registry } from './registry/registry.ts';

/** So many lost beats in a row are a broken way: a single one may be a pause of the machine. */
export const missesToAlarm = 2;

/** Where the beats stand. `missed` counts those lost in a row. */
export type Beats = NonNullable<Pulse['watchdog']> & {
  readonly waiting: { readonly beat: string; readonly sentMs: number } | null;
};

/** `ms` is of a clock that is never set; `at` is the hub's time. */
export type BeatInput =
  | { readonly kind: 'sent'; readonly beat: string; readonly ms: number }
  | { readonly kind: 'returned'; readonly beat: string; readonly ms: number; readonly at: Millis }
  | { readonly kind: 'overdue'; readonly beat: string };

export const noBeats: Beats = { lastAt: null, roundTripMs: null, missed: 0, waiting: null };

/** Counts. `news` is said once: when the way is taken for broken, and when a beat came through again. Pure. */
export function stepBeats(
  beats: Beats,
  input: BeatInput,
): { readonly beats: Beats; readonly news?: 'broken' | 'whole' } {
  const isAwaited = beats.waiting?.beat === input.beat;
  switch (input.kind) {
    case 'sent': {
      const waiting = { beat: input.beat, sentMs: input.ms };
      if (beats.waiting === null) return { beats: { ...beats, waiting } };
      const missed = miss(beats);
      return { ...missed, beats: { ...missed.beats, waiting } };
    }
    case 'overdue':
      return isAwaited ? miss(beats) : { beats };
    case 'returned': {
      // A beat that comes after its time stays missed: an alarm so late would be lost too.
      if (!isAwaited || beats.waiting === null) return { beats };
      const roundTripMs = input.ms - beats.waiting.sentMs;
      const after: Beats = { lastAt: input.at, roundTripMs, missed: 0, waiting: null };
      return beats.missed >= missesToAlarm ? { beats: after, news: 'whole' } : { beats: after };
    }
  }
}

function miss(beats: Beats): ReturnType<typeof stepBeats> {
  const missed = beats.missed + 1;
  const after: Beats = { ...beats, missed, waiting: null };
  return missed === missesToAlarm ? { beats: after, news: 'broken' } : { beats: after };
}

const deviceRecord: DeviceRecord = {
  id: 'hub-watchdog',
  domain: 'fire',
  model: 'watchdog',
  name: 'Hub watchdog',
  heartbeatMs: 60_000,
  synthetic: true,
};

/** What the beats leave in the journal. Only the newest decides the device's state, so old ones may go. */
export const beatFacts: EventsOfDevice = { deviceId: deviceRecord.id, types: ['signal.received'] };

/** Allowed onto `/fire` by a token that only this process has; the domain shows it its own beats and nothing else. */
const self: Principal = { kind: 'system', id: deviceRecord.id, name: deviceRecord.id, roles: ['operator'] };

export type WatchdogParts = {
  /** Between two beats; 0 switches the watchdog off. */
  readonly intervalMs: Millis;
  /** A beat that needs longer is missed; at most the interval. */
  readonly graceMs: Millis;
  readonly registry: Pick<Registry, 'device' | 'putDevice'>;
  readonly access: Pick<Access, 'setDeviceSecret'>;
  now(): Millis;
  observe(seconds: number): void;
  notify(notices: readonly Notice[]): void;
  readonly log: Record<'info' | 'warn' | 'error', (details: object, message: string) => void>;
};

export type Watchdog = {
  /** For the pulse; `undefined` while it is off. */
  status(): Pulse['watchdog'];
  /** The watchdog itself, for its own token. */
  principalOf(token: string): Principal | undefined;
  /** Live sockets of its own: no screen of anybody. */
  sockets(): number;
  /** Begins to beat, without waiting for the first to come back. Does nothing when it is off. */
  start(addresses: { readonly host: string; readonly httpPort: number; readonly mqttPort: number }): void;
  stop(): void;
};

export function createWatchdog(parts: WatchdogParts): Watchdog {
  const { intervalMs, registry, access, now, log } = parts;
  const isOn = intervalMs > 0;
  const token = randomBytes(32).toString('base64url');
  let beats = noBeats;
  let app: Socket | undefined;
  let sender: Sender | undefined;
  let timer: NodeJS.Timeout | undefined;
  let grace: NodeJS.Timeout | undefined;

  function take(input: BeatInput): void {
    const { beats: after, news } = stepBeats(beats, input);
    if (input.kind === 'returned' && after !== beats) parts.observe((after.roundTripMs ?? 0) / 1_000);
    beats = after;
    if (news === 'whole') log.info({ roundTripMs: after.roundTripMs }, 'the alarm path works again');
    if (news === 'broken') tellBroken();
  }

  function tellBroken(): void {
    const { missed, lastAt } = beats;
    log.error({ missed, lastAt }, 'the alarm path is broken: test alarms do not come through');
    try {
      parts.notify([brokenNotice(now())]);
    } catch (error) {
      // The same full disk may have broken the path; the hub must live on to say so on the screens.
      log.error({ err: error }, 'the notice of the broken alarm path could not be kept');
    }
  }

  function sendBeat(): void {
    const beat = randomBytes(12).toString('hex');
    take({ kind: 'sent', beat, ms: performance.now() });
    clearTimeout(grace);
    grace = setTimeout(() => take({ kind: 'overdue', beat }), Math.min(parts.graceMs, intervalMs));
    sender?.send(beat);
  }

  return {
    status: () => (isOn ? { lastAt: beats.lastAt, roundTripMs: beats.roundTripMs, missed: beats.missed } : undefined),
    principalOf: (given) => (isOn && given === token ? self : undefined),
    sockets: () => (app?.connected ? 1 : 0),
    start({ host, httpPort, mqttPort }) {
      if (!isOn) return;
      if (registry.device(deviceRecord.id) === undefined) registry.putDevice(deviceRecord);
      const password = access.setDeviceSecret(deviceRecord.id, deviceRecord.domain);
      sender = createSender({ url: `mqtt://${reachable(host)}:${mqttPort}`, password, now, log });
      app = openScreen(`http://${reachable(host)}:${httpPort}/fire`, token, {
        heard: (heard) => take({ kind: 'returned', beat: heard, ms: performance.now(), at: now() }),
        // The first beat waits for the screen, so that a start is no miss; one that never comes is missed by the timer's.
        ready: () => {
          if (beats === noBeats) sendBeat();
        },
      });
      timer = setInterval(sendBeat, intervalMs);
    },
    stop() {
      clearInterval(timer);
      clearTimeout(grace);
      app?.disconnect();
      sender?.stop();
    },
  };
}

type Sender = { send(beat: string): void; stop(): void };

/** An ordinary device with an ordinary secret. A connection that cannot be made is tried again with each beat. */
function createSender(
  options: Pick<WatchdogParts, 'now' | 'log'> & { readonly url: string; readonly password: string },
): Sender {
  const { now, log, url, password } = options;
  const { id, domain } = deviceRecord;
  const boot = String(now());
  let seq = 0;
  let isStopped = false;
  const open = async (): Promise<Device | undefined> => {
    try {
      return await connectDevice({ url, id, password, domain, boot, now, queueLimit: 2 });
    } catch (error) {
      log.warn({ err: error }, 'the watchdog cannot connect; it tries again with the next beat');
      return undefined;
    }
  };
  let device = open();
  const publish = async (beat: string): Promise<void> => {
    const connected = await device;
    if (isStopped) return;
    if (connected === undefined) device = open();
    const body: FireEvent = { id: beat, ts: now(), boot, seq: ++seq, kind: 'test', class: 'other' };
    await connected?.publishEvent('event', body);
  };
  return {
    send(beat) {
      publish(beat).catch((error: unknown) => {
        // Its absence is counted as a miss; here is only why.
        if (!isStopped) log.warn({ err: error }, 'a test alarm was not sent');
      });
    },
    stop() {
      isStopped = true;
      // Without a goodbye, whose answer a broken hub might never give.
      void device.then((connected) => connected?.end());
    },
  };
}

/** An app like any other: subscribes after every connect and acknowledges what it gets. */
function openScreen(url: string, token: string, on: { heard(beat: string): void; ready(): void }): Socket {
  const app = io(url, { transports: ['websocket'], forceNew: true, auth: { token }, reconnectionDelayMax: 5_000 });
  app.on('event', (event: unknown, acknowledge: () => void) => {
    acknowledge();
    const beat = beatOf(event);
    if (beat !== undefined) on.heard(beat);
  });
  app.on('connect', () => app.emit('subscribe', {}, () => on.ready()));
  return app;
}

function beatOf(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('data' in event)) return undefined;
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('beat' in data)) return undefined;
  return typeof data.beat === 'string' ? data.beat : undefined;
}

/** Where this process reaches what listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** No test: people who wait for alarms that cannot come must know, wherever they are. */
function brokenNotice(at: Millis): Notice {
  return {
    id: `alarmPath/${at}`,
    incident: 'alarmPath',
    step: 'alarmPath',
    audience: 'everyone',
    status: 'actual',
    text: {
      vi: 'ĐƯỜNG BÁO CHÁY BỊ GIÁN ĐOẠN · tín hiệu thử của hệ thống không tới được màn hình; báo cháy thật có thể không hiện, hãy trực theo cách khác',
      en: 'ALARM PATH BROKEN · the hub’s own test alarms do not reach a screen; real alarms may not show, watch by other means',
    },
    at,
  };
}
