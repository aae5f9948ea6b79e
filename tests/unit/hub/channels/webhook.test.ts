/** Webhooks against a real receiver: signatures, refusals, and every way into the hub's own network that must be shut. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../../hub/channels/address-guard.ts';
import { retryAfterMs } from '../../../../hub/channels/retry-after.ts';
import { readWebhookSecret, signedHeaders } from '../../../../hub/channels/signature.ts';
import { webhookChannel } from '../../../../hub/channels/webhook.ts';
import { notice, noticeAt, noticeFacts } from '../../../support/notices.ts';

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly url: string };
let server: Server;
let port: number;
let received: Received[] = [];
let answer: { status: number; headers?: Record<string, string>; body?: string | Buffer; isSilent?: boolean };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body, url: request.url ?? '' });
      if (!answer.isSilent) response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = addressOf(server).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  answer = { status: 204 };
});

function addressOf(of: Server): AddressInfo {
  const address = of.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver does not listen');
  return address;
}

const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
const other = Buffer.alloc(32, 7);
const channel = (url: string, change: Partial<Parameters<typeof webhookChannel>[0]> = {}) =>
  webhookChannel({ url, secrets: [secret], allow: ['127.0.0.1', 'localhost'], now: () => noticeAt, ...change });
const local = (path = '/in?x=1', change = {}) => channel(`http://127.0.0.1:${port}${path}`, change);

describe('signatures', () => {
  test('are those of Standard Webhooks', () => {
    // The published example of the standard's reference libraries.
    const headers = signedHeaders([secret], {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1_614_265_330,
      body: '{"test": 2432232314}',
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('are two while a secret changes, so that either is enough', () => {
    const message = { id: 'a', timestampSeconds: 1, body: '{}' };
    const one = signedHeaders([secret], message)['webhook-signature'];
    const two = signedHeaders([other], message)['webhook-signature'];
    expect(signedHeaders([secret, other], message)['webhook-signature']).toBe(`${one} ${two}`);
  });

  test.each([
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', true],
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', false],
    ['whsec_c2hvcnQ=', false],
    ['whsec_', false],
  ])('a secret like %s: %s', (text, isGood) => {
    expect(readWebhookSecret(text) !== undefined).toBe(isGood);
  });
});

describe('a notice arrives', () => {
  test('as signed JSON', async () => {
    await local().send(notice('n/1'));
    expect(received).toHaveLength(1);
    const [{ headers, body, url } = { headers: {}, body: '', url: '' }] = received;
    expect(url).toBe('/in?x=1');
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'webhook-id': 'n/1',
      'webhook-timestamp': '1795316400',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(headers['webhook-signature']).toBe(
      signedHeaders([secret], { id: 'n/1', timestampSeconds: 1_795_316_400, body })['webhook-signature'],
    );
    expect(JSON.parse(body)).toEqual({
      type: 'incident.notice',
      timestamp: '2026-11-22T03:00:00.000Z',
      data: {
        id: 'n/1',
        incident: '019a0000-0000-7000-8000-000000000001',
        step: 'shiftLead',
        audience: 'shiftLead',
        status: 'actual',
        text: { vi: 'Báo cháy chưa ai nhận · 12 ngõ 34 Hàng Bạc', en: 'Fire alarm, nobody has taken it' },
        at: '2026-11-22T03:00:00.000Z',
      },
    });
  });

  test('with what a receiver can act on, and links below the address that people know', async () => {
    await local('/in', { hub: 'https://nhip.example.org' }).send(notice('n/1', { facts: noticeFacts }));
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      data: {
        place: { id: 'place-12', address: '12 ngõ 34 Hàng Bạc', lat: 21.0345, lon: 105.8525, bindingState: 'verified' },
        ward: { code: '00070', name: 'Hoàn Kiếm' },
        stations: [
          { id: 'station-1', name: 'Đội Hoàn Kiếm', meters: 770 },
          { id: 'station-2', name: 'Đội Ba Đình', meters: 2_100 },
        ],
        priority: 2,
        evidence: 'unverified',
        handling: 'raised',
        source: 'active',
        raisedAt: '2026-11-22T02:59:30.000Z',
        links: {
          screen: 'https://nhip.example.org/fire/019a0000-0000-7000-8000-000000000001',
          acknowledge: 'https://nhip.example.org/api/v1/incidents/019a0000-0000-7000-8000-000000000001/acknowledge',
        },
      },
    });
  });

  test('at a receiver that talks without end, which is cut', async () => {
    answer = { status: 200, body: Buffer.alloc(5_000_000) };
    await local().send(notice('n2'));
    expect(received).toHaveLength(1);
  });
});

describe('a receiver that does not take it', () => {
  test.each([
    [500, {}, { message: 'the receiver answered 500', isGone: false, retryAfterMs: undefined }],
    [429, { 'retry-after': '30' }, { message: 'the receiver answered 429', retryAfterMs: 30_000 }],
    [503, { 'retry-after': '999999' }, { message: 'the receiver answered 503', retryAfterMs: 3_600_000 }],
    [503, { 'retry-after': 'Sun, 22 Nov 2026 03:00:45 GMT' }, { retryAfterMs: 45_000 }],
    [410, {}, { isGone: true }],
  ])('%i', async (status, headers, expected) => {
    answer = { status, headers };
    await expect(local().send(notice('n3'))).rejects.toMatchObject(expected);
  });

  test('sends it elsewhere: not followed', async () => {
    answer = { status: 302, headers: { location: `http://127.0.0.1:${port}/inside` } };
    await expect(local().send(notice('n4'))).rejects.toThrow('redirects are not followed');
    expect(received).toHaveLength(1);
  });

  test('says nothing: the attempt ends', async () => {
    answer = { status: 200, isSilent: true };
    await expect(local('/', { timeoutMs: 50 }).send(notice('n5'))).rejects.toThrow('did not answer in time');
  });

  test('is not there', async () => {
    await expect(channel('http://127.0.0.1:1/').send(notice('n6'))).rejects.toThrow(
      'could not be reached (ECONNREFUSED)',
    );
  });
});

describe('when a receiver asks to come back', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    ['99999999999', 3_600_000],
    ['Sun, 22 Nov 2026 03:02:00 GMT', 120_000],
    ['Sunday, 22-Nov-26 03:02:00 GMT', 120_000],
    ['Sun Nov 22 03:02:00 2026', 120_000],
    ['Sun, 22 Nov 2026 02:00:00 GMT', 0],
    ['Sat, 01 Jan 2028 00:00:00 GMT', 3_600_000],
    ['-5', undefined],
    ['1.5', undefined],
    ['2026-11-22T03:02:00Z', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, noticeAt)).toBe(ms);
  });
});

describe('the hub’s own network is out of reach', () => {
  const shut = (url: string, change = {}) => channel(url, { allow: [], ...change }).send(notice('n7'));

  test.each([
    'https://127.0.0.1/',
    'https://0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[64:ff9b::a00:1]/',
  ])('%s', async (url) => {
    await expect(shut(url)).rejects.toThrow('internal address');
  });

  test('also behind a name, when any of its addresses is internal', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(shut('https://example.org/', { resolve })).rejects.toThrow('internal address');
  });

  test('also when the name changes its mind: it is asked once and the checked address is used', async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    await channel(`http://rebind.example:${port}/`, { allow: ['rebind.example'], resolve }).send(notice('n8'));
    expect(asked).toBe(1);
    expect(received[0]?.headers.host).toBe(`rebind.example:${port}`);
  });

  test('and without TLS nothing goes out but to hosts that are named', async () => {
    await expect(shut(`http://127.0.0.1:${port}/`)).rejects.toThrow('must begin with https');
    expect(received).toEqual([]);
  });

  test('a name that leads nowhere is said to', async () => {
    const resolve = async () => Promise.reject(new Error('ENOTFOUND'));
    await expect(shut('https://nowhere.example/', { resolve })).rejects.toThrow('cannot be resolved');
  });

  test.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['100.64.0.1', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['fe80::1%eth0', false],
    ['fd00::1', false],
    ['ff02::1', false],
    ['2002:7f00:1::', false],
    ['2001:0:7f00:1::', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::7f00:1', false],
    ['0.0.0.0', false],
    ['169.254.169.254', false],
    ['64:ff9b::7f00:1', false],
    ['fc00::', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
