/** Runs a part of the bench in a process of its own and reads the JSON that it prints last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Answers what the script printed, parsed. @throws Error with its error output when it fails. */
export async function runChild<T>(script: string, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => void out.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void err.push(chunk.toString()));
  const [code] = await once(child, 'close');
  const line = out.join('').trim().split('\n').at(-1) ?? '';
  if (line === '') throw new Error(`${script} ended with ${code} and printed nothing: ${err.join('')}`);
  return JSON.parse(line);
}

/** Options that every part takes. */
export const usualOptions = {
  url: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
  credentials: { type: 'string', default: 'data/demo-credentials.json' },
} as const;

/** The other side of `runChild`: prints what the work answers as the last line, or why it failed. */
export function printResult(work: () => Promise<unknown>): void {
  work().then(
    (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
    (cause: unknown) => {
      process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
      process.exitCode = 1;
    },
  );
}
