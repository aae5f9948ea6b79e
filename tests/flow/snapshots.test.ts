/** A start from a snapshot is the same as a start from the first fact. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { device, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-snapshot-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Some of everything: an incident with two points, a car inside, a bus. */
async function live(hub: TestHub): Promise<void> {
  const [first, second, gate, bus] = [
    await device(hub, 'fd-1'),
    await device(hub, 'fd-2'),
    await device(hub, 'gate-1'),
    await device(hub, 'bus-1'),
  ];
  await raise(first, 'fd-1');
  await raise(second, 'fd-2');
  const entry = {
    id: 'in-1',
    ts: Date.now(),
    boot: 1,
    seq: 1,
    kind: 'entry',
    plate: '30A-123.45',
    vehicleClass: 'car',
  };
  await gate.publishAsync('city/v1/parking/gate-1/event', JSON.stringify(entry), { qos: 1 });
  await bus.publishAsync('city/v1/bus/bus-1/position', JSON.stringify({ ts: Date.now(), lat: 21.03, lon: 105.85 }), {
    qos: 1,
  });
  await Promise.all([first, second, gate, bus].map((client) => client.endAsync()));
}

/** What people see, without the times that go on running. */
async function seen(hub: TestHub): Promise<unknown> {
  const incidents = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
  const sessions = await hub.request('/api/v1/parking/sessions', { token: hub.tokens.parking });
  const running = new Set(['ageSeconds', 'escalation', 'dueAt', 'durationSeconds', 'minutes', 'quote']);
  return JSON.parse(JSON.stringify([incidents.body, sessions.body]), (key, value) =>
    running.has(key) ? undefined : value,
  );
}

test('folds only what came after it, and shows the same', async () => {
  const first = await startTestHub({ directory });
  await live(first);
  const before = await seen(first);
  await first.stop();

  const fromSnapshot = await startTestHub({ directory });
  expect(fromSnapshot.hub.recovered).toBe(0);
  expect(await seen(fromSnapshot)).toEqual(before);
  await fromSnapshot.stop();
});

test('that is missing costs time only: all facts are folded, and the same is shown', async () => {
  const first = await startTestHub({ directory });
  await live(first);
  const before = await seen(first);
  await first.stop();
  forgetSnapshots(join(directory, 'journal.db'));

  const fromFacts = await startTestHub({ directory });
  expect(fromFacts.hub.recovered).toBeGreaterThan(3);
  expect(await seen(fromFacts)).toEqual(before);
  await fromFacts.stop();
});

/** Takes the snapshots out of the journal's file. */
function forgetSnapshots(path: string): void {
  const database = new DatabaseSync(path);
  const table = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%snapshot%'")
    .all();
  for (const { name } of table) database.exec(`DELETE FROM "${String(name)}"`);
  database.close();
  expect(table.length).toBeGreaterThan(0);
}
