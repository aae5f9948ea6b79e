/** Who am I, and what may I do. */
import { Type } from 'typebox';
import { actions, may, roles } from '../access/policy.ts';
import type { Api } from '../domain.ts';

const MeSchema = Type.Object({
  kind: Type.Union([Type.Literal('token'), Type.Literal('anonymous'), Type.Literal('system')]),
  id: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.Enum([...roles])),
  actions: Type.Array(Type.String({ description: 'what this caller may do' })),
});

/** `/api/v1/me`. */
export function meRoutes(api: Api): void {
  api.get(
    '/api/v1/me',
    {
      config: { action: 'anonymous' },
      schema: { tags: ['access'], summary: 'Who the token belongs to and what it may do', response: { 200: MeSchema } },
    },
    async ({ principal }) => ({
      kind: principal.kind,
      id: principal.id,
      name: principal.name,
      roles: [...principal.roles],
      actions: actions.filter((action) => may(principal, action)),
    }),
  );
}
