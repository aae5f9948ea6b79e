/** What a house-number ID must look like. The national code is a draft still, so the rule is chosen by a setting. Pure. */

/** Says yes or no, and in words what it expects. */
export type IdRule = { test(id: string): boolean; toString(): string };

/** Ids of lots, stations, water and vehicles: whatever travels in topics and paths. */
export const localIdRule = rule('1 to 64 of A-Z a-z 0-9 . _ : -', (id) => /^[A-Za-z0-9._:-]{1,64}$/.test(id));

function rule(expected: string, test: (id: string) => boolean): IdRule {
  return { test, toString: () => expected };
}

/**
 * The rules by name.
 *
 * - `vn12`: the 12 digits of the draft decree on place identity (published for consultation in January 2026), or a local id. 9 to
 *   15 digits that are not 12 are taken for a code with a mistake: a spreadsheet drops leading zeros, and Hanoi's begin with one.
 * - `vn12-only`: nothing but the 12 digits.
 * - `local`: any id, digits too.
 */
export const placeIdRules = {
  vn12: rule(
    '12 digits (did a spreadsheet drop leading zeros?), or a local id of 1 to 64 of A-Z a-z 0-9 . _ : -',
    (id) => /^\d{12}$/.test(id) || (localIdRule.test(id) && !/^\d{9,15}$/.test(id)),
  ),
  'vn12-only': rule('12 digits', (id) => /^\d{12}$/.test(id)),
  local: localIdRule,
} as const;

export type PlaceIdRule = keyof typeof placeIdRules;
export const placeIdRuleNames = ['vn12', 'vn12-only', 'local'] as const satisfies readonly PlaceIdRule[];
export const defaultPlaceIdRule: PlaceIdRule = 'vn12';
