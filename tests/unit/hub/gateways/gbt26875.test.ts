/** The transmitters' door without its sockets: confirmed is stored, also when a transmitter repeats itself meanwhile. */
import { expect, test } from 'vitest';
import { GbSplitter, type RawGbFrame } from '../../../../devices/adapters/gbt26875/frame.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { createGbReceiver } from '../../../../hub/gateways/gbt26875.ts';
import type { GatewayParts } from '../../../../hub/gateways/hand-on.ts';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { nothingRecent } from '../../../../hub/gateways/recent.ts';
import type { Delivery } from '../../../../hub/ports.ts';
import { mulberry32 } from '../../../support/random.ts';

const fireHex =
  '404001000101051e020f031a010000000000020000000000300002020101012805000000030000000000000000000000000000000000000000000000000000000000000000051e020f031a0f2323';
const silent = () => undefined;

function frame(hex = fireHex): RawGbFrame {
  const [raw] = new GbSplitter().push(Buffer.from(hex, 'hex'));
  if (raw === undefined) throw new Error('no frame');
  return raw;
}

function openDoor(receive: GatewayParts['receive'], isRegistered = true) {
  const device = (id: string) =>
    isRegistered || id === 'unregistered'
      ? { id, domain: 'fire', model: 'gbt', name: id, heartbeatMs: 60_000, synthetic: false }
      : undefined;
  return createGbReceiver({
    receive,
    registry: { device },
    now: () => Date.parse('2026-03-14T18:30:06Z'),
    log: { debug: silent, info: silent, warn: silent, error: silent },
    limits: gatewayLimits,
    recent: nothingRecent,
  });
}

const kinds = (stored: readonly Delivery[]): string[] =>
  stored.flatMap(({ topic, payload }) => (topic.endsWith('/event') ? [JSON.parse(payload.toString()).kind] : []));

test('a repetition is not confirmed before the first is stored, and is stored itself when that fails', async () => {
  const first = Promise.withResolvers<void>();
  const stored: Delivery[] = [];
  let deliveries = 0;
  const door = openDoor(async (delivery) => {
    if (++deliveries === 1) await first.promise;
    stored.push(delivery);
  });
  const confirmed: string[] = [];
  const one = door.take(frame(), () => confirmed.push('first'));
  const two = door.take(frame(), () => confirmed.push('second'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(confirmed).toEqual([]);
  const before = stored.length;
  first.reject(new Error('disk full'));
  await Promise.all([one, two]);
  expect(confirmed).toEqual(['second']);
  expect(kinds(stored.slice(before))).toContain('alarm');
  expect(door.counts).toMatchObject({ frames: 2, acked: 1, notStored: 1 });
});

test('an alarm has the same id and number whatever else is news with it', async () => {
  const stored: Delivery[] = [];
  const alarms = () =>
    stored.map(({ payload }) => JSON.parse(payload.toString())).filter(({ kind }) => kind === 'trouble');
  // Bits 0, 2: normal running, a fault.
  const fault = fireHex.replace('05000000030000', '05000000050000').replace('0f2323', '112323');
  const fresh = openDoor(async (delivery) => void stored.push(delivery));
  await fresh.take(frame(fault), silent);
  const knowing = openDoor(async (delivery) => void stored.push(delivery));
  const normal = fireHex.replace('05000000030000', '05000000010000').replace('0f2323', '0d2323');
  await knowing.take(frame(normal), silent);
  await knowing.take(frame(fault), silent);
  const [a, b] = alarms();
  expect([a?.id, a?.boot, a?.seq]).toEqual([b?.id, b?.boot, b?.seq]);
});

test('a wrong sum is not confirmed: a trouble of a transmitter that we know, until its next whole frame', async () => {
  const stored: Delivery[] = [];
  const door = openDoor(async (delivery) => void stored.push(delivery));
  const confirmed: string[] = [];
  await door.take(frame(fireHex.replace('0f2323', '102323')), () => confirmed.push('wrong'));
  expect([confirmed, kinds(stored)]).toEqual([[], ['trouble']]);
  await door.take(frame(), () => confirmed.push('right'));
  expect(confirmed).toEqual(['right']);
  expect(kinds(stored).slice(1)).toEqual(expect.arrayContaining(['alarm', 'troubleRestore']));
  const strangers: Delivery[] = [];
  await openDoor(async (delivery) => void strangers.push(delivery), false).take(
    frame(fireHex.replace('0f2323', '102323')),
    silent,
  );
  expect(strangers).toEqual([]);
});

test('an unregistered transmitter’s fire is an event of the stand-in, and counted', async () => {
  const stored: Delivery[] = [];
  const door = openDoor(async (delivery) => void stored.push(delivery), false);
  const confirmed: string[] = [];
  await door.take(frame(), () => confirmed.push('yes'));
  expect(stored.map(({ topic }) => topic)).toContain('city/v1/fire/unregistered/event');
  expect([confirmed, door.counts.unknownAccount]).toEqual([['yes'], 1]);
});

test('20,000 mutated frames crash nothing, and none is confirmed that was not stored', async () => {
  const seed = Number(process.env.HUB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`fuzz seed ${seed} (repeat with HUB_TEST_SEED=${seed})`);
  const random = mulberry32(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  let [stored, refused, confirmed] = [0, 0, 0];
  const unstored: string[] = [];
  const door = openDoor(async ({ topic, payload }) => {
    fireMessages[topic.endsWith('/event') ? 'event' : 'heartbeat'].parse(payload);
    await null;
    if (pick(8) === 0) {
      refused++;
      throw new Error('refused at random');
    }
    stored++;
  });
  const splitter = new GbSplitter();
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(fireHex, 'hex');
    for (let changes = pick(4); changes > 0; changes--) bytes[pick(bytes.length)] = pick(256);
    // Half of them get a right sum again, so that the inside is tried too.
    if (pick(2) === 0) bytes[75] = bytes.subarray(2, 75).reduce((sum, byte) => (sum + byte) & 0xff, 0);
    for (const raw of splitter.push(bytes)) {
      const before = [stored, refused];
      await door.take(raw, () => {
        confirmed++;
        if (stored === before[0] || refused !== before[1]) unstored.push(Buffer.from(raw.frame.data).toString('hex'));
      });
    }
  }
  expect(unstored).toEqual([]);
  expect(door.counts.acked).toBe(confirmed);
  expect([confirmed > 1_000, refused > 100, door.counts.wrongSum > 1_000]).toEqual([true, true, true]);
}, 60_000);
