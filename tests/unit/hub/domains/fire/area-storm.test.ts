import { expect, test } from 'vitest';
import { areaDueAt, hearTrouble } from '../../../../../hub/domains/fire/area.ts';
import { fire } from '../../../../../hub/domains/fire/index.ts';

test('a storm without a pause does not put off the look at it', () => {
  const start = fire.initial('area:mains').area;
  if (start === undefined) throw new Error('area:mains has no area');
  let area = start;
  for (let index = 0; index < 5_000; index++) {
    const heard = {
      kind: 'trouble',
      class: 'mains',
      device: `p${index}`,
      ward: '00070',
      gateway: null,
      synthetic: false,
      isOver: false,
      at: 1_000_000 + index,
    } as const;
    area = hearTrouble(area, heard, false);
  }
  expect(areaDueAt(area, null)).toBe(1_000_000);
});
