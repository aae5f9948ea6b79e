/** `nhip decode` as an installer uses it: whatever he pastes, he is told what the hub would make of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, openCli } from './run-nhip.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.remove());

describe('decode', () => {
  const heartbeat = 'city/v1/fire/F-100/heartbeat';

  test('shows what the hub would understand', async () => {
    const { code, out } = await cli.nhip('decode', 'nhip', heartbeat, '{"ts":1790000000000,"battery":87}', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        ok: true,
        messages: [
          {
            domain: 'fire',
            deviceId: 'F-100',
            message: 'heartbeat',
            lane: 'stream',
            body: { ts: 1_790_000_000_000, battery: 87 },
          },
        ],
      },
    ]);
  });

  test.each([
    ['range', [heartbeat, '{"ts":1790000000000,"battery":187}']],
    ['json', [heartbeat, 'not json']],
    ['topic', ['city/v1/fire/+/event', '{}']],
    ['topic', ['city/v1/constructor/F-100/event', '{}']],
    ['unknownMessage', ['city/v1/fire/F-100/hello', '{}']],
  ])('a refusal has the reason %s that the hub would count', async (reason, frame) => {
    const { code, out } = await cli.nhip('decode', 'nhip', ...frame, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { ok: false, reason }]);
  });

  test('it knows the domains of the hub, each with the messages of the fleet', async () => {
    const { err } = await cli.nhip('decode', 'nhip', 'city/v1/air/A-1/reading', '{}');
    expect(err).toBe('Refused (topic): there is no domain "air"; known are fire, bus, parking, fleet\n');
    const status = `{"online":true,"boot":1,"ts":1790000000000}`;
    const { out } = await cli.nhip('decode', 'nhip', 'city/v1/parking/P-1/status', status, '--json');
    expect(JSON.parse(out)).toMatchObject({ messages: [{ domain: 'parking', message: 'status', lane: 'stream' }] });
  });

  const f1 = 'E201003B"ADM-CID"0001L0#1234[#1234|1110 01 005]_02:15:00,03-01-2026';
  const f15 =
    'F4D40076"*ADM-CID"0021L0#1234[E6B28A1C0C280C01D67D238D0FF7F727824A77177D05FD952F55DBF967EDCB841F6F2B9E8E549E13C9F79745768BDE16';

  test.each([
    ['text', [f1]],
    ['hex', [Buffer.from(`\n${f1}\r`).toString('hex')]],
  ])('a panel’s frame as %s', async (_form, frame) => {
    const { code, out } = await cli.nhip('decode', 'sia-dc09', ...frame, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      {
        ok: true,
        messages: [{ deviceId: 'dc09-1234', body: { kind: 'alarm', point: '1/5' } }],
        frames: [{ answer: 'ack' }],
      },
    ]);
  });

  test('an encrypted frame needs its key', async () => {
    const locked = await cli.nhip('decode', 'sia-dc09', f15, '--json');
    expect([locked.code, JSON.parse(locked.out)]).toMatchObject([1, { ok: false, frames: [{ why: 'decrypt' }] }]);
    const key = '3A1F6B8C9D4E7F20123456789ABCDEF0';
    const { out } = await cli.nhip('decode', 'sia-dc09', f15, '--key', key, '--json');
    expect(JSON.parse(out)).toMatchObject({ messages: [{ body: { kind: 'alarm', point: '1/5' } }] });
  });

  test('a wrong checksum is named with the right one', async () => {
    const { code, out } = await cli.nhip('decode', 'sia-dc09', f1.replace('E201', 'E202'), '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { frames: [{ why: 'crc', crc: 'wrong, it is E201' }] }]);
  });

  test('a house’s own MQTT', async () => {
    const { out } = await cli.nhip('decode', 'zigbee2mqtt', 'zigbee2mqtt/bep', '{"smoke":true}', '--json');
    expect(JSON.parse(out)).toMatchObject({ messages: [{ deviceId: 'z2m-bep', body: { class: 'smoke' } }, {}] });
  });

  const f15AtItsTime = ['--key', '3A1F6B8C9D4E7F20123456789ABCDEF0', '--at', '2026-03-01T02:15:05Z'];
  const f15Locked = 'NAK: it is encrypted. Give its key with --key, and to the hub in HUB_DC09_KEYS.';
  const binary = `\\n\\xE2\\x01${f1.slice(4)}\\r`;
  test.each([
    ['a frame', [f1], 0, 'ACK, once it is on disk: dc09-1234 must be registered.'],
    ['a frame as a log writes it', [`<LF>${f1}<CR>`], 0, 'ACK, once it is on disk'],
    ['a binary CRC as a log writes it', [binary], 0, 'ACK, once it is on disk'],
    ['a wrong CRC', [f1.replace('E201', 'E202')], 1, 'it is E201. Were it right, it would say: alarm 1/5.'],
    ['an encrypted frame without a key', [f15], 1, f15Locked],
    ['with another key', [f15, '--key', '00112233445566778899AABBCCDDEEFF'], 1, 'NAK: this key does not open it.'],
    ['with its key, long after', [f15, ...f15AtItsTime.slice(0, 2)], 0, 'with --at 2026-03-01T02:15:00.000Z.'],
    ['with its key, at its time', [f15, ...f15AtItsTime], 0, 'ACK, once it is on disk'],
    ['an answer', ['1BC10012"ACK"0001L0#1234[]'], 0, 'No answer: it is an answer itself.'],
  ])('a person is told what becomes of %s', async (_name, args, code, sentence) => {
    const run = await cli.nhip('decode', 'sia-dc09', ...args);
    expect([run.code, run.err, run.out.split('\n')[0]]).toEqual([code, '', expect.stringContaining(sentence)]);
  });

  test.each([
    ['sia-dc09', [f1.slice(8)], `the CRC and the length are missing in front of it; whole it would be ${f1}`],
    ['sia-dc09', ['1110 01 005'], 'half a byte is missing'],
    ['sia-dc09', ['Nri1/FA005'], 'it is not hex; expected a frame as text (CRC, 0LLL, "id"…) or as hex'],
    ['gbt26875', ['4040 0100'], 'there is no whole GB/T 26875.3 frame in it'],
    ['gs524n', ['22116423291E'], 'not the six bytes of a GS524N'],
    ['zigbee2mqtt', ['{"smoke":true}'], 'the topic is missing in front of it; it listens to zigbee2mqtt/#'],
    ['tasmota', ['stat/x/RESULT', '{}'], 'it listens to tele/+/SENSOR, tele/+/STATE, tele/+/LWT'],
  ])('what is no frame of %s is told with what was expected: %j', async (dialect, args, sentence) => {
    const { code, out, err } = await cli.nhip('decode', dialect, ...args);
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(sentence)]);
  });

  test.each([['22 11 64 23 29 1D'], ['0x22116423291D'], ['IhFkIykd']])('a LoRaWAN payload as %s', async (payload) => {
    const { code, out } = await cli.nhip('decode', 'gs524n', payload, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { uplink: { message: 'alarm', smoke: 35 } }]);
  });

  test('an unknown dialect is answered with the known ones', async () => {
    const { code, err } = await cli.nhip('decode', 'nhp', 'x');
    expect([code, err.split('\n')[0]]).toEqual([2, 'there is no dialect "nhp"; did you mean "nhip"?']);
  });

  test('lines of the standard input are answered one by one; remarks are passed over', async () => {
    const lines = `${f1}\n\n// the answer to it\n1BC10012"ACK"0001L0#1234[]\nnonsense\n`;
    const json = await cli.nhipFed(lines, 'decode', 'sia-dc09', '-', '--json');
    const answers = json.out.trim().split('\n');
    expect([json.code, answers.map((line) => JSON.parse(line).ok)]).toEqual([1, [true, true, false]]);
    const text = await cli.nhipFed(lines, 'decode', 'sia-dc09', '-');
    expect(text.out.split('\n').filter((line) => line.startsWith('> '))).toHaveLength(3);
  });
});
