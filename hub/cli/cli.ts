/** The command line: finds the command, runs it, and turns what went wrong into a sentence and an exit code. */
import { BadMessage } from '../../devices/wire.ts';
import { HubError, StartError } from '../errors.ts';
import { backup } from './commands/backup.ts';
import { decode } from './commands/decode.ts';
import { device } from './commands/device.ts';
import { doctor } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { replay } from './commands/replay.ts';
import { restore } from './commands/restore.ts';
import { demo, start } from './commands/start.ts';
import { token } from './commands/token.ts';
import { version } from './commands/version.ts';
import { type Command, CommandError, type ExitCode, type Io, UsageError } from './io.ts';
import { nearestWord } from './nearest-word.ts';

const commands: readonly Command[] = [
  start,
  demo,
  importCommand,
  device,
  token,
  replay,
  decode,
  backup,
  restore,
  doctor,
  version,
];

/** Runs one command line (without `node` and the script). Never throws for a person's mistake. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return showHelp(io, rest[0]);
  if (name === '--version' || name === '-v') return version.run(rest, io);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    io.err(`There is no command "${name}".${didYouMean(name)} All commands: npx nhip help`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) return showHelp(io, command.name);
  try {
    return await command.run(rest, io);
  } catch (error) {
    return explain(error, command, io);
  }
}

function explain(error: unknown, command: Command, io: Io): ExitCode {
  if (error instanceof UsageError) {
    io.err(/[.?!]$/.test(error.message) ? error.message : `${error.message}.`);
    io.err(`Usage: npx nhip ${command.name} ${command.usage}`.trimEnd());
    return 2;
  }
  if (error instanceof CommandError || error instanceof StartError || error instanceof HubError) {
    io.err(error.message);
    return 1;
  }
  if (error instanceof BadMessage) {
    io.err(`${error.reason}: ${error.message}`);
    return 1;
  }
  // A bug of ours: shown whole, so that a report of it is worth something.
  io.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  io.err('This should not happen. Check the installation with: npx nhip doctor');
  return 1;
}

function didYouMean(name: string): string {
  const nearest = nearestWord(
    name,
    commands.map((command) => command.name),
  );
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function showHelp(io: Io, name: string | undefined): ExitCode {
  const command = commands.find((candidate) => candidate.name === name);
  if (name !== undefined && command === undefined) {
    io.err(`There is no command "${name}".${didYouMean(name)}`);
    return 2;
  }
  if (command !== undefined) {
    io.out(`npx nhip ${command.name} ${command.usage}`.trimEnd());
    io.out('');
    io.out(`  ${command.summary}`);
    for (const line of command.help) io.out(`  ${line}`);
    return 0;
  }
  io.out("Nhịp: a city's telemetry hub.");
  io.out('');
  io.out('  npx nhip <command> [flags]');
  io.out('');
  for (const { name, summary } of commands) io.out(`  ${name.padEnd(9)} ${summary}`);
  io.out('');
  io.out('  --json, --quiet and --help work with every command. Settings come from HUB_… variables.');
  io.out('  Exit code: 0 done, 1 it did not work, 2 the command line was wrong.');
  return 0;
}
