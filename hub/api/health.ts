/** Probes and metrics: is the process alive, can it do its work, and how much of it does it do. */
import { Type } from 'typebox';
import type { Api } from '../domain.ts';
import type { ApiOptions } from './options.ts';

const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('notReady')]),
  at: Type.String({ format: 'date-time' }),
  components: Type.Record(
    Type.String(),
    Type.Object({
      ok: Type.Boolean(),
      reason: Type.Optional(Type.String({ description: 'what is wrong' })),
      ageSeconds: Type.Optional(Type.Number({ description: 'age of its newest sign of life' })),
    }),
  ),
});

/** `/healthz/live`, `/healthz/ready` and `/metrics`. */
export function healthRoutes(api: Api, options: Pick<ApiOptions, 'health' | 'metrics' | 'now' | 'version'>): void {
  api.get(
    '/healthz/live',
    {
      // An outage of a store must not restart the hub: this asks nothing but the event loop.
      config: { action: 'anonymous', isUnlimited: true },
      schema: {
        tags: ['health'],
        summary: 'The process answers',
        response: { 200: Type.Object({ status: Type.Literal('live'), version: Type.String() }) },
      },
    },
    async () => ({ status: 'live' as const, version: options.version }),
  );
  api.get(
    '/healthz/ready',
    {
      config: { action: 'anonymous', isUnlimited: true },
      schema: {
        tags: ['health'],
        summary: 'Every part can do its work; else 503 and the reasons',
        response: { 200: HealthSchema, 503: HealthSchema },
      },
    },
    async (_request, reply) => {
      const components = options.health();
      const isReady = Object.values(components).every((component) => component.ok);
      const status = isReady ? ('ready' as const) : ('notReady' as const);
      return reply.code(isReady ? 200 : 503).send({ status, at: new Date(options.now()).toISOString(), components });
    },
  );
  api.get(
    '/metrics',
    {
      config: { action: 'anonymous', isUnlimited: true },
      schema: {
        tags: ['health'],
        summary: 'Prometheus metrics',
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => {
      const text = await options.metrics.text();
      return reply.type(options.metrics.contentType).send(text);
    },
  );
}
