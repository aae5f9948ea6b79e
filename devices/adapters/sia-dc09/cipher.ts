/** AES-CBC as SIA DC-09 uses it: 128, 192 or 256 bits, IV of zeros, padding at the front, hex. Pure. */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const zeroIv = Buffer.alloc(16);
const algorithms: Readonly<Record<number, string>> = { 16: 'aes-128-cbc', 24: 'aes-192-cbc', 32: 'aes-256-cbc' };

/** A key from 32, 48 or 64 hex digits, or from 16, 24 or 32 characters; `undefined` when it is neither. */
export function readKey(text: string): Buffer | undefined {
  if (/^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})$/.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text);
  return algorithms[bytes.length] === undefined ? undefined : bytes;
}

/** The plain text, one character a byte; `undefined` when the hex is no whole number of blocks. */
export function decrypt(hex: string, key: Buffer): string | undefined {
  const algorithm = algorithms[key.length];
  if (algorithm === undefined || hex.length === 0 || hex.length % 32 !== 0 || !/^[0-9A-Fa-f]+$/.test(hex)) {
    return undefined;
  }
  const decipher = createDecipheriv(algorithm, key, zeroIv).setAutoPadding(false);
  return Buffer.concat([decipher.update(hex, 'hex'), decipher.final()]).toString('latin1');
}

/**
 * Encrypts `|content]…_time`: `pad(count)` gives the characters in front, none of `|[]`. A text that already fills its
 * blocks gets a whole block of them.
 *
 * @throws Error when the key is no AES key.
 */
export function encrypt(text: string, key: Buffer, pad: (count: number) => string): string {
  const algorithm = algorithms[key.length];
  if (algorithm === undefined) throw new Error(`an AES key has 16, 24 or 32 bytes, not ${key.length}`);
  const cipher = createCipheriv(algorithm, key, zeroIv).setAutoPadding(false);
  const plain = Buffer.from(`${pad(16 - (text.length % 16))}${text}`, 'latin1');
  return Buffer.concat([cipher.update(plain), cipher.final()])
    .toString('hex')
    .toUpperCase();
}
