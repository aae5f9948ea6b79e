/** The door below the MQTT broker: counts and bounds connections, and gives each a guarded stream. */
import type { Duplex } from 'node:stream';
import type { Limits } from '../config.ts';
import type { Above, Shared } from './above.ts';
import { waitingBytesTotal } from './bounds.ts';
import { GuardedConnection } from './connection.ts';
import { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';

/** The guard of one broker. */
export type Guard = {
  /** A peer connected; `remote` is its address. Refused above the limits. */
  admit(source: Duplex, remote: string): GuardedConnection | undefined;
  /** Ends whatever connection has proved to be this device, be it accepted yet or not. */
  end(deviceId: string): void;
  /** Ends every connection at once. */
  close(): void;
};

const sweepMs = 1_000;

/** Starts a guard; `close` stops it. */
export function startGuard(options: { limits: Limits; ledger: Ledger; above: Above }): Guard {
  const { limits, ledger } = options;
  const connections = new Set<GuardedConnection>();
  const perAddress = new Map<string, number>();
  const lanes = new Lanes(limits.sliceMs, () => ledger.waitingBytes < waitingBytesTotal);
  const shared: Shared = {
    limits,
    ledger,
    lanes,
    above: {
      ...options.above,
      closed(connection) {
        if (!connections.delete(connection)) return;
        ledger.connections--;
        const left = (perAddress.get(connection.remote) ?? 1) - 1;
        if (left > 0) perAddress.set(connection.remote, left);
        else perAddress.delete(connection.remote);
        options.above.closed(connection);
      },
    },
  };
  const sweep = setInterval(() => {
    ledger.tick();
    for (const connection of connections) connection.sweep();
    lanes.recheck();
  }, sweepMs);
  sweep.unref();
  return {
    admit(source, remote) {
      const ofAddress = perAddress.get(remote) ?? 0;
      if (connections.size >= limits.connections || ofAddress >= limits.connectionsPerAddress) {
        ledger.refuse('connections', { remote, connections: connections.size, ofAddress });
        source.on('error', () => source.destroy());
        source.destroy();
        return undefined;
      }
      perAddress.set(remote, ofAddress + 1);
      ledger.connections++;
      const connection = new GuardedConnection(source, remote, shared);
      connections.add(connection);
      return connection;
    },
    end(deviceId) {
      for (const connection of connections) if (connection.identity?.deviceId === deviceId) connection.cut('ended');
    },
    close() {
      clearInterval(sweep);
      lanes.stop();
      for (const connection of connections) connection.abandon();
    },
  };
}
