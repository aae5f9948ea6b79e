/** A token bucket a caller, bounded in number: what keeps anonymous requests from crowding out everyone else. */
import type { Millis } from '../../devices/wire.ts';

/** Takes one token for this caller; answers the seconds to wait when there is none. */
export type TakeToken = (caller: string, at: Millis) => number;

/** More callers than this at once: the one not seen for longest is forgotten, which only gives it a full bucket back. */
const maxCallers = 10_000;

/** `burst` requests at once, then `perSecond`. Answers 0 when the request may pass. */
export function createRateLimit(limit: { readonly burst: number; readonly perSecond: number }): TakeToken {
  const buckets = new Map<string, { tokens: number; at: Millis }>();
  return (caller, at) => {
    const bucket = buckets.get(caller) ?? { tokens: limit.burst, at };
    // A clock that steps back must not take tokens away.
    const elapsedMs = Math.max(0, at - bucket.at);
    const tokens = Math.min(limit.burst, bucket.tokens + (elapsedMs / 1000) * limit.perSecond);
    const allowed = tokens >= 1;
    // Deleting first keeps the map in order of last use, so the first key is the one to forget.
    buckets.delete(caller);
    buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, at });
    if (buckets.size > maxCallers) forgetFirst(buckets);
    return allowed ? 0 : Math.ceil((1 - tokens) / limit.perSecond);
  };
}

function forgetFirst(buckets: Map<string, unknown>): void {
  for (const caller of buckets.keys()) {
    buckets.delete(caller);
    return;
  }
}
