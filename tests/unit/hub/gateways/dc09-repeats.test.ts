/** What panels say again, by need or by somebody's will: one alarm is one, and none is lost behind another. */
import { describe, expect, test, vi } from 'vitest';
import { buildFrame } from '../../../../devices/adapters/sia-dc09/answer.ts';
import { encrypt, readKey } from '../../../../devices/adapters/sia-dc09/cipher.ts';
import { nothingRecent } from '../../../../hub/gateways/recent.ts';
import { afterRestart, at, openDoor, vector } from './dc09-door.ts';

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

  test('of each alarm with a wrong time there is a record', async () => {
    const door = openDoor({ accountOf, now: () => at + 3_600_000 });
    for (const zone of ['005', '006', '006']) {
      const hex = encrypt(`|#1234|1110 01 ${zone}]_02:15:00,03-01-2026`, aes ?? Buffer.alloc(16), (count) =>
        'x'.repeat(count),
      );
      await door.say(buildFrame(`"*ADM-CID"0021L0#1234[${hex}`).toString().trim());
    }
    const records = door.events().map(([, { id, values }]) => [id, values.data]);
    expect(records.map(([, data]) => data)).toEqual(['1110 01 005', '1110 01 006', '1110 01 006']);
    expect(new Set(records.map(([id]) => id)).size).toBe(2);
    await door.receiver.stop();
    expect(
      door
        .events()
        .slice(3)
        .map(([, { point }]) => point),
    ).toEqual(['1/5', '1/6']);
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
