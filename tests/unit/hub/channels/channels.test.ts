/** Notices survive: a restart neither repeats a delivered one nor forgets one that waits. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { type Channel, ChannelError, type ChannelReceipt } from '../../../../hub/channels/channel.ts';
import { type ChannelsOptions, openChannels } from '../../../../hub/channels/channels.ts';
import type { Api } from '../../../../hub/domain.ts';
import { HubError } from '../../../../hub/errors.ts';
import type { Notice } from '../../../../hub/notice.ts';
import { notice, noticeAt } from '../../../support/notices.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { until } from '../../../support/until.ts';

const folder = temporaryFolder();
const quiet = { warn: () => undefined, error: () => undefined };
let files = 0;
const newPath = () => join(folder, `${files++}.db`);

/** A receiver whose answers are decided by the test. */
function receiver(name = 'webhook', change: Partial<Channel> = {}) {
  const sent: string[] = [];
  const answers: (ChannelError | undefined)[] = [];
  const channel: Channel = {
    name,
    receiver: 'r1',
    isExternal: true,
    async send({ id }: Notice) {
      sent.push(id);
      const fault = answers.shift();
      if (fault !== undefined) throw fault;
      return undefined;
    },
    close: () => undefined,
    ...change,
  };
  return { channel, sent, answers };
}

function open(path: string, channels: readonly Channel[], change: Partial<ChannelsOptions> = {}) {
  return openChannels({ path, channels, now: () => noticeAt, random: () => 0.5, log: quiet, ...change });
}

const isSettled = (channels: ReturnType<typeof openChannels>) => () =>
  channels.stats().deliveries.every(({ state }) => state !== 'waiting');

test('each channel gets each notice once, however often it is given', async () => {
  const [webhook, mail] = [receiver(), receiver('mail')];
  const channels = open(newPath(), [webhook.channel, mail.channel]);
  channels.notify([notice('a'), notice('b')], 7);
  channels.notify([notice('a')], 5);
  await until('both have both', isSettled(channels));
  expect(webhook.sent).toEqual(['a', 'b']);
  expect(mail.sent).toEqual(['a', 'b']);
  expect(channels.cursor()).toBe(7);
  await channels.close();
});

test('a restart repeats nothing that was delivered and forgets nothing that waits', async () => {
  const path = newPath();
  const before = receiver();
  before.answers.push(undefined, new ChannelError('the receiver answered 500'));
  const first = open(path, [before.channel]);
  first.notify([notice('delivered')], 1);
  await until('it is delivered', isSettled(first));
  first.notify([notice('waiting')], 2);
  await until('the second was tried', () => before.sent.length === 2);
  await first.close();

  const after = receiver();
  const second = open(path, [after.channel], { now: () => noticeAt + 5_000 });
  // What a crash may have kept from leaving is given again at start.
  second.notify([notice('delivered'), notice('waiting')], 2);
  await until('it is delivered', isSettled(second));
  expect(after.sent).toEqual(['waiting']);
  await second.close();
});

test('a receiver that fails is tried again by the table, and then given up', async () => {
  const webhook = receiver();
  webhook.answers.push(...Array.from({ length: 9 }, () => new ChannelError('the receiver answered 500')));
  const channels = open(newPath(), [webhook.channel], { retryMs: [1, 2], now: Date.now });
  channels.notify([notice('a')]);
  await until('it is given up', isSettled(channels));
  expect(webhook.sent).toEqual(['a', 'a', 'a']);
  expect(channels.stats().deliveries).toEqual([{ channel: 'webhook', state: 'failed', count: 1 }]);
  await channels.close();
});

test('a receiver that is gone gets nothing more until a person sends again', async () => {
  const path = newPath();
  const webhook = receiver();
  webhook.answers.push(new ChannelError('the receiver answered 410', { isGone: true }));
  const channels = open(path, [webhook.channel]);
  channels.notify([notice('a')]);
  await until('it is off', isSettled(channels));
  channels.notify([notice('b')]);
  await until('the next is not sent', isSettled(channels));
  expect(webhook.sent).toEqual(['a']);
  expect(channels.stats().switchedOff).toEqual({ webhook: 'the receiver answered 410' });
  const { resend } = await routesOf(channels);
  expect(await resend('b')).toBe(202);
  await until('it is sent', isSettled(channels));
  expect(webhook.sent).toEqual(['a', 'b']);
  expect(channels.stats().switchedOff).toEqual({});
  await channels.close();
});

test('a new receiver in the place of one that is gone is tried', async () => {
  const path = newPath();
  const old = receiver();
  old.answers.push(new ChannelError('gone', { isGone: true }));
  const first = open(path, [old.channel]);
  first.notify([notice('a')]);
  await until('it is off', isSettled(first));
  await first.close();
  const fresh = receiver('webhook', { receiver: 'r2' });
  const second = open(path, [fresh.channel]);
  second.notify([notice('b')]);
  await until('it is sent', isSettled(second));
  expect(fresh.sent).toEqual(['b']);
  await second.close();
});

test('an exercise never leaves the house', async () => {
  const [webhook, log] = [receiver(), receiver('log', { isExternal: false })];
  const channels = open(newPath(), [webhook.channel, log.channel]);
  channels.notify([notice('drill', { status: 'exercise' }), notice('test', { status: 'test' })]);
  await until('the log has both', isSettled(channels));
  const { resend } = await routesOf(channels);
  await resend('drill');
  await until('the log has it again', isSettled(channels));
  expect(webhook.sent).toEqual([]);
  expect(log.sent).toEqual(['drill', 'test', 'drill']);
  await channels.close();
});

test('a backlog does not hold up a new notice', async () => {
  let now = noticeAt;
  const webhook = receiver();
  webhook.answers.push(...Array.from({ length: 6 }, () => new ChannelError('the receiver answered 500')));
  const channels = open(newPath(), [webhook.channel], { retryMs: [1_000], now: () => now });
  channels.notify(['1', '2', '3', '4', '5', '6'].map((id) => notice(id)));
  await until('all were tried', () => webhook.sent.length === 6);
  now += 10_000;
  channels.notify([notice('new')]);
  await until('all are out', isSettled(channels));
  expect(webhook.sent[6]).toBe('new');
  await channels.close();
});

test('a notice that can never be taken is given up at once', async () => {
  const voice = receiver('voice');
  voice.answers.push(new ChannelError('the telephone number is not one', { isFinal: true }));
  const channels = open(newPath(), [voice.channel]);
  channels.notify([notice('a'), notice('b')]);
  await until('both are settled', isSettled(channels));
  expect(voice.sent).toEqual(['a', 'b']);
  expect(channels.stats().deliveries).toEqual([
    { channel: 'voice', state: 'delivered', count: 1 },
    { channel: 'voice', state: 'failed', count: 1 },
  ]);
  await channels.close();
});

test('a notice goes to the channels of its route only', async () => {
  const [one, two] = [receiver('ward-70'), receiver('ward-364')];
  const route = ({ audience }: Notice) => [audience];
  const channels = open(newPath(), [one.channel, two.channel], { route });
  channels.notify([notice('a', { audience: 'ward-70' }), notice('b', { audience: 'nobody' })]);
  await until('it is settled', isSettled(channels));
  expect([one.sent, two.sent]).toEqual([['a'], []]);
  await channels.close();
});

describe('a provider that tells later', () => {
  /** It calls the n-th message `m<n>`; its word comes when the test says. */
  function provider() {
    const sent: string[] = [];
    let take: (receipt: ChannelReceipt) => void = () => undefined;
    const channel = receiver('voice', {
      send: async ({ id }) => {
        sent.push(id);
        if (id === 'quick') take({ reference: `m${sent.length}`, outcome: 'reached' });
        return { reference: `m${sent.length}` };
      },
    }).channel;
    const listen = (taker: typeof take): void => {
      take = taker;
    };
    return { channel, sent, listen, tell: (receipt: ChannelReceipt) => take(receipt) };
  }
  const outcomes = async (channels: ReturnType<typeof openChannels>) => (await routesOf(channels)).list();

  test('that somebody picked up: the time is on record, also when its word comes before its answer', async () => {
    const { channel, listen, tell } = provider();
    const channels = open(newPath(), [channel], { listen });
    channels.notify([notice('slow'), notice('quick')]);
    await until('both are out', isSettled(channels));
    expect(await outcomes(channels)).toMatchObject({
      items: [
        { id: 'quick', deliveries: [{ state: 'delivered', reachedAt: '2026-11-22T03:00:00.000Z' }] },
        { id: 'slow', deliveries: [{ state: 'delivered', reachedAt: null }] },
      ],
    });
    tell({ reference: 'm1', outcome: 'reached' });
    tell({ reference: 'of nobody', outcome: 'reached' });
    expect(await outcomes(channels)).toMatchObject({
      items: [{}, { id: 'slow', deliveries: [{ reachedAt: '2026-11-22T03:00:00.000Z' }] }],
    });
    await channels.close();
  });

  test('that nobody picked up: it is tried again', async () => {
    const { channel, sent, listen, tell } = provider();
    let now = noticeAt;
    const channels = open(newPath(), [channel], { listen, now: () => now, retryMs: [1_000] });
    channels.notify([notice('a')]);
    await until('it is out', isSettled(channels));
    tell({ reference: 'm1', outcome: 'notReached', reason: 'busy' });
    expect(await outcomes(channels)).toMatchObject({
      items: [
        { deliveries: [{ state: 'waiting', lastError: 'not reached: busy', nextAt: '2026-11-22T03:00:01.000Z' }] },
      ],
    });
    now += 1_000;
    channels.notify([notice('b')]);
    await until('both are out', isSettled(channels));
    expect(sent.toSorted()).toEqual(['a', 'a', 'b']);
    await channels.close();
  });
});

test('a file of the version before is read on, and what waited for a channel that is gone is given up', async () => {
  const path = newPath();
  const old = new DatabaseSync(path);
  old.exec(`CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, incident TEXT NOT NULL,
      body TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX notice_incident ON notice (incident, number);
    CREATE TABLE delivery (notice TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
      last_error TEXT, next_at INTEGER, changed_at INTEGER NOT NULL, resent_by TEXT, PRIMARY KEY (notice, channel)) STRICT;
    CREATE INDEX delivery_due ON delivery (channel, state, attempts, next_at);
    CREATE TABLE switched_off (channel TEXT PRIMARY KEY, receiver TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    PRAGMA user_version = 1;`);
  old
    .prepare('INSERT INTO notice (id, incident, body, at) VALUES (?, ?, ?, ?)')
    .run('a', 'i', JSON.stringify(notice('a')), noticeAt);
  for (const channel of ['webhook', 'pager']) {
    old
      .prepare("INSERT INTO delivery VALUES ('a', ?, 'waiting', 0, NULL, ?, ?, NULL)")
      .run(channel, noticeAt, noticeAt);
  }
  old.close();
  const webhook = receiver();
  const channels = open(path, [webhook.channel]);
  await until('all is settled', isSettled(channels));
  expect(webhook.sent).toEqual(['a']);
  expect(channels.stats().deliveries).toEqual([
    { channel: 'pager', state: 'failed', count: 1 },
    { channel: 'webhook', state: 'delivered', count: 1 },
  ]);
  await channels.close();
});

test('the list tells what came of each, and a delivered one can be sent again', async () => {
  const webhook = receiver();
  webhook.answers.push(new ChannelError('the receiver answered 500'));
  const channels = open(newPath(), [webhook.channel]);
  channels.notify([notice('i/1/voice/station')]);
  await until('it was tried', () => webhook.sent.length === 1);
  const { list, resend } = await routesOf(channels);
  await until('the outcome is kept', async () => JSON.stringify(await list()).includes('500'));
  expect(await list()).toMatchObject({
    items: [
      {
        id: 'i/1/voice/station',
        at: '2026-11-22T03:00:00.000Z',
        deliveries: [
          {
            channel: 'webhook',
            state: 'waiting',
            attempts: 1,
            lastError: 'the receiver answered 500',
            nextAt: '2026-11-22T03:00:05.000Z',
            resentBy: null,
          },
        ],
      },
    ],
    next: null,
  });
  expect(await resend('i/1/voice/station')).toBe(202);
  await until('it is delivered', isSettled(channels));
  expect(await list()).toMatchObject({
    items: [
      {
        deliveries: [
          {
            state: 'delivered',
            resentBy: 'Lan',
            log: [
              { at: '2026-11-22T03:00:00.000Z', outcome: 'refused', reason: 'the receiver answered 500' },
              { outcome: 'resent', reason: 'Lan' },
              { outcome: 'delivered', reason: null },
            ],
          },
        ],
      },
    ],
  });
  expect(await resend('unknown')).toBe(404);
  await channels.close();
});

test('a notice is kept for more than a year, and then goes with its deliveries and their log', async () => {
  const path = newPath();
  const first = open(path, [receiver().channel]);
  first.notify([notice('a')]);
  await until('it is delivered', isSettled(first));
  await first.close();
  const year = open(path, [receiver().channel], { now: () => noticeAt + 366 * 86_400_000 });
  expect(year.told(notice('a').incident)).toMatchObject([
    { step: 'shiftLead', audience: 'shiftLead', deliveries: [{ channel: 'webhook', log: [{ outcome: 'delivered' }] }] },
  ]);
  await year.close();
  const after = open(path, [receiver().channel], { now: () => noticeAt + 401 * 86_400_000 });
  expect(after.told(notice('a').incident)).toEqual([]);
  expect(after.stats().deliveries).toEqual([]);
  await after.close();
});

test('the file is for the hub’s user only', async () => {
  const path = newPath();
  const channels = open(path, []);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await channels.close();
});

async function routesOf(channels: ReturnType<typeof openChannels>) {
  const api: Api = fastify().withTypeProvider<TypeBoxTypeProvider>();
  api.decorateRequest('principal');
  api.addHook('onRequest', async (request) => {
    request.principal = { kind: 'token', id: 't', name: 'Lan', roles: ['fire'] };
  });
  api.setErrorHandler((error, _request, reply) => reply.code(error instanceof HubError ? error.status : 500).send());
  channels.routes(api);
  await api.ready();
  return {
    list: async (): Promise<unknown> => (await api.inject({ url: '/api/v1/notices' })).json(),
    resend: async (id: string) =>
      (await api.inject({ method: 'POST', url: `/api/v1/notices/${encodeURIComponent(id)}/resend` })).statusCode,
  };
}
