/** What administrators do over REST, joined from access and registry. Whoever is revoked is out at once, by whichever door. */
import type { Access } from './access/access.ts';
import type { DeviceAdmin, Setup, TokenAdmin } from './api/options.ts';
import type { Live } from './live/live.ts';
import type { Broker } from './ports.ts';
import type { Registry } from './registry/registry.ts';

export type AdministrationParts = { readonly access: Access; readonly registry: Registry };

export type Administration = { readonly tokens: TokenAdmin; readonly devices: DeviceAdmin; readonly setup: Setup };

export function createAdministration({ access, registry }: AdministrationParts): Administration {
  return {
    tokens: {
      list: access.listTokens,
      create: access.createToken,
      revoke: access.revokeToken,
    },
    devices: {
      put: (record, hand) => registry.putDevice(record, hand),
      issueSecret: (deviceId, domain) => access.setDeviceSecret(deviceId, domain),
      remove(deviceId, hand) {
        access.removeDevice(deviceId);
        registry.removeDevice(deviceId, hand);
      },
    },
    setup: {
      isOpen: () => access.setupCode() !== undefined,
      redeem: access.redeemSetup,
    },
  };
}

/** Ends what a revoked token or device still has open. Answers how to stop. */
export function endRevoked(access: Access, live: Live, broker: Pick<Broker, 'disconnect'>): () => void {
  return access.onRevoke((revoked) => {
    if (revoked.kind === 'token') live.disconnect(revoked.id);
    else broker.disconnect(revoked.deviceId);
  });
}
