/** aedes as the hub uses it: it speaks MQTT above the guard and hands every message over before its PUBACK. */
import { Aedes, type Client, type PublishPacket } from 'aedes';
import type { Authenticate, Delivery } from '../ports.ts';
import { type Connect, judgeConnect, watchedKeepalive } from './admission.ts';
import { AnswerQueue } from './answer-queue.ts';
import { GuardedConnection } from './connection.ts';
import type { Ledger, RefusalReason } from './ledger.ts';
import type { Mailbox } from './mailbox.ts';
import { mayPublish, maySubscribe } from './own-topics.ts';
import { drainTimeoutMs } from './socket-stream.ts';

export type MqttBrokerOptions = {
  readonly authenticate: Authenticate;
  /** Hands one message to the hub. A promise: wait for it before the acknowledgement. Never throws. */
  readonly hand: (delivery: Delivery) => Promise<void> | undefined;
  readonly ledger: Ledger;
  readonly mailbox: Mailbox;
  /** The devices that are connected now. */
  readonly live: ReadonlyMap<string, GuardedConnection>;
  /** The device was accepted and its session began; `keep`: it asked to be remembered. */
  readonly opened: (connection: GuardedConnection, deviceId: string, keep: boolean) => void;
};

/** The broker above the guard. */
export type MqttBroker = {
  handle(connection: GuardedConnection): void;
  /** Ends all sessions; no last will is handed on, because it is the hub that goes. */
  stop(): Promise<void>;
};

/** What is known of a client of aedes beside its connection. */
type Session = { readonly connect: Connect; readonly answers: AnswerQueue };

/** An error that is already counted. */
class Refused extends Error {
  readonly returnCode: 2 | 4 | 5;

  constructor(message: string, returnCode: 2 | 4 | 5 = 5) {
    super(message);
    this.name = 'Refused';
    this.returnCode = returnCode;
  }
}

/**
 * Nothing is published on inside the broker: the hub consumes every message before PUBACK, retained ones too, and
 * writes to devices itself (mailbox.ts). So aedes' unbounded queues, its retained store and its duplicate filter, which
 * loses QoS 1 messages (github.com/moscajs/aedes/issues/994), stay empty. Its own heartbeat goes through: without it
 * aedes takes the wills of living devices for those of a dead broker.
 */
class ConsumingAedes extends Aedes {
  override publish(packet: PublishPacket, ...rest: readonly unknown[]): void {
    const done = rest.at(-1);
    const finish = (): void => {
      if (typeof done === 'function') done(null);
    };
    if (/^\$SYS\/[^/]+\/(heartbeat|birth)$/.test(packet.topic)) super.publish(packet, finish);
    // Never at once: aedes would read on from inside its parser and handle the same packet twice.
    else process.nextTick(finish);
  }
}

/** Starts aedes with its hooks bound to the hub. No error of a hook reaches the process. */
export async function startMqttBroker(options: MqttBrokerOptions): Promise<MqttBroker> {
  const sessions = new WeakMap<Client, Session>();
  const publishing = { isStopping: false };
  const aedes = new ConsumingAedes({
    drainTimeout: drainTimeoutMs,
    ...connectHooks(options, sessions),
    authorizePublish: publishHook(options, sessions, publishing),
    ...subscribeHooks(options),
  });
  aedes.on('clientReady', (client) => {
    const connection = connectionOf(client);
    const { deviceId } = connection?.identity ?? {};
    if (connection === undefined || deviceId === undefined) return;
    options.opened(connection, deviceId, sessions.get(client)?.connect.keep ?? false);
    connection.opened();
  });
  aedes.on('subscribe', (_subscriptions, client) => {
    const { deviceId } = connectionOf(client)?.identity ?? {};
    if (deviceId !== undefined) options.mailbox.deliver(deviceId);
  });
  aedes.on('unsubscribe', (topics, client) => {
    const { deviceId } = connectionOf(client)?.identity ?? {};
    // aedes says so of a client that closes, too; that one may have asked to be remembered.
    if (deviceId !== undefined && !client.closed) options.mailbox.unsubscribed(deviceId, topics);
  });
  const onFault = (client: Client, error: Error): void => countFault(options.ledger, client, error);
  aedes.on('clientError', onFault);
  aedes.on('connectionError', onFault);
  // EventEmitter would throw without a listener; aedes reports faults of its persistence here.
  aedes.addListener('error', (error: unknown) => options.ledger.refuse('internal', { detail: String(error) }));
  await aedes.listen();
  return {
    handle: (connection) => void aedes.handle(connection),
    async stop() {
      publishing.isStopping = true;
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}

function connectHooks({ authenticate, ledger, live }: MqttBrokerOptions, sessions: WeakMap<Client, Session>) {
  return {
    preConnect(client: Client, packet: ConnectPacketLike, done: (error: Error | null, success: boolean) => void): void {
      const connect: Connect = {
        keepaliveSeconds: watchedKeepalive(packet.keepalive ?? 0),
        willTopic: packet.will?.topic,
        keep: packet.clean === false,
      };
      sessions.set(client, { connect, answers: new AnswerQueue() });
      // One live session a device, whatever its library calls itself: nobody can end another's session by its id.
      packet.clientId = packet.username || packet.clientId;
      // The guard watches the keepalive: QoS 0 messages pass the broker by.
      packet.keepalive = 0;
      // Sessions of aedes have no bound. What a session is for (letters to the device) the mailbox keeps, with one.
      packet.clean = true;
      done(null, true);
    },
    authenticate(
      client: Client,
      username: string | undefined,
      password: Buffer | undefined,
      done: (error: Refused | null, success: boolean | null) => void,
    ): void {
      const connection = connectionOf(client);
      const connect = sessions.get(client)?.connect;
      if (connection === undefined || connect === undefined) {
        done(new Refused('not through the guard'), false);
        return;
      }
      const { remote } = connection;
      try {
        const verdict = judgeConnect(connect, { username, password, remote }, authenticate);
        if (verdict.kind === 'admitted') {
          const { deviceId } = verdict.identity;
          // MQTT-3.1.4-2: the older connection ends. Two that take turns are one secret in two hands, so it is counted.
          if (live.has(deviceId)) ledger.refuse('takeover', { remote, deviceId });
          connection.identify(verdict.identity, connect.keepaliveSeconds);
          done(null, true);
          return;
        }
        ledger.refuse(verdict.reason, { remote, username: username?.slice(0, 64), detail: verdict.detail });
        done(new Refused(verdict.detail, verdict.returnCode), false);
      } catch (error) {
        ledger.refuse('internal', { remote, detail: String(error) });
        done(new Refused('internal error'), false);
      }
    },
  };
}

/** The fields of CONNECT that are read or changed here. */
type ConnectPacketLike = {
  readonly username?: string;
  clientId: string;
  readonly will?: { readonly topic: string };
  keepalive?: number;
  clean?: boolean;
};

function publishHook(
  { hand, ledger }: MqttBrokerOptions,
  sessions: WeakMap<Client, Session>,
  publishing: { readonly isStopping: boolean },
) {
  return (client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void => {
    const connection = client === null ? undefined : connectionOf(client);
    const identity = connection?.identity;
    const session = client === null ? undefined : sessions.get(client);
    // A will comes when its client is closed.
    const isWill = client?.closed ?? true;
    if (connection === undefined || identity === undefined || session === undefined || publishing.isStopping) {
      done(new Refused('not through the guard, or the hub stops'));
      return;
    }
    const { topic, qos, retain } = packet;
    const { deviceId } = identity;
    if (!mayPublish(identity, topic)) {
      ledger.refuse('topic', { remote: connection.remote, deviceId, topic: topic.slice(0, 200) });
      done(new Refused('not a topic of this device'));
      return;
    }
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    const work = hand({ topic, payload, qos, retain, deviceId, at: Date.now() });
    if (!isWill) connection.handedOn();
    if (qos === 0) {
      work?.catch((error: unknown) => ledger.refuse('notStored', { deviceId, topic, detail: String(error) }));
      if (!isWill) connection.settled();
      done(null);
      return;
    }
    session.answers.add(work, (isKept) => {
      if (!isWill) connection.settled();
      if (!isKept) ledger.refuse('notStored', { deviceId, topic });
      done(isKept ? null : new Refused('not stored; send it again'));
    });
  };
}

function subscribeHooks({ ledger, mailbox }: MqttBrokerOptions) {
  return {
    authorizeSubscribe<S extends { readonly topic: string; readonly qos: 0 | 1 | 2 }>(
      client: Client,
      subscription: S,
      done: (error: Error | null, subscription?: S | null) => void,
    ): void {
      const connection = connectionOf(client);
      const identity = connection?.identity;
      if (identity !== undefined && maySubscribe(identity, subscription.topic)) {
        mailbox.subscribed(identity.deviceId, subscription.topic, subscription.qos);
        done(null, subscription);
        return;
      }
      const about = { remote: connection?.remote, deviceId: identity?.deviceId };
      ledger.refuse('subscription', { ...about, topic: subscription.topic.slice(0, 200) });
      // MQTT 3.1.1 §3.9.3: 0x80 in SUBACK; the connection stays.
      done(null, null);
    },
    // Nothing reaches a device through the broker.
    authorizeForward: () => null,
  };
}

function connectionOf(client: Client): GuardedConnection | undefined {
  return client.conn instanceof GuardedConnection ? client.conn : undefined;
}

function countFault(ledger: Ledger, client: Client, error: Error): void {
  // The device went while an answer was on its way: no fault of anybody.
  if (error instanceof Refused || error.message === 'connection closed') return;
  const connection = connectionOf(client);
  const about = { remote: connection?.remote, deviceId: connection?.identity?.deviceId };
  ledger.refuse(faultReason(error.message), { ...about, detail: error.message });
}

function faultReason(message: string): RefusalReason {
  if (message === 'drain timeout') return 'slow';
  if (message === 'connect did not arrive in time') return 'timeout';
  return /publish|topic/i.test(message) ? 'topic' : 'protocol';
}
