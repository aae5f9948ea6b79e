/** A bounded TCP server for frame protocols: so many connections, none of them idle for ever, none that does not read. */
import { createServer, type Socket } from 'node:net';
import { StartError } from '../errors.ts';
import type { GatewayLimits } from './limits.ts';

export type TcpDoorOptions = {
  readonly host: string;
  readonly port: number;
  /** Names the setting in the message of a taken port. */
  readonly setting: string;
  readonly limits: GatewayLimits;
  /** A new connection from this address: what to do with its bytes, and with their end. `send` answers. */
  open(send: (answer: Buffer) => void, address: string): { take(chunk: Buffer): void; end?(): void };
};

export type Door = { readonly port: number; connections(): number; stop(): Promise<void> };

/** @throws StartError when the port cannot be had. */
export async function openTcpDoor(options: TcpDoorOptions): Promise<Door> {
  const sockets = new Map<Socket, string>();
  const perAddress = new Map<string, number>();
  const { limits } = options;
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const count = perAddress.get(address) ?? 0;
    if (sockets.size >= limits.connections || count >= limits.connectionsPerAddress) return void socket.destroy();
    sockets.set(socket, address);
    perAddress.set(address, count + 1);
    const peer = options.open((answer) => {
      if (socket.destroyed) return;
      if (socket.writableLength > limits.unreadBytes) socket.destroy();
      else socket.write(answer);
    }, address);
    socket.setTimeout(limits.idleMs, () => socket.destroy());
    socket.on('data', peer.take);
    // A broken connection ends with `close`; the panel comes again.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      peer.end?.();
      sockets.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(options, error)));
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    connections: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.keys()) socket.destroy();
      }),
  };
}

/** An IPv4 address as people write it, also where an IPv6 socket took it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** One sentence for the person at the console. */
export function cannotListen(
  { host, port, setting }: Pick<TcpDoorOptions, 'host' | 'port' | 'setting'>,
  error: Error,
): StartError {
  return new StartError(
    `The hub cannot listen on ${host}:${port} (${error.message}). Choose another port with ${setting}.`,
  );
}
