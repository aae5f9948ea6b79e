import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bindingChanges } from '../../../../hub/registry/binding-history.ts';
import type { Binding } from '../../../../hub/registry/records.ts';
import { openRegistry } from '../../../../hub/registry/registry.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const claimed: Binding = { kind: 'place', target: 'A', state: 'claimed', since: 10, by: 'import', how: 'import' };
const proven: Binding = { ...claimed, state: 'verified', since: 20, by: 'Lan', how: 'qr', detail: '12 m' };
const moved: Binding = { kind: 'place', target: 'B', state: 'claimed', since: 30, by: 'Minh', how: 'admin' };
const hand = { by: 'Minh', at: 40, how: 'console' } as const;
const of = { device: 'd', kind: 'place' } as const;

test.each([
  {
    name: 'a first binding is a claim out of nothing',
    ...{ before: undefined, after: claimed },
    changes: [{ ...of, target: 'A', from: 'none', to: 'claimed', at: 10, by: 'import', how: 'import', detail: '' }],
  },
  { name: 'the same again is no change', before: proven, after: { ...proven }, changes: [] },
  {
    name: 'a proof changes the state and says how',
    ...{ before: claimed, after: proven },
    changes: [{ ...of, target: 'A', from: 'claimed', to: 'verified', at: 20, by: 'Lan', how: 'qr', detail: '12 m' }],
  },
  {
    name: 'a move supersedes the old place and claims the new one',
    ...{ before: proven, after: moved },
    changes: [
      {
        ...{ ...of, target: 'A', from: 'verified', to: 'superseded', at: 30, by: 'Minh', how: 'admin' },
        detail: 'moved to place B',
      },
      { ...of, target: 'B', from: 'none', to: 'claimed', at: 30, by: 'Minh', how: 'admin', detail: '' },
    ],
  },
  {
    name: 'a device that is freed says by whom and when',
    ...{ before: moved, after: undefined },
    changes: [
      {
        ...{ ...of, target: 'B', from: 'claimed', to: 'superseded', at: 40, by: 'Minh', how: 'console' },
        detail: 'freed',
      },
    ],
  },
])('$name', ({ before, after, changes }) => {
  expect(bindingChanges('d', before, after, hand)).toEqual(changes);
});

test('the history is in the file with the binding itself, newest first, and outlives the device', () => {
  const log = { info: () => undefined, error: () => undefined };
  const path = join(temporaryFolder(), 'registry.db');
  const registry = openRegistry(path, { log });
  const place = (id: string) => ({ id, name: id, address: id, position: { lat: 21, lon: 105 } });
  registry.write({ places: [place('A'), place('B')] });
  registry.putDevice({ id: 'd', domain: 'fire', model: 'm', name: 'd', heartbeatMs: 1, synthetic: false });
  registry.bindDevice('d', claimed);
  registry.bindDevice('d', proven);
  registry.bindDevice('d', moved);
  expect(() => registry.bindDevice('d', { ...moved, target: 'C' })).toThrow('there is no place "C"');
  registry.removeDevice('d', hand);
  registry.close();
  const again = openRegistry(path, { log });
  expect(again.bindingChanges('d').map(({ target, from, to }) => `${target} ${from} → ${to}`)).toEqual([
    'B claimed → superseded',
    'B none → claimed',
    'A verified → superseded',
    'A claimed → verified',
    'A none → claimed',
  ]);
  expect(again.bindingChanges('other')).toEqual([]);
  again.close();
});
