import { closeSync, openSync, readSync } from 'node:fs';

/** A part of a file; shorter where the file ends. Aligned for every kind of array. */
export function readRange(path: string, from: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const file = openSync(path, 'r');
  try {
    for (let done = 0; done < length; ) {
      const count = readSync(file, bytes, done, length - done, from + done);
      if (count === 0) return bytes.subarray(0, done);
      done += count;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
