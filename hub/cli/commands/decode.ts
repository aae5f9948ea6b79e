/** `nhip decode`: what the hub would make of a frame, or why it would refuse it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadMessage, type Millis } from '../../../devices/wire.ts';
import { readArguments } from '../arguments.ts';
import { type Decoding, dialects } from '../dialects.ts';
import { type Command, CommandError, type ExitCode, type Io, UsageError } from '../io.ts';
import { nearestWord } from '../nearest-word.ts';

const names = dialects.map(({ name }) => name);

export const decode: Command = {
  name: 'decode',
  summary: 'Shows what the hub would understand of a message, or why it would refuse it',
  usage: '<dialect> <frame> | <dialect> --file <path> | <dialect> -',
  help: [
    ...dialects.map(({ name, frame }) => `${name}: ${frame}`),
    'A refusal is exit code 1, with the reason that the hub would count. - reads a frame a line from the standard input;',
    'empty lines and lines that begin with // are passed over. --at <time> is when the frame came, for recorded ones.',
    '',
    `npx nhip decode sia-dc09 'E201003B"ADM-CID"0001L0#1234[#1234|1110 01 005]_02:15:00,03-01-2026'`,
    `npx nhip decode nhip city/v1/fire/F-100/heartbeat '{"ts":1790000000000,"battery":87}'`,
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      file: { type: 'string' },
      key: { type: 'string' },
      at: { type: 'string' },
    });
    const [name, ...words] = positionals;
    if (name === undefined) throw new UsageError(`<dialect> is missing; one of ${names.join(', ')}`);
    const dialect = dialects.find((candidate) => candidate.name === name);
    if (dialect === undefined) {
      const nearest = nearestWord(name, names);
      const hint = nearest === undefined ? `known are ${names.join(', ')}` : `did you mean "${nearest}"?`;
      throw new UsageError(`there is no dialect "${name}"; ${hint}`);
    }
    const options = { at: timeOf(values.at) ?? io.now(), ...(values.key === undefined ? {} : { key: values.key }) };
    const decodeOne = (frame: string): Promise<ExitCode> =>
      print(io, values.json, async () => dialect.decode(frame.trim(), options));
    if (words.length === 1 && words[0] === '-') {
      return await decodeLines(io, (line) => {
        if (!values.json) io.out(`> ${line.trim()}`);
        return decodeOne(line);
      });
    }
    const frame = values.file === undefined ? words.join(' ') : await readFrame(values.file, io);
    if (frame.trim() === '') throw new UsageError(`the frame is missing: ${dialect.frame}`);
    return await decodeOne(frame);
  },
};

/** A frame a line; the worst code of all of them. */
async function decodeLines(io: Io, decodeOne: (frame: string) => Promise<ExitCode>): Promise<ExitCode> {
  let code: ExitCode = 0;
  for await (const line of io.input()) {
    if (line.trim() !== '' && !line.trim().startsWith('//')) code = (await decodeOne(line)) === 0 ? code : 1;
  }
  return code;
}

/** @throws UsageError */
function timeOf(text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`--at is "${text}"; expected a time like 2026-03-01T02:15:00Z`);
  return time;
}

async function print(io: Io, isJson: boolean, decodeFrame: () => Promise<Decoding>): Promise<ExitCode> {
  try {
    const decoding = await decodeFrame();
    show(io, isJson, decoding);
    return decoding.isRefused === true ? 1 : 0;
  } catch (error) {
    if (!(error instanceof BadMessage)) throw error;
    if (isJson) io.out(JSON.stringify({ ok: false, reason: error.reason, detail: error.message, path: error.path }));
    else io.err(`Refused (${error.reason}): ${error.message}`);
    return 1;
  }
}

async function readFrame(path: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.workingDirectory, path), 'utf8');
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function show(io: Io, isJson: boolean, { messages, about, advice = [], isRefused = false }: Decoding): void {
  if (isJson) {
    io.out(JSON.stringify({ ok: !isRefused, messages, ...about, ...(advice.length === 0 ? {} : { advice }) }));
    return;
  }
  for (const sentence of advice) io.out(sentence);
  for (const { domain, deviceId, message, lane, body, quality = [] } of messages) {
    const doubts = quality.length === 0 ? '' : ` doubts: ${quality.join(', ')}`;
    io.out(`${domain} ${deviceId} ${message} (${lane})${doubts}`);
    io.out(JSON.stringify(body, null, 2));
  }
  if (about !== undefined) io.out(JSON.stringify(about, null, 2));
}
