/** Mail against a small server of our own that speaks just enough SMTP. */
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { mailChannel } from '../../../../hub/channels/mail.ts';
import { notice } from '../../../support/notices.ts';

type Fake = { readonly url: string; readonly lines: string[]; readonly server: Server };
let fake: Fake | undefined;
afterEach(() => void fake?.server.close());

/** A server that answers each command and keeps every line. `refuse`: what it says to RCPT. */
async function openServer(options: { readonly refuse?: string } = {}): Promise<Fake> {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let isData = false;
    let rest = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const parts = `${rest}${chunk.toString()}`.split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (isData && line !== '.') continue;
        if (line === 'DATA') isData = true;
        else if (line === '.') isData = false;
        socket.write(
          `${line === 'DATA' ? '354 go' : line.startsWith('RCPT') ? (options.refuse ?? '250 ok') : '250 ok'}\r\n`,
        );
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
  fake = await openServer({ refuse: '550 no such user <truc@example.org>' });
  const channel = mailChannel({ url: fake.url, ...people });
  await expect(channel.send(notice('n2'))).rejects.toThrow('the mail was not taken (EENVELOPE 550)');
  channel.close();
});

test('a password never goes over an open line', async () => {
  fake = await openServer();
  const channel = mailChannel({ url: fake.url.replace('smtp://', 'smtp://user:hush@'), ...people });
  await expect(channel.send(notice('n3'))).rejects.toThrow('the mail was not taken');
  expect(fake.lines.join('\n')).not.toMatch(/AUTH|hush|aHVzaA/);
  channel.close();
});
