/**
 * The load of a bench: many bus connections that send 150-byte positions at QoS 0 as ready-made bytes, without an MQTT
 * library, so that one core can offer more than the hub takes. Counts exactly what went into the sockets.
 *
 * `node tests/bench/load.ts --url mqtt://127.0.0.1:1883 --credentials file --connections 500 --rate 30000 --seconds 60 --mode paced`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DeviceCredentials, readCredentials } from '../../simulators/credentials.ts';
import { printResult, usualOptions } from './child.ts';
import { PositionPacket } from './packets.ts';
import { goodbye, openRawLine, type RawLine } from './raw-line.ts';

/** `paced`: spread in slices of 10 ms. `burst`: a second's worth at once. `flood`: paced, but never beyond what sockets take. */
export type LoadMode = 'paced' | 'burst' | 'flood';

/** What was done. `sent`: messages written to sockets that have drained; `offered`: what the rate asked for. */
export type LoadResult = {
  readonly mode: LoadMode;
  readonly connections: number;
  readonly sent: number;
  readonly offered: number;
  readonly seconds: number;
  readonly drained: boolean;
  /** Connections that the hub closed while under load. */
  readonly lost: number;
  /** CPU that this process used, in shares of a core. */
  readonly cpu: number;
};

type Line = RawLine & { readonly packet: PositionPacket };

const sliceMs = 10;
/** A socket with more than this waiting is skipped in `flood`: the hub has paused it, and our memory is not its queue. */
const waitingBytes = 256 * 1024;

async function openLine(url: URL, device: DeviceCredentials, index: number): Promise<Line> {
  const raw = await openRawLine(url, device);
  raw.socket.resume();
  return { ...raw, packet: new PositionPacket(device.id, index) };
}

/** Offers the load and answers once the sockets have drained, or 30 s later. */
export async function runLoad(options: {
  readonly url: string;
  readonly devices: readonly DeviceCredentials[];
  readonly rate: number;
  readonly seconds: number;
  readonly mode: LoadMode;
}): Promise<LoadResult> {
  const lines: Line[] = [];
  for (const [index, device] of options.devices.entries())
    lines.push(await openLine(new URL(options.url), device, index));
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const totals = await offer(lines, options);
  const drained = await drain(lines);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const lost = lines.filter((line) => line.isLost()).length;
  await Promise.all(lines.map(leave));
  return {
    mode: options.mode,
    connections: lines.length,
    ...totals,
    seconds: Math.round(seconds * 1000) / 1000,
    drained,
    lost,
    cpu: Math.round((cpu.user + cpu.system) / seconds / 10_000) / 100,
  };
}

async function offer(
  lines: readonly Line[],
  options: { readonly rate: number; readonly seconds: number; readonly mode: LoadMode },
): Promise<{ sent: number; offered: number }> {
  const everyMs = options.mode === 'burst' ? 1000 : sliceMs;
  const slices = Math.round((options.seconds * 1000) / everyMs);
  const startedAt = performance.now();
  let sent = 0;
  let offered = 0;
  let turn = 0;
  for (let slice = 0; slice < slices; slice++) {
    const waitMs = startedAt + slice * everyMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const count = Math.round(((slice + 1) * options.rate * everyMs) / 1000) - offered;
    offered += count;
    sent += writeSlice(lines, turn, count, options.mode);
    turn = (turn + count) % lines.length;
  }
  return { sent, offered };
}

/** Shares the slice among the lines, several messages of one line in one write; answers how many were written. */
function writeSlice(lines: readonly Line[], turn: number, count: number, mode: LoadMode): number {
  const each = Math.floor(count / lines.length);
  const extra = count % lines.length;
  const now = Date.now();
  let written = 0;
  const busy = each === 0 ? extra : lines.length;
  for (let offset = 0; offset < busy; offset++) {
    const line = lines[(turn + offset) % lines.length];
    const messages = each + (offset < extra ? 1 : 0);
    if (line === undefined || line.isLost()) continue;
    if (mode === 'flood' && line.socket.writableLength > waitingBytes) continue;
    line.socket.write(line.packet.next(messages, now));
    written += messages;
  }
  return written;
}

async function drain(lines: readonly Line[]): Promise<boolean> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (lines.every((line) => line.isLost() || line.socket.writableLength === 0)) return true;
    await sleep(20);
  }
  return false;
}

/** DISCONNECT, then wait until the hub has read everything and closes too; only then is nothing left on the way. */
async function leave(line: Line): Promise<void> {
  if (line.isLost()) return;
  const closed = new Promise<void>((resolve) => {
    line.socket.once('close', () => resolve());
  });
  line.socket.end(goodbye);
  await Promise.race([closed, sleep(30_000, undefined, { ref: false })]);
  line.socket.destroy();
}

async function main(): Promise<LoadResult> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...usualOptions,
      seconds: { ...string, default: '60' },
      connections: { ...string, default: '500' },
      rate: string,
      mode: { ...string, default: 'paced' },
    },
  });
  const mode = (['paced', 'burst', 'flood'] as const).find((word) => word === values.mode);
  if (mode === undefined) throw new Error(`--mode is "${values.mode}"; expected paced, burst or flood`);
  const rate = Number(values.rate ?? { paced: 30_000, burst: 20_000, flood: 80_000 }[mode]);
  const buses = readCredentials(values.credentials).filter((device) => device.domain === 'bus');
  const devices = buses.slice(0, Number(values.connections));
  if (devices.length < Number(values.connections)) {
    throw new Error(`${values.credentials} has ${devices.length} buses, --connections asks for ${values.connections}`);
  }
  return await runLoad({ url: values.url, devices, rate, seconds: Number(values.seconds), mode });
}

if (import.meta.main) printResult(main);
