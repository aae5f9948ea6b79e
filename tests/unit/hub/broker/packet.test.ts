import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyStart, buildPublish, incomplete, malformed, packetLength } from '../../../../hub/broker/packet.ts';
import { packet } from '../../../support/mqtt.ts';

// MQTT 3.1.1, table 2.4: the bounds of each number of length bytes.
test.each([
  { bytes: [0xc0, 0x00], length: 2, body: 2 },
  { bytes: [0x30, 0x7f], length: 129, body: 2 },
  { bytes: [0x30, 0x80, 0x01], length: 131, body: 3 },
  { bytes: [0x30, 0xff, 0x7f], length: 16_386, body: 3 },
  { bytes: [0x30, 0x80, 0x80, 0x01], length: 16_388, body: 4 },
  { bytes: [0x30, 0xff, 0xff, 0xff, 0x7f], length: 268_435_460, body: 5 },
  // Not the shortest way to write 0, but 3.1.1 allows it.
  { bytes: [0x30, 0x80, 0x00], length: 3, body: 3 },
])('the header $bytes begins a packet of $length bytes', ({ bytes, length, body }) => {
  expect(packetLength(Buffer.from(bytes), 0)).toBe(length);
  expect(bodyStart(Buffer.from([0, ...bytes]), 1)).toBe(body + 1);
});

test('a header that is not all there is incomplete, one with five length bytes malformed', () => {
  for (const bytes of [[0x30], [0x30, 0x80], [0x30, 0xff, 0xff, 0xff]]) {
    expect(packetLength(Buffer.from(bytes), 0)).toBe(incomplete);
  }
  expect(packetLength(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]), 0)).toBe(malformed);
});

test('the length of any packet is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000 }), (length) => {
      const bytes = packet(0x30, Buffer.alloc(length));
      expect(packetLength(bytes, 0)).toBe(bytes.length);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('a PUBLISH of the hub is as MQTT 3.1.1 §3.3 has it', () => {
  expect(buildPublish('a/b', Buffer.from('xy'), 10)).toEqual(
    Buffer.from([0x32, 9, 0, 3, 0x61, 0x2f, 0x62, 0, 10, 0x78, 0x79]),
  );
  expect(buildPublish('a', Buffer.from('x'), undefined)).toEqual(Buffer.from([0x30, 4, 0, 1, 0x61, 0x78]));
  expect(buildPublish('a', Buffer.alloc(200), undefined).subarray(0, 3)).toEqual(Buffer.from([0x30, 0xcb, 0x01]));
});
