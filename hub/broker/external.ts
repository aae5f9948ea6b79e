/** A broker that runs elsewhere: the hub is its MQTT client, with a session that outlives both, and acknowledges after its own commit. */
import { hostname } from 'node:os';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { parseTopic, topicRoot } from '../../devices/wire.ts';
import { StartError } from '../errors.ts';
import type { Broker, Delivery, Receive } from '../ports.ts';
import { AnswerQueue } from './answer-queue.ts';
import { Ledger, type Log } from './ledger.ts';

export type ExternalBrokerOptions = {
  /** `mqtt://user:secret@host:port`, or mqtts, ws, wss. */
  readonly url: string;
  readonly receive: Receive;
  readonly log: Log;
  /** Everything that devices publish, by default. The hub's own messages to them lie there too and are passed over. */
  readonly subscriptions?: readonly string[];
  /** Stable, so that the broker keeps what comes while the hub is away. Two hubs need two. */
  readonly clientId?: string;
};

// Messages that wait for the hub's commit; above this the connection is read no further. Brokers send 10 to 100 at once.
const openMessages = 1_000;
const reconnectMs = 1_000;
const connectTimeoutMs = 5_000;
const stopTimeoutMs = 1_000;

/**
 * Connects; later breaks are healed by itself, with the session kept.
 *
 * @throws StartError when the broker cannot be reached or refuses the hub at the start.
 */
export async function startExternalBroker(options: ExternalBrokerOptions): Promise<Broker> {
  const { url, log } = options;
  const ledger = new Ledger(log);
  const client = mqtt.connect(url, {
    clientId: options.clientId ?? `nhip-${hostname()}`,
    clean: false,
    keepalive: 30,
    connectTimeout: connectTimeoutMs,
    // Spread, so that the hubs of a city do not return in one moment.
    reconnectPeriod: reconnectMs + Math.floor(Math.random() * reconnectMs),
    resubscribe: false,
    protocolVersion: 4,
  });
  takeMessages(client, options.receive, ledger, log);
  try {
    await firstConnect(client, url);
    const filters = [...(options.subscriptions ?? [`${topicRoot}/+/+/+`])];
    const subscribe = async (): Promise<void> => void (await client.subscribeAsync(filters, { qos: 1 }));
    await subscribe();
    client.on('connect', () => {
      log.info('connected to the MQTT broker again');
      subscribe().catch((error: unknown) =>
        log.error({ error: String(error) }, 'the MQTT broker refuses to subscribe us'),
      );
    });
  } catch (error) {
    client.end(true);
    throw error;
  }
  client.on('error', (error) => log.warn({ error: error.message }, 'MQTT broker'));
  client.on('close', () => log.warn('the connection to the MQTT broker broke; trying again'));
  const tick = setInterval(() => ledger.tick(), 1_000);
  tick.unref();
  return {
    port: 0,
    async publish(topic, payload) {
      // mqtt.js keeps it while the connection is away and sends it again until it is acknowledged.
      client.publish(topic, payload, { qos: 1 }, (error) => {
        if (error) ledger.refuse('mailbox', { topic, detail: error.message });
      });
    },
    disconnect(deviceId) {
      log.info({ deviceId }, 'an external broker ends its sessions itself; remove the credential there too');
    },
    stats: () => ({ ...ledger.stats(), connections: client.connected ? 1 : 0 }),
    async stop() {
      clearInterval(tick);
      await endWithin(client, stopTimeoutMs);
    },
  };
}

/**
 * mqtt.js handles one message after the other and acknowledges each when its callback is called. Waiting for a commit
 * there would make one commit a message; so its callback is called with an error, which moves on without PUBACK, and the
 * PUBACK is written when the hub has stored the message. Order of receiving is order of arrival.
 */
function takeMessages(client: MqttClient, receive: Receive, ledger: Ledger, log: Log): void {
  let answers = new AnswerQueue();
  let resume: (() => void) | undefined;
  // A PUBACK belongs to the connection its message came by; ids are used anew on the next.
  client.on('close', () => {
    answers = new AnswerQueue();
    resume = undefined;
  });
  client.handleMessage = (packet, next) => {
    const mine = answers;
    const { messageId } = packet;
    const work = hand(packet, receive, ledger);
    if (packet.qos === 0 || messageId === undefined) {
      work?.catch((error: unknown) => ledger.refuse('notStored', { detail: String(error) }));
      next();
      return;
    }
    mine.add(work, (isKept) => {
      if (mine !== answers) return;
      if (!isKept) {
        ledger.refuse('notStored', { topic: packet.topic.slice(0, 200) });
        // A broker sends again what was not acknowledged on a new connection only; mqtt.js makes one after its pause.
        client.stream.destroy();
        return;
      }
      client.stream.write(Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]));
      if (mine.length < openMessages >> 1) resume?.();
    });
    if (mine.length < openMessages) next(movedOn);
    else {
      log.debug('the MQTT broker sends faster than the hub commits; reading pauses');
      resume = () => {
        resume = undefined;
        next(movedOn);
      };
    }
  };
}

const movedOn = new Error('acknowledged later');

function hand(packet: IPublishPacket, receive: Receive, ledger: Ledger): Promise<void> | undefined {
  const { topic, qos, retain } = packet;
  const parsed = parseTopic(topic);
  // What the hub itself says to devices comes back by the same filter.
  if (parsed?.message === 'command' || parsed?.message === 'receipt') return undefined;
  const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
  ledger.received++;
  ledger.bytes += payload.length;
  const delivery: Delivery = { topic, payload, qos, retain, deviceId: parsed?.deviceId ?? '', at: Date.now() };
  try {
    return receive(delivery);
  } catch (error) {
    return Promise.reject(error);
  }
}

function firstConnect(client: MqttClient, url: string): Promise<void> {
  const shown = new URL(url);
  shown.password = '';
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => {
      reject(new StartError(`The MQTT broker at ${shown.href} cannot be used: ${detail}. Check HUB_BROKER_URL.`));
    };
    const timer = setTimeout(() => fail('no answer'), connectTimeoutMs + reconnectMs);
    client.on('error', (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    client.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function endWithin(client: MqttClient, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => client.end(true), milliseconds);
  await client.endAsync();
  clearTimeout(timer);
}
