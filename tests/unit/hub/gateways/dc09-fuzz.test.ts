/** The panels' door under frames that nobody should send. */
import { describe, expect, test } from 'vitest';
import { splitBody } from '../../../../devices/adapters/sia-dc09/body.ts';
import { readKey } from '../../../../devices/adapters/sia-dc09/cipher.ts';
import { FrameSplitter } from '../../../../devices/adapters/sia-dc09/frame.ts';
import { understandFrame } from '../../../../devices/adapters/sia-dc09/understand.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { parseTopic } from '../../../../devices/wire.ts';
import { createDc09Receiver } from '../../../../hub/gateways/dc09-receiver.ts';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { nothingRecent } from '../../../../hub/gateways/recent.ts';
import { mulberry32 } from '../../../support/random.ts';
import { vectors } from '../../devices/adapters/sia-dc09-vectors.ts';
import { at, panel, quiet } from './dc09-door.ts';

describe('100,000 mutated frames', () => {
  test('crash nothing, and none is acknowledged that was not stored', async () => {
    const seed = Number(process.env.HUB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.info(`fuzz seed ${seed} (repeat with HUB_TEST_SEED=${seed})`);
    const random = mulberry32(seed);
    const pick = (count: number): number => Math.floor(random() * count);
    const aes = readKey('3A1F6B8C9D4E7F20123456789ABCDEF0') ?? Buffer.alloc(16);
    let stored = 0;
    let refused = 0;
    const unfit: string[] = [];
    const storedIds = new Set<string>();
    const receiver = createDc09Receiver({
      registry: { device: (id) => (id === 'unregistered' || pick(2) === 0 ? panel(id) : undefined) },
      now: () => at,
      log: quiet,
      limits: gatewayLimits,
      recent: nothingRecent,
      accountOf: () => (pick(2) === 0 ? { key: aes } : {}),
      async receive({ topic, payload }) {
        // The hub acknowledges what its schema refuses: a gateway must never make such a message.
        try {
          fireMessages[topic.endsWith('/event') ? 'event' : 'heartbeat'].parse(payload);
        } catch (error) {
          unfit.push(`${error} ${payload}`);
        }
        if (parseTopic(topic) === undefined) unfit.push(topic);
        await null;
        if (pick(3) === 0) {
          refused++;
          throw new Error('refused at random');
        }
        stored++;
        storedIds.add(JSON.parse(payload.toString()).id);
      },
    });
    const splitter = new FrameSplitter();
    let acknowledged = 0;
    const unstored: string[] = [];
    for (let round = 0; round < 100_000; round++) {
      const bytes = mutate(`\n${vectors[pick(vectors.length)]?.frame}\r`, pick);
      for (const frame of splitter.push(bytes)) {
        const asked = splitBody(frame.body)?.header;
        const isLinkTest = asked?.id === 'NULL' || frame.isLegacy;
        const [storedBefore, refusedBefore, repeats] = [stored, refused, receiver.counts.repeats];
        await receiver.take(frame, '203.0.113.7', (answer) => {
          const header = splitBody(answer.subarray(9, -1).toString('latin1'))?.header;
          if (header?.id !== 'ACK' || isLinkTest) return;
          if (receiver.counts.repeats > repeats) {
            const { messages } = understandFrame(frame, { at, keyOf: () => aes });
            if (!messages.every(({ body }) => 'id' in body && storedIds.has(body.id))) unstored.push(frame.body);
            return;
          }
          acknowledged++;
          if (stored === storedBefore || refused > refusedBefore) unstored.push(frame.body);
        });
      }
    }
    expect([unfit, unstored]).toEqual([[], []]);
    expect(receiver.counts.acked).toBe(acknowledged);
    expect([acknowledged > 1_000, refused > 1_000]).toEqual([true, true]);
    await receiver.stop();
  }, 120_000);
});

/** One to four changes; half of the results get a right checksum again, so that the inside is tried too. */
function mutate(text: string, pick: (count: number) => number): Buffer {
  let bytes = Buffer.from(text, 'latin1');
  for (let changes = pick(4); changes >= 0; changes--) {
    const where = pick(bytes.length);
    const kind = pick(5);
    if (kind === 0) bytes[where] = pick(256);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + 1 + pick(8))]);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, where), Buffer.from([pick(256)]), bytes.subarray(where)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(pick(bytes.length))]);
    if (bytes.length === 0) bytes = Buffer.from('\r');
  }
  if (pick(2) === 0) return bytes;
  const quote = bytes.indexOf('"');
  const [frame] = new FrameSplitter().push(
    Buffer.concat([Buffer.from('\n00000FFF'), bytes.subarray(Math.max(quote, 0)), Buffer.from('\r')]),
  );
  if (frame === undefined) return bytes;
  return Buffer.from(`\n${frame.trueCrc}${frame.body.length.toString(16).padStart(4, '0')}${frame.body}\r`, 'latin1');
}
