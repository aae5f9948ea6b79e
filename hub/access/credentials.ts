/** Devices' secrets, in memory: who a device is. Two are valid while one replaces the other. */
import type { Millis } from '../../devices/wire.ts';
import { hashSecret, isSameHash } from './secret.ts';

/** What is kept of a device. `previous` is the secret before the last change, valid until `previousUntil`. */
export type DeviceCredential = {
  readonly deviceId: string;
  readonly domain: string;
  readonly hash: Uint8Array;
  readonly previous?: Uint8Array;
  readonly previousUntil?: Millis;
};

/** Who proved to be whom. */
export type DeviceIdentity = { readonly deviceId: string; readonly domain: string };

/** How long the old secret stays valid after a change: a device that is away for a week still gets in and fetches the new one. */
export const rotationMs: Millis = 7 * 24 * 3_600_000;

const nobody = hashSecret('');

/** The device with this name and secret. An unknown name takes as long as a wrong secret. */
export function authenticateDevice(
  credentials: ReadonlyMap<string, DeviceCredential>,
  username: string,
  password: string,
  now: Millis,
): DeviceIdentity | undefined {
  const credential = credentials.get(username);
  const offered = hashSecret(password);
  const isCurrent = isSameHash(offered, credential?.hash ?? nobody);
  const isPrevious = isSameHash(offered, credential?.previous ?? nobody) && now < (credential?.previousUntil ?? 0);
  if (credential === undefined || !(isCurrent || isPrevious)) return undefined;
  return { deviceId: credential.deviceId, domain: credential.domain };
}
