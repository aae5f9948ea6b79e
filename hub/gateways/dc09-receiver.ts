/**
 * What the hub does with each SIA DC-09 frame, whatever socket it came by: hand on, and answer only what is stored. A link
 * test carries nothing and is answered at once.
 */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { buildAck, buildDuh, buildEncryptedAck, buildNak } from '../../devices/adapters/sia-dc09/answer.ts';
import type { RawFrame } from '../../devices/adapters/sia-dc09/frame.ts';
import { panelDoubt, type Understood, understandFrame } from '../../devices/adapters/sia-dc09/understand.ts';
import type { Millis } from '../../devices/wire.ts';
import { BoundedMap } from './bounded-map.ts';
import { createDoubts } from './doubts.ts';
import { type GatewayParts, handOn, randomPad } from './hand-on.ts';
import { createHeld } from './held.ts';
import { createPanelWords } from './panel-words.ts';
import { wordsOf } from './recent.ts';
import { createStrangers } from './strangers.ts';

/** What a person has set for an account. */
export type PanelAccount = {
  /** AES */
  readonly key?: Buffer;
  /** Codes that this panel sends only after it has verified the alarm itself. */
  readonly verified?: ReadonlySet<string>;
  /** Whether it may speak from this address; absent: from anywhere. */
  isFrom?(address: string): boolean;
};

export type Dc09Options = GatewayParts & {
  /** The settings of an account; empty for frames that name none. */
  accountOf(account: string): PanelAccount;
};

/** How many frames ended how; `notStored` and `unknownAccount` count beside the others, `strangers` had no room. */
export type Dc09Counts = Record<
  | 'frames'
  | 'acked'
  | 'linkTests'
  | 'repeats'
  | 'nakTime'
  | 'nakKey'
  | 'duh'
  | 'wrongCrc'
  | 'wrongAddress'
  | 'answers'
  | 'replays'
  | 'notStored'
  | 'busy'
  | 'strangers'
  | 'unknownAccount',
  number
>;

export type Send = (answer: Buffer) => void;

export type Dc09Receiver = {
  /**
   * Takes a frame that came from this address; `send` gets the answer, once there is one. Resolves when nothing more will be
   * sent. Never rejects.
   */
  take(frame: RawFrame, address: string, send: Send): Promise<void>;
  readonly counts: Readonly<Dc09Counts>;
  /** Hands on what was held. */
  stop(): Promise<void>;
};

export function createDc09Receiver(options: Dc09Options): Dc09Receiver {
  const { now, log, registry, accountOf, limits, recent } = options;
  const counts = noCounts();
  const { momentOf } = createPanelWords(options);
  const stored = new BoundedMap<string, true>(
    limits.remembered,
    recent.stored.map((id) => [id, true]),
  );
  const lastTests = new BoundedMap<string, Millis>(limits.remembered);
  const held = createHeld(options, store);
  const doubts = createDoubts(options, 'dc09', store);
  const strangers = createStrangers(options);
  let open = 0;

  async function store(messages: readonly Adapted[]): Promise<boolean> {
    try {
      await handOn(options, messages);
      for (const { message, body } of messages) if (message === 'event') stored.set(body.id, true);
      return true;
    } catch (error) {
      counts.notStored++;
      const device = messages[0]?.deviceId;
      log.warn({ error: String(error), device }, 'a panel’s message could not be stored; it will send again');
      return false;
    }
  }

  const isStored = (messages: readonly Adapted[]): boolean =>
    messages.length > 0 && messages.every(({ message, body }) => message === 'event' && stored.get(body.id) === true);

  /** An encrypted link test says its time: a copy of the last one is no sign of life. */
  function isCopy({ deviceId = '', content, key, isLinkTest }: Understood): boolean {
    if (key === undefined || !isLinkTest || content?.time === undefined) return false;
    const isOld = content.time <= (lastTests.get(deviceId) ?? Number.NEGATIVE_INFINITY);
    if (!isOld) lastTests.set(deviceId, content.time);
    return isOld;
  }

  async function takeWhole(understood: Understood, send: Send): Promise<void> {
    const { deviceId = '', isLinkTest, messages, header, key } = understood;
    if (header === undefined) return;
    const answer = (): void => send(key ? buildEncryptedAck(header, key, now(), randomPad) : buildAck(header));
    if (isLinkTest) {
      counts.linkTests++;
      answer();
    }
    if (isCopy(understood)) return void counts.replays++;
    held.release(heldAs(understood));
    // Only a key proves that the same bytes are the same alarm; a plain one goes the whole way and collapses there.
    if (key !== undefined && isStored(messages)) {
      counts.repeats++;
      return answer();
    }
    const ended = doubts.end(deviceId);
    if (await store([...messages, ...ended])) {
      if (isLinkTest) return;
      counts.acked++;
      if (registry.device(deviceId) === undefined) counts.unknownAccount++;
      return answer();
    }
    doubts.restore(deviceId, ended);
  }

  async function refuse(understood: Understood, send: Send): Promise<void> {
    const { why, deviceId, header, messages, content } = understood;
    counts[why === 'time' ? 'nakTime' : 'nakKey']++;
    send(buildNak(now()));
    if (why !== 'time') return await note(understood);
    const events = messages.filter(({ message }) => message === 'event');
    if (deviceId === undefined || header === undefined || events.length === 0) return;
    // A copy of what was stored before: somebody may be playing it. It raises nothing.
    const isReplay = isStored(events);
    if (isReplay) counts.replays++;
    else held.hold(heldAs(understood), events);
    const data = content?.data === undefined ? {} : { data: content.data.slice(0, 64) };
    await doubts.note(panelDoubt(deviceId, header, isReplay ? 'replay' : 'time', now(), ['clock'], data), why);
  }

  async function note({ messages, why }: Understood): Promise<void> {
    for (const trouble of messages) await doubts.note(trouble, why);
  }

  async function takeForeign({ header, messages }: Understood, send: Send): Promise<void> {
    log.warn({ header }, 'a panel’s frame names no account, or is of another language');
    // "Not understood" ends the panel's trying: a person must have it by then.
    if (!(await store(messages))) return;
    counts.duh++;
    if (header !== undefined) send(buildDuh(header));
  }

  async function react(understood: Understood, send: Send): Promise<void> {
    switch (understood.answer) {
      case 'ack':
        return await takeWhole(understood, send);
      case 'nak':
        return await refuse(understood, send);
      case 'duh':
        return await takeForeign(understood, send);
      case 'none':
        counts[understood.why === 'answer' ? 'answers' : 'wrongCrc']++;
        if (understood.why !== 'answer') await note(understood);
    }
  }

  /** Not an address of the account: no answer, no alarm, a trouble of the panel that says from where. */
  async function takeForged({ deviceId, header }: Understood, address: string): Promise<void> {
    counts.wrongAddress++;
    if (deviceId === undefined || header === undefined) return;
    await doubts.note(panelDoubt(deviceId, header, 'address', now(), [], { address }), 'address');
  }

  return {
    counts,
    async take(frame, address, send) {
      counts.frames++;
      if (open >= limits.openFrames) return void counts.busy++;
      const understood = understandFrame(frame, {
        at: now(),
        keyOf: (account) => accountOf(account).key,
        verifiedOf: (account) => accountOf(account).verified,
        momentOf,
      });
      const leave = strangers.enter(understood.deviceId, understood.isLinkTest);
      if (leave === undefined) return void counts.strangers++;
      open++;
      try {
        const { isFrom } = accountOf(understood.header?.account ?? '');
        if (isFrom?.(address) === false) await takeForged(understood, address);
        else await react(understood, send);
      } finally {
        open--;
        leave();
      }
    },
    stop: held.stop,
  };
}

const heldAs = ({ deviceId = '', content }: Understood): string => wordsOf(deviceId, content?.data ?? '');

function noCounts(): Dc09Counts {
  return {
    frames: 0,
    acked: 0,
    linkTests: 0,
    repeats: 0,
    nakTime: 0,
    nakKey: 0,
    duh: 0,
    wrongCrc: 0,
    wrongAddress: 0,
    answers: 0,
    replays: 0,
    notStored: 0,
    busy: 0,
    strangers: 0,
    unknownAccount: 0,
  };
}
