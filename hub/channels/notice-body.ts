/** A notice as receivers and readers of the API get it: times as ISO 8601, and where to look further. Pure. */
import { type Static, Type } from 'typebox';
import { type Notice, NoticeFactsSchema, NoticeSchema } from '../notice.ts';

const Time = Type.String({ format: 'date-time' });
const { at: _at, facts: _facts, ...plain } = NoticeSchema.properties;
const { raisedAt: _raisedAt, ...facts } = NoticeFactsSchema.properties;

const LinksSchema = Type.Object(
  {
    screen: Type.String({ description: "the incident on the dispatcher's screen" }),
    incident: Type.String({ description: 'GET: as it stands now' }),
    acknowledge: Type.String({ description: 'POST `{}`: somebody has it; ends the calls for an answer' }),
    report: Type.String({ description: 'the full time line, to print' }),
  },
  { description: 'paths below the hub, or whole addresses when the routes file names the hub' },
);

/** One notice. What follows `at` is absent when the notice is about the hub itself. */
export const NoticeBodySchema = Type.Object({
  ...plain,
  at: Time,
  ...Type.Partial(Type.Object({ ...facts, raisedAt: Time, links: LinksSchema })).properties,
});
export type NoticeBody = Static<typeof NoticeBodySchema>;

/** What a webhook gets: Standard Webhooks' envelope. */
export const WebhookBodySchema = Type.Object({
  type: Type.Literal('incident.notice'),
  timestamp: Time,
  data: NoticeBodySchema,
});

/** The webhook as OpenAPI documents it. */
export const noticeWebhook = {
  'incident.notice': {
    post: {
      tags: ['fire'],
      summary: 'A notice of an incident, to HUB_WEBHOOK_URL and the routes of HUB_NOTICE_ROUTES',
      description: [
        'Signed by Standard Webhooks; `webhook-id` stays the same when a notice is tried again. Tried for about 16 hours;',
        '`Retry-After` is kept up to an hour, `410` switches the receiver off, redirects are not followed.',
      ].join('\n'),
      parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
        ...{ name, in: 'header', required: true, schema: { type: 'string' } },
      })),
      requestBody: { required: true, content: { 'application/json': { schema: WebhookBodySchema } } },
      responses: { '2XX': { description: 'Taken' }, 410: { description: 'No more notices, ever' } },
    },
  },
};

/** `hub`: the address people reach the hub by, without a slash at its end; empty when nobody has said. */
export function noticeBody({ facts: known, at, ...notice }: Notice, hub = ''): NoticeBody {
  if (known === undefined) return { ...notice, at: iso(at) };
  const { raisedAt, ...rest } = known;
  return { ...notice, at: iso(at), ...rest, raisedAt: iso(raisedAt), links: linksOf(notice.incident, hub) };
}

function linksOf(incident: string, hub: string): Static<typeof LinksSchema> {
  const api = `${hub}/api/v1/incidents/${incident}`;
  return {
    screen: `${hub}/fire/${incident}`,
    incident: api,
    acknowledge: `${api}/acknowledge`,
    report: `${api}/report.html`,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
