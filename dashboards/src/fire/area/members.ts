/** The devices of an area incident, page by page. */

export const memberStates = ['overdue', 'standing', 'restored'] as const;
export type MemberState = (typeof memberStates)[number];

/** One row of `GET /incidents/:id/members`. */
export type Member = {
  readonly device: string;
  readonly place: { readonly id: string; readonly address: string } | null;
  readonly gateway: string | null;
  readonly since: string;
  readonly restoredAt: string | null;
};

export type MemberPage = { readonly items: readonly Member[]; readonly next: string | null };
