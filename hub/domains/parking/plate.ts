/** Number plates as cameras and people write them, made comparable. Pure. */

/**
 * A plate in capital letters and digits only: `29-A1 123.45` → `29A112345`. Null when nothing was read: empty, or a
 * camera's "unknown". Not a key by itself: `29A11234` is a car's 29A-112.34 and a motorbike's 29-A1 1234.
 */
export function normalisePlate(text: string | undefined): string | null {
  if (text === undefined) return null;
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gi, 'D')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  return plain === '' || unread.has(plain) ? null : plain;
}

const unread = new Set(['UNKNOWN', 'NONE', 'NULL', 'NOPLATE', 'UNRECOGNIZED', 'KHONGRO']);
