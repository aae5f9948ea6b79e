/** A device's connection as a raw socket, without an MQTT library: one core can hold ten thousand of them. */
import { createConnection, type Socket } from 'node:net';
import type { DeviceCredentials } from '../../simulators/credentials.ts';
import { connectPacket } from './packets.ts';

export type RawLine = {
  readonly socket: Socket;
  /** The hub has closed it. */
  isLost(): boolean;
};

/** DISCONNECT. MQTT-3.14. */
export const goodbye: Uint8Array = Buffer.from([0xe0, 0]);

/** Connects and resolves at CONNACK; what comes then is not read yet. @throws Error when the hub refuses. */
export async function openRawLine(url: URL, device: DeviceCredentials): Promise<RawLine> {
  const socket = createConnection({ host: url.hostname, port: Number(url.port || 1883), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${device.id}: the hub closed the connection before CONNACK`)));
    socket.once('connect', () => socket.write(connectPacket(device.id, device.username, device.password)));
    socket.once('data', (answer: Buffer) => {
      if (answer[0] === 0x20 && answer[3] === 0) resolve();
      else reject(new Error(`${device.id}: the hub refused the connection, code ${answer[3]}`));
    });
  });
  let isLost = false;
  const lose = (): void => {
    isLost = true;
  };
  socket.removeAllListeners('close').removeAllListeners('error');
  socket.on('error', lose).on('close', lose);
  return { socket, isLost: () => isLost };
}
