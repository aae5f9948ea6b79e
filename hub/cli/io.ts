/** What a command may use of the outside. The entry fills it in, so that commands never touch the process. */

export type Io = {
  /** A line for the answer. */
  out(line: string): void;
  /** A line for the person: progress, warnings, errors. */
  err(line: string): void;
  /** Lines of the standard input. */
  input(): AsyncIterable<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Progress, drawn over the last one; empty wipes it. Does nothing where `isTerminal` is false. */
  draw(line: string): void;
  /** Whether `err` is a terminal, so that progress may be drawn over itself. */
  readonly isTerminal: boolean;
  readonly nodeVersion: string;
  readonly processId: number;
  /** Whether a process with this id lives. */
  isRunning(processId: number): boolean;
  now(): number;
  /** Runs the hub until it is stopped. */
  runHub(mode: 'start' | 'demo', environment: Io['environment']): Promise<ExitCode>;
  /** Aborted at Ctrl-C; asking for it takes Ctrl-C over from the process. */
  readonly stop: AbortSignal;
};

/** 0: done. 1: it did not work. 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

/** One subcommand. */
export type Command = {
  readonly name: string;
  readonly summary: string;
  /** After `nhip <name>`. */
  readonly usage: string;
  /** Lines of help: what each flag means, examples. */
  readonly help: readonly string[];
  run(args: readonly string[], io: Io): Promise<ExitCode>;
};

/** The command line was wrong; the message says how it should be. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The command could not do its work; the message says what to do next. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}
