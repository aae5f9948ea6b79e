/** Writes imported names: each line adds one, ends one or takes one away; what no line speaks of stays. */
import type { DatabaseSync } from 'node:sqlite';
import { aliasId, aliasTable, type OwnedAlias } from './aliases.ts';
import { plainHeader } from './csv-columns.ts';
import type { AliasLine } from './import-aliases.ts';
import type { Refusals } from './import-summary.ts';
import { type Counts, openWriter } from './write.ts';

/** What the lines do, or would do. A line whose place or ward the registry does not know is refused. */
export function writeAliases(
  database: DatabaseSync,
  lines: readonly AliasLine[],
  { refusals, dryRun }: { readonly refusals: Refusals; readonly dryRun: boolean },
): Counts {
  const ownerOf = openOwners(database);
  const writer = openWriter(database, aliasTable, { dryRun });
  const known = database.prepare('SELECT 1 FROM aliases WHERE id = ?');
  const remove = database.prepare('DELETE FROM aliases WHERE id = ?');
  let removed = 0;
  for (const line of lines) {
    const owner = ownerOf(line);
    if (owner === undefined) {
      const first = line.ownerKind === 'place' ? 'places' : 'wards';
      refusals.add({ line: line.line, reason: `there is no ${line.ownerKind} "${line.owner}"; import ${first} first` });
      continue;
    }
    const alias: OwnedAlias = { ownerKind: line.ownerKind, owner, ...line.alias };
    if (!line.remove) writer.put(alias);
    else if (known.get(aliasId(alias)) !== undefined) {
      removed++;
      if (!dryRun) remove.run(aliasId(alias));
    } else writer.counts.unchanged++;
  }
  return { ...writer.counts, removed };
}

/** Places by id; wards by code or name, whichever way its accents are set: `Yên Hòa` is `Yên Hoà`. */
function openOwners(database: DatabaseSync): (line: AliasLine) => string | undefined {
  const place = database.prepare('SELECT 1 FROM places WHERE id = ?');
  let wards: ReadonlyMap<string, string> | undefined;
  return ({ ownerKind, owner }) => {
    if (ownerKind === 'place') return place.get(owner) === undefined ? undefined : owner;
    wards ??= new Map(
      database
        .prepare('SELECT code, name FROM wards')
        .all()
        .flatMap(({ code, name }) => [code, name].map((word) => [plainHeader(String(word)), String(code)] as const)),
    );
    return wards.get(plainHeader(owner));
  };
}
