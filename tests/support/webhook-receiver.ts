/** A receiver of webhooks on a free port of this machine, that can be slow and can fail. */
import { createServer } from 'node:http';
import { freePort } from './mqtt.ts';

/** One request that came in. */
export type ReceivedWebhook = {
  readonly id: string;
  readonly path: string;
  readonly body: string;
  readonly at: number;
  readonly status: number;
};

export type WebhookReceiver = {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  close(): Promise<void>;
};

/** `answer` decides on each request: the status, and how long it keeps the hub waiting. */
export async function startWebhookReceiver(
  answer: (id: string, earlier: number) => { readonly status: number; readonly afterMs?: number } = () => ({
    status: 204,
  }),
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      const { status, afterMs = 0 } = answer(id, received.filter((one) => one.id === id).length);
      const body = Buffer.concat(chunks).toString();
      received.push({ id, path: request.url ?? '', body, at: Date.now(), status });
      setTimeout(() => response.writeHead(status).end(), afterMs);
    });
    request.on('error', () => undefined);
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
