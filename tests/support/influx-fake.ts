/** A scripted InfluxDB 2: keeps the lines that it took, and answers as the test tells it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake says to one write; `undefined` takes the lines (204). */
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object };

export type InfluxFake = {
  readonly url: string;
  readonly token: string;
  /** Lines in the order in which they were taken. */
  readonly lines: string[];
  /** Every write that arrived: when, and how many lines. */
  readonly writes: { readonly at: number; readonly lines: number }[];
  /** Decides on each write; may take its time. */
  respond: (lines: readonly string[], write: number) => Answer | undefined | Promise<Answer | undefined>;
  /** Stops listening, as a server that is down; `start` brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** Starts it on a free port, taking everything. */
export async function startInfluxFake(): Promise<InfluxFake> {
  const token = 'fake-token';
  let port = 0;
  let server: Server | undefined;
  const lines: string[] = [];
  const writes: { at: number; lines: number }[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname !== '/api/v2/write') return reply(response, { status: 404, body: { message: 'no such path' } });
    if (request.headers.authorization !== `Token ${token}`) {
      return reply(response, { status: 401, body: { code: 'unauthorized', message: 'unauthorized access' } });
    }
    const got = text.split('\n');
    writes.push({ at: performance.now(), lines: got.length });
    const answer = await fake.respond(got, writes.length);
    if (answer === undefined) lines.push(...got);
    reply(response, answer ?? { status: 204 });
  }

  const fake: InfluxFake = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    token,
    lines,
    writes,
    respond: () => undefined,
    async start() {
      const started = createServer((request, response) => {
        handle(request, response).catch((cause: unknown) =>
          reply(response, { status: 500, body: { message: String(cause) } }),
        );
      });
      await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve));
      port = addressOf(started).port;
      server = started;
    },
    async stop() {
      const stopped = server;
      server = undefined;
      stopped?.closeAllConnections();
      await new Promise((resolve) => (stopped === undefined ? resolve(undefined) : stopped.close(resolve)));
    },
  };
  await fake.start();
  return fake;
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake has no port');
  return address;
}
