/** The door's books: every message that was received is stored, dead, shed or pending, whatever becomes of it. */
import { expect, test } from 'vitest';
import { BadMessage } from '../../../devices/wire.ts';
import { createIngest, type IngestCounts } from '../../../hub/ingest.ts';
import type { Arrival } from '../../../hub/mounted.ts';
import type { DeadLetter, Delivery } from '../../../hub/ports.ts';
import type { DeviceRecord } from '../../../hub/registry/records.ts';
import { emptyRegistry } from '../../support/empty-registry.ts';

const bus: DeviceRecord = {
  id: 'b1',
  domain: 'bus',
  model: 'tracker',
  name: 'b1',
  heartbeatMs: 60_000,
  synthetic: false,
};
const delivery = (topic: string, qos: 0 | 1 = 1): Delivery => ({
  topic,
  payload: Buffer.from('{}'),
  qos,
  retain: false,
  deviceId: 'b1',
  at: 5_000,
});

/** A door whose bus domain does with each message what the test says. */
function openDoor(
  accept: (arrival: Arrival) => Promise<void> | undefined | 'shed',
  deadLettersPerSecond = 100,
  salvage: () => Uint8Array | undefined = () => undefined,
) {
  const letters: Omit<DeadLetter, 'id'>[] = [];
  const touched: string[] = [];
  const seen = new Set<string>();
  const target = (name: string, messages: readonly string[]) => ({
    name,
    accept,
    salvage,
    lane: (message: string) => (messages.includes(message) ? ('stream' as const) : undefined),
    touch: (id: string) => void touched.push(`${name} ${id}`),
  });
  const ingest = createIngest({
    domains: new Map([['bus', target('bus', ['position'])]]),
    fleet: target('fleet', ['status']),
    registry: {
      ...emptyRegistry,
      device: (id) => (id === 'b1' ? bus : undefined),
      notePresence: (id) => seen.size < seen.add(id).size,
      onChange: () => () => undefined,
    },
    journal: { addDeadLetters: async (batch) => void letters.push(...batch) },
    deadLettersPerSecond,
    observeLag: () => undefined,
    now: () => 5_000,
    log: { info: () => undefined, error: () => undefined },
  });
  return { ...ingest, letters, touched };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const books = ({ received, stored, dead, shed, pending }: IngestCounts) => ({ received, stored, dead, shed, pending });

test('a message that needs no waiting is stored at once, and the first of a device wakes the fleet', () => {
  const door = openDoor(() => undefined);
  expect(door.receive(delivery('city/v1/bus/b1/position', 0))).toBeUndefined();
  expect(door.receive(delivery('city/v1/bus/b1/position', 0))).toBeUndefined();
  expect(books(door.counts)).toEqual({ received: 2, stored: 2, dead: 0, shed: 0, pending: 0 });
  expect(door.touched).toEqual(['fleet b1']);
  expect(door.counts.byDomain.get('bus')).toEqual({ count: 2, newestAt: 5_000 });
});

test('a message that waits is pending until its promise says what became of it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const door = openDoor(() => promise);
  const answer = door.receive(delivery('city/v1/bus/b1/position'));
  expect(books(door.counts)).toEqual({ received: 1, stored: 0, dead: 0, shed: 0, pending: 1 });
  resolve();
  await answer;
  expect(books(door.counts)).toEqual({ received: 1, stored: 1, dead: 0, shed: 0, pending: 0 });
});

test.each([
  ['city/v1/bus/b1/#', 'topic'],
  ['$SYS/broker', 'topic'],
  ['city/v1/tram/b1/position', 'topic'],
  ['city/v1/bus/b2/position', 'unknownDevice'],
])('a message to %s is acknowledged and kept as a dead letter: %s', async (topic, reason) => {
  const door = openDoor(() => undefined);
  expect(door.receive(delivery(topic))).toBeUndefined();
  await nextTurn();
  expect(door.letters).toMatchObject([{ topic, reason, deviceId: 'b1', bytes: 2, head: 'e30=' }]);
  expect(books(door.counts)).toEqual({ received: 1, stored: 0, dead: 1, shed: 0, pending: 0 });
});

test('a refusal that comes late is acknowledged too', async () => {
  const door = openDoor(() => Promise.reject(new BadMessage('time', 'from the future')));
  await door.receive(delivery('city/v1/bus/b1/position'));
  await nextTurn();
  expect(door.letters).toMatchObject([{ reason: 'time', detail: 'from the future' }]);
  expect(books(door.counts)).toEqual({ received: 1, stored: 0, dead: 1, shed: 0, pending: 0 });
  expect([...door.counts.deadBy]).toEqual([['time', 1]]);
});

test('what can be salvaged of a refused message is stored, and the original is kept beside it', async () => {
  const taken: string[] = [];
  const accept = ({ payload }: Arrival): undefined => {
    taken.push(Buffer.from(payload).toString());
    if (taken.length === 1) throw new BadMessage('range', '/ts must be >= 1000000000000');
  };
  const door = openDoor(accept, 100, () => Buffer.from('salvaged'));
  expect(door.receive(delivery('city/v1/bus/b1/position'))).toBeUndefined();
  await nextTurn();
  expect(taken).toEqual(['{}', 'salvaged']);
  expect(door.letters).toMatchObject([
    { reason: 'range', detail: '/ts must be >= 1000000000000; taken all the same, marked as doubtful', head: 'e30=' },
  ]);
  expect(books(door.counts)).toEqual({ received: 1, stored: 1, dead: 0, shed: 0, pending: 0 });
  expect([...door.counts.deadBy]).toEqual([['range', 1]]);
});

test('what our own fault stops is not acknowledged, and leaves a letter for the operator', async () => {
  const door = openDoor(() => {
    throw new Error('a bug');
  });
  await expect(door.receive(delivery('city/v1/bus/b1/position'))).rejects.toThrow('a bug');
  await nextTurn();
  expect(door.letters).toMatchObject([{ reason: 'internal' }]);
  expect(books(door.counts)).toEqual({ received: 1, stored: 0, dead: 0, shed: 1, pending: 0 });
});

test('a full backlog sheds, counted', () => {
  const door = openDoor(() => 'shed');
  expect(door.receive(delivery('city/v1/bus/b1/position', 0))).toBeUndefined();
  expect(books(door.counts)).toEqual({ received: 1, stored: 0, dead: 0, shed: 1, pending: 0 });
});

test('a broken fleet cannot fill the disk: letters have a rate, the count has none', async () => {
  const door = openDoor(() => undefined, 3);
  for (let index = 0; index < 50; index++) void door.receive(delivery('nonsense'));
  await nextTurn();
  expect(door.letters).toHaveLength(3);
  expect(door.counts.dead).toBe(50);
});
