/** `nhip replay`: a recorded day of vehicle positions, played to a hub as if it were now. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { DeviceRecord } from '../../registry/records.ts';
import { numberOf, onePositional, readArguments } from '../arguments.ts';
import { type Command, CommandError, type Io, UsageError } from '../io.ts';
import { devicesIn, type ReplayCredentials, type ReplayProgress, replayPositions } from '../replay.ts';
import { settingsOf, withStores } from '../stores.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Plays a recorded file of vehicle positions to a hub over MQTT',
  usage: '<file.csv> [--speed 1..60] [--url mqtt://host:port] [--credentials <file>] [--loop]',
  help: [
    'Without --credentials the vehicles are added to the hub of this data folder and get secrets there.',
    '--credentials   JSON { "devices": [{ "id", "username", "password" }] }, for a hub elsewhere',
    '',
    'npx nhip replay route-60-2024-03-15.csv --speed 10',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      speed: { type: 'string', default: '1' },
      url: { type: 'string' },
      credentials: { type: 'string' },
      loop: { type: 'boolean', default: false },
    });
    const file = resolve(io.workingDirectory, onePositional(positionals, 'file'));
    const speed = numberOf('--speed', values.speed);
    if (speed < 1 || speed > 60) throw new UsageError('--speed must be from 1 to 60');
    const { config } = settingsOf(io);
    const url = values.url ?? `mqtt://127.0.0.1:${config.mqttPort || 1883}`;
    if (!/^(mqtts?|wss?):\/\/./.test(url))
      throw new UsageError('--url must begin with mqtt://, mqtts://, ws:// or wss://');
    try {
      const known =
        values.credentials === undefined
          ? await enrol(file, io)
          : await readCredentials(resolve(io.workingDirectory, values.credentials));
      const result = await replayPositions({
        file,
        url,
        speed,
        loop: values.loop,
        signal: io.stop,
        credentials: (deviceId) => known.get(deviceId),
        ...(io.isTerminal && !values.quiet && !values.json ? { progress: progressLine(io) } : {}),
      });
      io.draw('');
      if (values.json) io.out(JSON.stringify(result));
      else if (!values.quiet) {
        io.out(
          `${result.devices} vehicles, ${result.sent} positions sent, ${result.skipped} skipped, ${result.badRows} bad rows`,
        );
      }
      return 0;
    } catch (cause) {
      if (cause instanceof CommandError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`The replay did not work: ${reason}. Does the hub run? npx nhip doctor`);
    }
  },
};

/** The hub looks once a second whether another process has changed its credentials. */
const noticeMs = 1_500;

/** Makes the vehicles of the recording known to the hub of this data folder. */
async function enrol(file: string, io: Io): Promise<ReadonlyMap<string, ReplayCredentials>> {
  const vehicles = await devicesIn(file);
  const known = await withStores(io, ({ access, registry }) => {
    const added = vehicles.filter(({ id }) => registry.device(id) === undefined);
    registry.write({ devices: added.map(({ id, label }) => recordOf(id, label)) });
    const secrets = access.importDeviceSecrets(vehicles.map(({ id }) => ({ deviceId: id, domain: 'bus' })));
    return new Map(vehicles.map(({ id }, index) => [id, { username: id, password: secrets[index] ?? '' }]));
  });
  await sleep(noticeMs);
  return known;
}

function recordOf(id: string, label: string): DeviceRecord {
  return { id, domain: 'bus', model: 'recorded-bus', name: label, heartbeatMs: 60_000, synthetic: true };
}

const CredentialsSchema = Compile(
  Type.Object({
    devices: Type.Array(Type.Object({ id: Type.String(), username: Type.String(), password: Type.String() })),
  }),
);

async function readCredentials(path: string): Promise<ReadonlyMap<string, ReplayCredentials>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!CredentialsSchema.Check(value))
    throw new CommandError(`${path} has no "devices" with id, username and password`);
  return new Map(value.devices.map(({ id, username, password }) => [id, { username, password }]));
}

function progressLine(io: Io): (progress: ReplayProgress) => void {
  return ({ sent, total, recordedAt }) =>
    io.draw(`${sent} of ${total} positions, recorded at ${new Date(recordedAt).toISOString()}`);
}
