/** Real clients for flow tests: an MQTT device and a socket.io app. */
import { connectAsync, type MqttClient } from 'mqtt';
import { io, type Socket } from 'socket.io-client';
import type { TestHub } from './hub.ts';

/** A plain MQTT device of the test city; QoS 1 publishes resolve on PUBACK. */
export async function device(hub: TestHub, id: string): Promise<MqttClient> {
  return await connectAsync(hub.mqttUrl, { ...hub.device(id), clientId: id, reconnectPeriod: 0, clean: true });
}

let sequence = 0;

/** A fire event as a detector sends it; each call is a new event. */
export function fireEvent(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  sequence++;
  return {
    id: `ev-${process.pid}-${sequence}`,
    ts: Date.now(),
    boot: 1,
    seq: sequence,
    kind: 'alarm',
    class: 'smoke',
    ...change,
  };
}

/** Publishes a fire event at QoS 1 and resolves when the hub has acknowledged it. Answers the event's id. */
export async function raise(
  client: MqttClient,
  id: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const event = fireEvent(change);
  await client.publishAsync(`city/v1/fire/${id}/event`, JSON.stringify(event), { qos: 1 });
  return String(event.id);
}

/** One durable event as an app gets it. */
export type LiveEvent = {
  readonly cursor: number;
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly subject: string;
  readonly data: {
    readonly incident: {
      readonly id: string;
      readonly place: { readonly id: string } | null;
      readonly handling: string;
    };
  };
};

/** An app on one namespace: it acknowledges every event and keeps each cursor once, as an app should. */
export type App = {
  readonly socket: Socket;
  readonly events: readonly LiveEvent[];
  /** How often an event came that was there already. */
  repeats(): number;
  readonly cursor: number;
  readonly snapshot: Readonly<Record<string, unknown>>;
  close(): void;
};

/** Connects and subscribes. @throws Error with the server's words when it is refused. */
export async function openApp(
  hub: Pick<TestHub, 'url'>,
  namespace: string,
  options: { readonly token?: string; readonly filter?: object; readonly isMute?: boolean } = {},
): Promise<App> {
  const socket = io(`${hub.url}${namespace}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...(options.token === undefined ? {} : { auth: { token: options.token } }),
  });
  const events: LiveEvent[] = [];
  let repeats = 0;
  socket.on('event', (event: LiveEvent, acknowledge: () => void) => {
    if (events.some(({ cursor }) => cursor === event.cursor)) repeats++;
    else events.push(event);
    if (!options.isMute) acknowledge();
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  const answer: unknown = await socket.timeout(10_000).emitWithAck('subscribe', options.filter ?? {});
  const { snapshot, cursor } = subscribed(answer);
  return { socket, events, repeats: () => repeats, cursor, snapshot, close: () => void socket.disconnect() };
}

function subscribed(answer: unknown): { snapshot: Readonly<Record<string, unknown>>; cursor: number } {
  if (isSubscribed(answer)) return answer;
  throw new Error(`subscribe was refused: ${JSON.stringify(answer)}`);
}

function isSubscribed(
  answer: unknown,
): answer is { ok: true; snapshot: Readonly<Record<string, unknown>>; cursor: number } {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
}
