/** The door of the web server: who asks, may they, how often, and what a browser may do with the answer. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Millis } from '../../devices/wire.ts';
import { type Action, anonymous, may, type Principal } from '../access/policy.ts';
import { HubError } from '../errors.ts';
import { createRateLimit } from './rate-limit.ts';

const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'self'",
  "connect-src 'self' ws: wss:",
  "font-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), payment=()',
};

/** Routes of the web app and the API's own pages: files that everyone may read. All else must name its action. */
const filePaths = [/^\/\*$/, /^\/docs(\/|$)/, /^\/setup(\/|$)/];

export type SecurityOptions = {
  now(): Millis;
  principalOf(token: string): Principal | undefined;
  readonly anonymousLimit?: { readonly burst: number; readonly perSecond: number };
};

/**
 * Adds the hooks; call before any route is registered.
 *
 * A route without `config.action` throws when it is registered, so the hub does not start with an open door.
 */
export function addSecurity(app: FastifyInstance, options: SecurityOptions): void {
  const takeToken = createRateLimit(options.anonymousLimit ?? { burst: 120, perSecond: 20 });
  app.decorateRequest('principal');
  app.addHook('onRoute', (route) => {
    if (route.config?.action !== undefined || filePaths.some((path) => path.test(route.url))) return;
    throw new Error(`${String(route.method)} ${route.url} does not say its action; add config: { action }`);
  });
  app.addHook('onRequest', async (request, reply) => {
    request.principal = anonymous;
    reply.headers(securityHeaders);
    const { action, isUnlimited } = request.routeOptions.config;
    if (action === undefined) return;
    // Answers of the API differ by caller and age quickly.
    reply.header('cache-control', 'no-store').header('vary', 'authorization');
    const principal = authenticate(request.headers.authorization, options.principalOf);
    if (!isUnlimited && (principal === undefined || principal.kind === 'anonymous')) {
      holdBack(reply, takeToken(request.ip, options.now()));
    }
    if (principal === undefined) {
      throw new HubError('unauthenticated', 'this token is not known, has expired or was revoked');
    }
    request.principal = principal;
    authorize(principal, action);
  });
}

/** @throws HubError `tooMany` when there is a wait. */
function holdBack(reply: FastifyReply, waitSeconds: number): void {
  if (waitSeconds === 0) return;
  reply.header('retry-after', String(waitSeconds));
  throw new HubError('tooMany', 'too many requests without a token from this address; wait, or send a token');
}

/** @throws HubError `unauthenticated` when nobody is known, else `forbidden`. */
function authorize(principal: Principal, action: Action): void {
  if (may(principal, action)) return;
  if (principal.kind === 'anonymous') {
    throw new HubError('unauthenticated', `this needs "${action}": send Authorization: Bearer <token>`);
  }
  throw new HubError('forbidden', `this needs "${action}", which "${principal.name}" does not have`);
}

/**
 * The token's owner, `anonymous` without a token, `undefined` when the token is not known: treating that one as
 * anonymous would look like a missing right.
 */
function authenticate(header: string | undefined, principalOf: SecurityOptions['principalOf']): Principal | undefined {
  if (header === undefined) return anonymous;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(header)?.[1];
  if (token === undefined) throw new HubError('unauthenticated', 'expected Authorization: Bearer <token>');
  return principalOf(token);
}
