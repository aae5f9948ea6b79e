import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartError } from '../../../../hub/errors.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('who may', () => {
  test('a route that needs a right answers 401 to nobody and 403 to somebody without it', async () => {
    const nobody = await api.get('/api/v1/tokens');
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="nhip"');
    expect(nobody.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await nobody.json()).toEqual({
      type: 'urn:nhip:problem:unauthenticated',
      code: 'unauthenticated',
      status: 401,
      title: 'A token is needed',
      detail: 'this needs "admin": send Authorization: Bearer <token>',
    });
    const fire = await api.get('/api/v1/tokens', 'fire-token');
    expect(fire.status).toBe(403);
    expect(await fire.json()).toMatchObject({ detail: 'this needs "admin", which "fire" does not have' });
  });

  test('an unknown token is refused even where nobody would be let in', async () => {
    expect((await api.get('/api/v1/me')).status).toBe(200);
    expect((await api.get('/api/v1/me', 'stolen')).status).toBe(401);
    expect((await api.get('/api/v1/me', undefined, { authorization: 'Basic YWRtaW46YWRtaW4=' })).status).toBe(401);
  });

  test('me says who the token belongs to and what it may do', async () => {
    expect(await (await api.get('/api/v1/me', 'transit-token')).json()).toEqual({
      kind: 'token',
      id: 't-transit',
      name: 'transit',
      roles: ['transit'],
      actions: ['anonymous', 'transit.read', 'transit.write', 'parking.read', 'history.read'],
    });
  });

  test('a route without an action stops the start', async () => {
    const start = startTestApi({
      domains: [
        {
          name: 'x',
          title: { vi: 'x', en: 'x' },
          first: false,
          messages: {},
          commands: {},
          events: {},
          measurements: {},
          routes: (app) => app.get('/api/v1/open', async () => 'oops'),
        },
      ],
    });
    await expect(start).rejects.toThrow('GET /api/v1/open does not say its action');
  });

  test('requests without a token are held back at the limit, those with one are not', async () => {
    const limited = await startTestApi({ anonymousLimit: { burst: 2, perSecond: 0.5 } });
    try {
      expect((await limited.get('/api/v1/me')).status).toBe(200);
      expect((await limited.get('/api/v1/me', 'guess')).status).toBe(401);
      const third = await limited.get('/api/v1/me');
      expect(third.status).toBe(429);
      expect(third.headers.get('retry-after')).toBe('2');
      expect((await limited.get('/api/v1/me', 'fire-token')).status).toBe(200);
      expect((await limited.get('/healthz/live')).status).toBe(200);
      limited.seen.at += 2_000;
      expect((await limited.get('/api/v1/me')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});

describe('a caller’s mistake is explained', () => {
  test('a wrong field is named with what was expected', async () => {
    const response = await api.send('POST', '/api/v1/incidents/1/note', { text: 'a', count: '12' }, 'fire-token');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'urn:nhip:problem:invalid',
      code: 'invalid',
      status: 400,
      title: 'The request is not valid',
      detail: 'body/count must be integer',
      errors: [{ pointer: 'body/count', detail: 'must be integer' }],
    });
  });

  test('null is not taken for a number and an unknown key is named', async () => {
    const nothing = await api.send('POST', '/api/v1/incidents/1/note', { text: null }, 'fire-token');
    expect(await nothing.json()).toMatchObject({ detail: 'body/text must be string' });
    const extra = await api.send('POST', '/api/v1/tokens', { name: 'a', roles: ['fire'], admin: true }, 'admin-token');
    expect(extra.status).toBe(400);
    expect(await extra.json()).toMatchObject({ detail: 'body must NOT have additional properties: admin' });
  });

  test('text of the address becomes a number, and a wrong one is refused', async () => {
    expect((await api.get('/api/v1/places?limit=2', 'fire-token')).status).toBe(200);
    const wrong = await api.get('/api/v1/places?limit=many', 'fire-token');
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ detail: 'querystring/limit must be integer' });
  });

  test('a rejected command is a conflict in words', async () => {
    const response = await api.send('POST', '/api/v1/incidents/1/note', { text: 'late' }, 'fire-token');
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ detail: 'the incident is closed' });
  });

  test('our own mistake is shown as internal error and no more', async () => {
    const response = await api.send('POST', '/api/v1/incidents/1/note', { text: 'crash' }, 'fire-token');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret detail');
  });

  test('unknown path, wrong method, wrong type, too large and poisoned bodies each have their answer', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${api.url}/api/v1/incidents/1/note`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: 'Bearer fire-token' },
      });
    const unknown = await api.get('/api/v1/nothing');
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    const method = await api.send('DELETE', '/api/v1/me', {});
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const readOnlyPost = await api.get('/api/v1/incidents/1/note', 'fire-token');
    expect([readOnlyPost.status, readOnlyPost.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await post('a=b', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post(JSON.stringify({ text: 'x'.repeat(300_000) }))).status).toBe(413);
  });

  test.each([
    ['a forbidden key', '{"text":"a","__proto__":{"x":1}}', 'the key "__proto__" is not allowed'],
    ['one deep inside', '{"text":{"a":[{"constructor":{}}]}}', 'the key "constructor" is not allowed'],
    ['one that is escaped', '{"\\u005f_proto__":1}', 'the key "__proto__" is not allowed'],
    ['half a body', '{"text":"a"', 'not JSON: '],
    ['nothing', '', 'empty'],
    ['a hundred thousand brackets', '['.repeat(100_000), 'nested 100000 levels deep, at most 16 are allowed'],
  ])('%s in a body is refused by what is wrong with it', async (_what, body, words) => {
    const response = await fetch(`${api.url}/api/v1/incidents/1/note`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: 'Bearer fire-token' },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await response.json()).toMatchObject({ code: 'invalid', detail: expect.stringContaining(words) });
  });

  test('words that only look like forbidden keys are texts like any other', async () => {
    const text = 'the constructor of __proto__ and \u2192';
    const response = await api.send('POST', '/api/v1/incidents/1/note', { text }, 'fire-token');
    expect(await response.json()).toEqual({ text, by: 'fire' });
  });
});

describe('the web app', () => {
  test('says how to build it when it is not built', async () => {
    const response = await api.get('/', undefined, { accept: 'text/html' });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm run build');
  });

  test('is served with its start page for its own addresses and long caching of hashed files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'nhip-assets-'));
    await mkdir(join(directory, 'assets'));
    await writeFile(join(directory, 'index.html'), '<!doctype html><title>app</title>');
    await writeFile(join(directory, 'assets', 'main-Bx12cd34.js'), 'export {};');
    const app = await startTestApi({ assetsDirectory: directory });
    try {
      const page = await app.get('/incidents/42', undefined, { accept: 'text/html' });
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      expect(await page.text()).toContain('<title>app</title>');
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      const script = await app.get('/assets/main-Bx12cd34.js');
      expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await app.get('/api/v1/nothing', undefined, { accept: 'text/html' })).status).toBe(404);
      expect((await app.get('/assets/gone-Bx12cd34.js', undefined, { accept: 'application/javascript' })).status).toBe(
        404,
      );
      for (const path of ['/..%2f..%2fetc/passwd', '/%5c..%5cetc', '/assets/%00', '/%2e%2e/%2e%2e/etc/passwd']) {
        expect(await (await app.get(path)).text()).not.toContain('root:');
      }
    } finally {
      await app.close();
      await rm(directory, { recursive: true });
    }
  });
});

test('a taken port says which setting moves it', async () => {
  const port = Number(new URL(api.url).port);
  const second = startTestApi({}, port);
  await expect(second).rejects.toThrow(StartError);
  await expect(second).rejects.toThrow(
    `Port ${port} is taken by another program. Stop it, or set HUB_HTTP_PORT to another port.`,
  );
});
