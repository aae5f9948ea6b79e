/** `nhip decode`: what the hub would make of a frame, or why it would refuse it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadMessage } from '../../../devices/wire.ts';
import { readArguments } from '../arguments.ts';
import { type Decoded, dialects } from '../dialects.ts';
import { type Command, CommandError, type Io, UsageError } from '../io.ts';
import { nearestWord } from '../nearest-word.ts';

const names = dialects.map(({ name }) => name);

export const decode: Command = {
  name: 'decode',
  summary: 'Shows what the hub would understand of a message, or why it would refuse it',
  usage: '<dialect> <frame> | <dialect> --file <path>',
  help: [
    ...dialects.map(({ name, frame }) => `${name}: ${frame}`),
    'A refusal is exit code 1, with the reason that the hub would count.',
    '',
    `npx nhip decode nhip city/v1/fire/F-100/heartbeat '{"ts":1790000000000,"battery":87}'`,
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, { file: { type: 'string' } });
    const [name, ...words] = positionals;
    if (name === undefined) throw new UsageError(`<dialect> is missing; one of ${names.join(', ')}`);
    const dialect = dialects.find((candidate) => candidate.name === name);
    if (dialect === undefined) {
      const nearest = nearestWord(name, names);
      const hint = nearest === undefined ? `known are ${names.join(', ')}` : `did you mean "${nearest}"?`;
      throw new UsageError(`there is no dialect "${name}"; ${hint}`);
    }
    const frame = values.file === undefined ? words.join(' ') : await readFrame(values.file, io);
    if (frame.trim() === '') throw new UsageError(`the frame is missing: ${dialect.frame}`);
    try {
      show(io, values.json, dialect.decode(frame.trim()));
      return 0;
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      if (values.json)
        io.out(JSON.stringify({ ok: false, reason: error.reason, detail: error.message, path: error.path }));
      else io.err(`Refused (${error.reason}): ${error.message}`);
      return 1;
    }
  },
};

async function readFrame(path: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.workingDirectory, path), 'utf8');
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function show(io: Io, isJson: boolean, messages: readonly Decoded[]): void {
  if (isJson) {
    io.out(JSON.stringify({ ok: true, messages }));
    return;
  }
  for (const { domain, deviceId, message, lane, body } of messages) {
    io.out(`${domain} ${deviceId} ${message} (${lane})`);
    io.out(JSON.stringify(body, null, 2));
  }
}
