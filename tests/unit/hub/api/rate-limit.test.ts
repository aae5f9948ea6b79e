import { expect, test } from 'vitest';
import { createRateLimit } from '../../../../hub/api/rate-limit.ts';

test('a caller has its burst, then what flows in, and never waits for another', () => {
  const take = createRateLimit({ burst: 2, perSecond: 0.5 });
  expect([take('a', 0), take('a', 0), take('a', 0)]).toEqual([0, 0, 2]);
  expect(take('b', 0)).toBe(0);
  expect(take('a', 1_000)).toBe(1);
  expect(take('a', 2_000)).toBe(0);
  expect(take('a', 2_000)).toBe(2);
});

test('a clock that steps back takes nothing away', () => {
  const take = createRateLimit({ burst: 2, perSecond: 1 });
  expect(take('a', 10_000)).toBe(0);
  expect(take('a', 0)).toBe(0);
});

test('more than 10,000 callers forget the one not seen for longest', () => {
  const take = createRateLimit({ burst: 1, perSecond: 0.001 });
  expect(take('first', 0)).toBe(0);
  expect(take('first', 0)).toBe(1_000);
  for (let index = 0; index < 10_000; index++) take(`caller-${index}`, 0);
  expect(take('first', 0)).toBe(0);
  expect(take('caller-9999', 0)).toBe(1_000);
});
