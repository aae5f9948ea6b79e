/** A bounded TCP server for frame protocols: so many connections, none of them idle for ever, none that does not read. */
import { createServer, type Socket } from 'node:net';
import { StartError } from '../errors.ts';

/** Panels of a city keep one connection each; more than this is not a city. */
const maxConnections = 20_000;
/** Panels behind one NAT are many. */
const maxPerAddress = 2_000;
/** A panel that says nothing for so long comes again when it has something to say. */
const idleMs = 15 * 60_000;
/** Answers that a peer does not read. */
const maxUnreadBytes = 64 * 1024;

export type TcpDoorOptions = {
  readonly host: string;
  readonly port: number;
  /** Names the setting in the message of a taken port. */
  readonly setting: string;
  /** A new connection: what to do with its bytes. `send` answers. */
  open(send: (answer: Buffer) => void): (chunk: Buffer) => void;
};

export type Door = { readonly port: number; connections(): number; stop(): Promise<void> };

/** @throws StartError when the port cannot be had. */
export async function openTcpDoor(options: TcpDoorOptions): Promise<Door> {
  const sockets = new Map<Socket, string>();
  const perAddress = new Map<string, number>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = perAddress.get(address) ?? 0;
    if (sockets.size >= maxConnections || count >= maxPerAddress) return void socket.destroy();
    sockets.set(socket, address);
    perAddress.set(address, count + 1);
    const take = options.open((answer) => {
      if (socket.destroyed) return;
      if (socket.writableLength > maxUnreadBytes) socket.destroy();
      else socket.write(answer);
    });
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', take);
    // A broken connection ends with `close`; the panel comes again.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
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

/** One sentence for the person at the console. */
export function cannotListen(
  { host, port, setting }: Pick<TcpDoorOptions, 'host' | 'port' | 'setting'>,
  error: Error,
): StartError {
  return new StartError(
    `The hub cannot listen on ${host}:${port} (${error.message}). Choose another port with ${setting}.`,
  );
}
