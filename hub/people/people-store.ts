/** `people.db`: residents, and who looked at them when and why. Apart from all else, readable by the hub's user only. */
import { Compile } from 'typebox/compile';
import type { Millis } from '../../devices/wire.ts';
import { inTransaction, openPrivateDatabase } from '../private-database.ts';
import { type Answer, type Person, PersonSchema } from './person.ts';

/** One look behind the glass, or an attempt. */
export type View = {
  readonly number: number;
  readonly at: Millis;
  readonly principal: string;
  readonly name: string;
  readonly incident: string;
  readonly place: string | undefined;
  readonly reason: string;
  /** `shown`, or why not. */
  readonly outcome: string;
  readonly people: number;
};

export type PeopleStore = {
  /** Replaces the residents of the places named, in one transaction; other places stay as they are. */
  replace(residents: ReadonlyMap<string, readonly Person[]>, at: Millis): void;
  /** A place that no file has named is unknown, not empty. */
  at(place: string): Answer;
  /** On disk when it returns. */
  addView(view: Omit<View, 'number'>): void;
  views(query: { readonly before: number; readonly limit: number }): readonly View[];
  count(): { readonly places: number; readonly people: number };
  close(): void;
};

const schema = `
  CREATE TABLE place (id TEXT PRIMARY KEY, people TEXT NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE view (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, principal TEXT NOT NULL,
    name TEXT NOT NULL, incident TEXT NOT NULL, place TEXT, reason TEXT NOT NULL, outcome TEXT NOT NULL,
    people INTEGER NOT NULL) STRICT;`;

const personCheck = Compile(PersonSchema);

/** Opens or creates the file, mode 0600. @throws StartError when it cannot be used. */
export function openPeopleStore(path: string): PeopleStore {
  const database = openPrivateDatabase(path, {
    versions: [schema],
    synchronous: 'FULL',
    // People who have moved away must not be found in the file.
    isErasing: true,
    remedy: 'Restore it from a backup, or move it away and import again',
  });
  const put = database.prepare(
    `INSERT INTO place VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET people = excluded.people,
     count = excluded.count, at = excluded.at`,
  );
  const get = database.prepare('SELECT people, at FROM place WHERE id = ?');
  const addView = database.prepare(
    'INSERT INTO view (at, principal, name, incident, place, reason, outcome, people) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const views = database.prepare('SELECT * FROM view WHERE number < ? ORDER BY number DESC LIMIT ?');
  const count = database.prepare('SELECT count(*) AS places, coalesce(sum(count), 0) AS people FROM place');
  return {
    replace(residents, at) {
      inTransaction(database, () => {
        for (const [place, people] of residents) put.run(place, JSON.stringify(people), people.length, at);
      });
    },
    at(place) {
      const row = get.get(place);
      if (row === undefined) return { state: 'unknown', reason: 'no imported file names this place' };
      const people: unknown = JSON.parse(String(row.people));
      if (!Array.isArray(people)) throw new Error('a place in people.db has no list of people');
      return { state: 'known', asOf: Number(row.at), people: people.filter((person) => personCheck.Check(person)) };
    },
    addView({ at, principal, name, incident, place, reason, outcome, people }) {
      addView.run(at, principal, name, incident, place ?? null, reason, outcome, people);
    },
    views: ({ before, limit }) => views.all(before, limit).map(readView),
    count() {
      const row = count.get();
      return { places: Number(row?.places), people: Number(row?.people) };
    },
    close: () => database.close(),
  };
}

function readView(row: Readonly<Record<string, unknown>>): View {
  return {
    number: Number(row.number),
    at: Number(row.at),
    principal: String(row.principal),
    name: String(row.name),
    incident: String(row.incident),
    place: row.place === null ? undefined : String(row.place),
    reason: String(row.reason),
    outcome: String(row.outcome),
    people: Number(row.people),
  };
}
