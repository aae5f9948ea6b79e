/**
 * A storm of a bench: every panel of the file, on a connection of its own, says once at QoS 1 that its mains failed, and some
 * (or just one in the middle) raise a marked alarm instead or besides. Raw sockets, so that one core can hold ten thousand.
 *
 * `node tests/bench/storm.ts --url mqtt://127.0.0.1:1883 --credentials file --rate 1000 --every 0 --run a1`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { FireEvent } from '../../devices/fire/message.ts';
import { buildTopic } from '../../devices/wire.ts';
import { type DeviceCredentials, readCredentials } from '../../simulators/credentials.ts';
import { printResult, usualOptions } from './child.ts';
import { percentile, preciseNow, writeMark } from './mark.ts';
import { publishEventPacket } from './packets.ts';
import { goodbye, openRawLine, type RawLine } from './raw-line.ts';

/** What was done. Latencies in ms from publish to PUBACK, which means "on disk". */
export type StormResult = {
  readonly connections: number;
  readonly events: number;
  readonly alarms: number;
  readonly acknowledged: number;
  readonly acknowledgedP99: number;
  readonly seconds: number;
  readonly lost: number;
};

type Line = RawLine & { readonly id: string; readonly sentAt: number[] };
/** Connections that are opened at the same time. */
const openedTogether = 200;
const identifierOfAlarm = 2;

/** Which panels raise an alarm: each `every`-th, or with 0 the one in the middle. */
export function hasAlarm(index: number, count: number, every: number): boolean {
  return every === 0 ? index === Math.floor(count / 2) : index % every === 0;
}

async function openLine(url: URL, device: DeviceCredentials, latencies: number[]): Promise<Line> {
  const raw = await openRawLine(url, device);
  const line: Line = { ...raw, id: device.id, sentAt: [] };
  line.socket.on('data', (bytes: Buffer) => {
    // MQTT-3.4: PUBACK is four bytes; nothing else comes, for nothing was subscribed to.
    for (let at = 0; at + 3 < bytes.length; at += 4) {
      if (bytes[at] === 0x40) latencies.push(preciseNow() - (line.sentAt[bytes[at + 3] ?? 0] ?? Number.NaN));
    }
  });
  return line;
}

/** Opens all lines, says everything in equal steps, and waits up to 60 s for what is not acknowledged. */
export async function runStorm(options: {
  readonly url: string;
  readonly devices: readonly DeviceCredentials[];
  /** Panels a second. */
  readonly rate: number;
  readonly every: number;
  readonly run: string;
}): Promise<StormResult> {
  const latencies: number[] = [];
  const lines: Line[] = [];
  for (let from = 0; from < options.devices.length; from += openedTogether) {
    const some = options.devices.slice(from, from + openedTogether);
    lines.push(...(await Promise.all(some.map((device) => openLine(new URL(options.url), device, latencies)))));
  }
  const startedAt = preciseNow();
  let alarms = 0;
  for (const [index, line] of lines.entries()) {
    const waitMs = startedAt + (index * 1000) / options.rate - preciseNow();
    if (waitMs > 1) await sleep(waitMs);
    say(line, 1, { kind: 'trouble', class: 'other', point: 'mains', values: { code: 'mainsLost' } }, options.run);
    if (!hasAlarm(index, lines.length, options.every)) continue;
    alarms++;
    const point = writeMark(options.run, alarms, preciseNow());
    say(line, identifierOfAlarm, { kind: 'alarm', class: 'smoke', point, panelVerified: true }, options.run);
  }
  const events = lines.length + alarms;
  const seconds = (preciseNow() - startedAt) / 1000;
  const deadline = performance.now() + 60_000;
  while (latencies.length < events && performance.now() < deadline) await sleep(20);
  const lost = lines.filter((line) => line.isLost()).length;
  for (const { socket } of lines) socket.end(goodbye);
  latencies.sort((left, right) => left - right);
  return {
    connections: lines.length,
    events,
    alarms,
    acknowledged: latencies.length,
    acknowledgedP99: Math.round(percentile(latencies, 0.99) * 10) / 10,
    seconds: Math.round(seconds * 10) / 10,
    lost,
  };
}

type Words = Omit<FireEvent, 'id' | 'ts' | 'boot' | 'seq'>;

function say(line: Line, number: number, words: Words, run: string): void {
  const now = preciseNow();
  line.sentAt[number] = now;
  const event: FireEvent = {
    id: `${run}-${line.id}-${number}`,
    boot: run,
    seq: number,
    ts: Math.round(now),
    ...words,
  };
  line.socket.write(
    publishEventPacket(buildTopic('fire', line.id, 'event'), number, Buffer.from(JSON.stringify(event))),
  );
}

async function main(): Promise<StormResult> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...usualOptions,
      rate: { ...string, default: '1000' },
      every: { ...string, default: '0' },
      run: { ...string, default: Date.now().toString(36) },
    },
  });
  const devices = readCredentials(values.credentials).filter((device) => device.domain === 'fire');
  const { url, run } = values;
  return await runStorm({ url, devices, rate: Number(values.rate), every: Number(values.every), run });
}

if (import.meta.main) printResult(main);
