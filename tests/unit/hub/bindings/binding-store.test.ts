import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openBindingStore } from '../../../../hub/bindings/binding-store.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

test('what an older hub noted of a binding stays readable, newest first, and the key stays the same', () => {
  const path = join(temporaryFolder(), 'bindings.db');
  const first = openBindingStore(path);
  const { key } = first;
  first.close();
  const database = new DatabaseSync(path);
  const insert = database.prepare(
    'INSERT INTO change (device, place, was, became, at, by, how, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  insert.run('fd-1', 'HN-1', 'claimed', 'verified', 10, 'Lan', 'qr', '12 m');
  insert.run('fd-1', 'HN-1', 'verified', 'disputed', 20, 'Minh', 'word', 'nhà bên');
  database.close();
  const store = openBindingStore(path);
  expect(store.changes('fd-1')).toEqual([
    {
      ...{ device: 'fd-1', kind: 'place', target: 'HN-1', from: 'verified', to: 'disputed', at: 20, by: 'Minh' },
      ...{ how: 'word', detail: 'nhà bên' },
    },
    {
      ...{ device: 'fd-1', kind: 'place', target: 'HN-1', from: 'claimed', to: 'verified', at: 10, by: 'Lan' },
      ...{ how: 'qr', detail: '12 m' },
    },
  ]);
  expect(Buffer.from(store.key).equals(key)).toBe(true);
  store.close();
});
