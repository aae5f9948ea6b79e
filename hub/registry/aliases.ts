/** What places and wards are called besides their present address: kept apart from them, joined when they are read. */
import type { Millis } from '../../devices/wire.ts';
import { dayOf } from './day.ts';
import { type Alias, aliasKinds, type Place, type Ward } from './records.ts';
import { maybeNumber, maybeText, optional, text } from './row.ts';
import type { Table } from './tables.ts';

export type AliasOwner = { readonly ownerKind: 'place' | 'ward'; readonly owner: string };
/** An alias and whose it is. */
export type OwnedAlias = AliasOwner & Alias;

export const aliasTable: Table<OwnedAlias> = {
  name: 'aliases',
  section: 'aliases',
  columns: ['id', 'owner_kind', 'owner', 'kind', 'value', 'valid_from', 'valid_to', 'source'],
  toRow: (alias) => [
    ...[aliasId(alias), alias.ownerKind, alias.owner, alias.kind, alias.value],
    ...[alias.validFrom ?? null, alias.validTo ?? null, alias.source ?? null],
  ],
  fromRow: (row) => ({
    ownerKind: text(row, 'owner_kind') === 'ward' ? 'ward' : 'place',
    owner: text(row, 'owner'),
    kind: aliasKinds.find((word) => word === row.kind) ?? 'other',
    value: text(row, 'value'),
    ...optional('validFrom', maybeNumber(row, 'valid_from')),
    ...optional('validTo', maybeNumber(row, 'valid_to')),
    ...optional('source', maybeText(row, 'source')),
  }),
};

/**
 * What makes an alias this one: whose, which kind, from when, and its words. Its end and source may change: so the same
 * file twice changes nothing, and a line with `valid_to` ends a name.
 */
export function aliasId({ ownerKind, owner, kind, validFrom, value }: OwnedAlias): string {
  return [ownerKind, owner, kind, validFrom === undefined ? '' : dayOf(validFrom), value].join('|');
}

/** Whether it held at this moment. */
export function isValidAt({ validFrom = -Infinity, validTo = Infinity }: Alias, at: Millis): boolean {
  return validFrom <= at && at < validTo;
}

/** All aliases by owner. */
export class AliasBook {
  readonly #owned = new Map<string, Map<string, Alias>>();
  // The same object for the same record until a name changes: searches keep what they have made of it.
  #places = new WeakMap<Place, Place>();
  #wards = new WeakMap<Ward, Ward>();

  set({ ownerKind, owner, ...alias }: OwnedAlias): void {
    const key = `${ownerKind} ${owner}`;
    const list = this.#owned.get(key) ?? new Map<string, Alias>();
    list.set(aliasId({ ownerKind, owner, ...alias }), alias);
    this.#owned.set(key, list);
    this.#forget();
  }

  /** Forgets all aliases of an owner. */
  clear({ ownerKind, owner }: AliasOwner): void {
    if (this.#owned.delete(`${ownerKind} ${owner}`)) this.#forget();
  }

  /** The place with its aliases; itself when it has none. */
  ofPlace(place: Place): Place {
    const owned = this.#owned.get(`place ${place.id}`);
    if (owned === undefined) return place;
    const joined = this.#places.get(place) ?? { ...place, aliases: [...owned.values()] };
    this.#places.set(place, joined);
    return joined;
  }

  /** The ward with its aliases; itself when it has none. */
  ofWard(ward: Ward): Ward {
    const owned = this.#owned.get(`ward ${ward.code}`);
    if (owned === undefined) return ward;
    const joined = this.#wards.get(ward) ?? { ...ward, aliases: [...owned.values()] };
    this.#wards.set(ward, joined);
    return joined;
  }

  #forget(): void {
    this.#places = new WeakMap();
    this.#wards = new WeakMap();
  }
}
