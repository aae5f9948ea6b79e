/** `nhip import people.csv --kind people`: residents into their own store. */
import { isUtf8 } from 'node:buffer';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HubError } from '../errors.ts';
import { openPeopleStore } from '../people/people-store.ts';
import { readPeople } from '../people/read-people.ts';

export type PeopleImport = {
  readonly kind: 'people';
  readonly file: string;
  readonly read: number;
  readonly places: number;
  readonly people: number;
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
  readonly written: boolean;
};

/**
 * Replaces the residents of every place that the file names. A wrong line keeps the whole file out unless `skipBad`; then
 * its place may miss a person, so `skipBad` is for a first look.
 *
 * @throws HubError `notFound` or `invalid`; StartError when the store cannot be used.
 */
export async function importPeople(
  file: string,
  options: { readonly path: string; readonly dryRun: boolean; readonly skipBad: boolean; now(): number },
): Promise<PeopleImport> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw new HubError('notFound', `there is no file ${file}`);
  if (!isUtf8(bytes)) throw new HubError('invalid', `${basename(file)} is not UTF-8 text; save it as "CSV UTF-8"`);
  const { residents, read, refused } = await readPeople(bytes.toString('utf8'));
  const written = !options.dryRun && (refused.length === 0 || options.skipBad);
  if (written) {
    await mkdir(dirname(options.path), { recursive: true, mode: 0o750 });
    const store = openPeopleStore(options.path);
    try {
      store.replace(residents, options.now());
    } finally {
      store.close();
    }
  }
  const people = [...residents.values()].reduce((sum, one) => sum + one.length, 0);
  return { kind: 'people', file: basename(file), read, places: residents.size, people, refused, written };
}

/** The outcome in a few lines; names of people are not repeated. */
export function peopleLines({ file, read, places, people, refused, written }: PeopleImport, dryRun: boolean): string[] {
  const outcome = dryRun ? 'Dry run: nothing was written.' : 'Nothing was written: mend the file, or use --skip-bad.';
  return [
    `${file}: ${read} lines read, ${people} people of ${places} places`,
    ...refused.slice(0, 20).map(({ line, reason }) => `    line ${line}: ${reason}`),
    ...(refused.length > 20 ? [`    and ${refused.length - 20} more`] : []),
    written ? '  Written.' : `  ${outcome}`,
  ];
}
