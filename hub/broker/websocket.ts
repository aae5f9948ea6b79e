/** MQTT over WebSocket: an upgrade request of the HTTP server becomes a guarded connection. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Limits } from '../config.ts';
import type { Guard } from './guard.ts';
import type { Ledger } from './ledger.ts';

// MQTT 3.1.1 §6: the subprotocol is `mqtt`; clients of 3.1 say `mqttv3.1`.
const subprotocols = ['mqtt', 'mqttv3.1'];
// Frame headers and masks of what an unknown peer may send before CONNACK.
const frameBytes = 1024;

/** The handler for `/mqtt`. Never throws. */
export function createUpgrade(guard: Guard, ledger: Ledger, limits: Limits) {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.packetBytes + frameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
  });
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const remote = request.socket.remoteAddress ?? 'unknown';
    socket.on('error', () => socket.destroy());
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.some((name) => subprotocols.includes(name))) {
      ledger.refuse('protocol', { remote, detail: 'WebSocket without the subprotocol mqtt' });
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = guard.admit(createWebSocketStream(webSocket), remote);
      if (connection === undefined) return;
      let bytes = 0;
      // A frame is buffered whole before the guard sees a byte of it: an unknown peer gets no more than a CONNECT's worth.
      const watch = (chunk: Buffer): void => {
        bytes += chunk.length;
        if (connection.identity !== undefined || connection.destroyed) socket.off('data', watch);
        else if (bytes > limits.connectPacketBytes + frameBytes) {
          connection.cut('size', 'more than a CONNECT before it was accepted');
          socket.destroy();
        }
      };
      socket.on('data', watch);
    });
  };
}
