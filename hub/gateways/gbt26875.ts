/** The door for transmitters that speak GB/T 26875.3 over TCP: confirmed once stored. */

import type { Flags } from '../../devices/adapters/edges.ts';
import { buildConfirm, GbSplitter, type RawGbFrame } from '../../devices/adapters/gbt26875/frame.ts';
import { transmitterId, understandGbFrame } from '../../devices/adapters/gbt26875/understand.ts';
import { BoundedMap } from './bounded-map.ts';
import { type GatewayParts, handOn } from './hand-on.ts';
import { type Door, openTcpDoor } from './tcp-door.ts';

/** Frames that wait for their commit; a further one is not taken, and its sender tries again. */
const maxOpen = 1_000;
/** Transmitters whose last states are remembered; the longest silent is forgotten, and then tells all its states anew. */
const maxRemembered = 20_000;

export type GbReceiver = {
  /** Takes a frame; `send` gets the confirmation once it is stored. Never rejects. */
  take(raw: RawGbFrame, send: (answer: Buffer) => void): Promise<void>;
};

export function createGbReceiver(parts: GatewayParts): GbReceiver {
  const known = new BoundedMap<string, Flags>(maxRemembered);
  let open = 0;
  return {
    async take(raw, send) {
      if (open >= maxOpen) return;
      open++;
      const deviceId = transmitterId(raw.frame);
      const understood = understandGbFrame(raw, known.get(deviceId), parts.now());
      // At once: the next frame is compared with this one, also while this one is being stored.
      if (understood.flags !== undefined) known.set(deviceId, understood.flags);
      try {
        await handOn(parts, understood.messages);
        if (understood.answer === 'confirm') send(buildConfirm(raw.frame, parts.now()));
      } catch (error) {
        known.delete(deviceId);
        parts.log.warn({ error: String(error), device: deviceId }, 'a transmitter’s message could not be stored');
      } finally {
        open--;
      }
    },
  };
}

export type GbGatewayOptions = GatewayParts & { readonly host: string; readonly port: number };

/** @throws StartError when the port cannot be had. */
export async function startGbGateway(options: GbGatewayOptions): Promise<Door> {
  const receiver = createGbReceiver(options);
  return await openTcpDoor({
    host: options.host,
    port: options.port,
    setting: 'HUB_GBT26875_PORT',
    open(send) {
      const splitter = new GbSplitter();
      return (chunk) => {
        for (const raw of splitter.push(chunk)) {
          receiver.take(raw, send).catch((error: unknown) => {
            options.log.error({ error }, 'a transmitter’s frame could not be processed');
          });
        }
      };
    },
  });
}
