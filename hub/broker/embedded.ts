/** The broker in the hub's own process: MQTT over TCP, TLS and WebSocket, behind one guard. */
import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { parseTopic } from '../../devices/wire.ts';
import type { Limits } from '../config.ts';
import { StartError } from '../errors.ts';
import type { Authenticate, Broker, Delivery, Receive } from '../ports.ts';
import { pausedBytes } from './bounds.ts';
import type { GuardedConnection } from './connection.ts';
import { type Guard, startGuard } from './guard.ts';
import { Ledger, type Log } from './ledger.ts';
import { listen } from './listen.ts';
import { Mailbox } from './mailbox.ts';
import { type MqttBroker, startMqttBroker } from './mqtt-broker.ts';
import { createUpgrade } from './websocket.ts';

export type EmbeddedBrokerOptions = {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly tls?: { readonly port: number; readonly certificate: Buffer | string; readonly key: Buffer | string };
  readonly limits: Limits;
  readonly authenticate: Authenticate;
  readonly receive: Receive;
  readonly watch?: { connected(deviceId: string): void; disconnected(deviceId: string): void };
  readonly log: Log;
};

/** The broker, and the door for MQTT over WebSocket of the HTTP server. */
export type EmbeddedBroker = Broker & {
  /** Takes over an upgrade request for `/mqtt`; refuses those without the subprotocol `mqtt`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

/**
 * Starts the broker.
 *
 * @throws StartError when a port is taken or the certificate cannot be used; it names the setting.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { limits, log, tls } = options;
  const ledger = new Ledger(log);
  const mailbox = new Mailbox((deviceId) => ledger.refuse('mailbox', { deviceId }));
  const live = new Map<string, GuardedConnection>();
  const hand = handTo(options.receive, ledger);
  const mqtt = await startMqttBroker({
    authenticate: options.authenticate,
    hand,
    ledger,
    mailbox,
    live,
    opened(connection, deviceId, keep) {
      live.set(deviceId, connection);
      mailbox.connected(deviceId, connection, keep);
      options.watch?.connected(deviceId);
    },
  });
  const guard = startGuard({
    limits,
    ledger,
    above: {
      handle: (connection) => mqtt.handle(connection),
      take(identity, topic, payload) {
        const { deviceId } = identity;
        const work = hand({ topic, payload, qos: 0, retain: false, deviceId, at: Date.now() });
        work?.catch((error: unknown) => ledger.refuse('notStored', { deviceId, topic, detail: String(error) }));
      },
      acknowledged(connection, messageId) {
        if (connection.identity !== undefined) mailbox.acknowledged(connection.identity.deviceId, messageId);
      },
      closed(connection) {
        const { deviceId } = connection.identity ?? {};
        if (deviceId === undefined || live.get(deviceId) !== connection) return;
        live.delete(deviceId);
        mailbox.disconnected(deviceId, connection);
        options.watch?.disconnected(deviceId);
      },
    },
  });
  const doors = await openDoors(options, guard, ledger).catch(async (error: unknown) => {
    guard.close();
    await mqtt.stop();
    throw error;
  });
  const { port, tlsPort } = doors;
  log.info({ port, tlsPort: tls === undefined ? undefined : tlsPort }, 'MQTT broker is listening');
  return {
    port,
    ...(tlsPort === undefined ? {} : { tlsPort }),
    async publish(topic, payload) {
      const parsed = parseTopic(topic);
      if (parsed === undefined) throw new Error(`"${topic}" is not a topic of a device`);
      mailbox.post(parsed.deviceId, topic, payload);
    },
    disconnect(deviceId) {
      mailbox.forget(deviceId);
      guard.end(deviceId);
    },
    stats: () => ledger.stats(),
    upgrade: createUpgrade(guard, ledger, limits),
    stop: () => stop(doors, guard, mqtt),
  };
}

/** Counts a message and hands it on; a throw becomes a message that is not acknowledged. */
function handTo(receive: Receive, ledger: Ledger): Receive {
  return (delivery: Delivery) => {
    ledger.received++;
    try {
      return receive(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

type Doors = {
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly servers: readonly Server[];
  /** Sockets that may still be in their TLS handshake. */
  readonly handshaking: ReadonlySet<Socket>;
};

async function openDoors(options: EmbeddedBrokerOptions, guard: Guard, ledger: Ledger): Promise<Doors> {
  const { host, tls, limits, log } = options;
  const handshaking = new Set<Socket>();
  const admit = (socket: Socket): void => void guard.admit(socket, socket.remoteAddress ?? 'unknown');
  const server = createServer({ noDelay: true, keepAlive: true, highWaterMark: pausedBytes }, admit);
  server.on('error', (error) => log.error({ error: error.message }, 'MQTT port'));
  const port = await listen(server, host, options.port, 'HUB_MQTT_PORT');
  if (tls === undefined) return { port, tlsPort: undefined, servers: [server], handshaking };
  try {
    const secure = createSecureServer(tls, limits, admit);
    secure.on('error', (error) => log.error({ error: error.message }, 'MQTT over TLS port'));
    secure.on('tlsClientError', (error, socket) => {
      ledger.refuse('tls', { remote: socket.remoteAddress, detail: error.message });
      socket.destroy();
    });
    secure.on('connection', (socket: Socket) => {
      handshaking.add(socket);
      socket.on('close', () => handshaking.delete(socket));
    });
    const tlsPort = await listen(secure, host, tls.port, 'HUB_MQTTS_PORT');
    return { port, tlsPort, servers: [server, secure], handshaking };
  } catch (error) {
    server.close();
    throw error;
  }
}

function createSecureServer(
  tls: NonNullable<EmbeddedBrokerOptions['tls']>,
  limits: Limits,
  admit: (socket: Socket) => void,
) {
  try {
    const server = createTlsServer(
      {
        cert: tls.certificate,
        key: tls.key,
        minVersion: 'TLSv1.2',
        handshakeTimeout: limits.connectTimeoutMs,
        noDelay: true,
        keepAlive: true,
        highWaterMark: pausedBytes,
      },
      admit,
    );
    server.maxConnections = limits.connections;
    return server;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `The certificate or key for MQTT over TLS cannot be used (${detail}). Check HUB_TLS_CERT and HUB_TLS_KEY: PEM, and a pair.`,
    );
  }
}

async function stop(doors: Doors, guard: Guard, mqtt: MqttBroker): Promise<void> {
  for (const server of doors.servers) server.close();
  await mqtt.stop();
  guard.close();
  for (const socket of doors.handshaking) socket.destroy();
}
