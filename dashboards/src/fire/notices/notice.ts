/** A notice as REST tells it, and what became of it in one word. Pure. */

export type Delivery = {
  readonly channel: string;
  readonly state: 'waiting' | 'delivered' | 'failed' | 'skipped';
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAt: string | null;
  readonly resentBy: string | null;
  /** When a telephone had it or somebody picked up, where the provider reports that. */
  readonly reachedAt?: string | null;
};

export type Notice = {
  readonly id: string;
  readonly step: string;
  readonly audience: string;
  readonly at: string;
  readonly text: { readonly vi: string; readonly en: string };
  readonly deliveries: readonly Delivery[];
};

/** `off`: the receiver wants nothing more (410), so the whole channel is switched off; `reached`: a person had it. */
export function deliveryWord({ state, lastError, reachedAt }: Delivery): Delivery['state'] | 'off' | 'reached' {
  if (state === 'delivered' && reachedAt !== undefined && reachedAt !== null) return 'reached';
  return state === 'failed' && /\b410\b|gone|switched off/i.test(lastError ?? '') ? 'off' : state;
}
