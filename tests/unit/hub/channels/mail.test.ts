/** Mail against a small server of our own that speaks just enough SMTP. */
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { mailChannel } from '../../../../hub/channels/mail.ts';
import { notice, noticeFacts } from '../../../support/notices.ts';

type Fake = { readonly url: string; readonly lines: string[]; readonly server: Server };
let fake: Fake | undefined;
afterEach(() => void fake?.server.close());

type Word = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'RCPT TO:<ca@' | 'DATA' | '.' | 'STARTTLS';

/** A server that answers each command and keeps every line. `says`: what it answers instead of yes; nothing when empty. */
async function openServer(says: Readonly<Partial<Record<Word, string>>> = {}): Promise<Fake> {
  const lines: string[] = [];
  const words: readonly Word[] = ['EHLO', 'MAIL', 'RCPT TO:<ca@', 'RCPT', 'DATA', 'STARTTLS', '.'];
  const server = createServer((socket) => {
    let isData = false;
    let rest = '';
    const answer = (text: string): void => void (text !== '' && socket.write(`${text}\r\n`));
    answer(says.greeting ?? '220 test');
    socket.on('data', (chunk) => {
      const parts = `${rest}${chunk.toString()}`.split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (isData && line !== '.') continue;
        if (line === 'DATA') isData = true;
        else if (line === '.') isData = false;
        const word = words.find((one) => line.startsWith(one) && says[one] !== undefined);
        if (line.startsWith('STARTTLS') && says.STARTTLS?.startsWith('220'))
          socket.once('data', () => socket.end('what?\r\n'));
        answer((word && says[word]) ?? (line === 'DATA' ? '354 go' : '250 ok'));
        if (line === 'QUIT') socket.end();
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, lines, server };
}

const people = { from: 'nhip@example.org', to: ['truc@example.org', 'ca@example.org'] };

test('a notice is one mail to all, in Vietnamese and English', async () => {
  fake = await openServer();
  const channel = mailChannel({ url: fake.url, ...people });
  await channel.send(notice('n1', { text: { vi: 'Báo cháy\r\nBcc: evil@example.org', en: 'Fire alarm' } }));
  const text = fake.lines.join('\n');
  expect(text).toContain('MAIL FROM:<nhip@example.org>');
  expect(fake.lines.filter((line) => line.startsWith('RCPT TO:'))).toEqual([
    'RCPT TO:<truc@example.org>',
    'RCPT TO:<ca@example.org>',
  ]);
  expect(text).toMatch(/^Message-ID: <[0-9a-f]{32}@nhip>$/im);
  expect(text).toMatch(/^Subject: =\?UTF-8\?/im);
  // The subject has one line: words of an address cannot add a header.
  expect(text.split('\n\n')[0]).not.toMatch(/^Bcc:/im);
  channel.close();
});

test('a refusal is told without the words of the server', async () => {
  fake = await openServer({ RCPT: '550 no such user <truc@example.org>' });
  const channel = mailChannel({ url: fake.url, ...people });
  await expect(channel.send(notice('n2'))).rejects.toThrow('the mail was not taken (EENVELOPE 550)');
  channel.close();
});

test.each<[string, Readonly<Partial<Record<Word, string>>>, string]>([
  ['is busy at the door', { greeting: '421 too busy' }, 'EPROTOCOL 421'],
  ['puts the sender off (greylisting)', { MAIL: '451 come back later' }, 'EENVELOPE 451'],
  ['has a full disk', { MAIL: '452 no space' }, 'EENVELOPE 452'],
  ['refuses the sender', { MAIL: '553 not allowed' }, 'EENVELOPE 553'],
  ['refuses all recipients', { RCPT: '550 no such user' }, 'EENVELOPE 550'],
  ['refuses the message after it was sent', { '.': '554 looks like spam' }, 'EMESSAGE 554'],
  ['puts off the message after it was sent', { '.': '451 try later' }, 'EMESSAGE 451'],
])('a server that %s: the mail waits for the next attempt', async (_name, says, reason) => {
  fake = await openServer(says);
  const channel = mailChannel({ url: fake.url, ...people });
  await expect(channel.send(notice('n4'))).rejects.toMatchObject({
    name: 'ChannelError',
    message: `the mail was not taken (${reason})`,
    isGone: false,
  });
  channel.close();
});

test('a recipient that is refused does not keep the others from their mail, and they get it once', async () => {
  fake = await openServer({ 'RCPT TO:<ca@': '550 no such user' });
  const channel = mailChannel({ url: fake.url, ...people });
  await expect(channel.send(notice('n5'))).rejects.toMatchObject({
    message: '1 of 2 recipients were refused',
    isFinal: true,
  });
  expect(fake.lines.filter((line) => line === '.')).toHaveLength(1);
  channel.close();
});

test.each([
  ['does not offer TLS', { EHLO: '250 plain only', STARTTLS: '502 not here' }],
  ['offers TLS and then refuses it', { EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '454 not now' }],
  ['offers TLS and then speaks none', { EHLO: '250-test\r\n250 STARTTLS', STARTTLS: '220 go ahead' }],
])('a server that %s gets no password and no mail', async (_name, says) => {
  fake = await openServer(says);
  const channel = mailChannel({ url: fake.url.replace('smtp://', 'smtp://user:hush@'), ...people });
  await expect(channel.send(notice('n6'))).rejects.toThrow('the mail was not taken');
  expect(fake.lines.join('\n')).not.toMatch(/AUTH|hush|aHVzaA|MAIL FROM/);
  channel.close();
});

test('a server without TLS behind smtps:// is refused', async () => {
  fake = await openServer();
  const channel = mailChannel({ url: fake.url.replace('smtp://', 'smtps://'), ...people });
  await expect(channel.send(notice('n7'))).rejects.toThrow('the mail was not taken');
  expect(fake.lines.join('\n')).not.toContain('MAIL FROM');
  channel.close();
});

test('a server that nobody listens at is told', async () => {
  const channel = mailChannel({ url: 'smtp://127.0.0.1:1', ...people });
  await expect(channel.send(notice('n8'))).rejects.toThrow('the mail was not taken (ESOCKET)');
  channel.close();
});

test('a mail says where it is and how sure, with a link when the hub’s address is known', async () => {
  fake = await openServer();
  const channel = mailChannel({ url: fake.url, hub: 'https://nhip.example.org', ...people });
  await channel.send(notice('n9', { facts: noticeFacts }));
  // Quoted-printable: read as a mail program does.
  const text = Buffer.from(
    fake.lines
      .join('\n')
      .replace(/=\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
  expect(text).toContain('12 ngõ 34 Hàng Bạc, Hoàn Kiếm (21.0345, 105.8525)');
  expect(text).toContain('P2 · unverified');
  expect(text).toContain('Đội Hoàn Kiếm 770 m · Đội Ba Đình 2100 m');
  expect(text).toContain('https://nhip.example.org/fire/019a0000-0000-7000-8000-000000000001');
  channel.close();
});

test('a password never goes over an open line', async () => {
  fake = await openServer({ STARTTLS: '502 not here' });
  const channel = mailChannel({ url: fake.url.replace('smtp://', 'smtp://user:hush@'), ...people });
  await expect(channel.send(notice('n3'))).rejects.toThrow('the mail was not taken');
  expect(fake.lines.join('\n')).not.toMatch(/AUTH|hush|aHVzaA/);
  channel.close();
});
