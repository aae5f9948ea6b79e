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

/** What a list is asked for. */
export type PageQuery = { readonly limit?: number; readonly cursor?: string };

/**
 * The page after `cursor` of a list in the given order of `keyOf`; a key that went away does not break the order.
 * @throws HubError `invalid` when the cursor is not one of ours.
 */
export function pageByKey<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string,
  query: PageQuery,
  order: 'ascending' | 'descending' = 'ascending',
): Page<Item> {
  const limit = query.limit ?? usual;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const isPassed = (key: string): boolean =>
    after !== undefined && (order === 'ascending' ? key <= after : key >= after);
  const start = firstWhereNot(sorted, (item) => isPassed(keyOf(item)));
  const items = sorted.slice(start, start + limit);
  const last = items.at(-1);
  const isEnd = last === undefined || start + items.length >= sorted.length;
  return { items, next: isEnd ? null : encodeCursor(keyOf(last)) };
}

/**
 * The page after `cursor` of a list that its store numbers and reads newest first. The last page is the one that is not full.
 * @throws HubError `invalid` when the cursor is not one of ours.
 */
export async function pageByNumber<Row>(
  query: PageQuery,
  read: (part: { readonly before: number; readonly limit: number }) => readonly Row[] | Promise<readonly Row[]>,
  numberOf: (row: Row) => number,
): Promise<Page<Row>> {
  const limit = query.limit ?? usual;
  const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeNumber(query.cursor);
  const items = [...(await read({ before, limit }))];
  const last = items.at(-1);
  return { items, next: last === undefined || items.length < limit ? null : String(numberOf(last)) };
}

/** Makes a key opaque. */
function encodeCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  // Node passes over what is not base64: only what comes back the same was ours.
  if (key === '' || encodeCursor(key) !== cursor) throw unknownCursor();
  return key;
}

function decodeNumber(cursor: string): number {
  const number = /^[1-9][0-9]{0,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw unknownCursor();
  return number;
}

function unknownCursor(): HubError {
  return new HubError(
    'invalid',
    'cursor: expected the `next` of the page before, unchanged and of the same list; leave it out for the first page',
  );
}

/** How many items at the beginning meet the condition, in a list where they all stand before the others. */
function firstWhereNot<Item>(sorted: readonly Item[], isMet: (item: Item) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && isMet(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
