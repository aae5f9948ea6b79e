/** Who is reached how: by audience, ward, station and step; and a table that cannot be meant stops the start. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRouteTable, type RouteSettings, readRouteTable } from '../../../../hub/channels/route-table.ts';
import { routedChannels } from '../../../../hub/channels/routed-channels.ts';
import { channelsFor, type Route } from '../../../../hub/channels/routing.ts';
import type { Notice } from '../../../../hub/notice.ts';
import { notice, noticeAt, noticeFacts } from '../../../support/notices.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const route = (name: string, change: Partial<Route>): Route => ({
  to: ['station'],
  channel: 'webhook',
  channels: [name],
  ...change,
});
/** A city of two stations and two wards. */
const routes: readonly Route[] = [
  route('station-1', { to: ['station', 'neighbourStation'], station: ['station-1'] }),
  route('station-2', { to: ['station', 'neighbourStation'], station: ['station-2'] }),
  route('call-1', { to: ['station'], station: ['station-1'], channel: 'voice' }),
  route('ward-70', { to: ['wardTeam'], ward: ['00070'], channel: 'sms' }),
  route('ward-364', { to: ['wardTeam'], ward: ['00364'], channel: 'sms' }),
  route('lead', { to: ['shiftLead'], channel: 'mail' }),
  route('centre', { to: ['cityCentre'] }),
  route('on-call', { to: ['admin'], channel: 'voice' }),
  route('contacts', { to: ['contacts'], channel: 'voice', channels: ['c-1', 'c-2', 'c-3', 'c-4'] }),
];
const fallback = ['log'];
const at = (step: string, audience: string, change: Partial<Notice> = {}) =>
  notice('n', { step, audience, facts: noticeFacts, ...change });
const otherWard = { ...noticeFacts, ward: { code: '00364' } };
const nowhere = { ...noticeFacts, place: null, ward: null, stations: [] };
const besideStation2 = { ...noticeFacts, stations: [{ id: 'station-2', name: 'Đội 2', meters: 300 }] };

describe('a notice goes', () => {
  test.each<[string, Notice, readonly string[]]>([
    ['to the nearest station at once, by its first channel', at('raised', 'station'), ['station-1']],
    ['to its telephone only after 15 s', at('voice', 'station'), ['station-1', 'call-1']],
    ['to the second nearest as the neighbour', at('shiftLead', 'neighbourStation'), ['station-2']],
    ['to the station of the place', at('raised', 'station', { facts: besideStation2 }), ['station-2']],
    ['to the team of the ward', at('voice', 'wardTeam'), ['ward-70']],
    ['to no other ward', at('voice', 'wardTeam', { facts: otherWard }), ['ward-364']],
    ['to all wards when nobody knows which', at('voice', 'wardTeam', { facts: nowhere }), ['ward-70', 'ward-364']],
    [
      'to all stations when nobody knows where',
      at('raised', 'station', { facts: nowhere }),
      ['station-1', 'station-2'],
    ],
    ['to each contact of the place, once each', at('verify', 'contacts'), ['c-1', 'c-2', 'c-3']],
    [
      'to everyone who works there, and the administrator on call',
      at('everyone', 'everyone'),
      ['station-1', 'station-2', 'call-1', 'ward-70', 'lead', 'centre', 'on-call'],
    ],
    [
      'of the hub itself to those who are of no place',
      notice('n', { step: 'alarmPath', audience: 'everyone' }),
      ['lead', 'centre', 'on-call'],
    ],
    ['nowhere else than the usual way when no route fits', at('raised', 'wardTeam'), ['log']],
    [
      'nowhere when the place has no contacts',
      at('verify', 'contacts', {
        facts: { ...noticeFacts, place: noticeFacts.place && { ...noticeFacts.place, contacts: 0 } },
      }),
      [],
    ],
  ])('%s', (_name, given, channels) => {
    expect(channelsFor(given, routes, fallback)).toEqual(channels);
  });

  test('at the steps that its route names, whatever the channel', () => {
    const early = [route('early', { channel: 'voice', steps: ['raised'] })];
    expect(channelsFor(at('raised', 'station'), early, fallback)).toEqual(['early']);
    expect(channelsFor(at('voice', 'station'), early, fallback)).toEqual(['log']);
  });
});

const settings: RouteSettings = { hasWebhook: true, hasSecret: true, hasMail: true, allow: ['panel.local'] };
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

describe('a table of routes', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['that is a list', [], ['the file: must be object']],
    ['without routes', { routes: [] }, ['routes: must not have fewer than 1 items']],
    [
      'with words that are not ours',
      { routes: [{ to: ['wardteam'], channel: 'mail', addresses: ['a@b.vn'], colour: 1 }] },
      [
        'route 1: must not have additional properties: colour',
        'route 1 to 0: must be equal to one of the allowed values: station,wardTeam,shiftLead,neighbourStation,cityCentre,everyone,contacts,admin',
      ],
    ],
    [
      'with several faults tells all of them',
      {
        hub: 'nhip.example.org',
        routes: [
          { to: ['station'], channel: 'webhook', url: 'http://other.example/' },
          { to: ['station'], channel: 'webhook', url: 'https://a.example/', secrets: ['secret'] },
          { to: ['contacts', 'admin'], channel: 'voice', numbers: ['12 3'] },
          { to: ['shiftLead'], channel: 'mail', numbers: ['0901234567'] },
          { to: ['wardTeam'], channel: 'sms' },
        ],
      },
      [
        'route 1: url must begin with https://, or HUB_WEBHOOK_ALLOW name its host',
        'route 2: a secret is whsec_ and 24 to 64 bytes in base64',
        'route 3: contacts are called by a route of their own',
        'route 3: the numbers of contacts are those of the place',
        'route 3: "12 3" is no number: digits only, with + in front for other countries',
        'route 4: numbers belong to sms and voice',
        'route 4: mail needs addresses',
        'route 5: sms needs numbers',
        'hub must be the address that people reach the hub by, e.g. https://nhip.example.org',
      ],
    ],
  ])('%s', (_name, table, faults) => {
    expect(checkRouteTable(table, settings).faults).toEqual(faults);
  });

  test.each([
    ['webhook', { url: 'https://a.example/' }, 'route 1: webhook needs secrets, or HUB_WEBHOOK_SECRET'],
    ['webhook', {}, 'route 1: webhook needs a url, or HUB_WEBHOOK_URL'],
    ['mail', { addresses: ['a@b.vn'] }, 'route 1: mail needs HUB_SMTP_URL and HUB_MAIL_FROM'],
  ])('a %s of %j rests on a setting', (channel, rest, fault) => {
    const bare = { hasWebhook: false, hasSecret: false, hasMail: false, allow: [] };
    expect(checkRouteTable({ routes: [{ to: ['station'], channel, ...rest }] }, bare).faults).toEqual([fault]);
  });

  test('is read whole, and a file that is none is told without its words', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'routes.json');
    const table = {
      hub: 'https://nhip.example.org/',
      routes: [
        {
          to: ['station'],
          station: ['station-1'],
          channel: 'webhook',
          url: 'http://panel.local/in',
          secrets: [secret],
        },
        { to: ['contacts'], channel: 'voice' },
      ],
    };
    writeFileSync(file, JSON.stringify(table));
    expect(readRouteTable(file, settings)).toEqual(table);
    writeFileSync(file, `{ "secrets": "${secret}`);
    expect(() => readRouteTable(file, settings)).toThrow('cannot be read (it is no JSON)');
    expect(() => readRouteTable(join(folder, 'none.json'), settings)).toThrow('ENOENT');
  });
});

describe('the channels of a table', () => {
  const said: { readonly number: string; readonly key: string }[] = [];
  const parts = {
    webhook: { url: 'https://usual.example/', secrets: [Buffer.alloc(32)], allow: [] },
    mail: undefined,
    phone: {
      send: async ({ number, key }: { readonly number: string; readonly key: string }) => {
        said.push({ number, key });
        return undefined;
      },
      close: () => undefined,
    },
    contacts: (place: string) => (place === 'place-12' ? ['0900 000 012', '+84 90-111.2222', 'không có'] : []),
    now: () => noticeAt,
  };

  test('have names that a restart does not change, one for each receiver', () => {
    const table = {
      routes: [
        { to: ['station' as const], channel: 'webhook' as const },
        { to: ['cityCentre' as const], channel: 'webhook' as const },
        { to: ['wardTeam' as const], channel: 'sms' as const, numbers: ['0901', '0902'], name: 'phuong-hoan-kiem' },
        { to: ['admin' as const], channel: 'voice' as const, numbers: ['0903'] },
      ],
    };
    const names = () => routedChannels(table, parts).channels.map(({ name }) => name);
    expect(names()).toEqual([
      expect.stringMatching(/^webhook-[0-9a-f]{8}$/),
      'phuong-hoan-kiem-1',
      'phuong-hoan-kiem-2',
      expect.stringMatching(/^voice-[0-9a-f]{8}$/),
    ]);
    expect(names()).toEqual(names());
  });

  test('one name for two receivers stops the start', () => {
    const named = (url: string) => ({ to: ['station' as const], channel: 'webhook' as const, name: 'doi-1', url });
    expect(() => routedChannels({ routes: [named('https://a.example/'), named('https://b.example/')] }, parts)).toThrow(
      'the name "doi-1" stands for two receivers',
    );
  });

  test('of contacts look the number up for each attempt, and one that is none is given up', async () => {
    const table = { routes: [{ to: ['contacts' as const], channel: 'voice' as const }] };
    const { channels } = routedChannels(table, parts);
    const given = at('verify', 'contacts');
    await channels[0]?.send(given);
    await channels[1]?.send(given);
    expect(said).toEqual([
      { number: '0900000012', key: 'n/voice-contact-1' },
      { number: '+84901112222', key: 'n/voice-contact-2' },
    ]);
    await expect(channels[2]?.send(given)).rejects.toMatchObject({ isFinal: true });
    await expect(channels[3]?.send(given)).rejects.toMatchObject({ isFinal: true });
    expect(JSON.stringify(given)).not.toMatch(/0900|9011/);
  });
});
