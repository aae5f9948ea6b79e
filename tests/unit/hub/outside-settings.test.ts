/** Settings of what the hub tells outside: a half-set way out stops the start, with words. */
import { expect, test } from 'vitest';
import { readConfig } from '../../../hub/config.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

test.each([
  [{ HUB_WEBHOOK_URL: 'https://example.org/in' }, 'HUB_WEBHOOK_SECRET is needed'],
  [{ HUB_WEBHOOK_URL: 'https://example.org/in', HUB_WEBHOOK_SECRET: 'secret' }, 'HUB_WEBHOOK_SECRET is needed'],
  [{ HUB_WEBHOOK_URL: 'https://example.org/in', HUB_WEBHOOK_SECRET: `${secret},x` }, 'HUB_WEBHOOK_SECRET is needed'],
  [{ HUB_WEBHOOK_URL: 'http://example.org/in', HUB_WEBHOOK_SECRET: secret }, 'HUB_WEBHOOK_URL must begin with https'],
  [{ HUB_SMTP_URL: 'smtp://localhost' }, 'HUB_MAIL_TO and HUB_MAIL_FROM are needed'],
  [{ HUB_SMTP_URL: 'smtp://localhost', HUB_MAIL_FROM: 'a@b.vn', HUB_MAIL_TO: 'nobody' }, '"nobody" in HUB_MAIL_TO'],
  [{ HUB_SMTP_URL: 'http://localhost' }, 'HUB_SMTP_URL'],
])('%j stops the start', (environment, words) => {
  expect(() => readConfig(environment)).toThrow(words);
});

test('what is set whole is taken', () => {
  const config = readConfig({
    HUB_WEBHOOK_URL: 'http://panel.local/in',
    HUB_WEBHOOK_SECRET: `${secret} ${secret}`,
    HUB_WEBHOOK_ALLOW: 'panel.local',
    HUB_SMTP_URL: 'smtps://mail.example.org',
    HUB_MAIL_FROM: 'nhip@example.org',
    HUB_MAIL_TO: 'truc@example.org, ca@example.org',
  });
  expect(config.webhook?.secrets).toHaveLength(2);
  expect(config.mail).toEqual({
    url: 'smtps://mail.example.org',
    from: 'nhip@example.org',
    to: ['truc@example.org', 'ca@example.org'],
  });
});
