/** Pages of a list: `{ items, next }`, where `next` is an opaque cursor, `null` at the end. */
import { type TSchema, Type } from 'typebox';
import { HubError } from './errors.ts';

/** Items of a page when nobody says how many. */
const usual = 100;

/** Query fields of every list; `most` is the largest page. */
export function pageQuery(most = 500) {
  return {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: most, default: Math.min(usual, most), description: 'items a page' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 512, description: '`next` of the page before' })),
  };
}

/** Schema of a page of these items. */
export function pageOf<S extends TSchema>(items: S) {
  return Type.Object({
    items: Type.Array(items),
    next: Type.Union([Type.String(), Type.Null()], { description: 'cursor of the next page; null at the end' }),
  });
}

/** One page. */
export type Page<Item> = { readonly items: Item[]; readonly next: string | null };

/** The page after `cursor` of a list in ascending order of `keyOf`; a key that went away does not break the order. */
export function pageByKey<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string,
  query: { readonly limit?: number; readonly cursor?: string },
): Page<Item> {
  const limit = query.limit ?? usual;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const start = after === undefined ? 0 : firstAbove(sorted, keyOf, after);
  const items = sorted.slice(start, start + limit);
  const last = items.at(-1);
  const isEnd = last === undefined || start + items.length >= sorted.length;
  return { items, next: isEnd ? null : encodeCursor(keyOf(last)) };
}

/** Makes a key opaque. */
export function encodeCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws HubError `invalid` when it is not one of ours. */
export function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (encodeCursor(key) !== cursor) throw new HubError('invalid', 'cursor is not one that this hub gave');
  return key;
}

function firstAbove<Item>(sorted: readonly Item[], keyOf: (item: Item) => string, key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && keyOf(item) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
