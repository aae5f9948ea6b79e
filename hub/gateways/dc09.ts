/** The door for alarm panels: SIA DC-09 over TCP and UDP on one port number. */
import { createSocket, type Socket } from 'node:dgram';
import { FrameSplitter } from '../../devices/adapters/sia-dc09/frame.ts';
import {
  createDc09Receiver,
  type Dc09Counts,
  type Dc09Options,
  type Dc09Receiver,
  type Send,
} from './dc09-receiver.ts';
import { cannotListen, openTcpDoor, plainAddress } from './tcp-door.ts';

export type Dc09GatewayOptions = Dc09Options & { readonly host: string; readonly port: number };

export type Dc09Gateway = {
  /** The same for TCP and UDP. */
  readonly port: number;
  stats(): Dc09Counts & { readonly connections: number };
  stop(): Promise<void>;
};

const setting = 'HUB_DC09_PORT';

/** @throws StartError when the port cannot be had. */
export async function startDc09Gateway(options: Dc09GatewayOptions): Promise<Dc09Gateway> {
  const receiver = createDc09Receiver(options);
  const door = await openTcpDoor({
    host: options.host,
    port: options.port,
    setting,
    limits: options.limits,
    open(send, address) {
      const splitter = new FrameSplitter();
      const peer = { receiver, address, send, log: options.log };
      return {
        take: (chunk) => takeAll(peer, splitter.push(chunk)),
        // A last frame without CR: nobody is there to be answered, the alarm counts all the same.
        end: () => takeAll(peer, splitter.flush()),
      };
    },
  });
  try {
    const datagrams = await openUdp(options, door.port, receiver);
    return {
      port: door.port,
      stats: () => ({ ...receiver.counts, connections: door.connections() }),
      async stop() {
        await Promise.all([door.stop(), new Promise<void>((resolve) => datagrams.close(resolve))]);
        await receiver.stop();
      },
    };
  } catch (error) {
    await door.stop();
    throw error;
  }
}

type Peer = {
  readonly receiver: Dc09Receiver;
  readonly address: string;
  readonly send: Send;
  readonly log: Dc09GatewayOptions['log'];
};

function takeAll({ receiver, address, send, log }: Peer, frames: ReturnType<FrameSplitter['push']>): void {
  for (const frame of frames) {
    receiver
      .take(frame, address, send)
      .catch((error: unknown) => log.error({ err: error }, 'a panel’s frame could not be processed'));
  }
}

/** A datagram is whole: its last frame needs no CR. */
async function openUdp({ host, log }: Dc09GatewayOptions, port: number, receiver: Dc09Receiver): Promise<Socket> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
  let isOpen = true;
  socket.on('close', () => {
    isOpen = false;
  });
  socket.on('message', (bytes, peer) => {
    const splitter = new FrameSplitter();
    const frames = [...splitter.push(bytes), ...splitter.flush()];
    // A frame may be stored after the door was closed.
    const send: Send = (answer) => isOpen && socket.send(answer, peer.port, peer.address);
    takeAll({ receiver, address: plainAddress(peer.address), send, log }, frames);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(cannotListen({ host, port, setting }, error)));
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
  socket.on('error', (error) => log.warn({ error: error.message }, 'UDP of the panels’ door'));
  return socket;
}
