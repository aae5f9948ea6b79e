/** Frames as people have them: pasted from a log, as hex from an analyser, as Base64 from a network server. Pure. */
import { BadMessage } from '../../devices/wire.ts';

/** Hex with blanks, colons, dashes, commas or `0x` between or before the bytes. @throws BadMessage with what was expected. */
export function readHex(text: string, expected: string): Buffer {
  const digits = text.replace(/0x|[\s:,-]+/gi, '');
  if (digits === '') throw new BadMessage('schema', `the frame is missing; expected ${expected}`);
  if (!/^[0-9A-Fa-f]+$/.test(digits)) throw new BadMessage('schema', `it is not hex; expected ${expected}`);
  if (digits.length % 2 === 1)
    throw new BadMessage('schema', 'it is hex, but half a byte is missing: an odd number of digits');
  return Buffer.from(digits, 'hex');
}

/** The same, or Base64 as a LoRaWAN network server shows it. */
export function readHexOrBase64(text: string, expected: string): Buffer {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 && /[^0-9A-Fa-fx]/.test(text);
  return isBase64 ? Buffer.from(text, 'base64') : readHex(text, expected);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', 0: '\0' };

/** `\n`, `\r`, `\x87`, `<LF>` and `<CR>` as logs write them, as the characters they stand for. */
export function readEscapes(text: string): string {
  return text
    .replace(/<LF>|␊/gi, '\n')
    .replace(/<CR>|␍/gi, '\r')
    .replace(/\\x([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\([nr0])/g, (_, letter: string) => escapes[letter] ?? '');
}
