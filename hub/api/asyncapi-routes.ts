/** `/asyncapi.json` and its readable page `/docs/live`. */
import type { Api } from '../domain.ts';
import { asyncApiOf } from './asyncapi.ts';
import { livePageOf } from './live-page.ts';
import type { ApiOptions } from './options.ts';

/** Both are built once: they change with the code only. */
export function asyncApiRoutes(api: Api, options: Pick<ApiOptions, 'version' | 'domains'>): void {
  const document = asyncApiOf(options.domains, options.version);
  const page = livePageOf(options.domains);
  api.get(
    '/asyncapi.json',
    {
      config: { action: 'anonymous' },
      schema: { tags: ['documents'], summary: 'AsyncAPI 3.0: what devices say over MQTT and what apps hear live' },
    },
    async () => document,
  );
  api.get('/docs/live', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
}
