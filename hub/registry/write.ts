/** Writing records with a count of what was new, changed or as before. */
import type { DatabaseSync } from 'node:sqlite';
import type { Cell, Section, Table } from './tables.ts';

/** What writing did, or would do. */
export type Counts = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
};

/** `dryRun`: only count. `replace`: records of the table that are not among these go. */
export type WriteOptions = { readonly dryRun?: boolean; readonly replace?: boolean };

/**
 * Puts records into a table: a row equal to the one that stands there is left alone. To be called within a transaction
 * (a dry run needs none).
 */
export function writeAll<R>(
  database: DatabaseSync,
  table: Table<R>,
  records: Iterable<R>,
  options: WriteOptions = {},
): Counts {
  const writer = openWriter(database, table, options);
  for (const record of records) writer.put(record);
  if (options.replace === true) writer.removeOthers();
  return writer.counts;
}

/** Writes a table record by record; see `writeAll`. */
export function openWriter<R>(database: DatabaseSync, table: Table<R>, options: WriteOptions) {
  const key = table.columns[0] ?? 'id';
  const places = table.columns.map(() => '?').join(', ');
  const select = database.prepare(`SELECT ${table.columns.join(', ')} FROM ${table.name} WHERE ${key} = ?`);
  const upsert = database.prepare(
    `INSERT OR REPLACE INTO ${table.name} (${table.columns.join(', ')}) VALUES (${places})`,
  );
  const counts = { added: 0, changed: 0, unchanged: 0, removed: 0 };
  const seen = new Set<string>();
  return {
    counts,
    put(record: R): void {
      const cells = table.toRow(record);
      const id = String(cells[0]);
      seen.add(id);
      const known = select.get(id);
      if (known === undefined) counts.added++;
      else if (table.columns.every((column, index) => isSame(known[column], cells[index]))) {
        counts.unchanged++;
        return;
      } else counts.changed++;
      if (options.dryRun !== true) upsert.run(...cells);
    },
    /** Removes every row that was not put. */
    removeOthers(): void {
      const ids = database.prepare(`SELECT ${key} AS id FROM ${table.name}`).all();
      const remove = database.prepare(`DELETE FROM ${table.name} WHERE ${key} = ?`);
      for (const { id } of ids) {
        if (seen.has(String(id))) continue;
        counts.removed++;
        if (options.dryRun !== true) remove.run(String(id));
      }
    },
  };
}

/** Tells the running hub which section to load anew; answers the section's new number. */
export function bumpGeneration(database: DatabaseSync, section: Section): number {
  const row = database
    .prepare(
      `INSERT INTO generations (section, number) VALUES (?, 1)
       ON CONFLICT (section) DO UPDATE SET number = number + 1 RETURNING number`,
    )
    .get(section);
  return Number(row?.number);
}

/** Whether anything was or would be written. */
export function hasChanges(counts: Counts): boolean {
  return counts.added + counts.changed + counts.removed > 0;
}

function isSame(known: unknown, cell: Cell | undefined): boolean {
  if (known instanceof Uint8Array && cell instanceof Uint8Array) return Buffer.compare(known, cell) === 0;
  return known === cell;
}
