/** The journal when the disk, the file or the process lets it down. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StartError } from '../../../../hub/errors.ts';
import { openSqliteJournal } from '../../../../hub/journal/sqlite.ts';
import type { Journal, NewEvent } from '../../../../hub/ports.ts';
import { until } from '../../../support/until.ts';

const options = { limits: { deadLetters: 10 }, log: pino({ level: 'silent' }) };
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhip-journal-'));
  path = join(folder, 'journal.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('ten kills at random moments: every acknowledged event is stored, once', { timeout: 120_000 }, async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 10; round++) {
    acknowledged.push(...(await killedWriter(round, 40 + Math.floor(Math.random() * 300))));
  }
  const journal = await openSqliteJournal(path, options);
  const stored = await readAll(journal);
  await journal.close();
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
});

test.each<[string, () => Promise<void>, RegExp]>([
  [
    'is another kind of file',
    () => writeFile(path, 'not a database at all, but long enough to look like one'),
    /not a whole/,
  ],
  ['has lost its second half', () => damage((size) => truncate(path, size >> 1)), /not a whole/],
  ['has a page of zeros', () => damage(() => overwrite(4096 * 3, Buffer.alloc(4096))), /not a whole/],
  ['has a garbled schema', () => damage(() => overwrite(100, Buffer.alloc(400, 0xaa))), /not a whole/],
])('a file that %s stops the start with a message that says what to do', async (_what, prepare, pattern) => {
  await prepare();
  const cause = await failureOf(openSqliteJournal(path, options));
  expect(cause).toBeInstanceOf(StartError);
  expect(cause.message).toMatch(pattern);
  expect(cause.message).toContain(path);
  expect(cause.message).toContain('npx nhip restore <file>');
});

test('a journal of a newer hub stops the start', async () => {
  await damage(() => overwrite(60, Buffer.from([0, 0, 0, 99])));
  const cause = await failureOf(openSqliteJournal(path, options));
  expect(cause).toBeInstanceOf(StartError);
  expect(cause.message).toMatch(/newer hub \(version 99, this one knows 1\)/);
});

test('a folder that cannot be made stops the start and names the setting', async () => {
  await writeFile(join(folder, 'file'), '');
  const cause = await failureOf(openSqliteJournal(join(folder, 'file', 'data', 'journal.db'), options));
  expect(cause).toBeInstanceOf(StartError);
  expect(cause.message).toMatch(/HUB_DATA_DIR/);
});

test('a path that is a folder stops the start', async () => {
  await mkdir(path);
  const cause = await failureOf(openSqliteJournal(path, options));
  expect(cause).toBeInstanceOf(StartError);
  expect(cause.message).toMatch(/cannot be opened/);
});

test('a torn end of the write-ahead log costs only what was not acknowledged', async () => {
  await killedWriter(0, 300);
  const before = await ids();
  await killedWriter(1, 300);
  await appendFile(`${path}-wal`, Buffer.alloc(5_000, 0x5a));
  expect(await ids()).toEqual(expect.arrayContaining(before));
});

test.skipIf(process.platform === 'win32')(
  'a disk that takes no more: appends are rejected, the fault is shown, what was acknowledged stays',
  { timeout: 60_000 },
  async () => {
    // A limit on the size of a file stands in for the disk: 1 MiB here, in a process of its own.
    const script = new URL('./full-disk.ts', import.meta.url).pathname;
    const command = `ulimit -f 1024; exec "$0" --disable-warning=ExperimentalWarning "$1" "$2"`;
    const output = await run('bash', ['-c', command, process.execPath, script, path]);
    const report: { acknowledged: string[]; rejected: number; fault?: string; pending: number } = JSON.parse(output);
    expect(report.acknowledged.length).toBeGreaterThan(10);
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.fault).toMatch(/disk|full|I\/O|journal/);
    expect(report.pending).toBe(0);
    expect(await ids()).toEqual(expect.arrayContaining(report.acknowledged));
  },
);

/** A journal with some pages, closed, then hurt. */
async function damage(hurt: (size: number) => Promise<void>): Promise<void> {
  const journal = await openSqliteJournal(path, options);
  await journal.append(Array.from({ length: 500 }, (_, index) => event(`e${index}`)));
  await journal.close();
  await hurt((await stat(path)).size);
}

async function overwrite(at: number, bytes: Buffer): Promise<void> {
  const content = await readFile(path);
  bytes.copy(content, at);
  await writeFile(path, content);
}

async function ids(): Promise<string[]> {
  const journal = await openSqliteJournal(path, options);
  const stored = await readAll(journal);
  await journal.close();
  return stored;
}

async function readAll(journal: Journal): Promise<string[]> {
  const stored: string[] = [];
  for (let after = 0; ; ) {
    const page = await journal.read({ after, limit: 1_000 });
    if (page.length === 0) return stored;
    stored.push(...page.map((one) => one.id));
    after = page.at(-1)?.cursor ?? after;
  }
}

/** Starts a process that appends without pause, kills it, and answers the ids that it called stored. */
async function killedWriter(round: number, afterMs: number): Promise<string[]> {
  const script = new URL('./writer.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => acknowledged.push(line));
  const closed = new Promise((resolve) => lines.once('close', resolve));
  await until('the first event is acknowledged', () => acknowledged.length > 0, 20_000);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await killed(child);
  await closed;
  return acknowledged;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }, (cause, stdout) => {
      if (cause === null) resolve(stdout);
      else reject(cause);
    });
  });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const cause: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (cause instanceof Error) return cause;
  throw new Error('it did not fail');
}

function event(id: string): NewEvent {
  return { id, domain: 'fire', subject: 'place-1', type: 'incident.raised', at: 1, data: { text: 'x'.repeat(100) } };
}
