/** What every journal promises. Each adapter of the port runs this suite. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteJournal } from '../../hub/journal/sqlite.ts';
import type { DeadLetter, Journal, NewEvent } from '../../hub/ports.ts';

const log = pino({ level: 'silent' });
const limits = { deadLetters: 3 };

/** Each adapter by its name: opens the journal that lives in a folder. */
const adapters: Readonly<Record<string, (folder: string) => Promise<Journal>>> = {
  sqlite: (folder) => openSqliteJournal(join(folder, 'journal.db'), { limits, log }),
};

let folder: string;
let journal: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhip-journal-'));
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(Object.entries(adapters))('the journal on %s', (_name, open) => {
  beforeEach(async () => {
    journal = await open(folder);
  });

  test('an empty journal has its head at 0 and nothing to read', async () => {
    expect(journal.head()).toBe(0);
    expect(await journal.read({ limit: 10 })).toEqual([]);
    expect(await journal.event('e1')).toBeUndefined();
  });

  test('an append answers ascending cursors, and what is read back is what was given', async () => {
    const cursors = await journal.append([
      { ...event('e1'), deviceId: 'SM-1', data: { text: 'Số 12, ngõ 5 – "cháy"', n: 1.5, list: [1, null] } },
      { ...event('e2'), by: 'user:hoa', data: null },
    ]);
    expect(cursors).toEqual([1, 2]);
    expect(journal.head()).toBe(2);
    expect(await journal.read({ limit: 10 })).toEqual([
      {
        cursor: 1,
        id: 'e1',
        domain: 'fire',
        subject: 'place-1',
        type: 'incident.raised',
        at: 1_750_000_000_000,
        storedAt: expect.any(Number),
        deviceId: 'SM-1',
        data: { text: 'Số 12, ngõ 5 – "cháy"', n: 1.5, list: [1, null] },
      },
      {
        storedAt: expect.any(Number),
        cursor: 2,
        id: 'e2',
        domain: 'fire',
        subject: 'place-1',
        type: 'incident.raised',
        at: 1_750_000_000_000,
        by: 'user:hoa',
        data: null,
      },
    ]);
    expect((await journal.event('e2'))?.cursor).toBe(2);
  });

  test('an append of nothing answers nothing', async () => {
    expect(await journal.append([])).toEqual([]);
  });

  test('an id that is stored already is answered with its cursor and not stored again', async () => {
    const [first] = await journal.append([event('e1')]);
    const [again, other] = await journal.append([{ ...event('e1'), data: 'other' }, event('e2')]);
    expect(again).toBe(first);
    expect(other).toBeGreaterThan(first ?? 0);
    expect((await journal.read({ limit: 10 })).map((one) => [one.id, one.data])).toEqual([
      ['e1', {}],
      ['e2', {}],
    ]);
  });

  test('an id twice in one append is one event', async () => {
    expect(await journal.append([event('e1'), event('e1')])).toEqual([1, 1]);
  });

  test('appends that arrive together keep their order and share commits', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append([event(`e${index}`)])));
    const cursors = answers.flat();
    expect(cursors).toEqual([...cursors].sort((one, other) => one - other));
    expect(new Set(cursors).size).toBe(500);
    const stored = await journal.read({ limit: 1_000 });
    expect(stored.map((one) => one.id)).toEqual(Array.from({ length: 500 }, (_, index) => `e${index}`));
    const { commits, events, pending } = journal.stats();
    expect({ events, pending }).toEqual({ events: 500, pending: 0 });
    expect(commits).toBeLessThan(50);
  });

  test('an append is all or nothing, and a bad one does not hurt those beside it', async () => {
    const good = journal.append([event('good-1')]);
    const bad = journal.append([event('half'), { ...event('bad'), at: 1.5 }]);
    const alsoGood = journal.append([event('good-2')]);
    await expect(bad).rejects.toThrow(/could not store/);
    await Promise.all([good, alsoGood]);
    expect((await journal.read({ limit: 10 })).map((one) => one.id)).toEqual(['good-1', 'good-2']);
  });

  test('data that is not JSON is refused', async () => {
    await expect(journal.append([{ ...event('e1'), data: { n: 1n } }])).rejects.toThrow(/BigInt/);
    expect(journal.stats().pending).toBe(0);
  });

  test('queries by cursor, domain, subject, device and type', async () => {
    await journal.append([
      { ...event('e1'), subject: 'a', deviceId: 'd1' },
      { ...event('e2'), subject: 'b', deviceId: 'd2', type: 'incident.closed' },
      { ...event('e3'), domain: 'parking', subject: 'a', deviceId: 'd1', type: 'session.closed' },
      { ...event('e4'), subject: 'a', type: 'incident.closed' },
    ]);
    const ids = async (query: object): Promise<string[]> =>
      (await journal.read({ limit: 10, ...query })).map((one) => one.id);
    expect(await ids({ after: 2 })).toEqual(['e3', 'e4']);
    expect(await ids({ after: 0, before: 3 })).toEqual(['e1', 'e2']);
    expect(await ids({ before: 4 })).toEqual(['e3', 'e2', 'e1']);
    expect(await ids({ domain: 'fire', before: 99, limit: 2 })).toEqual(['e4', 'e2']);
    expect(await ids({ subject: 'a' })).toEqual(['e1', 'e3', 'e4']);
    expect(await ids({ deviceId: 'd1' })).toEqual(['e1', 'e3']);
    expect(await ids({ types: ['incident.closed', 'session.closed'] })).toEqual(['e2', 'e3', 'e4']);
    expect(await ids({ domain: 'fire', subject: 'a', types: ['incident.closed'] })).toEqual(['e4']);
    expect(await ids({ types: [] })).toEqual([]);
  });

  test('a page has at most 1,000 events', async () => {
    await journal.append(Array.from({ length: 1_200 }, (_, index) => event(`e${index}`)));
    expect(await journal.read({ limit: 5_000 })).toHaveLength(1_000);
    expect(await journal.read({ limit: 5_000, after: 1_000 })).toHaveLength(200);
  });

  test('text that looks like SQL is text', async () => {
    const hostile = `x'); DROP TABLE events; --`;
    await journal.append([{ ...event('e1'), subject: hostile }]);
    expect(await journal.read({ limit: 10, subject: hostile })).toHaveLength(1);
    expect(await journal.read({ limit: 10, subject: `' OR 1=1 --` })).toEqual([]);
  });

  test('a receipt is kept once for each hop and receiver', async () => {
    const receipt = { event: 'e1', hop: 'received', by: 'app-1', at: 20 } as const;
    await journal.addReceipts([{ event: 'e1', hop: 'emitted', by: 'app-1', at: 10 }, receipt, { ...receipt, at: 30 }]);
    await journal.addReceipts([]);
    expect(await journal.receipts('e1')).toEqual([{ event: 'e1', hop: 'emitted', by: 'app-1', at: 10 }, receipt]);
    expect(await journal.receipts('e2')).toEqual([]);
  });

  test('dead letters are a ring: the oldest go, the newest are read first', async () => {
    await journal.addDeadLetters([letter('a'), letter('b'), letter('c'), letter('d'), letter('e')]);
    const letters = await journal.deadLetters({ limit: 10 });
    expect(letters.map((one) => [one.id, one.deviceId])).toEqual([
      [5, 'e'],
      [4, 'd'],
      [3, 'c'],
    ]);
    expect(letters[0]).toEqual({ ...letter('e'), id: 5 });
    expect(await journal.deadLetters({ limit: 10, before: 4 })).toHaveLength(1);
    expect(await journal.deadLetters({ limit: 10, deviceId: 'd' })).toHaveLength(1);
  });

  test('the last snapshot of a domain stands, however long', async () => {
    expect(await journal.loadSnapshot('bus')).toBeUndefined();
    await journal.saveSnapshot('bus', 1, { text: 'á'.repeat(700_000) });
    expect(await journal.loadSnapshot('bus')).toEqual({ cursor: 1, data: { text: 'á'.repeat(700_000) } });
    await journal.saveSnapshot('bus', 2, { lots: 1 });
    await journal.saveSnapshot('fire', 3, []);
    expect(await journal.loadSnapshot('bus')).toEqual({ cursor: 2, data: { lots: 1 } });
    expect(await journal.loadSnapshot('fire')).toEqual({ cursor: 3, data: [] });
  });

  test('events go on being stored while a snapshot is written', async () => {
    const order: string[] = [];
    const snapshot = journal.saveSnapshot('bus', 1, 'x'.repeat(20_000_000)).then(() => order.push('snapshot'));
    await journal.append([event('e1')]).then(() => order.push('event'));
    await snapshot;
    expect(order).toEqual(['event', 'snapshot']);
  });

  test('forgetting removes old events and their receipts, keeps the named types, and never reuses a cursor', async () => {
    const old = Array.from({ length: 2_500 }, (_, index) => ({ ...event(`old-${index}`), at: 1_000 + index }));
    await journal.append([...old, { ...event('kept'), at: 1_000, type: 'incident.closed' }]);
    await journal.append([{ ...event('new'), at: 9_000 }]);
    await journal.addReceipts([
      { event: 'old-0', hop: 'emitted', by: 'a', at: 1 },
      { event: 'new', hop: 'emitted', by: 'a', at: 1 },
    ]);
    expect(await journal.forget(9_000, ['incident.closed'])).toBe(2_500);
    expect((await journal.read({ limit: 10 })).map((one) => one.id)).toEqual(['kept', 'new']);
    expect(await journal.receipts('old-0')).toEqual([]);
    expect(await journal.receipts('new')).toHaveLength(1);
    expect(await journal.forget(10_000, [])).toBe(2);
    await journal.close();
    journal = await open(folder);
    expect(journal.head()).toBe(2_502);
    expect(await journal.append([event('next')])).toEqual([2_503]);
  });

  test('one device’s events of a type go by themselves, and readers pass over the holes', async () => {
    const beat = (index: number) => {
      return { ...event(`beat-${index}`), type: 'signal.received', at: 1_000 + index, deviceId: 'hub-watchdog' };
    };
    await journal.append([{ ...event('alarm'), type: 'signal.received', at: 1_000, deviceId: 'fd-1' }]);
    await journal.append(Array.from({ length: 2_500 }, (_, index) => beat(index)));
    await journal.append([{ ...event('lost'), type: 'device.lost', at: 1_000, deviceId: 'hub-watchdog' }]);
    await journal.append([{ ...event('unnamed'), type: 'signal.received', at: 1_000 }]);
    await journal.addReceipts([{ event: 'beat-0', hop: 'emitted', by: 'a', at: 1 }]);
    const beats = { deviceId: 'hub-watchdog', types: ['signal.received'] };
    expect(await journal.forget(1_000 + 2_499, [], beats)).toBe(2_499);
    expect((await journal.read({ after: 0, limit: 10 })).map(({ id, cursor }) => [id, cursor])).toEqual([
      ['alarm', 1],
      ['beat-2499', 2_501],
      ['lost', 2_502],
      ['unnamed', 2_503],
    ]);
    expect((await journal.read({ after: 700, limit: 1 })).map(({ id }) => id)).toEqual(['beat-2499']);
    expect((await journal.read({ before: 2_000, limit: 2 })).map(({ id }) => id)).toEqual(['alarm']);
    expect(await journal.receipts('beat-0')).toEqual([]);
    expect(await journal.forget(9_000, [], { deviceId: 'nobody', types: ['signal.received'] })).toBe(0);
    expect(await journal.append([event('next')])).toEqual([2_504]);
  });

  test('everything is there after closing and opening again', async () => {
    void journal.append([event('e1')]);
    void journal.addDeadLetters([letter('a')]);
    void journal.addReceipts([{ event: 'e1', hop: 'emitted', by: 'a', at: 1 }]);
    void journal.saveSnapshot('fire', 1, { open: 1 });
    await journal.close();
    journal = await open(folder);
    expect(journal.head()).toBe(1);
    expect(await journal.read({ limit: 10 })).toHaveLength(1);
    expect(await journal.deadLetters({ limit: 10 })).toHaveLength(1);
    expect(await journal.receipts('e1')).toHaveLength(1);
    expect(await journal.loadSnapshot('fire')).toEqual({ cursor: 1, data: { open: 1 } });
    expect(await journal.append([event('e2')])).toEqual([2]);
  });

  test('a closed journal refuses to store and to read, and says so', async () => {
    await journal.close();
    await expect(journal.append([event('e1')])).rejects.toThrow(/not available/);
    await expect(journal.read({ limit: 1 })).rejects.toThrow(/not available/);
    expect(journal.stats().fault).toBe('it is closed');
  });
});

test('a backup made while events arrive is a whole journal with all that was acknowledged before', async () => {
  journal = await openSqliteJournal(join(folder, 'journal.db'), { limits, log });
  await journal.append(Array.from({ length: 300 }, (_, index) => event(`e${index}`)));
  const copy = join(folder, 'backups', 'copy.db');
  const backup = journal.backup(copy);
  const during = journal.append([event('during')]);
  await Promise.all([backup, during]);
  const restored = await openSqliteJournal(copy, { limits, log });
  const head = restored.head();
  const stored = await restored.read({ limit: 1_000 });
  await restored.close();
  expect(head).toBeGreaterThanOrEqual(300);
  expect(stored.slice(0, 300).map((one) => one.id)).toEqual(Array.from({ length: 300 }, (_, index) => `e${index}`));
});

function event(id: string): NewEvent {
  return { id, domain: 'fire', subject: 'place-1', type: 'incident.raised', at: 1_750_000_000_000, data: {} };
}

function letter(deviceId: string): Omit<DeadLetter, 'id'> {
  return { at: 5, topic: 'city/v1/x', deviceId, reason: 'json', detail: 'not JSON', bytes: 3, head: 'e30=' };
}
