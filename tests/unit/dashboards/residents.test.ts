/** Who is looked for first. */
import { expect, test } from 'vitest';
import { peopleRefusal } from '../../../dashboards/src/fire/refusal.ts';
import { groupsOf, inSearchOrder, urgencyOf } from '../../../dashboards/src/fire/residents.ts';

test.each([
  [['đi xe lăn'], undefined, 'immobile'],
  [['Xe lăn, thở oxy'.normalize('NFD')], 1990, 'immobile'],
  [['wheelchair'], undefined, 'immobile'],
  [['cannot walk'], 2020, 'immobile'],
  [['deaf'], 1990, 'needs'],
  [['infant'], 2026, 'needs'],
  [[], 2015, 'child'],
  [[], 2014, 'other'],
  [[], 1956, 'old'],
  [[], 1957, 'other'],
  [[], undefined, 'other'],
] as const)('needs %j of one born in %s: %s', (needs, birthYear, urgency) => {
  expect(urgencyOf({ name: 'An', needs, ...(birthYear === undefined ? {} : { birthYear }) }, 2026)).toBe(urgency);
});

test('who cannot walk comes first, then other needs, the youngest children, the oldest, the others', () => {
  const people = [
    { name: 'Bình', needs: [], birthYear: 1990 },
    { name: 'Cụ Tư', needs: [], birthYear: 1940 },
    { name: 'Bé An', needs: [], birthYear: 2018 },
    { name: 'Ông Ba', needs: ['xe lăn'], birthYear: 1950 },
    { name: 'Bé Na', needs: [], birthYear: 2025 },
    { name: 'Chị Lan', needs: ['có thai'], birthYear: 1995 },
    { name: 'Chưa rõ tuổi', needs: [] },
  ];
  const sought = inSearchOrder(people, 2026);
  expect(sought.map(({ name }) => name)).toEqual([
    'Ông Ba',
    'Chị Lan',
    'Bé Na',
    'Bé An',
    'Cụ Tư',
    'Bình',
    'Chưa rõ tuổi',
  ]);
  expect(groupsOf(sought)).toEqual([
    { urgency: 'immobile', count: 1 },
    { urgency: 'needs', count: 1 },
    { urgency: 'child', count: 2 },
    { urgency: 'old', count: 1 },
    { urgency: 'other', count: 2 },
  ]);
});

test.each([
  [403, 'You are not assigned: acknowledge the incident, or be named in its dispatch.', 'people.notAssigned'],
  [409, 'The incident is closed; residents are no longer shown.', 'people.closed'],
  [403, 'Several tokens are named "Xe 1"; ask for one with a name of its own.', 'people.sharedName Xe 1'],
  [403, 'Only the fire service may see residents.', 'people.notFire'],
  [500, 'internal error', 'refusal.other internal error'],
])('%i "%s" is said as %s', (status, message, said) => {
  const t = (key: string, blanks?: Readonly<Record<string, string | number>>): string =>
    [key, ...Object.values(blanks ?? {})].join(' ');
  expect(peopleRefusal(t, { status, message })).toBe(said);
});

test('a hub that cannot be reached is not taken for an empty house', () => {
  expect(peopleRefusal((key) => key, undefined)).toBe('people.unreachable');
});
