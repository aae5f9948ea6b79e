import { describe, expect, test } from 'vitest';
import {
  buildAck,
  buildDuh,
  buildEncryptedAck,
  buildFrame,
  buildNak,
} from '../../../../devices/adapters/sia-dc09/answer.ts';
import { splitBody } from '../../../../devices/adapters/sia-dc09/body.ts';
import { decrypt, encrypt, readKey } from '../../../../devices/adapters/sia-dc09/cipher.ts';
import { understandFrame } from '../../../../devices/adapters/sia-dc09/understand.ts';
import { at, cut, framed, understand } from './sia-dc09-read.ts';
import { vectors } from './sia-dc09-vectors.ts';

describe('answers', () => {
  const headerOf = (body: string) => {
    const split = splitBody(body);
    if (split === undefined) throw new Error('no DC-09');
    return split.header;
  };

  test('ACK, DUH and NAK are as the standard writes them', () => {
    expect(buildAck(headerOf('"ADM-CID"0001L0#1234[')).toString()).toBe('\n1BC10012"ACK"0001L0#1234[]\r');
    expect(buildDuh(headerOf('"SIA-DCS"0011L0#1234[')).toString()).toBe('\nD91B0012"DUH"0011L0#1234[]\r');
    expect(buildNak(Date.parse('2026-03-01T02:15:00Z')).toString()).toBe(
      '\n2C580025"NAK"0000R0L0A0[]_02:15:00,03-01-2026\r',
    );
  });

  test('number, receiver, line and account are echoed', () => {
    expect(buildAck(headerOf('"*SIA-DCS"9876R579BDFL789ABC#12345a[')).toString()).toContain(
      '"ACK"9876R579BDFL789ABC#12345A[]',
    );
  });

  test('an encrypted frame is answered encrypted, with the time', () => {
    const key = readKey('3A1F6B8C9D4E7F20123456789ABCDEF0') ?? Buffer.alloc(16);
    const answer = buildEncryptedAck(headerOf('"*ADM-CID"0021L0#1234['), key, at, (count) => 'x'.repeat(count));
    const [, hex = ''] = /"\*ACK"0021L0#1234\[([0-9A-F]+)/.exec(answer.toString()) ?? [];
    expect(decrypt(hex, key)).toBe('xxxxxxxxxx|]_02:15:10,03-01-2026');
  });

  test.each([16, 24, 32])('a key of %i bytes opens what it closed', (size) => {
    const key = Buffer.alloc(size, 7);
    const hex = encrypt('|#1234|1110 01 005]_02:15:00,03-01-2026', key, (count) => 'x'.repeat(count));
    expect(decrypt(hex, key)).toMatch(/^x+\|#1234\|1110 01 005]_02:15:00,03-01-2026$/);
  });

  const f15 = vectors.find(({ name }) => name.startsWith('F15'));
  test.each([
    [-40, 'ack'],
    [20, 'ack'],
    [-41, 'nak'],
    [21, 'nak'],
  ])('an encrypted frame %i s from the hub’s clock is answered %s', (seconds, answer) => {
    const now = Date.parse('2026-03-01T02:15:00Z') - seconds * 1_000;
    expect(understand(f15?.frame ?? '', f15?.key, now).answer).toBe(answer);
  });

  test('a frame in clear of an account that has a key is taken and doubted', () => {
    const f1 = vectors.find(({ name }) => name.startsWith('F1 '))?.frame ?? '';
    expect(understand(f1, f15?.key)).toMatchObject({ answer: 'ack', quality: ['plain'] });
  });

  test('a fire of nobody goes to a person', () => {
    expect(understand(framed('"SIA-DCS"0001L0[NFA1]'))).toMatchObject({
      answer: 'ack',
      deviceId: 'dc09-unknown',
      messages: [{ message: 'event', body: { kind: 'alarm', point: '1' } }],
    });
  });

  test('a frame of nobody that says nothing is not understood; its link test is answered', () => {
    expect(understand(framed('"SIA-DCS"0001L0[]'))).toMatchObject({ answer: 'duh', messages: [] });
    expect(understand(framed('"NULL"0000L0[]'))).toMatchObject({ answer: 'ack', isLinkTest: true, messages: [] });
  });

  test.each(['"SIA-DCS"0042 hello', '"FIRE in block 7"', '"'])(
    'whole and of no grammar: a person looks: %s',
    (body) => {
      const understood = understand(framed(body));
      expect(understood).toMatchObject({ answer: 'duh', deviceId: 'dc09-unknown', quality: ['unknownCode'] });
      expect(understood.messages).toMatchObject([
        { message: 'event', body: { kind: 'alarm', class: 'other', values: { text: body } } },
      ]);
      expect(understood.header?.seq).toBe(body.includes('0042') ? '0042' : '0000');
    },
  );

  test('an account with other letters than the standard’s is an account', () => {
    expect(understand(framed('"SIA-DCS"0001L0#Nha12[#Nha12|Nri1/FA001]'))).toMatchObject({
      answer: 'ack',
      deviceId: 'dc09-NHA12',
      messages: [{ body: { kind: 'alarm' } }],
    });
  });

  test.each(['"ACK"0001L0#1234[]', '"DUH"0001L0#1234[]', '"RSP"0001L0#1234[#1234|x]'])('%s is an answer', (body) => {
    expect(understand(framed(body))).toMatchObject({ answer: 'none', why: 'answer', messages: [] });
  });
});

describe('a panel that verifies some alarms itself', () => {
  const verified = new Set(['111', 'FA']);
  test.each([
    ['"ADM-CID"0001L0#1234[#1234|1111 01 005]', true],
    ['"ADM-CID"0001L0#1234[#1234|6111 01 005]', true],
    ['"ADM-CID"0001L0#1234[#1234|1110 01 005]', false],
    ['"ADM-CID"0001L0#1234[#1234|3111 01 005]', false],
    ['"SIA-DCS"0001L0#1234[#1234|Nri1/FA005]', true],
    ['"SIA-DCS"0001L0#1234[#1234|Nri1/KA005]', false],
    ['"SIA-DCS"0001L0#1234[#1234|Nri1/FH005]', false],
  ])('%s', (body, isVerified) => {
    const [frame] = cut(buildFrame(body));
    if (frame === undefined) throw new Error('no frame');
    const verifiedOf = (account: string) => (account === '1234' ? verified : undefined);
    const [message] = understandFrame(frame, { at, keyOf: () => undefined, verifiedOf }).messages;
    expect(message?.message === 'event' && message.body.panelVerified === true).toBe(isVerified);
  });
});
