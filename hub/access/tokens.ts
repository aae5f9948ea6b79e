/** Tokens of people and apps: `nhip_<id>_<secret>`. Pure; the store is access.ts. */
import { randomBytes } from 'node:crypto';
import type { Millis } from '../../devices/wire.ts';
import { HubError } from '../errors.ts';
import { type Principal, type Role, roles } from './policy.ts';
import { hashSecret, isSameHash, newSecret } from './secret.ts';

/** A token as it may be listed: never its secret. */
export type TokenInfo = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: Millis;
  readonly expiresAt?: Millis;
};

/** What is kept of a token. */
export type StoredToken = TokenInfo & { readonly hash: Uint8Array };

// The id is hexadecimal, so the first two underscores part the token; base64url secrets may have their own.
const tokenPattern = /^nhip_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A new token and what is kept of it. @throws HubError `invalid` for a bad name, role or end. */
export function newToken(
  wish: { readonly name: string; readonly roles: readonly string[]; readonly expiresAt?: Millis },
  now: Millis,
): { readonly token: string; readonly stored: StoredToken } {
  const name = wish.name.trim();
  if (name === '' || name.length > 100 || hasControlCharacter(name)) {
    throw new HubError('invalid', 'A token needs a name of 1 to 100 characters that says who uses it.');
  }
  if (wish.expiresAt !== undefined && !(wish.expiresAt > now)) {
    throw new HubError('invalid', 'The end of a token must lie in the future.');
  }
  const granted = readRoles(wish.roles);
  const id = randomBytes(6).toString('hex');
  const secret = newSecret();
  const end = wish.expiresAt === undefined ? {} : { expiresAt: wish.expiresAt };
  const stored: StoredToken = { id, name, roles: granted, createdAt: now, ...end, hash: hashSecret(secret) };
  return { token: `nhip_${id}_${secret}`, stored };
}

/** Words to roles, each once. @throws HubError `invalid` naming the word that is none. */
export function readRoles(words: readonly string[]): readonly Role[] {
  if (words.length === 0) throw new HubError('invalid', `A token needs at least one role of ${roles.join(', ')}.`);
  return [...new Set(words)].map((word) => {
    const role = roles.find((known) => known === word);
    if (role === undefined) throw new HubError('invalid', `"${word}" is not a role; known are ${roles.join(', ')}.`);
    return role;
  });
}

/** Who a token speaks for; `undefined` when it is unknown, wrong or over. */
export function tokenPrincipal(
  tokens: ReadonlyMap<string, StoredToken>,
  token: string,
  now: Millis,
): Principal | undefined {
  const [, id, secret] = tokenPattern.exec(token) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const stored = tokens.get(id);
  if (stored === undefined || !isSameHash(stored.hash, hashSecret(secret))) return undefined;
  if (stored.expiresAt !== undefined && stored.expiresAt <= now) return undefined;
  return { kind: 'token', id, name: stored.name, roles: stored.roles };
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
