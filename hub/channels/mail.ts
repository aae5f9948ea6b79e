/** Notices as mail, by nodemailer: SMTP, its TLS, log-in and encodings are no business of this hub. */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Notice } from '../notice.ts';
import { type Channel, ChannelError } from './channel.ts';
import { noticeBody } from './notice-body.ts';

export type MailOptions = {
  /** `mail` by default. */
  readonly name?: string;
  /** The address people reach the hub by; links stand in the mail only with it. */
  readonly hub?: string;
  /** `smtp://user:password@host:587` (STARTTLS when there is a password) or `smtps://…:465`. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
};

const stepMs = 5_000;
const maxSubject = 150;

/** A channel that mails each notice to all recipients. */
export function mailChannel({ name = 'mail', hub, url, from, to }: MailOptions): Channel {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === 'smtps:';
  const hasLogin = username !== '';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 465 : 587),
    secure: isSecure,
    // A password never goes over the wire in the clear, whatever the server offers.
    requireTLS: hasLogin && !isSecure,
    ...(hasLogin ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: 2 * stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name,
    receiver: createHash('sha256')
      .update([hostname, ...to].join('\n'))
      .digest('hex')
      .slice(0, 16),
    isExternal: true,
    async send(notice) {
      try {
        const { rejected } = await transport.sendMail({ from, to: [...to], ...messageOf(notice, hub) });
        // The others have it: sending to all again would teach them to look away.
        if (rejected.length > 0) {
          throw new ChannelError(`${rejected.length} of ${to.length} recipients were refused`, { isFinal: true });
        }
        return undefined;
      } catch (cause) {
        throw cause instanceof ChannelError ? cause : new ChannelError(`the mail was not taken (${reasonOf(cause)})`);
      }
    },
    close: () => transport.close(),
  };
}

function messageOf(notice: Notice, hub: string | undefined) {
  const { id, incident, step, audience, text, at } = notice;
  return {
    // The same notice sent twice is one message to a mail program.
    messageId: `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@nhip>`,
    subject: text.vi.replace(/\s+/g, ' ').slice(0, maxSubject),
    text: [
      ...[text.vi, text.en, '', ...factLines(notice, hub)],
      ...[`${new Date(at).toISOString()} · ${incident} · ${step} → ${audience}`, ''],
    ].join('\n'),
    priority: 'high',
    headers: { 'auto-submitted': 'auto-generated' },
  } as const;
}

/** Where and how sure, in lines; a link opens the screen. */
function factLines(notice: Notice, hub: string | undefined): string[] {
  const { place, ward, stations = [], priority, evidence, links } = noticeBody(notice, hub);
  if (links === undefined) return [];
  return [
    ...(place == null
      ? []
      : [`${[place.address, ward?.name].filter(Boolean).join(', ')} (${place.lat}, ${place.lon})`]),
    `P${priority} · ${evidence}`,
    ...(stations.length === 0 ? [] : [stations.map(({ name, meters }) => `${name} ${meters} m`).join(' · ')]),
    ...(hub === undefined ? [] : [links.screen]),
    '',
  ];
}

/** The server's word in one line; nodemailer's own messages hold no credentials, but a server may repeat a recipient. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const status = 'responseCode' in cause && typeof cause.responseCode === 'number' ? cause.responseCode : undefined;
  return [code, status].filter((part) => part !== undefined).join(' ') || cause.name;
}
