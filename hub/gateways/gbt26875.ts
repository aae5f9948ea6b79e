/** The door for transmitters that speak GB/T 26875.3 over TCP: confirmed once stored. */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { doubtfulFrame } from '../../devices/adapters/doubtful.ts';
import type { Flags } from '../../devices/adapters/edges.ts';
import { buildConfirm, GbSplitter, type RawGbFrame } from '../../devices/adapters/gbt26875/frame.ts';
import { transmitterId, understandGbFrame } from '../../devices/adapters/gbt26875/understand.ts';
import { BoundedMap } from './bounded-map.ts';
import { createDoubts } from './doubts.ts';
import { type GatewayParts, handOn } from './hand-on.ts';
import { createStrangers } from './strangers.ts';
import { type Door, openTcpDoor } from './tcp-door.ts';

/** How many frames ended how; `notStored` and `unknownAccount` count beside the others, `strangers` had no room. */
export type GbCounts = Record<
  'frames' | 'acked' | 'wrongSum' | 'answers' | 'notStored' | 'busy' | 'strangers' | 'unknownAccount',
  number
>;

export type GbReceiver = {
  /** Takes a frame; `send` gets the confirmation once it is stored. Never rejects. */
  take(raw: RawGbFrame, send: (answer: Buffer) => void): Promise<void>;
  readonly counts: Readonly<GbCounts>;
};

export function createGbReceiver(parts: GatewayParts): GbReceiver {
  const { limits, now, log, registry } = parts;
  const counts: GbCounts = {
    frames: 0,
    acked: 0,
    wrongSum: 0,
    answers: 0,
    notStored: 0,
    busy: 0,
    strangers: 0,
    unknownAccount: 0,
  };
  const known = new BoundedMap<string, Flags>(limits.states);
  const doubts = createDoubts(parts, 'gbt', store);
  const strangers = createStrangers(parts);
  /** The last frame of each transmitter that is being stored; bounded by `openFrames`. */
  const queues = new Map<string, Promise<void>>();
  let open = 0;

  async function store(messages: readonly Adapted[]): Promise<boolean> {
    try {
      await handOn(parts, messages);
      return true;
    } catch (error) {
      counts.notStored++;
      const device = messages[0]?.deviceId;
      log.warn({ error: String(error), device }, 'a transmitter’s message could not be stored; it will send again');
      return false;
    }
  }

  async function react(raw: RawGbFrame, send: (answer: Buffer) => void): Promise<void> {
    const deviceId = transmitterId(raw.frame);
    const at = now();
    const understood = understandGbFrame(raw, known.get(deviceId), at);
    if (!raw.sumOk) {
      counts.wrongSum++;
      const values = { code: `command ${raw.frame.command}`, serial: raw.frame.serial };
      return await doubts.note(doubtfulFrame({ dialect: 'gbt', deviceId, why: 'sum', values, at }), 'sum');
    }
    const ended = doubts.end(deviceId);
    if (!(await store([...understood.messages, ...ended]))) return doubts.restore(deviceId, ended);
    // Only what is stored was told: what was not comes again as news.
    if (understood.flags !== undefined) known.set(deviceId, understood.flags);
    if (understood.answer === 'none') return void counts.answers++;
    counts.acked++;
    if (registry.device(deviceId) === undefined) counts.unknownAccount++;
    send(buildConfirm(raw.frame, now()));
  }

  return {
    counts,
    async take(raw, send) {
      counts.frames++;
      if (open >= limits.openFrames) return void counts.busy++;
      const deviceId = transmitterId(raw.frame);
      const leave = strangers.enter(deviceId, false);
      if (leave === undefined) return void counts.strangers++;
      open++;
      // One after the other: a frame is compared with what is stored, and a repetition says nothing new only once it is.
      const work = (queues.get(deviceId) ?? Promise.resolve())
        .then(() => react(raw, send))
        .catch((error: unknown) =>
          log.error({ err: error, device: deviceId }, 'a transmitter’s frame could not be processed'),
        );
      queues.set(deviceId, work);
      await work;
      open--;
      leave();
      if (queues.get(deviceId) === work) queues.delete(deviceId);
    },
  };
}

export type GbGatewayOptions = GatewayParts & { readonly host: string; readonly port: number };

export type GbGateway = Pick<Door, 'port' | 'stop'> & { stats(): GbCounts & { readonly connections: number } };

/** @throws StartError when the port cannot be had. */
export async function startGbGateway(options: GbGatewayOptions): Promise<GbGateway> {
  const receiver = createGbReceiver(options);
  const door = await openTcpDoor({
    host: options.host,
    port: options.port,
    setting: 'HUB_GBT26875_PORT',
    limits: options.limits,
    open(send) {
      const splitter = new GbSplitter();
      return {
        take(chunk) {
          for (const raw of splitter.push(chunk)) void receiver.take(raw, send);
        },
      };
    },
  });
  return {
    port: door.port,
    stats: () => ({ ...receiver.counts, connections: door.connections() }),
    stop: door.stop,
  };
}
