/** The live side: one socket.io server, one namespace a domain, tokens checked at the door and again while they stay. */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Millis } from '../../devices/wire.ts';
import { anonymous, may, type Principal } from '../access/policy.ts';
import type { Limits } from '../config.ts';
import type { DomainEvent } from '../domain.ts';
import type { Pulse } from '../domains/fleet/view.ts';
import type { Mounted } from '../mounted.ts';
import type { Journal, RegistryReader } from '../ports.ts';
import { type Channel, type LiveSocket, openChannel } from './channel.ts';

export type LiveParts = {
  readonly http: HttpServer;
  readonly domains: readonly Mounted<unknown, DomainEvent>[];
  readonly journal: Journal;
  readonly registry: RegistryReader;
  readonly limits: Limits;
  now(): Millis;
  /** `undefined` when the token is unknown, expired or revoked. */
  principalOf(token: string): Principal | undefined;
  /** The hub's own health, for `/ops`. */
  pulse(): Pulse;
  observeDelivery(namespace: string, seconds: number): void;
  readonly log: { info(details: object, message: string): void; error(details: object, message: string): void };
};

export type Live = {
  clients(): number;
  /** Ends every socket of this principal, e.g. when its token was revoked. */
  disconnect(principalId: string): void;
  stop(): Promise<void>;
};

/** The namespace that carries the pulse. */
const opsNamespace = '/ops';

export function startLive(parts: LiveParts): Live {
  const io = new Server(parts.http, {
    serveClient: false,
    // A frame of 3,000 vehicles compresses to a fifth, but a level of zlib costs more than a city's own network: off.
    perMessageDeflate: false,
    maxHttpBufferSize: 64 * 1024,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    // CORS does not protect a WebSocket handshake, so the origin is checked here.
    allowRequest: (request, answer) => answer(null, isSameOrigin(request.headers.origin, request.headers.host)),
  });
  const channels: Channel[] = [];
  let anonymousSockets = 0;

  for (const mounted of parts.domains) {
    const live = mounted.live;
    if (live === undefined) continue;
    const namespace: ReturnType<typeof io.of> = io.of(live.namespace);
    const channel = openChannel({ ...parts, mounted, live, namespace });
    channels.push(channel);
    namespace.use((socket, next) => {
      const token: unknown = socket.handshake.auth.token;
      const principal = typeof token === 'string' && token !== '' ? parts.principalOf(token) : anonymous;
      if (principal === undefined) return next(refusal('unauthenticated', 'the token is unknown, expired or revoked'));
      const allowed = live.action === 'anonymous' || may(principal, live.action);
      if (!allowed) {
        const code = principal.kind === 'anonymous' ? 'unauthenticated' : 'forbidden';
        return next(refusal(code, `${live.namespace} needs a token whose role allows ${live.action}`));
      }
      if (principal.kind === 'anonymous' && anonymousSockets >= parts.limits.anonymousSockets) {
        return next(refusal('tooMany', 'too many visitors at once; try again later or use a token'));
      }
      socket.data.principal = principal;
      next();
    });
    namespace.on('connection', (socket) => {
      const principal: Principal = socket.data.principal;
      if (principal.kind === 'anonymous') {
        anonymousSockets++;
        socket.on('disconnect', () => anonymousSockets--);
      }
      channel.admit(socket, principal);
    });
  }

  const frames = startFrames(io, channels, parts);
  const sweep = setInterval(() => {
    for (const socket of allSockets(io)) {
      const token: unknown = socket.handshake.auth.token;
      if (typeof token === 'string' && token !== '' && parts.principalOf(token) === undefined) socket.disconnect(true);
    }
  }, 30_000);

  return {
    clients: () => io.engine.clientsCount,
    disconnect(principalId) {
      for (const socket of allSockets(io)) {
        const principal: Principal | undefined = socket.data.principal;
        if (principal?.id === principalId) socket.disconnect(true);
      }
    },
    async stop() {
      frames.stop();
      clearInterval(sweep);
      for (const channel of channels) channel.stop();
      io.disconnectSockets(true);
      // The HTTP server is the API's to close.
      io.engine.close();
    },
  };
}

/** Between the frames of two namespaces: time for the first to leave. */
const staggerMs = 100;

/**
 * One frame a second a namespace, and the pulse. A volatile packet is dropped while the one before is still leaving,
 * so namespaces that share a connection take turns within the second.
 */
function startFrames(io: Server, channels: readonly Channel[], parts: LiveParts): { stop(): void } {
  const hasOps = parts.domains.some((mounted) => mounted.live?.namespace === opsNamespace);
  const pulse = (): void => {
    if (hasOps) io.of(opsNamespace).to('subscribed').volatile.emit('pulse', parts.pulse());
  };
  const turns = [...channels.map((channel) => channel.frame), pulse];
  const waiting = new Set<NodeJS.Timeout>();
  const second = setInterval(() => {
    waiting.clear();
    for (const [index, turn] of turns.entries()) waiting.add(setTimeout(turn, index * staggerMs));
  }, 1_000);
  return {
    stop() {
      clearInterval(second);
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

function* allSockets(io: Server): Generator<LiveSocket> {
  for (const namespace of io._nsps.values()) yield* namespace.sockets.values();
}

/** socket.io hands `message` and `data` to the client's `connect_error`. */
function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { data: { code } });
}

/** A browser's page may only connect to the hub that served it; programs send no Origin. */
function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
