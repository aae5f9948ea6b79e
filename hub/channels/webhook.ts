/** Notices as signed HTTP requests (Standard Webhooks). No redirects, no waiting, no way into the hub's own network. */
import { createHash } from 'node:crypto';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Millis } from '../../devices/wire.ts';
import { checkedAddress, type Resolve, resolveBySystem } from './address-guard.ts';
import { type Channel, ChannelError } from './channel.ts';
import { noticeBody } from './notice-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { signedHeaders } from './signature.ts';

export type WebhookOptions = {
  /** `webhook` by default. */
  readonly name?: string;
  /** The address people reach the hub by, for the links. */
  readonly hub?: string;
  readonly url: string;
  /** One secret, or two while it is being changed. */
  readonly secrets: readonly Uint8Array[];
  /** Hosts that may be internal or without TLS. */
  readonly allow: readonly string[];
  now(): Millis;
  readonly resolve?: Resolve;
  /** Name, connection, TLS and answer together; 5 s. */
  readonly timeoutMs?: Millis;
};

const defaultTimeoutMs: Millis = 5_000;
/** Only the status counts; a receiver that talks on is cut. */
const maxAnswerBytes = 16 * 1024;

/** A channel that posts each notice to one address. */
export function webhookChannel(options: WebhookOptions): Channel {
  const url = new URL(options.url);
  const isAllowed = options.allow.includes(url.hostname);
  const aborts = new AbortController();
  return {
    name: options.name ?? 'webhook',
    receiver: createHash('sha256').update(options.url).digest('hex').slice(0, 16),
    isExternal: true,
    async send(notice) {
      if (url.protocol !== 'https:' && !isAllowed)
        throw new ChannelError('the address of the webhook must begin with https');
      const signal = AbortSignal.any([aborts.signal, AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs)]);
      const { address, family } = await within(
        signal,
        checkedAddress(url.hostname, isAllowed, options.resolve ?? resolveBySystem),
      );
      const data = noticeBody(notice, options.hub);
      const body = JSON.stringify({ type: 'incident.notice', timestamp: data.at, data });
      const answer = await post(url, body, {
        signal,
        headers: {
          host: url.host,
          'content-type': 'application/json; charset=utf-8',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'nhip',
          ...authorization(url),
          ...signedHeaders(options.secrets, {
            id: notice.id,
            timestampSeconds: Math.floor(options.now() / 1_000),
            body,
          }),
        },
        // The checked address itself, never its name again: a second answer of the name server could lead inside.
        host: address,
        family,
        servername: isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? url.hostname : '',
      });
      judge(answer, options.now());
      return undefined;
    },
    close: () => aborts.abort(),
  };
}

type Answer = { readonly status: number; readonly retryAfter: string | undefined };

function post(url: URL, body: string, options: RequestOptions & { readonly servername: string }): Promise<Answer> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const target = {
      ...options,
      method: 'POST',
      port: url.port || (isSecure ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      // A connection of its own: a kept one would go past the check.
      agent: false,
    };
    const take = (response: IncomingMessage): void => {
      const answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) response.destroy();
      });
      response.on('close', () => resolve(answer));
      response.on('error', () => resolve(answer));
    };
    const request = isSecure ? requestHttps(target, take) : requestHttp(target, take);
    request.on('error', (error) => reject(new ChannelError(sentenceOf(error))));
    request.end(body);
  });
}

function judge({ status, retryAfter }: Answer, at: Millis): void {
  if (status >= 200 && status < 300) return;
  if (status === 410) throw new ChannelError('the receiver answered 410: it wants no more notices', { isGone: true });
  if (status >= 300 && status < 400) {
    throw new ChannelError(`the receiver answered ${status}: redirects are not followed, set its final address`);
  }
  throw new ChannelError(`the receiver answered ${status}`, { retryAfterMs: retryAfterMs(retryAfter, at) });
}

/** `https://user:password@host/`: the credentials go into a header, as a browser sends them. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new ChannelError('the name of the receiver was not resolved in time')),
      {
        once: true,
      },
    );
  });
  return Promise.race([work, ended]);
}

function sentenceOf(error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'the receiver did not answer in time';
  const code = 'code' in error ? String(error.code) : error.message;
  return code === 'ABORT_ERR' ? 'the receiver did not answer in time' : `the receiver could not be reached (${code})`;
}
