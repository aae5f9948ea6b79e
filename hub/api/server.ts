/** The web server: every domain's routes, the generic ones, the documents and the web app, behind one door. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { type FastifyInstance, type FastifySchemaCompiler, fastify, LogController } from 'fastify';
import type { TSchema } from 'typebox';
import type { Api } from '../domain.ts';
import { StartError } from '../errors.ts';
import { addAssets } from './assets.ts';
import { asyncApiRoutes } from './asyncapi-routes.ts';
import { deviceAdminRoutes } from './devices.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { addJsonBodies } from './json-body.ts';
import { meRoutes } from './me.ts';
import { addOpenApi } from './openapi.ts';
import type { ApiOptions } from './options.ts';
import { placeRoutes } from './places.ts';
import { handleError } from './problem.ts';
import { principalOfRequest } from './request.ts';
import { addSecurity } from './security.ts';
import { setupRoutes } from './setup.ts';
import { tokenRoutes } from './tokens.ts';

/** The largest body: a command with a note is 1 KiB, so this is generous. */
const bodyLimitBytes = 256 * 1024;
/** A request that has not arrived by then is a slow loris. */
const requestTimeoutMs = 30_000;

export type ApiServer = {
  /** For what shares the port: socket.io and MQTT over WebSocket attach here before `listen`. */
  readonly server: Server;
  /** For tests: requests without a socket. */
  readonly app: Api;
  /** Answers the bound port. @throws StartError when the port is taken or not allowed. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
};

/** Builds the server; it listens only after `listen`. Throws when a route does not say its action. */
export async function createApi(options: ApiOptions): Promise<ApiServer> {
  const app: Api = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    // A browser tab's idle connection must not hold up Ctrl-C.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    // A malformed address never reaches the error handler.
    frameworkErrors: handleError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(createValidatorCompiler());
  app.setErrorHandler(handleError);
  addJsonBodies(app, bodyLimitBytes);
  addSecurity(app, options);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    options.metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
  await addOpenApi(app, options);
  await addAssets(app, options.assetsDirectory);
  meRoutes(app);
  placeRoutes(app, options.registry, options.now);
  historyRoutes(app, options);
  tokenRoutes(app, options);
  deviceAdminRoutes(app, options);
  setupRoutes(app, options.setup);
  healthRoutes(app, options);
  asyncApiRoutes(app, options);
  for (const domain of options.domains) domain.routes?.(app, principalOfRequest);
  for (const add of options.routes ?? []) add(app);
  await app.ready();
  return {
    server: app.server,
    app,
    listen: (port, host) => listen(app, port, host),
    close: () => app.close(),
  };
}

/**
 * Text of an address (`?limit=5`) is turned into numbers; a body must have the right types itself. Fastify's default
 * turns null into 0 and drops unknown keys in silence.
 */
function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const shared = { useDefaults: true, removeAdditional: false, allErrors: false, strict: false } as const;
  const textual = new Ajv({ ...shared, coerceTypes: 'array' });
  const exact = new Ajv({ ...shared, coerceTypes: false });
  addFormats.default(textual);
  addFormats.default(exact);
  return ({ schema, httpPart }) => {
    if (httpPart === 'body') return exact.compile(schema);
    // A misspelt filter that is passed over in silence answers another question than was asked.
    return textual.compile(httpPart === 'querystring' ? { ...schema, additionalProperties: false } : schema);
  };
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<number> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    throw startErrorOf(error, port, host) ?? error;
  }
  const address = app.server.address();
  return isAddress(address) ? address.port : port;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function startErrorOf(error: unknown, port: number, host: string): StartError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} is taken by another program. Stop it, or set HUB_HTTP_PORT to another port.`);
    case 'EACCES':
      return new StartError(`Port ${port} is not allowed for this user. Set HUB_HTTP_PORT to a port above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`The address "${host}" is not one of this machine. Set HUB_HOST, e.g. to 0.0.0.0.`);
    default:
      return undefined;
  }
}
