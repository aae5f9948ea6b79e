/** Opens a port, or says which setting moves it. */
import type { Server } from 'node:net';
import { StartError } from '../errors.ts';

/**
 * Listens; answers the bound port.
 *
 * @throws StartError that names the setting when the port or the address cannot be had.
 */
export function listen(server: Server, host: string, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(startError(error, host, port, setting));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function startError(error: NodeJS.ErrnoException, host: string, port: number, setting: string): StartError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is taken by another program. Stop it, or set ${setting} to another port (0 for any free one).`,
      );
    case 'EACCES':
      return new StartError(
        `Port ${port} needs rights that this user does not have. Set ${setting} to a port above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`"${host}" is not an address of this machine. Set HUB_HOST to one, or to 0.0.0.0 for all.`);
    default:
      return new StartError(`Cannot listen on ${host}:${port}: ${error.message}. Set ${setting} to another port.`);
  }
}
