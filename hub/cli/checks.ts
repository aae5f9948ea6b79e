/** The doctor's looks at Node, disk, databases, clock and servers. Each answers findings and changes nothing. */
import { existsSync } from 'node:fs';
import { access, constants, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Config } from '../config.ts';
import type { Finding } from './commands/doctor.ts';

const gigabyte = 1024 ** 3;
/** A server that has not answered by then counts as not reachable. */
const answerMs = 3_000;

/** TypeScript is run as it is, which Node does from 24 on without a flag or a warning. */
export function checkNode(version: string): Finding {
  const major = Number(version.split('.', 1)[0]);
  if (major >= 24) return { check: 'node', state: 'ok', text: version };
  return {
    check: 'node',
    state: 'fault',
    text: `${version} is too old; the hub needs 24. Run it through npm (npm start, npx nhip), which brings its own`,
  };
}

/** Whether the folder can be written, and how much room there is. */
export async function checkFolder(directory: string, processId: number): Promise<readonly Finding[]> {
  const check = 'data folder';
  if (!existsSync(directory)) {
    const parent = nearestExisting(directory);
    const isWritable = await canWrite(parent);
    if (!isWritable)
      return [
        {
          check,
          state: 'fault',
          text: `${directory} cannot be made in ${parent}; set HUB_DATA_DIR to a folder of yours`,
        },
      ];
    return [{ check, state: 'ok', text: `${directory} will be made at the first start` }, await roomOf(parent)];
  }
  if (!(await stat(directory)).isDirectory())
    return [{ check, state: 'fault', text: `${directory} is a file; set HUB_DATA_DIR to a folder` }];
  const probe = join(directory, `.doctor-${processId}`);
  try {
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (cause) {
    return [
      {
        check,
        state: 'fault',
        text: `${directory} cannot be written (${reasonOf(cause)}); give this user the right, or set HUB_DATA_DIR`,
      },
    ];
  }
  return [{ check, state: 'ok', text: `${directory} can be written` }, await roomOf(directory)];
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

async function canWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function roomOf(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory);
  const free = (bavail * bsize) / gigabyte;
  const text = `${free.toFixed(1)} GB free`;
  if (free < 0.2)
    return {
      check: 'disk',
      state: 'fault',
      text: `${text}; the hub will stop taking alarms when it is full. Make room`,
    };
  return { check: 'disk', state: free < 2 ? 'warning' : 'ok', text };
}

/** Whether each database is whole. */
export async function checkDatabases(directory: string): Promise<readonly Finding[]> {
  if (!existsSync(directory)) return [];
  const names = (await readdir(directory)).filter((name) => name.endsWith('.db')).sort();
  return names.map((name) => checkDatabase(join(directory, name), name));
}

function checkDatabase(path: string, check: string): Finding {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: answerMs });
    const answer = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
    if (answer === 'ok') return { check, state: 'ok', text: 'is whole' };
    return { check, state: 'fault', text: `${path} is damaged (${String(answer)}); ${wayBack}` };
  } catch (cause) {
    return { check, state: 'fault', text: `${path} cannot be read (${reasonOf(cause)}); ${wayBack}` };
  } finally {
    database?.close();
  }
}

const wayBack = 'stop the hub and put a backup back: npx nhip restore <file> --force';

/** Whether this machine's clock can be right: not before this hub was written, nor before its own newest fact. */
export async function checkClock(journal: string, now: number): Promise<Finding> {
  const check = 'clock';
  const seen = new Date(now).toISOString();
  const newest = existsSync(journal) ? (await stat(journal)).mtimeMs : 0;
  if (now < Date.UTC(2026, 0, 1))
    return { check, state: 'fault', text: `${seen} is in the past; set the clock (timedatectl set-ntp true)` };
  if (newest > now + 60_000) {
    return {
      check,
      state: 'warning',
      text: `${seen} is before the journal's last change at ${new Date(newest).toISOString()}; is time synchronised?`,
    };
  }
  return { check, state: 'ok', text: seen };
}

/** Whether the servers that are set answer. */
export async function checkServers(config: Config): Promise<readonly Finding[]> {
  const influx = config.influx === undefined ? [] : [checkInflux(config.influx)];
  const broker = config.brokerUrl === undefined ? [] : [checkBroker(config.brokerUrl)];
  return Promise.all([...influx, ...broker]);
}

async function checkInflux(influx: NonNullable<Config['influx']>): Promise<Finding> {
  const check = 'influxdb';
  try {
    const address = new URL(
      `api/v2/buckets?name=${encodeURIComponent(influx.bucket)}&org=${encodeURIComponent(influx.org)}`,
      withSlash(influx.url),
    );
    const response = await fetch(address, {
      headers: { authorization: `Token ${influx.token}` },
      signal: AbortSignal.timeout(answerMs),
    });
    if (response.ok) return { check, state: 'ok', text: `${influx.url} knows the bucket ${influx.bucket}` };
    if (response.status === 401) return { check, state: 'fault', text: `${influx.url} does not take HUB_INFLUX_TOKEN` };
    return {
      check,
      state: 'fault',
      text: `${influx.url} has no bucket "${influx.bucket}" in "${influx.org}" for this token (${response.status})`,
    };
  } catch (cause) {
    return {
      check,
      state: 'fault',
      text: `${influx.url} does not answer (${reasonOf(cause)}); points wait on disk until it does`,
    };
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

async function checkBroker(url: string): Promise<Finding> {
  const { hostname, port, protocol, host } = new URL(url);
  const usual: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };
  const isReachable = await canConnect(hostname, Number(port) || (usual[protocol] ?? 1883));
  if (isReachable) return { check: 'broker', state: 'ok', text: `${host} takes connections` };
  return {
    check: 'broker',
    state: 'fault',
    text: `${host} does not take connections; check HUB_BROKER_URL and that the broker runs`,
  };
}

/** Whether something takes TCP connections there. */
export async function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // fetch says only "fetch failed"; what it was stands in the cause.
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
