/** A folder of one test file, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes a folder below the system's temporary one and removes it after the file's tests. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nhip-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
