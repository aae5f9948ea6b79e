/** Who may come in: device secrets and tokens, answered from memory, kept in `access.db`. */
import type { Logger } from 'pino';
import type { Millis } from '../../devices/wire.ts';
import type { DeviceIdentity } from './credentials.ts';
import { type NewDevice, openDeviceAccess } from './device-access.ts';
import type { Principal } from './policy.ts';
import { openAccessStore } from './store.ts';
import { openTokenAccess, type TokenWish } from './token-access.ts';
import type { TokenInfo } from './tokens.ts';

/** A token that no longer counts, or a device whose secret was changed or taken away: end its connections. */
export type Revoked =
  | { readonly kind: 'token'; readonly id: string }
  | { readonly kind: 'device'; readonly deviceId: string };

export type Access = {
  /** The device with this name and secret; quick, from memory. */
  authenticate(username: string, password: string): DeviceIdentity | undefined;
  /** Who a token speaks for; quick, from memory. */
  tokenPrincipal(token: string): Principal | undefined;
  /** @throws HubError `invalid` for a bad name, role or end. The token is shown this once. */
  createToken(wish: TokenWish): { readonly id: string; readonly token: string };
  listTokens(): readonly TokenInfo[];
  /** False when there is none with this id. */
  revokeToken(id: string): boolean;
  /** Gives a device a secret, made here when none is named; the one before stays valid for a week. @throws HubError `invalid`. */
  setDeviceSecret(deviceId: string, domain: string, secret?: string): string;
  /** Many devices in one transaction, all or none; answers their secrets in order. @throws HubError `invalid`. */
  importDeviceSecrets(devices: readonly NewDevice[]): readonly string[];
  /** False when there is none. Its old secrets end with it. */
  removeDevice(deviceId: string): boolean;
  /** Whether nobody has a token yet. */
  isEmpty(): boolean;
  /** The one-time code for the set-up link; `undefined` once anybody has a token. The same until the process ends. */
  setupCode(): string | undefined;
  /** Trades the code for the first admin token, once. @throws HubError `forbidden`. */
  redeemSetup(code: string, name: string): { readonly id: string; readonly token: string };
  /** Told of every revocation, by whichever process; answers how to stop. */
  onRevoke(listener: (revoked: Revoked) => void): () => void;
  close(): void;
};

// Another process (the command line) may change the file; SQLite tells by a counter that costs nothing to ask.
const pollMs = 1_000;

/**
 * Opens `access.db` at this path, mode 0600.
 *
 * @throws StartError when it cannot be written or is not ours.
 */
export function openAccess(
  path: string,
  options: { now?(): Millis; readonly log?: Pick<Logger, 'info'> } = {},
): Access {
  const now = options.now ?? Date.now;
  const store = openAccessStore(path);
  const listeners = new Set<(revoked: Revoked) => void>();
  const tell = (revoked: Revoked): void => {
    for (const listener of listeners) listener(revoked);
  };
  const { reload: reloadTokens, ...tokens } = openTokenAccess(store, tell, now);
  const { reload: reloadDevices, ...devices } = openDeviceAccess(store, tell, now);
  let version = store.version();
  const poll = setInterval(() => {
    const current = store.version();
    if (current === version) return;
    version = current;
    reloadTokens();
    reloadDevices();
    options.log?.info('another process changed tokens or device secrets; they are read again');
  }, pollMs);
  poll.unref();
  return {
    ...tokens,
    ...devices,
    onRevoke(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(poll);
      store.close();
    },
  };
}
