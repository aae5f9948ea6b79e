/** `nhip backup`: a consistent copy of everything in one file, while the hub runs. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { version } from '../../version.ts';
import { type Source, writeArchive } from '../archive.ts';
import { onePositional, readArguments } from '../arguments.ts';
import { type Command, CommandError } from '../io.ts';
import { runningHub } from '../running-hub.ts';
import { settingsOf } from '../stores.ts';

export const backup: Command = {
  name: 'backup',
  summary: 'Copies everything in the data folder into one file, while the hub runs',
  usage: '<file> [--no-history]',
  help: [
    'Facts, registry and access are copied as of one moment each. The time series of a running hub are copied as they',
    'lie on the disk: the newest minutes may be missing. With InfluxDB, use its own backup for them.',
    '',
    'npx nhip backup nhip-2026-11-22.nhip',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, { 'no-history': { type: 'boolean', default: false } });
    const target = resolve(io.workingDirectory, onePositional(positionals, 'file'));
    const { config, paths } = settingsOf(io);
    if (existsSync(target))
      throw new CommandError(`${target} exists already. Name another file; a backup never overwrites.`);
    if (!existsSync(paths.path))
      throw new CommandError(`There is no data folder at ${paths.path}. Set HUB_DATA_DIR to it.`);
    const work = join(paths.path, `.backup-${io.processId}`);
    await mkdir(work, { mode: 0o700 });
    try {
      const databases = await copyDatabases(paths.path, work);
      if (databases.length === 0) throw new CommandError(`There is nothing to back up in ${paths.path}.`);
      const hub = runningHub(paths.path, io);
      const history = values['no-history'] ? [] : await filesBelow(paths.path, paths.history);
      const note = noteOf(hub !== undefined, history.length > 0, config.influx !== undefined);
      await mkdir(dirname(target), { recursive: true });
      const createdAt = new Date(io.now()).toISOString();
      const manifest = await writeArchive(target, { createdAt, version, note }, [...databases, ...history]);
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      if (values.json) io.out(JSON.stringify({ file: target, bytes, ...manifest }));
      else if (!values.quiet) {
        io.out(`${target}: ${manifest.files.length} files, ${bytes} bytes before compression`);
        if (note !== '') io.err(note);
      }
      return 0;
    } catch (cause) {
      if (!(cause instanceof CommandError)) await rm(target, { force: true });
      throw cause;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
};

/** A copy of each database as of one moment; a running hub goes on writing meanwhile. */
async function copyDatabases(directory: string, work: string): Promise<readonly Source[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.db')).sort();
  return names.map((name) => {
    const path = join(work, name);
    const database = new DatabaseSync(join(directory, name), { timeout: 10_000 });
    try {
      database.prepare('VACUUM INTO ?').run(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`${join(directory, name)} cannot be copied: ${reason}. See: npx nhip doctor`);
    } finally {
      database.close();
    }
    return { name, path };
  });
}

async function filesBelow(root: string, directory: string): Promise<readonly Source[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: relative(root, path).replaceAll('\\', '/'), path }));
}

function noteOf(isRunning: boolean, hasHistory: boolean, hasInflux: boolean): string {
  if (hasInflux) return 'The time series are in InfluxDB: back them up with `influx backup`.';
  if (isRunning && hasHistory) return 'The hub was running: the newest minutes of the time series may be missing.';
  return '';
}
