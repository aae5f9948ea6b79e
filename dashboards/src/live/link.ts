/** Whether the picture is live. Pure: the same silence always looks the same. */

/** `live`: current. `waiting`: not yet the first data. `broken`: 3 s without data. `frozen`: 10 s and more. */
export type LinkState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'broken'; readonly since: number; readonly silentMs: number }
  | { readonly kind: 'frozen'; readonly since: number; readonly silentMs: number };

// ux: below 3 s nobody is told; above 10 s the numbers may no longer be read as the present.
export const brokenAfterMs = 3_000;
export const frozenAfterMs = 10_000;

/** What is known of the connection; times of this machine's clock, ms. */
export type LinkFacts = {
  readonly startedAt: number;
  /** Whether every connection that is needed stands. */
  readonly connected: boolean;
  /** When the connection was last seen working, or 0. */
  readonly lastContactAt: number;
  /** Last pulse, or 0 when this user gets none. A socket that is up without pulses is not live. */
  readonly lastPulseAt: number;
  readonly expectsPulse: boolean;
};

/** How the link looks at this moment. */
export function linkState(facts: LinkFacts, now: number): LinkState {
  const contactAt = facts.connected ? now : facts.lastContactAt;
  // Each channel has its own connection: pulses that still come do not prove that alarms would.
  const silentSince = facts.expectsPulse ? Math.min(facts.lastPulseAt, contactAt) : contactAt;
  if (silentSince === 0) {
    const waitedMs = now - facts.startedAt;
    if (waitedMs < brokenAfterMs) return { kind: 'waiting' };
    return { kind: waitedMs < frozenAfterMs ? 'broken' : 'frozen', since: facts.startedAt, silentMs: waitedMs };
  }
  const silentMs = now - silentSince;
  if (silentMs < brokenAfterMs) return { kind: 'live' };
  return { kind: silentMs < frozenAfterMs ? 'broken' : 'frozen', since: silentSince, silentMs };
}

/** How a value looks by its age against the interval at which it should come. */
export type Freshness = 'live' | 'late' | 'stale' | 'never';

/** `late` from twice the interval, `stale` from five times. */
export function freshness(ageMs: number | null, intervalMs: number): Freshness {
  if (ageMs === null) return 'never';
  if (ageMs < 2 * intervalMs) return 'live';
  return ageMs < 5 * intervalMs ? 'late' : 'stale';
}
