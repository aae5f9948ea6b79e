/** The outermost layer of MQTT 3.1.1: where a packet begins and ends, and the few packets the guard writes itself. Pure. */

/** Control packet types (MQTT 3.1.1, table 2.1), as the high four bits of the first byte. */
export const packetType = {
  connect: 0x10,
  publish: 0x30,
  puback: 0x40,
  subscribe: 0x80,
  pingreq: 0xc0,
} as const;

/** The first byte of a PUBLISH with QoS 0, not retained, not repeated: the only kind the guard takes by itself. */
export const plainPublish = 0x30;

/** PINGRESP, MQTT 3.1.1 §3.13. */
export const pingresp = Buffer.from([0xd0, 0x00]);

/** `packetLength` when more bytes are needed to know. */
export const incomplete = 0;
/** `packetLength` when no packet can begin like this. */
export const malformed = -1;

/**
 * Bytes of the packet that begins at `offset`, header included; `incomplete` or `malformed`.
 * The remaining length has at most four bytes (MQTT-2.2.3), so a claim of up to 256 MiB is known from five.
 */
export function packetLength(bytes: Uint8Array, offset: number): number {
  let length = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[offset + 1 + index];
    if (byte === undefined) return incomplete;
    length |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return 2 + index + length;
  }
  return malformed;
}

/** Where the variable header of a packet begins whose length is known: behind the bytes of the remaining length. */
export function bodyStart(bytes: Uint8Array, offset: number): number {
  let index = offset + 1;
  while ((bytes[index] ?? 0) >= 0x80) index++;
  return index + 1;
}

/** A PUBLISH from the hub; `messageId` only with QoS 1. */
export function buildPublish(topic: string, payload: Uint8Array, messageId: number | undefined): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const remaining = 2 + topicBytes + (messageId === undefined ? 0 : 2) + payload.length;
  const lengthBytes = remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x200000 ? 3 : 4;
  const packet = Buffer.allocUnsafe(1 + lengthBytes + remaining);
  packet[0] = messageId === undefined ? 0x30 : 0x32;
  let offset = 1;
  for (let rest = remaining, index = 0; index < lengthBytes; index++, rest >>>= 7) {
    packet[offset++] = (rest & 0x7f) | (index < lengthBytes - 1 ? 0x80 : 0);
  }
  offset = packet.writeUInt16BE(topicBytes, offset);
  offset += packet.write(topic, offset);
  if (messageId !== undefined) offset = packet.writeUInt16BE(messageId, offset);
  packet.set(payload, offset);
  return packet;
}
