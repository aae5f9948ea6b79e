/** MQTT for tests: peers that send any bytes, and packets by hand. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, startEmbeddedBroker } from '../../hub/broker/embedded.ts';
import type { Log } from '../../hub/broker/ledger.ts';
import { defaultLimits, type Limits } from '../../hub/config.ts';
import type { Authenticate, Delivery } from '../../hub/ports.ts';
import { until } from './until.ts';

/** A log that keeps quiet. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Lets `<id>`/`secret` in: ids that begin with `fire` are fire devices and first, all others buses. */
export const byName: Authenticate = (username, password) => {
  if (password !== 'secret') return undefined;
  const isFire = username.startsWith('fire');
  return { deviceId: username, domain: isFire ? 'fire' : 'bus', first: isFire };
};

/** A real broker on a free port; `deliveries` is what it handed on. */
export async function startTestBroker(
  options: Partial<Omit<EmbeddedBrokerOptions, 'limits'>> & {
    readonly limits?: Partial<Record<keyof Limits, number>>;
  } = {},
): Promise<{ readonly broker: EmbeddedBroker; readonly deliveries: Delivery[]; readonly url: string }> {
  const deliveries: Delivery[] = [];
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    authenticate: byName,
    receive(delivery) {
      deliveries.push(delivery);
      return undefined;
    },
    log: quietLog,
    ...options,
    limits: { ...defaultLimits, ...options.limits },
  });
  return { broker, deliveries, url: `mqtt://127.0.0.1:${broker.port}` };
}

/** A mqtt.js client that authenticates as this device and does not reconnect. */
export function connectAs(url: string, id: string, options: IClientOptions = {}): Promise<MqttClient> {
  const settings: IClientOptions = { clientId: id, username: id, password: 'secret', reconnectPeriod: 0, ...options };
  return mqtt.connectAsync(url, settings);
}

/** A peer on a bare socket. */
export type RawPeer = {
  readonly socket: Socket;
  /** All bytes the broker sent so far. */
  received(): Buffer;
  isClosed(): boolean;
  send(...packets: readonly (Uint8Array | readonly number[] | string)[]): void;
};

/** Connects a bare socket. */
export async function rawPeer(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('close', () => {
    isClosed = true;
  });
  // A refused peer is often reset; the test looks at isClosed.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    received: () => Buffer.concat(chunks),
    isClosed: () => isClosed,
    send: (...packets) =>
      void socket.write(
        Buffer.concat(packets.map((bytes) => (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes)))),
      ),
  };
}

/** A bare socket that has been accepted as this device. */
export async function rawDevice(port: number, id: string, keepaliveSeconds = 60): Promise<RawPeer> {
  const peer = await rawPeer(port);
  peer.send(connectPacket(id, { keepaliveSeconds }));
  await until(`${id} has its CONNACK`, () => peer.received().length >= 4);
  return peer;
}

/** One MQTT packet: first byte, remaining length, body. */
export function packet(firstByte: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    length.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

/** A string with its two bytes of length. */
export function field(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A CONNECT as MQTT 3.1.1 has it. */
export function connectPacket(
  id: string,
  options: { readonly username?: string; readonly password?: string; readonly keepaliveSeconds?: number } = {},
): Buffer {
  const { username = id, password = 'secret', keepaliveSeconds = 60 } = options;
  const keepalive = Buffer.from([keepaliveSeconds >> 8, keepaliveSeconds & 0xff]);
  const head = Buffer.concat([field('MQTT'), Buffer.from([4, 0xc2]), keepalive]);
  return packet(0x10, Buffer.concat([head, field(id), field(username), field(password)]));
}

/** A PUBLISH; with a message id for QoS 1 and 2. */
export function publishPacket(
  topic: string | Uint8Array,
  payload: string | Uint8Array,
  options: { readonly qos?: 0 | 1 | 2; readonly messageId?: number; readonly retain?: boolean } = {},
): Buffer {
  const { qos = 0, messageId = 1, retain = false } = options;
  const id = qos === 0 ? Buffer.alloc(0) : Buffer.from([messageId >> 8, messageId & 0xff]);
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), Buffer.concat([field(topic), id, Buffer.from(payload)]));
}

/** A SUBSCRIBE for one filter. */
export function subscribePacket(filter: string, messageId = 1): Buffer {
  const id = Buffer.from([messageId >> 8, messageId & 0xff]);
  return packet(0x82, Buffer.concat([id, field(filter), Buffer.from([1])]));
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
