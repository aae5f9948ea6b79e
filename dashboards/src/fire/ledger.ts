/** The way of an alarm, hop by hop, as REST tells it. Pure. */

/** `afterMs`: after the hub received the alarm; null where the time is not known. */
export type Hop = {
  readonly hop: string;
  readonly by: string;
  readonly at: string | null;
  readonly afterMs: number | null;
};
export type Ledger = readonly Hop[];

/** Whose screens said that they have it, the first one first, each once. */
export function seenBy(ledger: Ledger): readonly string[] {
  return [...new Set(ledger.filter(({ hop }) => hop === 'receivedByApp').map(({ by }) => by))];
}
