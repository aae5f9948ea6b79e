/** Whether a hub works in a data folder: its lock names its process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** The process of the hub that works there; `undefined` when none does. */
export function runningHub(dataDirectory: string, io: Pick<Io, 'isRunning'>): number | undefined {
  const id = Number(readLock(join(dataDirectory, 'hub.lock')));
  return Number.isInteger(id) && id > 0 && io.isRunning(id) ? id : undefined;
}

function readLock(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No lock, no hub.
    return '';
  }
}
