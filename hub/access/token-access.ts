/** Tokens in memory, kept in the store, and the one-time set-up code for the first of them. */
import type { Millis } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import type { Revoked } from './access.ts';
import type { Principal } from './policy.ts';
import { hashSecret, isSameHash, newSecret } from './secret.ts';
import type { AccessStore } from './store.ts';
import { newToken, type StoredToken, type TokenInfo, tokenPrincipal } from './tokens.ts';

/** What a new token is to be; `expiresAt` absent: until it is revoked. */
export type TokenWish = { readonly name: string; readonly roles: readonly string[]; readonly expiresAt?: Millis };

/** The tokens of a store; see Access for what each does. */
export function openTokenAccess(store: AccessStore, tell: (revoked: Revoked) => void, now: () => Millis) {
  let tokens = byId(store.tokens());
  let code: string | undefined;
  const keep = (stored: StoredToken, token: string): { readonly id: string; readonly token: string } => {
    tokens.set(stored.id, stored);
    return { id: stored.id, token };
  };
  return {
    tokenPrincipal: (token: string): Principal | undefined => tokenPrincipal(tokens, token, now()),
    createToken(wish: TokenWish) {
      const { token, stored } = newToken(wish, now());
      store.putToken(stored);
      return keep(stored, token);
    },
    listTokens: (): readonly TokenInfo[] => [...tokens.values()].map(({ hash: _hash, ...info }) => info),
    revokeToken(id: string): boolean {
      const isGone = store.deleteToken(id);
      tokens.delete(id);
      if (isGone) tell({ kind: 'token', id });
      return isGone;
    },
    isEmpty: (): boolean => tokens.size === 0,
    setupCode(): string | undefined {
      if (tokens.size > 0) return undefined;
      code ??= newSecret();
      return code;
    },
    redeemSetup(offered: string, name: string) {
      if (code === undefined || !isSameHash(hashSecret(offered), hashSecret(code))) throw setupOver();
      const { token, stored } = newToken({ name, roles: ['admin'] }, now());
      store.exclusively(() => {
        // Another process may have made a token meanwhile: then whoever holds the link is too late.
        if (store.tokens().length > 0) throw setupOver();
        store.putToken(stored);
      });
      code = undefined;
      return keep(stored, token);
    },
    reload(): void {
      const old = tokens;
      tokens = byId(store.tokens());
      for (const id of old.keys()) if (!tokens.has(id)) tell({ kind: 'token', id });
    },
  };
}

function byId(tokens: readonly StoredToken[]): Map<string, StoredToken> {
  return new Map(tokens.map((token) => [token.id, token]));
}

function setupOver(): HubError {
  return new HubError('forbidden', 'The set-up link is used or over. Make a token with `npx nhip token create`.');
}
