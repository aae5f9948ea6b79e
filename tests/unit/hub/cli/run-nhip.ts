/** Runs `nhip` as a person would: a process of its own with its own data folder. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(import.meta.dirname, '../../../../hub/cli/nhip.js');

export type Run = { readonly code: number | null; readonly out: string; readonly err: string };
export type Cli = {
  readonly directory: string;
  /** Runs one command line. */
  nhip(...args: readonly string[]): Promise<Run>;
  /** The same with settings of its own. */
  nhipWith(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run>;
  /** The same with this on the standard input. */
  nhipFed(input: string, ...args: readonly string[]): Promise<Run>;
  remove(): Promise<void>;
};

/** A fresh folder; `data` in it is the data folder, not made yet. */
export async function openCli(): Promise<Cli> {
  const directory = await mkdtemp(join(tmpdir(), 'nhip-cli-'));
  const run = (settings: Readonly<Record<string, string>>, args: readonly string[]) => {
    const environment = {
      PATH: process.env.PATH,
      HUB_DATA_DIR: join(directory, 'data'),
      HUB_HTTP_PORT: '0',
      HUB_MQTT_PORT: '0',
    };
    return spawn(process.execPath, [script, ...args], { cwd: directory, env: { ...environment, ...settings } });
  };
  const nhipWith: Cli['nhipWith'] = (settings, ...args) => collect(run(settings, args));
  return {
    directory,
    nhip: (...args) => nhipWith({}, ...args),
    nhipWith,
    nhipFed(input, ...args) {
      const child = run({}, args);
      child.stdin.end(input);
      return collect(child);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function collect(child: ReturnType<typeof spawn>): Promise<Run> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err }));
  });
}
