/** Hands what a gateway decoded to the one door, and knows what to do with devices that nobody has registered. */
import { randomBytes } from 'node:crypto';
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { buildTopic, type Millis } from '../../devices/wire.ts';
import type { Receive, RegistryReader } from '../ports.ts';
import type { GatewayLimits } from './limits.ts';
import type { Recent } from './recent.ts';

/** What every gateway is given. */
export type GatewayParts = {
  readonly receive: Receive;
  readonly registry: Pick<RegistryReader, 'device'>;
  now(): Millis;
  readonly limits: GatewayLimits;
  readonly recent: Recent;
  readonly log: {
    debug(details: object, message: string): void;
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
    error(details: object, message: string): void;
  };
};

/**
 * The device under whose name the events of unregistered ones are kept, so that an alarm of an unknown account is an
 * incident on the screens and not only a dead letter.
 */
export const standInId = 'unregistered';

/**
 * Hands messages on; resolves when all are stored. What an unregistered device says becomes a dead letter, which shows whom
 * to register, and its events besides the stand-in's. Rejects when anything could not be stored.
 */
export async function handOn(
  { receive, registry, now }: Pick<GatewayParts, 'receive' | 'registry' | 'now'>,
  messages: readonly Adapted[],
  retained = false,
): Promise<void> {
  const isFire = (id: string): boolean => registry.device(id)?.domain === 'fire';
  const all = messages.flatMap((message) =>
    message.message === 'event' && !isFire(message.deviceId) ? [message, standInFor(message)] : [message],
  );
  // The door takes what it cannot place as a dead letter, and says so to nobody: that must not pass for stored.
  if (all.some(({ deviceId }) => deviceId === standInId) && !isFire(standInId)) {
    throw new Error(`the device "${standInId}" was removed; start the hub again to have it`);
  }
  await Promise.all(
    all.map(({ deviceId, message, body }) =>
      receive({
        topic: buildTopic('fire', deviceId, message),
        payload: Buffer.from(JSON.stringify(body)),
        qos: message === 'heartbeat' ? 0 : 1,
        retain: retained,
        deviceId,
        at: now(),
      }),
    ),
  );
}

function standInFor(message: Extract<Adapted, { message: 'event' }>): Adapted {
  const { deviceId, body } = message;
  const quality = [...message.quality, 'unknownAccount'] as const;
  return {
    deviceId: standInId,
    message: 'event',
    // Its points are those devices: a restore speaks for its own one only.
    body: {
      ...body,
      boot: `${deviceId} ${body.boot}`.slice(0, 64),
      point: `${deviceId} ${body.point ?? ''}`.trim().slice(0, 64),
      values: { ...body.values, device: deviceId },
      quality: [...quality],
    },
    quality,
  };
}

/** Characters for the front of an encrypted answer: letters only, never `|`, `[` or `]`. */
export function randomPad(count: number): string {
  return Array.from(randomBytes(count), (byte) => String.fromCharCode(65 + (byte % 26))).join('');
}
