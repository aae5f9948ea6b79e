/** What each device has hung at: written in the same transaction as the binding itself, whichever door it came by. */
import type { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../devices/wire.ts';
import { type Binding, type BindingChange, bindingMethods, type DeviceRecord } from './records.ts';
import { maybeText, number, optional, type Row, text } from './row.ts';
import { bindingKinds, bindingStates, deviceTable } from './tables.ts';

/** Who ends a binding that no other follows. */
export type Hand = { readonly by: string; readonly at: Millis; readonly how: Binding['how'] };

/** What changes when one binding follows another; a moved or freed device supersedes the one before. Pure. */
export function bindingChanges(
  device: string,
  before: Binding | undefined,
  after: Binding | undefined,
  hand?: Hand,
): readonly BindingChange[] {
  if (isSame(before, after)) return [];
  const stays = before?.kind === after?.kind && before?.target === after?.target;
  const changes: BindingChange[] = [];
  if (before !== undefined && !stays) {
    const { kind, target, state } = before;
    const { at, by, how } =
      after === undefined
        ? { at: hand?.at ?? before.since, by: hand?.by ?? 'unknown', how: hand?.how }
        : { at: after.since, by: after.by, how: after.how };
    const detail = after === undefined ? 'freed' : `moved to ${after.kind} ${after.target}`;
    changes.push({ device, kind, target, from: state, to: 'superseded', at, by, ...optional('how', how), detail });
  }
  if (after !== undefined) {
    const { kind, target, state, since, by, how, detail = '' } = after;
    const from = stays && before !== undefined ? before.state : 'none';
    changes.push({ device, kind, target, from, to: state, at: since, by, ...optional('how', how), detail });
  }
  return changes;
}

function isSame(before: Binding | undefined, after: Binding | undefined): boolean {
  return (['kind', 'target', 'state', 'since', 'by', 'how', 'detail'] as const).every(
    (key) => before?.[key] === after?.[key],
  );
}

/** Notes what writing these devices changes; to be called before they are written, in the same transaction. */
export function noteBindings(database: DatabaseSync, devices: readonly DeviceRecord[], hand?: Hand): void {
  const book = openBook(database);
  for (const { id, binding } of devices) book.note(bindingChanges(id, book.before(id), binding, hand));
}

/** The same for devices that are removed. */
export function noteRemovals(database: DatabaseSync, ids: readonly string[], hand?: Hand): void {
  const book = openBook(database);
  for (const id of ids) book.note(bindingChanges(id, book.before(id), undefined, hand));
}

function openBook(database: DatabaseSync) {
  const known = database.prepare(`SELECT ${deviceTable.columns.join(', ')} FROM devices WHERE id = ?`);
  const insert = database.prepare(
    'INSERT INTO binding_changes (device, kind, target, was, became, at, by, how, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    before(id: string): Binding | undefined {
      const row = known.get(id);
      return row === undefined ? undefined : deviceTable.fromRow(row).binding;
    },
    note(changes: readonly BindingChange[]): void {
      for (const { device, kind, target, from, to, at, by, how, detail } of changes) {
        insert.run(device, kind, target, from, to, at, by, how ?? null, detail);
      }
    },
  };
}

/** Of a device, newest first, at most 100. */
export function readBindingChanges(database: DatabaseSync, device: string): readonly BindingChange[] {
  return database
    .prepare('SELECT * FROM binding_changes WHERE device = ? ORDER BY number DESC LIMIT 100')
    .all(device)
    .map(changeOf);
}

function changeOf(row: Row): BindingChange {
  return {
    device: text(row, 'device'),
    kind: bindingKinds.find((word) => word === row.kind) ?? 'place',
    target: text(row, 'target'),
    from: bindingStates.find((word) => word === row.was) ?? 'none',
    to: bindingStates.find((word) => word === row.became) ?? 'superseded',
    at: number(row, 'at'),
    by: text(row, 'by'),
    ...optional(
      'how',
      bindingMethods.find((word) => word === maybeText(row, 'how')),
    ),
    detail: text(row, 'detail'),
  };
}
