/** Devices' secrets in memory, kept in the store. */
import { isDeviceId, type Millis } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import type { Revoked } from './access.ts';
import { authenticateDevice, type DeviceCredential, type DeviceIdentity, rotationMs } from './credentials.ts';
import { hashSecret, isSameHash, newSecret } from './secret.ts';
import type { AccessStore } from './store.ts';

/** A device for `importDeviceSecrets`; without a secret one is made. */
export type NewDevice = { readonly deviceId: string; readonly domain: string; readonly secret?: string };

/** The device secrets of a store; see Access for what each does. */
export function openDeviceAccess(store: AccessStore, tell: (revoked: Revoked) => void, now: () => Millis) {
  let devices = byDevice(store.devices());
  const importDeviceSecrets = (wishes: readonly NewDevice[]): readonly string[] => {
    const made = wishes.map((wish) => newCredential(wish, devices.get(wish.deviceId), now()));
    store.exclusively(() => store.putDevices(made.map(({ credential }) => credential)));
    for (const { credential } of made) {
      const old = devices.get(credential.deviceId);
      devices.set(credential.deviceId, credential);
      if (old !== undefined && !isStillGood(old, credential)) tell({ kind: 'device', deviceId: old.deviceId });
    }
    return made.map(({ secret }) => secret);
  };
  return {
    authenticate: (username: string, password: string): DeviceIdentity | undefined =>
      authenticateDevice(devices, username, password, now()),
    setDeviceSecret(deviceId: string, domain: string, secret?: string): string {
      const [made] = importDeviceSecrets([{ deviceId, domain, ...(secret === undefined ? {} : { secret }) }]);
      return made ?? '';
    },
    importDeviceSecrets,
    removeDevice(deviceId: string): boolean {
      const isGone = store.deleteDevice(deviceId);
      devices.delete(deviceId);
      if (isGone) tell({ kind: 'device', deviceId });
      return isGone;
    },
    reload(): void {
      const before = devices;
      devices = byDevice(store.devices());
      for (const [deviceId, old] of before) {
        if (!isStillGood(old, devices.get(deviceId))) tell({ kind: 'device', deviceId });
      }
    },
  };
}

function byDevice(devices: readonly DeviceCredential[]): Map<string, DeviceCredential> {
  return new Map(devices.map((device) => [device.deviceId, device]));
}

/** Whether whoever came in with the old secrets may stay: same domain, and the old secret is at least the previous one now. */
function isStillGood(old: DeviceCredential, current: DeviceCredential | undefined): boolean {
  if (current === undefined || current.domain !== old.domain) return false;
  return (
    isSameHash(old.hash, current.hash) || (current.previous !== undefined && isSameHash(old.hash, current.previous))
  );
}

function newCredential(
  wish: NewDevice,
  old: DeviceCredential | undefined,
  now: Millis,
): { readonly secret: string; readonly credential: DeviceCredential } {
  const { deviceId, domain } = wish;
  if (!isDeviceId(deviceId)) {
    throw new HubError('invalid', `"${deviceId}" is not a device id; expected 1 to 64 of A-Z, a-z, 0-9, _ and -.`);
  }
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(domain)) throw new HubError('invalid', `"${domain}" is not the name of a domain.`);
  const secret = wish.secret ?? newSecret();
  if (secret.length < 16 || secret.length > 256) {
    throw new HubError(
      'invalid',
      `The secret of ${deviceId} must have 16 to 256 characters; leave it out to have one made.`,
    );
  }
  const hash = hashSecret(secret);
  const isSame = old !== undefined && isSameHash(old.hash, hash);
  if (isSame && old.domain === domain) return { secret, credential: old };
  // A device that moves to another domain is another device: nothing of the old one stays valid.
  const isRotation = old !== undefined && !isSame && old.domain === domain;
  const previous = isRotation ? { previous: old.hash, previousUntil: now + rotationMs } : {};
  return { secret, credential: { deviceId, domain, hash, ...previous } };
}
