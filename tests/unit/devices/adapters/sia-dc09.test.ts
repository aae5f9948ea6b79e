/** SIA DC-09: every frame that real panels are known to send, and what the hub makes of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildFrame } from '../../../../devices/adapters/sia-dc09/answer.ts';
import { crc16 } from '../../../../devices/adapters/sia-dc09/crc.ts';
import { FrameSplitter, maxFrameBytes, type RawFrame } from '../../../../devices/adapters/sia-dc09/frame.ts';
import { understandFrame } from '../../../../devices/adapters/sia-dc09/understand.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { at, cut, said, understand } from './sia-dc09-read.ts';
import { vectors, wrongCrc } from './sia-dc09-vectors.ts';

describe('the vectors', () => {
  test.each(vectors)('$name', ({ frame, key, answer, device, said: expected, quality, time }) => {
    // An encrypted frame is judged at its own time.
    const now = key !== undefined && time !== undefined ? Date.parse(time) + 1_000 : at;
    const understood = understand(frame, key, now);
    expect(said(understood)).toEqual(expected);
    expect([understood.answer, understood.deviceId, understood.quality]).toEqual([answer, device, quality ?? []]);
    if (time !== undefined) expect(understood.messages[0]?.body.ts).toBe(Date.parse(time));
    for (const { message, body } of understood.messages) {
      expect(
        fireMessages[message === 'event' ? 'event' : 'heartbeat'].parse(Buffer.from(JSON.stringify(body))),
      ).toEqual(body);
    }
  });

  test.each(wrongCrc)('%s has another checksum: silence', (frame, trueCrc) => {
    const [raw] = cut(Buffer.from(`\n${frame}\r`));
    expect(raw).toMatchObject({ crcOk: false, trueCrc });
    expect(understand(frame)).toMatchObject({ answer: 'none', why: 'crc' });
  });

  test('the checksum is CRC-16/ARC', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d);
    expect(crc16(Buffer.from('"NULL"0000R000001L010000#2104814[]_09:31:47,05-27-2026'))).toBe(0x13b1);
  });

  test('S11’s raw DC-05 is checked with the account; a wrong digit is a doubt, not a loss', () => {
    const wrong = buildFrame('"ADM-CID"1569L1#6827[#6827|18160201000E]_00:00:00,02-21-2024').toString('latin1').trim();
    expect(said(understand(wrong))).toEqual([['test', 'other', '1/0']]);
    expect(understand(wrong).quality).toEqual(['checksum']);
  });
});

describe('what is kept of an event', () => {
  test('S12: the hub’s time stands in for an absurd clock, and the clock is kept', () => {
    const [message] = understand(vectors.find(({ name }) => name.startsWith('S12'))?.frame ?? '').messages;
    expect(message?.body).toMatchObject({
      ts: at,
      quality: ['clock'],
      values: { code: 'SIA-DCS OP', deviceTime: '2000-06-13T00:41:51.000Z' },
    });
  });

  test('the same words have the same id whenever they come; other words have another', () => {
    const idOf = (text: string, now: number) => {
      const [message] = understand(text, undefined, now).messages;
      return message?.message === 'event' ? message.body.id : '';
    };
    const f1 = vectors.find(({ name }) => name.startsWith('F1 '))?.frame ?? '';
    const f2 = vectors.find(({ name }) => name.startsWith('F2'))?.frame ?? '';
    expect(idOf(f1, at)).toMatch(/^dc09-[0-9a-f]{20}$/);
    expect(idOf(f1, at + 3_600_000)).toBe(idOf(f1, at));
    expect(idOf(f2, at)).not.toBe(idOf(f1, at));
  });

  test('text and place of an event come along', () => {
    const body = '"SIA-DCS"0007L0#1234[#1234|Nri2/FA012^Bếp tầng 2^][X105E51.0000][Y21N01.7000]_02:15:00,03-01-2026';
    const frame = buildFrame(Buffer.from(body).toString('latin1')).toString('latin1').trim();
    expect(understand(frame).messages[0]?.body).toMatchObject({
      point: '2/12',
      values: { text: 'Bếp tầng 2', extendedX: '105E51.0000', extendedY: '21N01.7000' },
    });
  });

  const codes: readonly (readonly [data: string, kind: string, sensor: string, point: string, verified?: true])[] = [
    ['Nri1/FM005', 'alarm', 'other', '1/5', true],
    ['Nri1FG005', 'alarm', 'other', '1/5'],
    ['Nri1/KA005', 'alarm', 'heat', '1/5'],
    ['Nri1/SA005', 'alarm', 'waterflow', '1/5'],
    ['Nri1/GA005', 'alarm', 'gas', '1/5'],
    ['Nri1/FS020', 'supervisory', 'other', '1/20'],
    ['Nri1/FV020', 'restore', 'other', '1/20'],
    ['Nri1/FT005', 'trouble', 'other', '1/5'],
    ['Nri1/FJ005', 'troubleRestore', 'other', '1/5'],
    ['Nri1/FB005', 'trouble', 'other', 'bypass 1/5'],
    ['Nri1/FU005', 'troubleRestore', 'other', 'bypass 1/5'],
    ['NFX', 'test', 'other', 'panel'],
    ['NAT', 'trouble', 'other', 'mains'],
    ['NAR', 'troubleRestore', 'other', 'mains'],
    ['NYT', 'trouble', 'other', 'battery'],
    ['Nri1/FC005', 'troubleRestore', 'other', 'info FC 1/5'],
    ['Nri1/TA005', 'tamper', 'other', 'tamper 1/5'],
    ['ri1BA012', 'supervisory', 'other', '1/12'],
    ['ri1/BA012', 'supervisory', 'other', '1/12'],
  ];
  test.each(codes)('SIA %s is %s %s at %s', (data, kind, sensor, point, verified) => {
    const frame = buildFrame(`"SIA-DCS"0007L0#1234[#1234|${data}]`).toString('latin1').trim();
    expect(said(understand(frame))).toEqual([[kind, sensor, point]]);
    expect(understand(frame).messages[0]?.body).toMatchObject(verified ? { panelVerified: true } : {});
  });

  test.each([
    ['1113 01 005', 'alarm', 'waterflow', '1/5'],
    ['1114 01 005', 'alarm', 'heat', '1/5'],
    ['1116 01 005', 'alarm', 'smoke', '1/5'],
    ['1117 01 005', 'alarm', 'flame', '1/5'],
    ['1118 01 005', 'prealarm', 'other', '1/5'],
    ['1151 01 005', 'alarm', 'gas', '1/5'],
    ['1162 01 005', 'alarm', 'co', '1/5'],
    ['6111 01 005', 'alarm', 'smoke', '1/5'],
    ['111101005', 'alarm', 'smoke', '1/5'],
    ['1301 00 000', 'trouble', 'other', 'mains'],
    ['3301 00 000', 'troubleRestore', 'other', 'mains'],
    ['1302 00 000', 'trouble', 'other', 'battery'],
    ['1383 01 005', 'tamper', 'other', 'tamper 1/5'],
    ['1571 01 005', 'trouble', 'other', 'bypass 1/5'],
    ['1305 00 000', 'restore', 'other', ''],
    ['1601 00 000', 'test', 'other', '0'],
    ['3200 01 020', 'restore', 'other', '1/20'],
  ])('Contact ID %s is %s %s at %s', (data, kind, sensor, point) => {
    const frame = buildFrame(`"ADM-CID"0007L0#1234[#1234|${data}]`).toString('latin1').trim();
    expect(said(understand(frame))).toEqual([[kind, sensor, point]]);
  });

  test.each([
    '"ADM-CID"0007L0#1234[#1234|1199 01 005]',
    '"ADM-CID"0007L0#1234[#1234|hello]',
    '"SIA-DCS"0007L0#1234[#1234|Nri1/$$]',
    '"SIA-DCS"0007L0#1234[#1234|Nri1/XX005]',
    '"NEW-ID"0007L0#1234[#1234|x]',
  ])('an unknown code goes to a person: %s', (body) => {
    const understood = understand(buildFrame(body).toString('latin1').trim());
    expect(understood).toMatchObject({ answer: 'ack', quality: ['unknownCode'] });
    expect(understood.messages[0]?.body).toMatchObject({ kind: 'alarm', class: 'other', quality: ['unknownCode'] });
  });
});

describe('framing', () => {
  const good = vectors.map(({ frame }) => frame);
  const whole = (text: string): Buffer => Buffer.from(`\n${text}\r`, 'latin1');
  /** The same frame with the checksum as two binary bytes, as Lupusec panels send it. */
  const binary = (text: string): Buffer =>
    Buffer.concat([
      Buffer.from('\n'),
      Buffer.from(text.slice(0, 4), 'hex'),
      Buffer.from(`${text.slice(4)}\r`, 'latin1'),
    ]);

  test('any cut of any stream of frames gives the same frames, in every form', () => {
    const form = fc.record({
      frame: fc.constantFrom(...good),
      shape: fc.constantFrom('plain', 'noLf', 'noCr', 'binary', 'nuls', 'lowerCase'),
    });
    fc.assert(
      fc.property(
        fc.array(form, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(200), { maxLength: 40 }),
        (forms, cuts) => {
          const bytes = Buffer.concat(
            forms.map(({ frame, shape }) => {
              const right = frame.slice(8).length === Number.parseInt(frame.slice(4, 8), 16);
              if (shape === 'noLf') return whole(frame).subarray(1);
              // Only a right length can end a frame without CR.
              if (shape === 'noCr' && right) return whole(frame).subarray(0, -1);
              if (shape === 'binary') return binary(frame);
              if (shape === 'nuls') return Buffer.concat([whole(frame), Buffer.alloc(3)]);
              if (shape === 'lowerCase') return whole(frame.slice(0, 8).toLowerCase() + frame.slice(8));
              return whole(frame);
            }),
          );
          const splitter = new FrameSplitter();
          const found: RawFrame[] = [];
          let from = 0;
          for (const size of cuts) {
            found.push(...splitter.push(bytes.subarray(from, from + size)));
            from += size;
          }
          found.push(...splitter.push(bytes.subarray(from)), ...splitter.flush());
          expect(found.map(({ body, crcOk }) => [body, crcOk])).toEqual(
            forms.map(({ frame }) => [frame.slice(8), true]),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a frame whose end was lost does not swallow the next', () => {
    const next = whole(good[0] ?? '');
    const frames = cut(Buffer.concat([Buffer.from('\nE201003B"ADM-CID"0001L0#12'), next]));
    expect(frames.map(({ crcOk }) => crcOk)).toEqual([false, true]);
  });

  test('endless bytes without an end are dropped at the bound, and the next frame is read', () => {
    const splitter = new FrameSplitter();
    const frames = splitter.push(Buffer.from(`\nE201003B"ADM-CID"${'A'.repeat(maxFrameBytes)}`));
    expect([frames.length, splitter.skipped > maxFrameBytes]).toEqual([0, true]);
    expect(splitter.push(whole(good[0] ?? ''))).toMatchObject([{ crcOk: true }]);
  });

  test('the line of older receivers is a heartbeat', () => {
    const [frame] = cut(Buffer.from('SR0001L0001    006969XX    [ID00000000]\r'));
    if (frame === undefined) throw new Error('no frame');
    const understood = understandFrame(frame, { at, keyOf: () => undefined });
    expect([understood.deviceId, said(understood)]).toEqual(['dc09-6969', [['heartbeat']]]);
  });
});
