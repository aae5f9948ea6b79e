/** Finding places by what people call them: the present address, names of their own, and the old wards of theirs. Pure. */
import type { Millis } from '../../devices/wire.ts';
import { isValidAt } from '../registry/aliases.ts';
import type { Alias, AliasKind, Place, Ward } from '../registry/records.ts';

/** A place and by which names it was found; none when its present name, address or ID says all that was asked. */
export type Match = { readonly rank: Rank; readonly foundBy: readonly Alias[] };
/** 0: by its present address. 1: by a name of its own. 2: by an old ward that its ward was made of. */
type Rank = 0 | 1 | 2;

export type Query = {
  /** Words as typed. */
  readonly q: string;
  /** Names that held at this moment only; without it, past ones count too. */
  readonly at?: Millis;
  /** Whether names of this kind may be used for this viewer. */
  mayUse(kind: AliasKind): boolean;
};

/** Answers how a place matches, `undefined` when it does not. Names of wards are prepared once for the whole search. */
export function placeMatcher({ q, at, mayUse }: Query): (place: Place, ward: Ward | undefined) => Match | undefined {
  const words = wordsOf(q);
  const wardNames = new Map<string, readonly Named[]>();
  const usable = (aliases: readonly Alias[] = []): readonly Named[] =>
    aliases
      .filter((alias) => mayUse(alias.kind) && (at === undefined || isValidAt(alias, at)))
      .map((alias) => ({ alias, text: plainText(alias.value) }));
  const namesOf = (ward: Ward): readonly Named[] => {
    const known = wardNames.get(ward.code) ?? usable(ward.aliases);
    wardNames.set(ward.code, known);
    return known;
  };
  return (place, ward) => {
    const present = plainText(`${place.id} ${place.name} ${place.address} ${ward?.name ?? ''}`);
    const missing = words.filter((word) => !present.includes(word));
    if (missing.length === 0) return { rank: 0, foundBy: [] };
    const own = cover(missing, usable(place.aliases), words);
    if (own.missing.length === 0) return { rank: 1, foundBy: own.used };
    if (ward === undefined) return undefined;
    const all = cover(own.missing, namesOf(ward), words);
    return all.missing.length === 0 ? { rank: 2, foundBy: [...own.used, ...all.used] } : undefined;
  };
}

type Named = { readonly alias: Alias; readonly text: string };

/** Few names that hold as many of the missing words as there are: the one that says most of what was asked comes first. */
function cover(missing: readonly string[], names: readonly Named[], words: readonly string[]) {
  const score = ({ text }: Named): number => words.filter((word) => text.includes(word)).length;
  let left = missing;
  const used: Alias[] = [];
  for (const name of [...names].sort((a, b) => score(b) - score(a))) {
    const after = left.filter((word) => !name.text.includes(word));
    if (after.length < left.length) used.push(name.alias);
    left = after;
    if (left.length === 0) break;
  }
  return { missing: left, used };
}

/**
 * The words of an address as people write it: `số 12 ngõ 34, phường Hàng Bạc, quận Hoàn Kiếm, Hà Nội`. What only says of
 * which kind a part is, or that it is in this city or in a district (there are none since July 2025), does not count -
 * unless nothing else was asked.
 */
export function wordsOf(q: string): readonly string[] {
  const parts = plainText(q.replace(/[,;]/g, ' , ')).split(' , ');
  const telling = parts
    .filter(
      (part, index) => index === 0 || !/^((quan|huyen|q\.?|h\.?) |((tp\.?|thanh pho) )?ha noi$|viet nam$)/.test(part),
    )
    .map((part) => part.replace(/^(phuong|xa|thi tran|p\.|so nha|so) (?=\S)/, ''));
  return telling.flatMap((part) => part.split(/[ ,]+/)).filter((word) => word !== '');
}

/** Lower case without Vietnamese marks: people type `hang bac` for `Hàng Bạc`. */
export function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/g, ' ').trim();
}
