/** What every request carries: who asks. And what every route must say: the action it needs. */
import type { FastifyRequest } from 'fastify';
import type { Action, Principal } from '../access/policy.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed to do; the server refuses to start when a route does not say. */
    action?: Action;
    /** Not counted by the limit of anonymous requests: probes of the hub's own supervisor. */
    isUnlimited?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; `anonymous` when no token was given. */
    principal: Principal;
  }
}

/** Who asks: the owner of the bearer token, or `anonymous`. For `DomainKit.principal`. */
export function principalOfRequest(request: FastifyRequest): Principal {
  return request.principal;
}
