/**
 * What the hub does with each SIA DC-09 frame, whatever socket it came by: hand on, and answer only what is stored. A link
 * test carries nothing and is answered at once.
 */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { buildAck, buildDuh, buildEncryptedAck, buildNak } from '../../devices/adapters/sia-dc09/answer.ts';
import { doubtfulFrame, framePoint } from '../../devices/adapters/sia-dc09/events.ts';
import type { RawFrame } from '../../devices/adapters/sia-dc09/frame.ts';
import { type Understood, understandFrame } from '../../devices/adapters/sia-dc09/understand.ts';
import type { Millis } from '../../devices/wire.ts';
import { BoundedMap } from './bounded-map.ts';
import { type GatewayParts, handOn, randomPad } from './hand-on.ts';

/** Frames that wait for their commit; a further one is not taken, and its panel sends again. */
const maxOpen = 1_000;
/** A panel that gives no time and says the same within this says it again (fire.md §5.10). */
const repeatMs: Millis = 600_000;
const maxRepeats = 20_000;
/** A frame with a wrong time waits this long for the panel to send it again with ours; then it is an event as it is. */
const holdMs: Millis = 30_000;
const maxHeld = 1_000;

export type Dc09Options = GatewayParts & {
  /** The AES key of an account. */
  keyOf(account: string): Buffer | undefined;
};

export type Dc09Counts = Record<
  'frames' | 'acked' | 'linkTests' | 'nak' | 'duh' | 'silent' | 'notStored' | 'busy',
  number
>;

export type Dc09Receiver = {
  /** Takes a frame; `send` gets the answer, once there is one. Resolves when nothing more will be sent. Never rejects. */
  take(frame: RawFrame, send: (answer: Buffer) => void): Promise<void>;
  readonly counts: Readonly<Dc09Counts>;
  /** Hands on what was held. */
  stop(): Promise<void>;
};

type Held = { readonly messages: readonly Adapted[]; readonly timer: NodeJS.Timeout };

export function createDc09Receiver(options: Dc09Options): Dc09Receiver {
  const { now, log, registry, keyOf } = options;
  const counts: Dc09Counts = { frames: 0, acked: 0, linkTests: 0, nak: 0, duh: 0, silent: 0, notStored: 0, busy: 0 };
  const firsts = new BoundedMap<string, Millis>(maxRepeats);
  const held = new BoundedMap<string, Held>(maxHeld);
  const doubtful = new BoundedMap<string, true>(maxRepeats);
  let open = 0;

  function firstAt(deviceId: string, words: string): Millis {
    const at = now();
    const key = `${deviceId} ${words}`;
    const first = firsts.get(key);
    if (first !== undefined && at >= first && at - first < repeatMs) return first;
    firsts.set(key, at);
    return at;
  }

  async function store(messages: readonly Adapted[]): Promise<boolean> {
    try {
      await handOn(options, messages);
      return true;
    } catch (error) {
      counts.notStored++;
      log.warn(
        { error: String(error), device: messages[0]?.deviceId },
        'a panel’s message could not be stored; it will send again',
      );
      return false;
    }
  }

  /** The events of a frame whose time is wrong: an alarm must not depend on the panel's clock, nor a replay be an alarm at once. */
  function hold(understood: Understood): void {
    const key = `${understood.deviceId} ${understood.content?.data}`;
    const messages = understood.messages.filter(({ message }) => message === 'event').map(withClockDoubt);
    if (messages.length === 0 || held.get(key) !== undefined) return;
    if (held.size >= maxHeld) return void store(messages);
    const timer = setTimeout(() => {
      held.delete(key);
      void store(messages);
    }, holdMs);
    timer.unref();
    held.set(key, { messages, timer });
  }

  function release({ deviceId, content }: Understood): void {
    const key = `${deviceId} ${content?.data}`;
    clearTimeout(held.get(key)?.timer);
    held.delete(key);
  }

  /** A frame that could not be read is a trouble of a panel that we know; the next whole one ends it. */
  async function note(understood: Understood): Promise<void> {
    const { deviceId, messages, why } = understood;
    log.info({ device: deviceId, why }, 'a panel’s frame could not be believed');
    if (deviceId === undefined || messages.length === 0 || registry.device(deviceId) === undefined) return;
    doubtful.set(deviceId, true);
    await store(messages);
  }

  async function takeWhole(understood: Understood, send: (answer: Buffer) => void): Promise<void> {
    const { deviceId = '', isLinkTest, messages, header } = understood;
    if (header === undefined) return;
    const answer = (): void => {
      counts[isLinkTest ? 'linkTests' : 'acked']++;
      send(understood.key ? buildEncryptedAck(header, understood.key, now(), randomPad) : buildAck(header));
    };
    if (isLinkTest) answer();
    release(understood);
    const isWellAgain = doubtful.delete(deviceId);
    const isStored = await store(isWellAgain ? [...messages, wellAgain(understood, now())] : messages);
    if (isStored && !isLinkTest) answer();
    if (!isStored && isWellAgain) doubtful.set(deviceId, true);
  }

  async function react(understood: Understood, send: (answer: Buffer) => void): Promise<void> {
    switch (understood.answer) {
      case 'ack':
        return await takeWhole(understood, send);
      case 'nak':
        counts.nak++;
        send(buildNak(now()));
        return understood.why === 'time' ? hold(understood) : await note(understood);
      case 'duh':
        counts.duh++;
        log.warn({ body: understood.header }, 'a panel’s frame names no account');
        if (understood.header !== undefined) send(buildDuh(understood.header));
        return;
      case 'none':
        counts.silent++;
        if (understood.why !== 'answer') await note(understood);
    }
  }

  return {
    counts,
    async take(frame, send) {
      counts.frames++;
      if (open >= maxOpen) {
        counts.busy++;
        return;
      }
      open++;
      try {
        await react(understandFrame(frame, { at: now(), keyOf, firstAt }), send);
      } finally {
        open--;
      }
    },
    async stop() {
      const waiting = [...held.values()];
      for (const { timer } of waiting) clearTimeout(timer);
      await Promise.all(waiting.map(({ messages }) => store(messages)));
    },
  };
}

function withClockDoubt(message: Adapted): Adapted {
  if (message.message !== 'event') return message;
  const quality = [...new Set([...message.quality, 'clock' as const])];
  return { ...message, quality, body: { ...message.body, quality } };
}

function wellAgain({ deviceId = '', header }: Understood, at: Millis): Adapted {
  const panel = header ?? { isEncrypted: false, id: '', seq: '0000' };
  const trouble = doubtfulFrame(deviceId, panel, 'ended', [], at);
  if (trouble.message !== 'event') return trouble;
  const { id, boot, seq } = trouble.body;
  const moment = `${boot} ${at}`;
  return {
    ...trouble,
    body: { ...trouble.body, id: `${id}-${at}`, boot: moment, seq, kind: 'troubleRestore', point: framePoint },
  };
}
