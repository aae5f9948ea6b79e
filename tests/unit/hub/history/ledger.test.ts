import { expect, test } from 'vitest';
import { Ledger } from '../../../../hub/history/ledger.ts';
import type { Moved, Parcel } from '../../../../hub/history/messages.ts';

test('points move from offered to written, shed and refused, and the rest is pending', () => {
  const ledger = new Ledger();
  ledger.offer(100);
  ledger.refuse(1);
  ledger.shed(9);
  ledger.send(parcel(1, 40));
  ledger.send(parcel(2, 50));
  expect(ledger.stats()).toMatchObject({ offered: 100, written: 0, pending: 90, shed: 9, refused: 1 });
  expect(ledger.underWay).toBe(90);
  ledger.move(moved({ spooled: [1] }));
  expect([ledger.underWay, ledger.inMemory]).toEqual([50, 50]);
  ledger.move(moved({ done: [2], written: 49, refused: 1 }));
  ledger.move(moved({ written: 30, shed: 10, drained: 40 }));
  expect(ledger.stats()).toMatchObject({ offered: 100, written: 79, pending: 0, shed: 19, refused: 2 });
  expect([ledger.underWay, ledger.inMemory]).toEqual([0, 0]);
});

test('what an earlier run left in the spool counts as offered', () => {
  const ledger = new Ledger();
  ledger.recover(70, 1_000);
  expect(ledger.stats()).toEqual({ offered: 70, written: 0, pending: 70, shed: 0, refused: 0, spoolBytes: 1_000 });
  ledger.move(moved({ written: 70, drained: 70 }));
  expect(ledger.stats()).toMatchObject({ offered: 70, written: 70, pending: 0 });
});

test.each([
  // 50 known in the spool, 30 under way when the worker died; found after it came back → written, shed, pending
  ['all of the spool is still there, what was under way died', 50, 0, 30, 50],
  ['a part of the spool was stored without word of it', 20, 30, 30, 20],
  ['what was under way had reached the spool', 80, 0, 0, 80],
  ['a part of what was under way had reached the spool', 60, 0, 20, 60],
  ['the spool is empty', 0, 50, 30, 0],
])('after the death of the worker: %s', (_what, found, written, shed, pending) => {
  const ledger = new Ledger();
  ledger.offer(80);
  ledger.send(parcel(1, 50));
  ledger.move(moved({ spooled: [1] }));
  ledger.send(parcel(2, 30));
  ledger.recover(found, 0);
  expect(ledger.stats()).toMatchObject({ offered: 80, written, shed, pending, refused: 0 });
  expect([ledger.underWay, ledger.inMemory]).toEqual([0, 0]);
});

function parcel(number: number, points: number): Parcel {
  return { number, points, record: new ArrayBuffer(0), isSpooled: true };
}

function moved(changes: Partial<Moved>): Moved {
  return { written: 0, refused: 0, shed: 0, drained: 0, spooled: [], unsafe: [], done: [], spoolBytes: 0, ...changes };
}
