/** Who lives there, in the order in which a crew looks for them: who cannot get out alone first. Pure; nothing here is kept. */

/** One resident, as `POST /incidents/:id/people` answers. */
export type Resident = {
  readonly name: string;
  readonly phone?: string;
  readonly birthYear?: number;
  readonly needs: readonly string[];
  readonly note?: string;
};

/** One source's word. `unknown` is never the same as nobody. */
export type ResidentSource = {
  readonly source: 'import' | 'population';
  readonly state: 'known' | 'stale' | 'unknown';
  readonly asOf: string | null;
  readonly reason: string | null;
};

/** The answer. `people: null`: nobody knows. An empty list: the sources know of nobody. */
export type Residents = {
  readonly people: readonly Resident[] | null;
  readonly sources: readonly ResidentSource[];
};

/** Why somebody is looked for early; the first that fits counts. */
export type Urgency = 'immobile' | 'needs' | 'child' | 'old' | 'other';

const order: readonly Urgency[] = ['immobile', 'needs', 'child', 'old', 'other'];

// Words of people who keep the lists, in both languages, without diacritics.
const cannotWalk =
  /wheelchair|walk|bed|paraly|oxygen|ventilat|mobility|crutch|stretcher|xe lan|liet|nam mot cho|nam lien|tho oxy|tho may|khong di|kho di|di lai|nang chong|cang/;
const childBelow = 12;
const oldFrom = 70;

/** Which of the groups a resident belongs to in this year. */
export function urgencyOf({ needs, birthYear }: Resident, year: number): Urgency {
  const words = needs.map(plain);
  if (words.some((word) => cannotWalk.test(word))) return 'immobile';
  if (words.length > 0) return 'needs';
  if (birthYear === undefined) return 'other';
  const age = year - birthYear;
  if (age < childBelow) return 'child';
  return age >= oldFrom ? 'old' : 'other';
}

/** A resident with the group. */
export type Sought = Resident & { readonly urgency: Urgency };

/** Those who need help most first; in each group the youngest children and the oldest of the others first. */
export function inSearchOrder(people: readonly Resident[], year: number): readonly Sought[] {
  return people
    .map((resident) => ({ ...resident, urgency: urgencyOf(resident, year) }))
    .toSorted(
      (a, b) =>
        order.indexOf(a.urgency) - order.indexOf(b.urgency) || byAge(a, b) || a.name.localeCompare(b.name, 'vi'),
    );
}

/** How many of each group, most urgent first; groups without anybody are left out. */
export function groupsOf(people: readonly Sought[]): readonly { readonly urgency: Urgency; readonly count: number }[] {
  return order
    .map((urgency) => ({ urgency, count: people.filter((one) => one.urgency === urgency).length }))
    .filter(({ count }) => count > 0);
}

/** Who is of unknown age stands last in the group. */
function byAge(a: Sought, b: Sought): number {
  if (a.birthYear === undefined || b.birthYear === undefined) {
    return Number(a.birthYear === undefined) - Number(b.birthYear === undefined);
  }
  return a.urgency === 'child' ? b.birthYear - a.birthYear : a.birthYear - b.birthYear;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}
