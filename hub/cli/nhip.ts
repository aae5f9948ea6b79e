/** The entry of the command line, behind `nhip.js`. Gives the commands the process as an `Io`. */
import { createInterface } from 'node:readline';
import { runCli } from './cli.ts';
import type { Io } from './io.ts';

// Facts, tokens and backups are for this user alone.
process.umask(0o077);

const stop = new AbortController();
const isTerminal = process.stderr.isTTY === true && !process.env.NO_COLOR;
// `nhip device list | head` closes the pipe early; that is no error.
process.stdout.on('error', () => process.exit(0));

const io: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  draw: (line) => void (isTerminal && process.stderr.write(`\r\u001b[K${line}`)),
  input: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
  environment: process.env,
  workingDirectory: process.cwd(),
  isTerminal,
  nodeVersion: process.versions.node,
  processId: process.pid,
  isRunning,
  now: Date.now,
  async runHub(mode, environment) {
    // The hub listens to Ctrl-C itself, and loading it is slow: only now, and only for these two commands.
    const { runHub } = await import('../main.ts');
    return runHub(mode, environment);
  },
  get stop() {
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    return stop.signal;
  },
};
process.exitCode = await runCli(process.argv.slice(2), io);

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    // EPERM: it lives, under another user.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
