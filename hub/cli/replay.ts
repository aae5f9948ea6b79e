/** Plays a recorded file of vehicle positions as buses over MQTT: an outside client, one connection a vehicle, times moved to now. */
import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse';
import mqtt, { type MqttClient } from 'mqtt';
import { busMessages } from '../../devices/bus/message.ts';
import { fleetMessages } from '../../devices/fleet/message.ts';
import { buildTopic, type Millis } from '../../devices/wire.ts';
import { type RecordedPosition, readPosition } from './recorded-position.ts';

/** Username and password of a vehicle's device. */
export type ReplayCredentials = { readonly username: string; readonly password: string };

/** What to play, against whom, how fast. */
export type ReplayOptions = {
  /** Recorded positions (CSV): the columns of a flattened GTFS-Realtime feed, or device,ts,lat,lon[,speed,bearing,route,trip]. */
  readonly file: string;
  /** `mqtt://host:port`. */
  readonly url: string;
  /** Asked once a device; `undefined` leaves its positions out, counted as skipped. */
  credentials(deviceId: string): ReplayCredentials | undefined;
  /** 1 to 60 times as fast as recorded. */
  readonly speed: number;
  /** Starts again at the end until stopped. */
  readonly loop?: boolean;
  /** Ends the replay early; what was sent counts. */
  readonly signal?: AbortSignal;
  /** Called about once a second, and at the end. */
  readonly progress?: (progress: ReplayProgress) => void;
};

/** Counts so far. */
export type ReplayProgress = {
  readonly sent: number;
  readonly total: number;
  /** Positions of devices without credentials, or lost because the line was down. */
  readonly skipped: number;
  /** Recorded time of the last position sent, Unix ms. */
  readonly recordedAt: Millis;
};

/** What came of it. */
export type ReplayResult = {
  readonly devices: number;
  readonly sent: number;
  readonly skipped: number;
  /** Rows that are no position, e.g. without a time. */
  readonly badRows: number;
};

/** The devices of a recording, in the order of their first positions; their ids fit topics. */
export async function devicesIn(file: string): Promise<readonly { readonly id: string; readonly label: string }[]> {
  const { positions } = await readRecording(file);
  const labels = new Map(positions.map(({ deviceId, label }) => [deviceId, label]));
  return [...labels].map(([id, label]) => ({ id, label }));
}

/**
 * Plays the recording. Each position is sent when its turn comes and says the wall time of that moment, so that the hub
 * sees the recorded day as if it were now. At a speed other than 1 the trip's name is kept, but speeds are as recorded.
 *
 * @throws Error when the file cannot be read or holds no position, or the hub refuses every device.
 */
export async function replayPositions(options: ReplayOptions): Promise<ReplayResult> {
  if (!(options.speed >= 1 && options.speed <= 60)) throw new Error(`speed is ${options.speed}; expected 1 to 60`);
  const { positions, badRows } = await readRecording(options.file);
  const lines = openLines(options, new Set(positions.map((position) => position.deviceId)));
  const counts = { sent: 0, skipped: 0 };
  try {
    await lines.connected(options.signal);
    await playOnce(positions, options, lines, counts);
    while (options.loop === true && options.signal?.aborted !== true) {
      await playOnce(positions, options, lines, counts);
    }
  } finally {
    await lines.close();
  }
  return { devices: lines.size, ...counts, badRows };
}

/** Bound on the rows of one recording: some 300 MB of memory. */
const maxPositions = 1_000_000;

async function readRecording(
  file: string,
): Promise<{ readonly positions: readonly RecordedPosition[]; readonly badRows: number }> {
  const positions: RecordedPosition[] = [];
  let badRows = 0;
  const parser = createReadStream(file).pipe(parse({ columns: true, bom: true, relax_column_count: true }));
  for await (const row of parser) {
    const position = readPosition(row);
    if (position === undefined) badRows++;
    else positions.push(position);
    if (positions.length > maxPositions) throw new Error(`${file} has more than ${maxPositions} positions; split it`);
  }
  if (positions.length === 0) throw new Error(`${file} holds no position; it needs the columns device,ts,lat,lon`);
  return { positions: positions.sort((left, right) => left.at - right.at), badRows };
}

type Lines = {
  readonly size: number;
  connected(signal: AbortSignal | undefined): Promise<void>;
  send(position: RecordedPosition, at: Millis): boolean;
  close(): Promise<void>;
};

const connectTimeoutMs = 15_000;
/** Once one is connected, the others have until then. */
const othersMs = 5_000;

function openLines(options: ReplayOptions, deviceIds: ReadonlySet<string>): Lines {
  const boot = Math.floor(Date.now() / 1000) % 4_294_967_296;
  const clients = new Map<string, MqttClient>();
  let lastFault = 'no device of the recording has credentials';
  for (const id of deviceIds) {
    const known = options.credentials(id);
    if (known === undefined) continue;
    const status = (online: boolean): Buffer => fleetMessages.status.build({ online, boot, ts: Date.now() });
    const topic = buildTopic('bus', id, 'status');
    const will = { topic, payload: status(false), qos: 1, retain: true } as const;
    const client = mqtt.connect(options.url, { ...known, clientId: id, queueQoSZero: false, will });
    client.on('connect', () => client.publish(topic, status(true), { qos: 1, retain: true }));
    client.on('error', (fault) => {
      lastFault = fault.message;
    });
    clients.set(id, client);
  }
  return {
    size: clients.size,
    async connected(signal) {
      const deadline = Date.now() + connectTimeoutMs;
      const up = (): number => [...clients.values()].filter((client) => client.connected).length;
      // All of them, so that no position is skipped; a device that the hub refuses must not hold up the others for ever.
      while (clients.size === 0 || up() < clients.size) {
        if (signal?.aborted === true || (up() > 0 && Date.now() > deadline - connectTimeoutMs + othersMs)) return;
        if (clients.size === 0 || Date.now() > deadline)
          throw new Error(`cannot connect to ${options.url}: ${lastFault}`);
        await sleep(50);
      }
    },
    send({ deviceId, position }, at) {
      const client = clients.get(deviceId);
      if (client?.connected !== true) return false;
      client.publish(buildTopic('bus', deviceId, 'position'), busMessages.position.build({ ...position, ts: at }), {
        qos: 0,
      });
      return true;
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.endAsync(!client.connected)));
    },
  };
}

async function playOnce(
  positions: readonly RecordedPosition[],
  options: ReplayOptions,
  lines: Lines,
  counts: { sent: number; skipped: number },
): Promise<void> {
  const startedAt = Date.now();
  const recordedStart = positions[0]?.at ?? 0;
  const total = positions.length;
  let reportedAt = startedAt;
  let recordedAt = recordedStart;
  for (const position of positions) {
    const due = startedAt + (position.at - recordedStart) / options.speed;
    if (!(await waitUntil(due, options.signal))) break;
    if (lines.send(position, Math.round(due))) counts.sent++;
    else counts.skipped++;
    recordedAt = position.at;
    if (Date.now() - reportedAt < 1_000) continue;
    reportedAt = Date.now();
    options.progress?.({ ...counts, total, recordedAt });
  }
  options.progress?.({ ...counts, total, recordedAt });
}

/** False when the replay was ended. */
async function waitUntil(due: Millis, signal: AbortSignal | undefined): Promise<boolean> {
  for (let left = due - Date.now(); left > 0 && signal?.aborted !== true; left = due - Date.now()) {
    await sleep(Math.min(left, 1_000), undefined, signal ? { signal } : {}).catch((cause: unknown) => {
      if (!(cause instanceof Error && cause.name === 'AbortError')) throw cause;
    });
  }
  return signal?.aborted !== true;
}
