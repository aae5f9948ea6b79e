/** The panels' door without its sockets: what is answered, when, and never what was not stored. */
import { describe, expect, test, vi } from 'vitest';
import { buildFrame } from '../../../../devices/adapters/sia-dc09/answer.ts';
import { splitBody } from '../../../../devices/adapters/sia-dc09/body.ts';
import { readKey } from '../../../../devices/adapters/sia-dc09/cipher.ts';
import { FrameSplitter } from '../../../../devices/adapters/sia-dc09/frame.ts';
import { understandFrame } from '../../../../devices/adapters/sia-dc09/understand.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { parseTopic } from '../../../../devices/wire.ts';
import { readPanelLine } from '../../../../hub/gateways/dc09-accounts.ts';
import { createDc09Receiver, type Dc09Options } from '../../../../hub/gateways/dc09-receiver.ts';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { nothingRecent, readRecent } from '../../../../hub/gateways/recent.ts';
import type { Delivery } from '../../../../hub/ports.ts';
import { vectors, wrongCrc } from '../../devices/adapters/sia-dc09-vectors.ts';

const at = Date.parse('2026-03-01T02:15:10Z');
const silent = () => undefined;
const quiet = { debug: silent, info: silent, warn: silent, error: silent };
const vector = (name: string) =>
  vectors.find((one) => one.name.startsWith(`${name} `)) ?? { frame: '', key: undefined };

function panel(id: string) {
  return { id, domain: 'fire', model: 'dc09-panel', name: id, heartbeatMs: 90_000, synthetic: false };
}

function openDoor(change: Partial<Dc09Options> = {}) {
  const stored: Delivery[] = [];
  const answers: string[] = [];
  const receiver = createDc09Receiver({
    receive: async (delivery) => void stored.push(delivery),
    registry: { device: (id) => (id === 'dc09-1234' || id === 'unregistered' ? panel(id) : undefined) },
    now: () => at,
    log: quiet,
    limits: gatewayLimits,
    recent: nothingRecent,
    accountOf: () => ({}),
    ...change,
  });
  return {
    stored,
    answers,
    receiver,
    async say(text: string, address = '203.0.113.7'): Promise<void> {
      const splitter = new FrameSplitter();
      const frames = [...splitter.push(Buffer.from(`\n${text}\r`, 'latin1')), ...splitter.flush()];
      await Promise.all(
        frames.map((frame) => receiver.take(frame, address, (answer) => void answers.push(answer.toString().trim()))),
      );
    },
    events: () => stored.map(({ topic, payload }) => [topic, JSON.parse(payload.toString())]),
  };
}

describe('an event', () => {
  test('is acknowledged only after it is stored', async () => {
    const gate = Promise.withResolvers<void>();
    const door = openDoor({ receive: () => gate.promise });
    const done = door.say(vector('F1').frame);
    await new Promise((resolve) => setImmediate(resolve));
    expect(door.answers).toEqual([]);
    gate.resolve();
    await done;
    expect(door.answers).toEqual(['1BC10012"ACK"0001L0#1234[]']);
  });

  test('that cannot be stored is not answered', async () => {
    const door = openDoor({ receive: () => Promise.reject(new Error('disk full')) });
    await door.say(vector('F1').frame);
    expect([door.answers, door.receiver.counts.notStored]).toEqual([[], 1]);
  });

  test('of an account that nobody registered is a dead letter and an event of the stand-in', async () => {
    const door = openDoor();
    await door.say(vector('S1').frame);
    expect(door.events()).toMatchObject([
      ['city/v1/fire/dc09-12345A/event', { kind: 'alarm' }],
      [
        'city/v1/fire/unregistered/event',
        { kind: 'alarm', point: 'dc09-12345A 129', quality: ['unknownAccount'], values: { device: 'dc09-12345A' } },
      ],
    ]);
    expect(door.answers).toHaveLength(1);
  });

  test('of an account that is a device of another domain is not lost either', async () => {
    const device = (id: string) => ({ ...panel(id), domain: id === 'unregistered' ? 'fire' : 'parking' });
    const door = openDoor({ registry: { device } });
    await door.say(vector('S1').frame);
    expect(door.events().map(([topic]) => topic)).toContain('city/v1/fire/unregistered/event');
  });

  test('that would only be a dead letter is not acknowledged', async () => {
    const door = openDoor({ registry: { device: () => undefined } });
    await door.say(vector('S1').frame);
    expect([door.answers, door.stored]).toEqual([[], []]);
  });

  test('without a time keeps its id for ten minutes from the first, not from the clock’s grid', async () => {
    let now = Date.parse('2026-03-01T02:19:59Z');
    const door = openDoor({ now: () => now });
    const idOfLast = () => door.events().at(-1)?.[1].id;
    await door.say('CE110032"SIA-DCS"9876R579BDFL789ABC#12345A[#12345A|NFA129]');
    const first = idOfLast();
    now += 2_000;
    await door.say('CE110032"SIA-DCS"9876R579BDFL789ABC#12345A[#12345A|NFA129]');
    expect(idOfLast()).toBe(first);
    now += 600_000;
    await door.say('CE110032"SIA-DCS"9876R579BDFL789ABC#12345A[#12345A|NFA129]');
    expect(idOfLast()).not.toBe(first);
  });
});

describe('a link test', () => {
  test('is answered at once, also when nothing can be stored, and is a heartbeat', async () => {
    const door = openDoor({ receive: () => Promise.reject(new Error('disk full')) });
    await door.say(vector('F14').frame);
    expect(door.answers.map((answer) => answer.slice(8))).toEqual(['"ACK"0000L0#1234[]']);
    const well = openDoor();
    await well.say(vector('F14').frame);
    expect(well.events()).toEqual([['city/v1/fire/dc09-1234/heartbeat', { ts: Date.parse('2026-03-01T02:16:00Z') }]]);
  });
});

describe('a frame that cannot be believed', () => {
  test.each(wrongCrc)('with a wrong checksum gets no answer and, of a stranger, leaves nothing: %s', async (frame) => {
    const door = openDoor();
    await door.say(frame);
    expect([door.answers, door.stored]).toEqual([[], []]);
  });

  test('of a known panel is a trouble, which its next whole frame ends', async () => {
    const door = openDoor();
    await door.say(`0000${vector('F1').frame.slice(4)}`);
    await door.say(vector('F2').frame);
    expect(door.events().map(([, { kind, point }]) => [kind, point])).toEqual([
      ['trouble', 'frame'],
      ['alarm', '1/5'],
      ['troubleRestore', 'frame'],
    ]);
    expect(door.answers).toHaveLength(1);
  });

  test('that no key opens is answered with the time', async () => {
    const door = openDoor();
    await door.say(vector('S17').frame);
    expect(door.answers.map((answer) => answer.slice(8))).toEqual(['"NAK"0000R0L0A0[]_02:15:10,03-01-2026']);
  });
});

describe('an encrypted frame', () => {
  const { frame, key = '' } = vector('F15');
  const aes = readKey(key);
  const accountOf = () => (aes === undefined ? {} : { key: aes });

  test('is acknowledged encrypted', async () => {
    const door = openDoor({ accountOf });
    await door.say(frame);
    expect(door.answers[0]).toMatch(/^[0-9A-F]{8}"\*ACK"0021L0#1234\[[0-9A-F]{64}$/);
    expect(door.events()).toMatchObject([['city/v1/fire/dc09-1234/event', { kind: 'alarm', point: '1/5' }]]);
  });

  const said = (door: ReturnType<typeof openDoor>) =>
    door.events().map(([, { kind, point, quality }]) => [kind, point, quality]);

  test('with a wrong time is refused with ours and on record, and reaches people when the panel does not send it again', async () => {
    const door = openDoor({ accountOf, now: () => at + 3_600_000 });
    await door.say(frame);
    expect(door.answers.map((answer) => answer.slice(8))).toEqual(['"NAK"0000R0L0A0[]_03:15:10,03-01-2026']);
    expect(said(door)).toEqual([['trouble', 'frame', ['clock']]]);
    expect(door.events()[0]?.[1].values).toEqual({ code: 'ADM-CID time', sequence: '0021', data: '1110 01 005' });
    await door.receiver.stop();
    expect(said(door)).toEqual([
      ['trouble', 'frame', ['clock']],
      ['alarm', '1/5', ['clock']],
    ]);
  });

  test('with a wrong time and no retry is an event after 30 s, tried until it is stored', async () => {
    vi.useFakeTimers();
    try {
      let works = true;
      const kept: string[] = [];
      const door = openDoor({
        accountOf,
        now: () => at + 3_600_000,
        async receive({ payload }) {
          if (!works) throw new Error('disk full');
          kept.push(JSON.parse(payload.toString()).kind);
        },
      });
      await door.say(frame);
      works = false;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(kept).toEqual(['trouble']);
      works = true;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(kept).toEqual(['trouble', 'alarm']);
      await vi.advanceTimersByTimeAsync(60_000);
      await door.receiver.stop();
      expect(kept).toEqual(['trouble', 'alarm']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('with a wrong time that comes again with the right one is one alarm', async () => {
    let now = at + 3_600_000;
    const door = openDoor({ accountOf, now: () => now });
    await door.say(frame);
    now = at;
    await door.say(frame);
    await door.receiver.stop();
    expect(said(door)).toEqual([
      ['trouble', 'frame', ['clock']],
      ['alarm', '1/5', undefined],
      ['troubleRestore', 'frame', undefined],
    ]);
  });

  test('that is played again is acknowledged while its time is right, refused later, and never a second alarm', async () => {
    let now = at;
    const door = openDoor({ accountOf, now: () => now });
    await door.say(frame);
    await door.say(frame);
    now = at + 3_600_000;
    await door.say(frame);
    await door.receiver.stop();
    expect(door.answers.map((answer) => /"\*?([A-Z]+)"/.exec(answer)?.[1])).toEqual(['ACK', 'ACK', 'NAK']);
    expect(said(door)).toEqual([
      ['alarm', '1/5', undefined],
      ['trouble', 'frame', ['clock']],
    ]);
    expect(door.receiver.counts).toMatchObject({ acked: 1, repeats: 1, nakTime: 1, replays: 1 });
  });

  test('of a link test is a sign of life once, and answered each time', async () => {
    const { frame: test, key: secret = '' } = vector('F16');
    const aes = readKey(secret) ?? Buffer.alloc(16);
    const door = openDoor({ accountOf: () => ({ key: aes }), now: () => Date.parse('2026-03-01T02:16:05Z') });
    await door.say(test);
    await door.say(test);
    expect([door.answers.length, door.stored.length]).toEqual([2, 1]);
  });
});

describe('an account that may speak from its own addresses only', () => {
  const [, panelAccount] = readPanelLine('1234 from=198.51.100.4,10.1.0.0/16') ?? [];
  const accountOf = () => panelAccount ?? {};

  test.each(['198.51.100.4', '10.1.255.1'])('is heard from %s', async (address) => {
    const door = openDoor({ accountOf });
    await door.say(vector('F1').frame, address);
    expect([door.answers.length, door.events()[0]?.[1].kind]).toEqual([1, 'alarm']);
  });

  test.each(['198.51.100.5', '10.2.0.1', '2001:db8::1'])(
    'is a trouble that names %s, without an answer',
    async (address) => {
      const door = openDoor({ accountOf });
      await door.say(vector('F1').frame, address);
      await door.say(vector('F14').frame, address);
      expect(door.answers).toEqual([]);
      expect(door.events()[0]?.[1]).toMatchObject({ kind: 'trouble', point: 'frame', values: { address } });
      expect(door.receiver.counts).toMatchObject({ wrongAddress: 2, acked: 0, linkTests: 0 });
    },
  );
});

describe('a panel that puts a new time on what it sends again', () => {
  const say = (door: ReturnType<typeof openDoor>, seq: string, code: string, time: string) =>
    door.say(buildFrame(`"ADM-CID"${seq}L0#1234[#1234|${code} 01 005]_${time},03-01-2026`).toString().trim());
  const ids = (door: ReturnType<typeof openDoor>) => door.events().map(([, { id }]) => id);

  test('has said one thing', async () => {
    const door = openDoor();
    await say(door, '0007', '1111', '02:15:00');
    await say(door, '0007', '1111', '02:15:09');
    expect([door.answers.length, new Set(ids(door)).size]).toEqual([2, 1]);
  });

  test('but not when it has said something else in between, nor much later', async () => {
    let now = at;
    const door = openDoor({ now: () => now });
    await say(door, '0001', '1111', '02:15:00');
    await say(door, '0001', '3111', '02:15:05');
    await say(door, '0001', '1111', '02:15:10');
    now = at + 61_000;
    await say(door, '0001', '1111', '02:16:11');
    expect(new Set(ids(door)).size).toBe(4);
  });
});

/** What the journal holds of a door's events, read by the next hub. */
function afterRestart(door: ReturnType<typeof openDoor>, now: number) {
  const facts = door.events().flatMap(([topic, { id: event, kind, point, boot }], index) => {
    const device = topic.split('/')[3] ?? '';
    const data = { device, event, kind, point, boot };
    // What an unregistered device said is not in the journal.
    const isStored = device === 'unregistered' || device === 'dc09-1234';
    const fact = { id: `${index}`, cursor: index + 1, domain: 'fire', subject: 's', type: 'signal.received', at, data };
    return isStored ? [fact] : [];
  });
  return readRecent({ read: async () => facts.reverse() }, now, gatewayLimits);
}

describe('a restart', () => {
  test.each([
    ['words without a time, of a stranger', vector('S1').frame, 600_000],
    ['words without a time', buildFrame('"SIA-DCS"0007L0#1234[#1234|NFA129]').toString().trim(), 600_000],
  ])('does not make a second alarm of %s', async (_name, frame, forgottenMs) => {
    const door = openDoor();
    await door.say(frame);
    const idsOf = (heard: ReturnType<typeof openDoor>) => heard.events().map(([, { id }]) => id);
    const again = openDoor({ now: () => at + 20_000, recent: await afterRestart(door, at + 20_000) });
    await again.say(frame);
    expect(idsOf(again)).toEqual(idsOf(door));
    const later = openDoor({ now: () => at + forgottenMs, recent: await afterRestart(door, at + forgottenMs) });
    await later.say(frame);
    expect(idsOf(later)[0]).not.toBe(idsOf(door)[0]);
  });

  test('does not make a second alarm of words with a new time', async () => {
    const words = (time: string) => `"ADM-CID"0007L0#1234[#1234|1111 01 005]_${time},03-01-2026`;
    const door = openDoor();
    await door.say(buildFrame(words('02:15:09')).toString().trim());
    const again = openDoor({ now: () => at + 5_000, recent: await afterRestart(door, at + 5_000) });
    await again.say(buildFrame(words('02:15:15')).toString().trim());
    expect(again.events()[0]?.[1]).toMatchObject({
      id: door.events()[0]?.[1].id,
      ts: Date.parse('2026-03-01T02:15:09Z'),
    });
  });

  test('does not forget that a panel is in doubt', async () => {
    const door = openDoor({ recent: { ...nothingRecent, doubtful: ['dc09-1234'] } });
    await door.say(vector('F14').frame);
    expect(door.events().map(([, { kind }]) => kind)).toEqual([undefined, 'troubleRestore']);
  });
});

describe('what cannot be understood', () => {
  test('is told to a person before the panel is told so', async () => {
    const refusing = openDoor({ receive: () => Promise.reject(new Error('disk full')) });
    const frame = buildFrame('"SIA-DCS"0042 fire').toString().trim();
    await refusing.say(frame);
    expect(refusing.answers).toEqual([]);
    const door = openDoor();
    await door.say(frame);
    expect(door.answers.map((answer) => answer.slice(8))).toEqual(['"DUH"0042L0[]']);
    expect(door.events().map(([topic]) => topic)).toEqual([
      'city/v1/fire/dc09-unknown/event',
      'city/v1/fire/unregistered/event',
    ]);
  });
});

describe('100,000 mutated frames', () => {
  test('crash nothing, and none is acknowledged that was not stored', async () => {
    const seed = Number(process.env.HUB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.info(`fuzz seed ${seed} (repeat with HUB_TEST_SEED=${seed})`);
    const random = mulberry32(seed);
    const pick = (count: number): number => Math.floor(random() * count);
    const aes = readKey('3A1F6B8C9D4E7F20123456789ABCDEF0') ?? Buffer.alloc(16);
    let stored = 0;
    let refused = 0;
    const unfit: string[] = [];
    const storedIds = new Set<string>();
    const receiver = createDc09Receiver({
      registry: { device: (id) => (id === 'unregistered' || pick(2) === 0 ? panel(id) : undefined) },
      now: () => at,
      log: quiet,
      limits: gatewayLimits,
      recent: nothingRecent,
      accountOf: () => (pick(2) === 0 ? { key: aes } : {}),
      async receive({ topic, payload }) {
        // The hub acknowledges what its schema refuses: a gateway must never make such a message.
        try {
          fireMessages[topic.endsWith('/event') ? 'event' : 'heartbeat'].parse(payload);
        } catch (error) {
          unfit.push(`${error} ${payload}`);
        }
        if (parseTopic(topic) === undefined) unfit.push(topic);
        await null;
        if (pick(3) === 0) {
          refused++;
          throw new Error('refused at random');
        }
        stored++;
        storedIds.add(JSON.parse(payload.toString()).id);
      },
    });
    const splitter = new FrameSplitter();
    let acknowledged = 0;
    const unstored: string[] = [];
    for (let round = 0; round < 100_000; round++) {
      const bytes = mutate(`\n${vectors[pick(vectors.length)]?.frame}\r`, pick);
      for (const frame of splitter.push(bytes)) {
        const asked = splitBody(frame.body)?.header;
        const isLinkTest = asked?.id === 'NULL' || frame.isLegacy;
        const [storedBefore, refusedBefore, repeats] = [stored, refused, receiver.counts.repeats];
        await receiver.take(frame, '203.0.113.7', (answer) => {
          const header = splitBody(answer.subarray(9, -1).toString('latin1'))?.header;
          if (header?.id !== 'ACK' || isLinkTest) return;
          if (receiver.counts.repeats > repeats) {
            const { messages } = understandFrame(frame, { at, keyOf: () => aes });
            if (!messages.every(({ body }) => 'id' in body && storedIds.has(body.id))) unstored.push(frame.body);
            return;
          }
          acknowledged++;
          if (stored === storedBefore || refused > refusedBefore) unstored.push(frame.body);
        });
      }
    }
    expect([unfit, unstored]).toEqual([[], []]);
    expect(receiver.counts.acked).toBe(acknowledged);
    expect([acknowledged > 1_000, refused > 1_000]).toEqual([true, true]);
    await receiver.stop();
  }, 120_000);
});

/** One to four changes; half of the results get a right checksum again, so that the inside is tried too. */
function mutate(text: string, pick: (count: number) => number): Buffer {
  let bytes = Buffer.from(text, 'latin1');
  for (let changes = pick(4); changes >= 0; changes--) {
    const where = pick(bytes.length);
    const kind = pick(5);
    if (kind === 0) bytes[where] = pick(256);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + 1 + pick(8))]);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, where), Buffer.from([pick(256)]), bytes.subarray(where)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(pick(bytes.length))]);
    if (bytes.length === 0) bytes = Buffer.from('\r');
  }
  if (pick(2) === 0) return bytes;
  const quote = bytes.indexOf('"');
  const [frame] = new FrameSplitter().push(
    Buffer.concat([Buffer.from('\n00000FFF'), bytes.subarray(Math.max(quote, 0)), Buffer.from('\r')]),
  );
  if (frame === undefined) return bytes;
  return Buffer.from(`\n${frame.trueCrc}${frame.body.length.toString(16).padStart(4, '0')}${frame.body}\r`, 'latin1');
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
