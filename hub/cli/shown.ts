/** An adapter's message as `nhip decode` shows it. Pure. */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { fireMessages } from '../../devices/fire/message.ts';
import type { Decoded } from './dialects.ts';

export function shown({ deviceId, message, body, quality }: Adapted): Decoded {
  const lane = message === 'event' ? fireMessages.event.lane : 'stream';
  return { domain: 'fire', deviceId, message, lane, body, quality };
}
