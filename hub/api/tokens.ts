/** Tokens over REST: list, make, revoke. For administrators. */
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import { roles } from '../access/policy.ts';
import type { TokenInfo } from '../access/tokens.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import { pageByKey, pageOf, pageQuery } from '../page.ts';
import type { TokenAdmin } from './options.ts';

/** What people call a thing: no control characters, so that it cannot forge a line of a log. */
export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\p{Cc}]+$' });
const IsoTime = Type.String({ format: 'date-time' });
const RoleSchema = Type.Enum([...roles]);

const TokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  roles: Type.Array(RoleSchema),
  createdAt: IsoTime,
  expiresAt: Type.Union([IsoTime, Type.Null()]),
});
const NewTokenSchema = Type.Object(
  {
    name: Name,
    roles: Type.Array(RoleSchema, { minItems: 1, maxItems: roles.length, uniqueItems: true }),
    expiresAt: Type.Optional(IsoTime),
  },
  { additionalProperties: false },
);

/** `/api/v1/tokens`. */
export function tokenRoutes(api: Api, options: { readonly tokens: TokenAdmin; now(): Millis }): void {
  api.get(
    '/api/v1/tokens',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Tokens, without their secrets',
        querystring: Type.Object(pageQuery()),
        response: { 200: pageOf(TokenSchema) },
      },
    },
    async ({ query }) => {
      const records = [...options.tokens.list()].sort((a, b) => (a.id < b.id ? -1 : 1));
      const page = pageByKey(records, (record) => record.id, query);
      return { items: page.items.map(tokenView), next: page.next };
    },
  );
  api.post(
    '/api/v1/tokens',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Makes a token; its secret is in this answer and nowhere else',
        body: NewTokenSchema,
        response: { 201: Type.Intersect([TokenSchema, Type.Object({ token: Type.String() })]) },
      },
    },
    async ({ body }, reply) => {
      const expiresAt = body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt);
      if (expiresAt !== undefined && expiresAt <= options.now()) {
        throw new HubError('unprocessable', 'expiresAt must be in the future');
      }
      const { id, token } = options.tokens.create({
        name: body.name,
        roles: body.roles,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      const record = options.tokens.list().find((candidate) => candidate.id === id);
      if (record === undefined) throw new Error('the token that was just made is not in the list');
      return reply.code(201).send({ ...tokenView(record), token });
    },
  );
  api.delete(
    '/api/v1/tokens/:id',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Revokes a token and closes its live connections',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params }, reply) => {
      if (!options.tokens.revoke(params.id)) {
        throw new HubError('notFound', `there is no token "${params.id}"; the list is at /api/v1/tokens`);
      }
      return reply.code(204).send(null);
    },
  );
}

function tokenView(record: TokenInfo) {
  return {
    id: record.id,
    name: record.name,
    roles: [...record.roles],
    createdAt: new Date(record.createdAt).toISOString(),
    expiresAt: record.expiresAt === undefined ? null : new Date(record.expiresAt).toISOString(),
  };
}
