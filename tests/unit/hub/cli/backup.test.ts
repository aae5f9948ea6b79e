import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cli, openCli } from './run-nhip.ts';

let cli: Cli;
let restored: { HUB_DATA_DIR: string };
beforeEach(async () => {
  cli = await openCli();
  restored = { HUB_DATA_DIR: join(cli.directory, 'restored') };
  await cli.nhip('token', 'create', '--role', 'fire', '--name', 'Trạm 3');
  await mkdir(join(cli.directory, 'data', 'history'), { recursive: true });
  await writeFile(join(cli.directory, 'data', 'history', 'points.duckdb'), Buffer.alloc(200_000, 7));
});
afterEach(() => cli.remove());

test('a backup is put back byte by byte and leaves nothing behind', async () => {
  const made = await cli.nhip('backup', 'city.nhip', '--json');
  expect(made.code).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({
    version: '0.1.0',
    note: '',
    files: [{ name: 'access.db' }, { name: 'registry.db' }, { name: 'history/points.duckdb', bytes: 200_000 }],
  });
  expect((await stat(join(cli.directory, 'city.nhip'))).mode & 0o777).toBe(0o600);
  expect((await readdir(join(cli.directory, 'data'))).filter((name) => name.startsWith('.'))).toEqual([]);

  expect(await cli.nhipWith(restored, 'restore', 'city.nhip')).toMatchObject({ code: 0 });
  const tokens = await cli.nhipWith(restored, 'token', 'list', '--json');
  expect(JSON.parse(tokens.out)).toMatchObject([{ name: 'Trạm 3', roles: ['fire'] }]);
  const points = await readFile(join(restored.HUB_DATA_DIR, 'history', 'points.duckdb'));
  expect(points.equals(Buffer.alloc(200_000, 7))).toBe(true);
});

test('a backup never overwrites a file, and needs something to copy', async () => {
  await writeFile(join(cli.directory, 'city.nhip'), 'precious');
  expect(await cli.nhip('backup', 'city.nhip')).toMatchObject({ code: 1 });
  expect(await readFile(join(cli.directory, 'city.nhip'), 'utf8')).toBe('precious');
  const nothing = await cli.nhipWith(restored, 'backup', 'other.nhip');
  expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('There is no data folder')]);
});

test('a folder that is not empty is kept, and with --force moved aside', async () => {
  await cli.nhip('backup', 'city.nhip');
  await cli.nhip('token', 'create', '--role', 'admin', '--name', 'later');
  const refused = await cli.nhip('restore', 'city.nhip');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('is not empty. Add --force')]);
  const forced = await cli.nhip('restore', 'city.nhip', '--force', '--json');
  expect(forced.code).toBe(0);
  const { replaced } = JSON.parse(forced.out);
  expect(await readdir(replaced)).toEqual(expect.arrayContaining(['access.db', 'registry.db', 'history']));
  const names = JSON.parse((await cli.nhip('token', 'list', '--json')).out).map(({ name }: { name: string }) => name);
  expect(names).toEqual(['Trạm 3']);
});

test('a folder in which a hub works is left alone', async () => {
  await cli.nhip('backup', 'city.nhip');
  // This test's own process stands for the hub's.
  await writeFile(join(cli.directory, 'data', 'hub.lock'), String(process.pid));
  const refused = await cli.nhip('restore', 'city.nhip', '--force');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(`A hub (process ${process.pid}) works in`)]);
  const made = await cli.nhip('backup', 'while-running.nhip');
  expect([made.code, made.err]).toEqual([
    0,
    'The hub was running: the newest minutes of the time series may be missing.\n',
  ]);
});

test.each([
  ['cut in the middle', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
  ['with one changed byte', (bytes: Buffer) => flip(bytes)],
  ['without its end', (bytes: Buffer) => gzipSync(gunzipSync(bytes).subarray(0, -13))],
  ['that is another file', () => Buffer.from('PK\u0003\u0004 this is a zip')],
  ['with a way out of the folder', () => escaping()],
])('a backup %s changes nothing', async (_name, damage) => {
  await cli.nhip('backup', 'city.nhip');
  const bytes = await readFile(join(cli.directory, 'city.nhip'));
  await writeFile(join(cli.directory, 'damaged.nhip'), damage(bytes));
  const { code, err } = await cli.nhipWith(restored, 'restore', 'damaged.nhip');
  expect([code, err]).toEqual([1, expect.stringContaining('Nothing was changed')]);
  expect(await readdir(restored.HUB_DATA_DIR)).toEqual([]);
  expect((await readdir(cli.directory)).sort()).toEqual(['city.nhip', 'damaged.nhip', 'data', 'restored']);
});

/** Changes a byte of the content below the compression, so that only our own checksum can see it. */
function flip(bytes: Buffer): Buffer {
  const plain = gunzipSync(bytes);
  const middle = plain.length - 100_000;
  plain[middle] = (plain[middle] ?? 0) ^ 1;
  return gzipSync(plain);
}

function escaping(): Buffer {
  const header = (value: object): Buffer => {
    const text = Buffer.from(JSON.stringify(value));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, text]);
  };
  return gzipSync(
    Buffer.concat([
      Buffer.from('NHIP-BACKUP-1\n'),
      header({ about: { createdAt: '', version: '', note: '' } }),
      header({ name: '../outside', bytes: 0 }),
    ]),
  );
}
