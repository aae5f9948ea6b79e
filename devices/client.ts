/** A model device: how one connects, speaks, keeps what it could not send, and says goodbye. For simulators and tests. */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { fleetMessages } from './fleet/message.ts';
import { buildTopic, type Millis } from './wire.ts';

export type DeviceOptions = {
  /** `mqtt://host:port`, `mqtts://…` or `ws://host:port/mqtt`. */
  readonly url: string;
  readonly id: string;
  readonly password: string;
  readonly domain: string;
  /** Which start of the device this is; the time of its start by default. */
  readonly boot?: number | string;
  readonly firmware?: string;
  /** The device's clock; a wrong one is what the hub must live with. */
  readonly now?: () => Millis;
  readonly keepaliveSeconds?: number;
  /** Events that wait for the connection; at the bound the oldest is given up and its promise rejects. */
  readonly queueLimit?: number;
  /** How long until the first try after a break; each further waits longer, up to 30 times that, with jitter. */
  readonly reconnectMs?: Millis;
  readonly onReceipt?: (receipt: unknown) => void;
  readonly onCommand?: (command: unknown) => void;
  /** Trouble the device lives with: a refusal, a break. */
  readonly onFault?: (error: Error) => void;
  /** Further options of mqtt.js, e.g. `rejectUnauthorized` for a self-signed certificate. */
  readonly transport?: Pick<IClientOptions, 'rejectUnauthorized' | 'ca' | 'protocolVersion'>;
  /** Another way to the broker than the address says, e.g. a socket that the test can cut. */
  readonly transportFactory?: ConstructorParameters<typeof MqttClient>[0];
};

/** A connected device. */
export type Device = {
  readonly id: string;
  readonly boot: number | string;
  readonly isConnected: boolean;
  /** Events that are not yet acknowledged. */
  readonly waiting: number;
  /** QoS 1, in order; resolves on PUBACK, survives breaks of the connection. Rejects when given up. */
  publishEvent(message: string, body: unknown): Promise<void>;
  /** QoS 0; dropped while there is no connection, as a reading is. */
  publishReading(message: string, body: unknown): void;
  /** Says that it goes, then goes: no last will. */
  close(): Promise<void>;
  /** Goes without a word: the hub hears the last will. */
  end(): void;
};

type WaitingEvent = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** Connects; resolves at the first CONNACK, keeps trying afterwards. Rejects when the first try fails. */
export async function connectDevice(options: DeviceOptions): Promise<Device> {
  const { id, domain } = options;
  const now = options.now ?? Date.now;
  const boot = options.boot ?? Math.floor(Date.now() / 1_000);
  const status = (online: boolean): Buffer => {
    const firmware = options.firmware === undefined ? {} : { firmware: options.firmware };
    return fleetMessages.status.build({ online, boot, ts: now(), ...firmware });
  };
  const statusTopic = buildTopic(domain, id, 'status');
  const client = openClient(options, { topic: statusTopic, payload: status(false), qos: 1, retain: true });
  const queue = createQueue(client, options.queueLimit ?? 1_000);
  const onFault = options.onFault ?? ((): void => undefined);
  let isLeaving = false;
  const greet = (): void => {
    client
      .subscribeAsync([buildTopic(domain, id, 'receipt'), buildTopic(domain, id, 'command')], { qos: 1 })
      .catch(onFault);
    client.publishAsync(statusTopic, status(true), { qos: 1, retain: true }).catch(onFault);
    queue.restart();
  };
  client.on('message', (topic, payload) => {
    const body: unknown = JSON.parse(payload.toString());
    if (topic.endsWith('/receipt')) options.onReceipt?.(body);
    else options.onCommand?.(body);
  });
  await firstConnect(client);
  client.on('error', onFault);
  client.on('connect', greet);
  backOff(client, options.reconnectMs ?? 1_000, () => isLeaving);
  greet();
  return {
    id,
    boot,
    get isConnected() {
      return client.connected;
    },
    get waiting() {
      return queue.length;
    },
    publishEvent: (message, body) => queue.add(buildTopic(domain, id, message), Buffer.from(JSON.stringify(body))),
    publishReading(message, body) {
      if (!client.connected) return;
      client.publish(buildTopic(domain, id, message), JSON.stringify(body), { qos: 0 });
    },
    async close() {
      isLeaving = true;
      if (client.connected) {
        await client.publishAsync(statusTopic, status(false), { qos: 1, retain: true }).catch(onFault);
      }
      queue.giveUp();
      await client.endAsync(!client.connected);
    },
    end() {
      isLeaving = true;
      queue.giveUp();
      // Without DISCONNECT: the stream goes first, then the client's timers.
      client.stream.destroy();
      client.end(true);
    },
  };
}

function openClient(options: DeviceOptions, will: NonNullable<IClientOptions['will']>): MqttClient {
  const settings: IClientOptions = {
    clientId: options.id,
    username: options.id,
    password: options.password,
    clean: false,
    keepalive: options.keepaliveSeconds ?? 60,
    // A reading that is late is worth nothing.
    queueQoSZero: false,
    reconnectPeriod: options.reconnectMs ?? 1_000,
    resubscribe: false,
    connectTimeout: 10_000,
    will,
    ...options.transport,
  };
  if (options.transportFactory === undefined) return mqtt.connect(options.url, settings);
  return new mqtt.MqttClient(options.transportFactory, settings);
}

/** Events in order, at most 16 under way; mqtt.js sends those again after a break, before any further one. */
function createQueue(client: MqttClient, limit: number) {
  const underWayAtOnce = 16;
  let waiting: WaitingEvent[] = [];
  let underWay: WaitingEvent[] = [];
  const send = (): void => {
    while (client.connected && underWay.length < underWayAtOnce) {
      const event = waiting.shift();
      if (event === undefined) return;
      underWay.push(event);
      client.publish(event.topic, event.payload, { qos: 1 }, (error) => {
        // No PUBACK will come any more only when the device goes; `giveUp` has told the caller then.
        if (error || !underWay.includes(event)) return;
        underWay = underWay.filter((other) => other !== event);
        event.resolve();
        send();
      });
    }
  };
  return {
    get length() {
      return waiting.length + underWay.length;
    },
    add(topic: string, payload: Buffer): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ topic, payload, resolve, reject });
        send();
        if (waiting.length <= limit) return;
        waiting.shift()?.reject(new Error('given up: the queue of unsent events is full'));
      });
    },
    restart: send,
    giveUp(): void {
      const left = [...underWay, ...waiting];
      waiting = [];
      underWay = [];
      for (const event of left) event.reject(new Error('given up: the device goes'));
    },
  };
}

function firstConnect(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      client.end(true);
      reject(error);
    };
    client.once('error', fail);
    client.once('connect', () => {
      client.off('error', fail);
      resolve();
    });
  });
}

/** Waits longer after each failed try, with jitter: a city of devices must not return in one moment. */
function backOff(client: MqttClient, firstMs: Millis, isLeaving: () => boolean): void {
  let tries = 0;
  client.on('connect', () => {
    tries = 0;
    client.options.reconnectPeriod = firstMs;
  });
  client.on('close', () => {
    if (isLeaving()) return;
    const longest = Math.min(firstMs * 2 ** tries++, firstMs * 30);
    client.options.reconnectPeriod = Math.ceil(longest * (0.5 + Math.random()));
  });
}
