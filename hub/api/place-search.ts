/** Finding places by what people call them: the present address, names of their own, and the old wards of theirs. Pure. */
import type { Millis } from '../../devices/wire.ts';
import { isValidAt } from '../registry/aliases.ts';
import type { Alias, AliasKind, Place, Ward } from '../registry/records.ts';

/** A place and by which names it was found; none when its present name, address or ID says all that was asked. */
export type Match = {
  readonly rank: Rank;
  /** Words that stand only within longer ones, as `2` in `12`: the fewer, the better. */
  readonly loose: number;
  readonly foundBy: readonly Alias[];
};
/** 0: by its present address. 1: by a name of its own. 2: by an old ward that its ward was made of. */
type Rank = 0 | 1 | 2;

export type Query = {
  /** Words as typed. */
  readonly q: string;
  /** Names that held at this moment only; without it, past ones count too. */
  readonly at?: Millis;
  /** Whether names of this kind may be used for this viewer. */
  mayUse(kind: AliasKind): boolean;
  /** What earlier searches made of the same records: folding 100,000 addresses takes a second. */
  readonly folded?: Folded;
};

/** Plain texts of places and names. */
export type Folded = WeakMap<Place | Alias, string>;

/** Answers how a place matches, `undefined` when it does not. Names of wards are prepared once for the whole search. */
export function placeMatcher({
  q,
  at,
  mayUse,
  folded = new WeakMap(),
}: Query): (place: Place, ward: Ward | undefined) => Match | undefined {
  const words = wordsOf(q);
  const wardNames = new Map<string, readonly Named[]>();
  const usable = (aliases: readonly Alias[] = []): readonly Named[] =>
    aliases
      .filter((alias) => mayUse(alias.kind) && (at === undefined || isValidAt(alias, at)))
      .map((alias) => ({ alias, text: textOf(folded, alias, alias.value) }));
  const namesOf = (ward: Ward): readonly Named[] => {
    const known = wardNames.get(ward.code) ?? usable(ward.aliases);
    wardNames.set(ward.code, known);
    return known;
  };
  const namesOfWards = new Map<string, string>();
  const wardNameOf = (ward: Ward | undefined): string => {
    if (ward === undefined) return '';
    const known = namesOfWards.get(ward.code) ?? plainText(ward.name);
    namesOfWards.set(ward.code, known);
    return known;
  };
  return (place, ward) => {
    if (words.length === 0) return { rank: 0, loose: 0, foundBy: [] };
    const present = textOf(folded, place, `${place.id} ${place.name} ${place.address}`);
    const wardName = wardNameOf(ward);
    const missing = words.filter((word) => !present.includes(word) && !wardName.includes(word));
    const found = (rank: Rank, used: readonly Named[]): Match => {
      const texts = [present, wardName, ...used.map(({ text }) => text)];
      return { rank, loose: looseIn(texts, words), foundBy: used.map(({ alias }) => alias) };
    };
    if (missing.length === 0) return found(0, []);
    const own = cover(missing, usable(place.aliases), words);
    if (own.missing.length === 0) return found(1, own.used);
    if (ward === undefined) return undefined;
    const all = cover(own.missing, namesOf(ward), words);
    return all.missing.length === 0 ? found(2, [...own.used, ...all.used]) : undefined;
  };
}

function textOf(folded: Folded, record: Place | Alias, text: string): string {
  const known = folded.get(record) ?? plainText(text);
  folded.set(record, known);
  return known;
}

type Named = { readonly alias: Alias; readonly text: string };

/** Few names that hold as many of the missing words as there are: the one that says most of what was asked comes first. */
function cover(missing: readonly string[], names: readonly Named[], words: readonly string[]) {
  const score = ({ text }: Named): number => words.filter((word) => text.includes(word)).length;
  let left = missing;
  const used: Named[] = [];
  for (const name of [...names].sort((a, b) => score(b) - score(a))) {
    const after = left.filter((word) => !name.text.includes(word));
    if (after.length < left.length) used.push(name);
    left = after;
    if (left.length === 0) break;
  }
  return { missing: left, used };
}

function looseIn(texts: readonly string[], words: readonly string[]): number {
  const whole = ` ${texts.join(' ').replace(/[,;()]/g, ' ')} `;
  return words.filter((word) => !whole.includes(` ${word} `)).length;
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
