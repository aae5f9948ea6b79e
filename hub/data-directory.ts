/** The folder that holds everything: made when it is missing, tried, and locked for one hub at a time. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './errors.ts';

/** Paths inside the data folder. Deleting the folder is a clean start. */
export type DataDirectory = {
  readonly path: string;
  readonly registry: string;
  readonly access: string;
  readonly journal: string;
  readonly history: string;
  readonly channels: string;
  readonly people: string;
  readonly bindings: string;
  /** Gives the folder free for another hub. */
  release(): void;
};

/** Paths without the lock, for commands that work beside a running hub. */
export function dataPaths(path: string): Omit<DataDirectory, 'release'> {
  return {
    path,
    registry: join(path, 'registry.db'),
    access: join(path, 'access.db'),
    journal: join(path, 'journal.db'),
    history: join(path, 'history'),
    channels: join(path, 'channels.db'),
    people: join(path, 'people.db'),
    bindings: join(path, 'bindings.db'),
  };
}

/**
 * Opens the data folder for one hub.
 *
 * @throws StartError when it cannot be written, or another hub works in it.
 */
export function openDataDirectory(path: string, processId: number): DataDirectory {
  const lock = join(path, 'hub.lock');
  try {
    mkdirSync(path, { recursive: true, mode: 0o750 });
    if (!statSync(path).isDirectory()) throw new StartError(`${path} is not a folder`);
    takeLock(lock, processId);
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const code = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `The data folder ${path} cannot be written (${code}).\nGive this user the right to write there, or set HUB_DATA_DIR to another folder.`,
    );
  }
  return { ...dataPaths(path), release: () => rmSync(lock, { force: true }) };
}

function takeLock(lock: string, processId: number): void {
  const write = (): void => {
    const file = openSync(lock, 'wx', 0o640);
    writeFileSync(file, String(processId));
    closeSync(file);
  };
  try {
    write();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder !== processId && isAlive(holder)) {
      throw new StartError(
        `Another hub (process ${holder}) works in this data folder; its lock is ${lock}.\nStop that one, or set HUB_DATA_DIR to another folder.`,
      );
    }
    // The lock of a hub that was killed: its process is gone.
    rmSync(lock, { force: true });
    write();
  }
}

/** Whether a process with this id runs. Linux shows it in /proc; elsewhere signal 0 asks. */
function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
