/** The only file that talks to the hub: live channels over socket.io, and REST. */
import { Manager } from 'socket.io-client';
import type { LiveEvent } from './fold.ts';
import type { Histogram } from './histogram.ts';
import { readHistogram } from './histogram.ts';

/** Answer to `subscribe`. */
type Answer<Snapshot> =
  | { readonly ok: true; readonly snapshot: Snapshot; readonly cursor: number }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** How a channel stands. `refused` names why: this user may not see it. */
export type ChannelState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'refused'; readonly message: string };

/** What a channel hands on. Every handler is called in the order in which the hub spoke. */
export type ChannelHandlers<Snapshot, Data, Frame> = {
  /** Cursor up to which the app holds every event; sent as `since` after a break. */
  since?(): number;
  /** `resumed`: this connection was there before and asked for what it missed. */
  snapshot(snapshot: Snapshot, cursor: number, resumed: boolean): void;
  event?(event: LiveEvent<Data>): void;
  /** Volatile frames, by the name under which they come. */
  readonly frames?: Readonly<Record<string, (frame: Frame) => void>>;
  state(state: ChannelState): void;
};

/** An open channel: give it another filter, or leave it. */
export type Channel = { setFilter(filter: object): void; close(): void };

/** A refusal of the hub, as its problem document says it. */
export class HubProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'HubProblem';
    this.status = status;
    this.code = code;
  }
}

/** The connection to the hub. */
export type Hub = {
  channel<Snapshot, Data, Frame>(
    namespace: string,
    filter: object,
    handlers: ChannelHandlers<Snapshot, Data, Frame>,
  ): Channel;
  /** REST below `/api/v1`. Throws HubProblem when refused, TypeError when the hub cannot be reached. */
  get<Body>(path: string): Promise<Body>;
  post<Body = unknown>(path: string, body: object): Promise<Body>;
  /** How long alarms took from the hub to the first screen, s; from its metrics page. */
  delivered(): Promise<Histogram>;
  /** What REST answers as a file: a page to print, a table. */
  file(path: string): Promise<Blob>;
};

// A person waits for these; the hub answers in milliseconds or not at all.
const subscribeTimeoutMs = 5_000;
const requestTimeoutMs = 8_000;

/** Opens the hub. `onConnected` hears whether every connection that is needed stands. */
export function openHub(token: string | undefined, onConnected: (connected: boolean) => void): Hub {
  const connections = createConnections(onConnected);
  return {
    channel: (namespace, filter, handlers) => {
      const channel = openChannel(connections.take(namespace), token, namespace, filter, handlers);
      return {
        setFilter: channel.setFilter,
        close: () => {
          channel.close();
          connections.leave(namespace);
        },
      };
    },
    get: (path) => request(token, path, { method: 'GET' }),
    post: (path, body) => request(token, path, { method: 'POST', body: JSON.stringify(body) }),
    delivered: async () => {
      const page = await fetchFrom(token, '/metrics', { method: 'GET' });
      return readHistogram(await page.text(), 'hub_alarm_delivery_seconds');
    },
    file: async (path) => (await fetchFrom(token, `/api/v1${path}`, { method: 'GET' })).blob(),
  };
}

/**
 * One connection a channel: a large frame of buses never stands before an alarm, and a volatile frame is dropped
 * only for what its own connection could not carry.
 */
function createConnections(onConnected: (connected: boolean) => void) {
  const managers = new Map<string, { readonly manager: Manager; isOpen: boolean }>();
  const tell = (): void => onConnected([...managers.values()].every(({ isOpen }) => isOpen));
  return {
    take: (namespace: string): Manager => {
      const manager = new Manager(location.origin, {
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
        reconnectionDelay: 300,
        reconnectionDelayMax: 2_000,
        timeout: 4_000,
      });
      const connection = { manager, isOpen: false };
      const turn = (isOpen: boolean): void => {
        connection.isOpen = isOpen;
        if (managers.get(namespace) === connection) tell();
      };
      manager.on('open', () => turn(true));
      manager.on('close', () => turn(false));
      managers.set(namespace, connection);
      tell();
      return manager;
    },
    leave: (namespace: string): void => {
      const connection = managers.get(namespace);
      managers.delete(namespace);
      connection?.manager._close();
      tell();
    },
  };
}

function openChannel<Snapshot, Data, Frame>(
  manager: Manager,
  token: string | undefined,
  namespace: string,
  firstFilter: object,
  handlers: ChannelHandlers<Snapshot, Data, Frame>,
): Channel {
  // The manager connects it, now or again: a second CONNECT of ours would make the hub end the whole connection.
  const socket = manager.socket(namespace, { auth: token === undefined ? {} : { token } });
  let filter = firstFilter;
  let subscribed = false;

  const subscribe = (): void => {
    const asked = filter;
    const resumed = subscribed && handlers.since !== undefined;
    const request = resumed ? { ...filter, since: handlers.since?.() } : filter;
    socket.timeout(subscribeTimeoutMs).emit('subscribe', request, (late: Error | null, answer: Answer<Snapshot>) => {
      if (asked !== filter) return;
      // A hub that is still starting: ask again as long as the socket stands.
      if (late !== null) {
        if (socket.connected) subscribe();
        return;
      }
      if (!answer.ok) return handlers.state({ kind: 'refused', message: answer.error.message });
      subscribed = true;
      handlers.snapshot(answer.snapshot, answer.cursor, resumed);
      handlers.state({ kind: 'live' });
    });
  };

  socket.on('connect', subscribe);
  socket.on('disconnect', () => handlers.state({ kind: 'connecting' }));
  socket.on('connect_error', (error) => {
    // An inactive socket was turned away by the hub itself and will not try again.
    if (!socket.active) handlers.state({ kind: 'refused', message: error.message });
  });
  socket.on('event', (event: LiveEvent<Data>, acknowledge?: () => void) => {
    handlers.event?.(event);
    // The receipt: it says that this app holds the event now.
    acknowledge?.();
  });
  for (const [name, take] of Object.entries(handlers.frames ?? {})) socket.on(name, take);

  return {
    setFilter: (next) => {
      filter = next;
      if (socket.connected) subscribe();
    },
    close: () => {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

async function request<Body>(token: string | undefined, path: string, init: RequestInit): Promise<Body> {
  const response = await fetchFrom(token, `/api/v1${path}`, init);
  // 204 and empty bodies answer commands.
  const text = await response.text();
  return JSON.parse(text === '' ? 'null' : text);
}

async function fetchFrom(token: string | undefined, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, */*;q=0.5' });
  if (init.body !== undefined) headers.set('content-type', 'application/json');
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers, signal: AbortSignal.timeout(requestTimeoutMs) });
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response: Response): Promise<HubProblem> {
  const text = await response.text();
  try {
    const problem: { code?: unknown; detail?: unknown; title?: unknown } = JSON.parse(text);
    const code = typeof problem.code === 'string' ? problem.code : 'unknown';
    const sentence = problem.detail ?? problem.title;
    return new HubProblem(response.status, code, typeof sentence === 'string' ? sentence : `HTTP ${response.status}`);
  } catch {
    // A proxy's error page is no problem document; its status is all it says.
    return new HubProblem(response.status, 'unknown', `HTTP ${response.status}`);
  }
}
