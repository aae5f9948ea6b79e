/** What was told to whom, and sending it again. */
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import { pageByNumber, pageOf, pageQuery } from '../page.ts';
import { type DeliveryStore, deliveryStates, type KeptNotice, outcomes } from './delivery-store.ts';
import { NoticeBodySchema, noticeBody } from './notice-body.ts';

const Time = Type.String({ format: 'date-time' });
const orNull = <T extends typeof Time>(schema: T) => Type.Union([schema, Type.Null()]);
const NoticeAnswer = Type.Object({
  ...NoticeBodySchema.properties,
  deliveries: Type.Array(
    Type.Object({
      channel: Type.String(),
      state: Type.Enum([...deliveryStates]),
      attempts: Type.Integer(),
      lastError: Type.Union([Type.String(), Type.Null()]),
      nextAt: orNull(Time),
      changedAt: Time,
      resentBy: Type.Union([Type.String(), Type.Null()]),
      log: Type.Array(
        Type.Object({
          at: Time,
          outcome: Type.Enum([...outcomes]),
          reason: Type.Union([Type.String(), Type.Null()], { description: 'why not, or who sent it again' }),
        }),
        { description: 'each attempt, resending and later word of the receiver, oldest first' },
      ),
      reachedAt: Type.Union([Time, Type.Null()], {
        description: 'when a telephone had it or somebody picked up, where the provider reports that',
      }),
    }),
  ),
});
const Query = Type.Object({
  incident: Type.Optional(Type.String({ maxLength: 64 })),
  ...pageQuery(),
});

type Kit = {
  readonly store: Pick<DeliveryStore, 'list' | 'notice'>;
  /** The address people reach the hub by, for links. */
  readonly hub: string | undefined;
  /** False when there is no such notice. */
  resend(id: string, by: string): boolean;
};

/** Registers both routes. */
export function registerNoticeRoutes(api: Api, { store, hub, resend }: Kit): void {
  api.get(
    '/api/v1/notices',
    {
      config: { action: 'fire.read' },
      schema: {
        tags: ['fire'],
        summary: 'What was told to whom by which channel, newest first',
        querystring: Query,
        response: { 200: pageOf(NoticeAnswer) },
      },
    },
    async ({ query: { incident, ...page } }) => {
      const kept = await pageByNumber(
        page,
        (part) => store.list({ ...(incident === undefined ? {} : { incident }), ...part }),
        (notice) => notice.number,
      );
      return { items: kept.items.map((one) => answerOf(one, hub)), next: kept.next };
    },
  );
  api.post(
    '/api/v1/notices/:id/resend',
    {
      config: { action: 'fire.act' },
      schema: {
        tags: ['fire'],
        summary: 'Sends a notice again on every channel that may have it',
        description: 'With the same `webhook-id`: a receiver that had it knows it.',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        response: { 202: NoticeAnswer },
      },
    },
    async ({ params, principal }, reply) => {
      const known = store.notice(params.id);
      if (known === undefined) throw new HubError('notFound', 'There is no notice with this id.');
      if (!resend(params.id, principal.name)) {
        throw new HubError('conflict', 'This notice is of an exercise or test; no channel may have it.');
      }
      return reply.code(202).send(answerOf(store.notice(params.id) ?? known, hub));
    },
  );
}

function answerOf({ notice, deliveries }: KeptNotice, hub: string | undefined) {
  return {
    ...noticeBody(notice, hub),
    deliveries: deliveries.map(
      ({ lastError, nextAt, changedAt, resentBy, reference: _own, reachedAt, log, ...rest }) => ({
        ...rest,
        lastError: lastError ?? null,
        nextAt: nextAt === undefined ? null : iso(nextAt),
        changedAt: iso(changedAt),
        resentBy: resentBy ?? null,
        reachedAt: reachedAt === undefined ? null : iso(reachedAt),
        log: log.map(({ at, outcome, reason }) => ({ at: iso(at), outcome, reason: reason ?? null })),
      }),
    ),
  };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
