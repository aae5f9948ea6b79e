/** The web app's files, with its start page for every address that the app draws itself; and 404 and 405. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/** Names below these belong to machines: an unknown one is a problem document, never the app's start page. */
const machinePaths =
  /^\/(api|healthz|metrics|gtfs-rt|cap|docs|socket\.io|mqtt|setup|openapi\.json|asyncapi\.json)(\/|\?|$)/;
/** Vite names files after their content, so they never change. */
const hashedName = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** Serves `directory`; call after the security hooks and before the API's routes. */
export async function addAssets(app: FastifyInstance, directory: string): Promise<void> {
  const methods = collectMethods(app);
  const isBuilt = () => existsSync(join(directory, 'index.html'));
  if (isBuilt()) {
    await app.register(fastifyStatic, {
      root: directory,
      cacheControl: false,
      dotfiles: 'ignore',
      schemaHide: true,
      setHeaders(reply, path) {
        const isFrozen = path.includes(`${join(directory, 'assets')}`) && hashedName.test(path);
        reply.header('cache-control', isFrozen ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allowed = methods(path);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      const detail = `${request.method} is not possible here; ${allowed.join(', ')} is`;
      return sendProblem(reply, { code: 'method', status: 405, title: 'This method is not possible here', detail });
    }
    if (!wantsPage(request) || machinePaths.test(path)) {
      const detail = `there is nothing at ${path.slice(0, 200)}; the list is at /docs`;
      return sendProblem(reply, { code: 'notFound', status: 404, title: 'Not found', detail });
    }
    return isBuilt() && app.hasReplyDecorator('sendFile') ? startPage(reply) : missingPage(reply);
  });
}

function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return request.headers.accept === undefined || /text\/html|\*\/\*/.test(request.headers.accept);
}

function startPage(reply: FastifyReply): FastifyReply {
  return reply.code(200).header('cache-control', 'no-cache').sendFile('index.html');
}

function missingPage(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Nhịp</title>
<main style="font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1rem">
<h1>Nhịp đang chạy</h1>
<p>Giao diện web chưa được dựng. Hãy chạy <code>npm run build</code> rồi khởi động lại.</p>
<p lang="en">The hub is running, but its web pages are not built yet: run <code>npm run build</code> and start it again.
The API is at <a href="/docs">/docs</a>.</p>
</main></html>`);
}

/** Remembers which methods each path has, so that a wrong one is told from an unknown path (405, not 404). */
function collectMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const patterns = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return;
    const known = patterns.get(route.url);
    const methods = known?.methods ?? new Set<string>();
    for (const method of [route.method].flat()) methods.add(method);
    if (known === undefined) patterns.set(route.url, { pattern: patternOf(route.url), methods });
  });
  return (path) => [...patterns.values()].filter(({ pattern }) => pattern.test(path)).flatMap((p) => [...p.methods]);
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.includes(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
