/** The panels' door without its sockets: what is answered, when, and never what was not stored. */
import { describe, expect, test } from 'vitest';
import { buildFrame } from '../../../../devices/adapters/sia-dc09/answer.ts';
import { readPanelLine } from '../../../../hub/gateways/dc09-accounts.ts';
import { wrongCrc } from '../../devices/adapters/sia-dc09-vectors.ts';
import { openDoor, panel, vector } from './dc09-door.ts';

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
  test.each([
    ['S7', 'ACK'],
    ['S9', 'ACK'],
    ['S13', 'ACK'],
    ['F14', 'ACK'],
    // Encrypted, and no key is set: the panel hears that somebody is there, and our time.
    ['E1', 'NAK'],
    ['F16', 'NAK'],
  ])('%s of an account that nobody registered is answered %s', async (name, answer) => {
    const door = openDoor({ registry: { device: () => undefined } });
    await door.say(vector(name).frame);
    expect(door.answers.map((text) => /"\*?([A-Z]+)"/.exec(text)?.[1])).toEqual([answer]);
  });

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
