/** The signed code on a plate: taken when this hub made it, refused after any change. */
import { expect, test } from 'vitest';
import { placeCode, readPlaceCode } from '../../../../hub/bindings/place-code.ts';

const key = Buffer.alloc(32, 1);

test('names the place that it was made for', () => {
  expect(readPlaceCode(placeCode('HN-12-34-HB', key), key)).toBe('HN-12-34-HB');
  expect(readPlaceCode(placeCode('vn:hn:12', key), key)).toBe('vn:hn:12');
});

test.each([
  ['of another hub', placeCode('P1', Buffer.alloc(32, 2))],
  ['for another place', placeCode('P1', key).replace(':P1:', ':P2:')],
  ['cut short', placeCode('P1', key).slice(0, -1)],
  ['with something behind', `${placeCode('P1', key)}\n`],
  ['of another kind', 'https://example.org/P1'],
  ['without anything', ''],
])('a code %s is none', (_what, code) => {
  expect(readPlaceCode(code, key)).toBeUndefined();
});
