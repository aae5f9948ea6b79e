/** The REST documents: OpenAPI 3.1 from the routes' own schemas, and a page to read and try it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { anonymous, may } from '../access/policy.ts';
import type { ApiOptions, MountedDomain } from './options.ts';
import { ProblemSchema } from './problem.ts';

const tagNames: Readonly<Record<string, string>> = {
  access: 'Who asks: tokens, the first start',
  places: 'House-number IDs and wards',
  history: 'Measurements over time',
  devices: 'Devices and their health',
  health: 'Probes and metrics',
  documents: 'What can be asked, said and heard',
};

/** Adds `/openapi.json` and `/docs`; call before the routes that it describes. */
export async function addOpenApi(
  app: FastifyInstance,
  options: Pick<ApiOptions, 'version' | 'domains' | 'webhooks'>,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Nhịp',
        version: options.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        description: [
          "A city's telemetry hub: fire alarms, buses and car parks. Times are ISO 8601, pages are `{ items, next }`,",
          'errors are problem documents (RFC 9457). Live data is described in `/asyncapi.json` and at `/docs/live`.',
        ].join('\n'),
      },
      webhooks: { ...options.webhooks },
      // Relative: the hub does not know the name that a reverse proxy gives it.
      servers: [{ url: '/' }],
      tags: [
        ...options.domains.map((domain) => ({
          name: tagOf(domain),
          description: `${domain.title.en} · ${domain.title.vi}`,
        })),
        ...Object.entries(tagNames).map(([name, description]) => ({ name, description })),
      ],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'npx nhip token create --role …' } },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => idOf(json) ?? `schema-${index}` },
    transform: ({ schema, url, route }) => ({ schema: describe(schema, route), url }),
  });
  app.addSchema(ProblemSchema);
  app.get(
    '/openapi.json',
    { config: { action: 'anonymous' }, schema: { tags: ['documents'], summary: 'This document' } },
    async () => app.swagger(),
  );
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'none', persistAuthorization: false, validatorUrl: null },
    theme: { title: 'Nhịp API' },
  });
}

/** A domain's routes and its live channel go by one name: `transit` for the buses. */
function tagOf({ name, live }: MountedDomain): string {
  return live?.namespace.slice(1) ?? name;
}

function idOf(json: object): string | undefined {
  const id = '$id' in json ? json.$id : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** What a route's schema does not say itself: its errors, who may call it, and a tag. */
function describe(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  const action = route.config?.action;
  if (schema?.hide === true || action === undefined) return { ...schema, hide: true };
  const isOpen = may(anonymous, action);
  const tag = /^\/api\/v1\/([a-z]+)/.exec(route.url)?.[1] ?? 'documents';
  return {
    tags: [tag],
    ...schema,
    description: [schema?.description, isOpen ? undefined : `Needs \`${action}\`.`].filter(Boolean).join('\n\n'),
    security: isOpen ? [{}, { token: [] }] : [{ token: [] }],
    response: { ...responsesOf(schema), ...errorsOf(schema, isOpen) },
  };
}

function responsesOf(schema: FastifySchema | undefined): Readonly<Record<string, unknown>> {
  const given = schema?.response;
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) {
    return { 200: { description: 'OK', content: { 'application/json': { schema: {} } } } };
  }
  return { ...given };
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
});

function errorsOf(schema: FastifySchema | undefined, isOpen: boolean): Readonly<Record<string, unknown>> {
  const takesInput = Boolean(schema?.body ?? schema?.querystring ?? schema?.params);
  return {
    ...(takesInput ? { 400: problem('A field is wrong; which one is named') } : {}),
    401: problem(isOpen ? 'The token given is not known' : 'A token is needed'),
    ...(isOpen ? {} : { 403: problem('The token may not do this') }),
    ...(schema?.params ? { 404: problem('There is no such thing') } : {}),
    ...(schema?.body ? { 409: problem('The state does not allow this') } : {}),
    ...(takesInput ? { 422: problem('Understood, but not possible') } : {}),
    429: problem('Too many requests without a token'),
  };
}
