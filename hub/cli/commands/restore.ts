/** `nhip restore`: puts a backup back, after every byte was checked. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { doorsFile } from '../../doors.ts';
import { readArchive } from '../archive.ts';
import { onePositional, readArguments } from '../arguments.ts';
import { type Command, CommandError } from '../io.ts';
import { runningHub } from '../running-hub.ts';
import { settingsOf } from '../stores.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Puts a backup back into the data folder',
  usage: '<file> [--force]',
  help: [
    'Checks the whole file before anything is changed. The hub must be stopped.',
    '--force   the folder is not empty: what is there is moved aside into .replaced-<time>, not deleted',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, { force: { type: 'boolean', default: false } });
    const source = resolve(io.workingDirectory, onePositional(positionals, 'file'));
    const directory = settingsOf(io).paths.path;
    if (!existsSync(source)) throw new CommandError(`There is no file ${source}.`);
    const hub = existsSync(directory) ? runningHub(directory, io) : undefined;
    if (hub !== undefined) throw new CommandError(`A hub (process ${hub}) works in ${directory}. Stop it first.`);
    await mkdir(directory, { recursive: true, mode: 0o750 });
    const present = (await readdir(directory)).filter((name) => !isLeftover(name));
    if (present.length > 0 && !values.force) {
      throw new CommandError(
        `${directory} is not empty. Add --force to move what is there aside, or set HUB_DATA_DIR to another folder.`,
      );
    }
    // Inside the folder, so that a rename is enough also where the folder is a mounted volume.
    const work = join(directory, `.restore-${io.processId}`);
    await mkdir(work, { mode: 0o700 });
    try {
      const manifest = await readArchive(source, work);
      const aside = join(directory, `.replaced-${io.now()}`);
      if (present.length > 0) await moveAll(directory, present, aside);
      await moveAll(work, await readdir(work), directory);
      if (values.json) io.out(JSON.stringify({ directory, ...manifest, replaced: present.length > 0 ? aside : null }));
      else if (!values.quiet) {
        io.out(
          `${directory}: ${manifest.files.length} files of ${manifest.createdAt} are back. Start with: npx nhip start`,
        );
        if (present.length > 0) io.err(`What was there is in ${aside}; delete it when all is well.`);
      }
      return 0;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
};

/** Left by earlier work of ours; no data of the hub. What a dead hub wrote of itself counts too. */
function isLeftover(name: string): boolean {
  return name === 'hub.lock' || name === doorsFile || /^\.(backup|restore|replaced)-\d+$/.test(name);
}

async function moveAll(from: string, names: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o750 });
  for (const name of names) await rename(join(from, name), join(to, name));
}
