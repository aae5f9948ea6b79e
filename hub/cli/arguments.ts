/** Flags of a command line, with the ones that every command has. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Io, UsageError } from './io.ts';

const common = {
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
} as const satisfies ParseArgsOptionsConfig;

/**
 * Reads flags and positionals.
 *
 * @throws UsageError naming the flag that is wrong.
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options: { ...common, ...options }, allowPositionals: true, strict: true });
  } catch (cause) {
    // Node's sentence names the flag; its second sentence on positionals only confuses here.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(message.split('. To specify')[0] ?? message);
  }
}

/** The first positional, by name. @throws UsageError when it is missing or followed by another. */
export function onePositional(given: readonly string[], name: string): string {
  const [value, extra] = given;
  if (value === undefined || value === '') throw new UsageError(`<${name}> is missing`);
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many`);
  return value;
}

/** A positive number. @throws UsageError */
export function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new UsageError(`${name} must be a number above 0`);
  return value;
}

/** A table as text: columns as wide as their widest cell. */
export function printTable(io: Io, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  io.out(line(head.map((name) => name.toUpperCase())));
  for (const row of rows) io.out(line(row));
}
