import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

type JsonObject = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of keys; an empty object when there is none. */
function at(document: unknown, ...path: readonly string[]): JsonObject {
  let value: unknown = document;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return isObject(value) ? value : {};
}

/** Every `$ref` of a document. */
function referencesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === '$ref' && typeof child === 'string' ? [child] : referencesOf(child),
  );
}

function resolves(document: unknown, reference: string): boolean {
  let value: unknown = document;
  if (!reference.startsWith('#/')) return false;
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) ? value[key] : undefined;
  }
  return value !== undefined;
}

async function fetchJson(path: string): Promise<unknown> {
  const response = await api.get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return response.json();
}

describe('OpenAPI', () => {
  test('is 3.1 and every reference in it leads somewhere', async () => {
    const document = await fetchJson('/openapi.json');
    expect(at(document)).toMatchObject({ openapi: '3.1.0', info: { title: 'Nhịp', version: '1.2.3' } });
    const references = referencesOf(document);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((reference) => !resolves(document, reference))).toEqual([]);
  });

  test('every operation has a summary, tags, security, an answer and its errors', async () => {
    const paths = at(await fetchJson('/openapi.json'), 'paths');
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(at(item)).map(([method, operation]) => ({ name: `${method} ${path}`, operation: at(operation) })),
    );
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'get /api/v1/me',
        'get /api/v1/places/{id}',
        'get /api/v1/history/{domain}/{subject}',
        'post /api/v1/tokens',
        'delete /api/v1/devices/{id}',
        'post /api/v1/setup',
        'get /healthz/ready',
        'get /metrics',
        'get /asyncapi.json',
        'post /api/v1/incidents/{id}/note',
      ]),
    );
    for (const { name, operation } of operations) {
      expect([name, typeof operation.summary]).toEqual([name, 'string']);
      expect([name, Array.isArray(operation.tags), Array.isArray(operation.security)]).toEqual([name, true, true]);
      const statuses = Object.keys(at(operation, 'responses'));
      expect([name, statuses.some((status) => status.startsWith('2')), statuses.includes('401')]).toEqual([
        name,
        true,
        true,
      ]);
    }
  });

  test('path parameters are declared, each with a schema', async () => {
    const paths = at(await fetchJson('/openapi.json'), 'paths');
    for (const [path, item] of Object.entries(paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(at(item))) {
        const { parameters } = at(operation);
        const declared = (Array.isArray(parameters) ? parameters : []).filter((p) => at(p).in === 'path');
        expect([path, declared.map((p) => at(p).name)]).toEqual([path, names]);
        for (const parameter of declared) expect(at(parameter, 'schema')).not.toEqual({});
      }
    }
  });

  test('answers fit the schemas that the document gives them', async () => {
    const document = await fetchJson('/openapi.json');
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ ...at(document), $id: 'openapi' });
    const examples = [
      ['/api/v1/me', '/api/v1/me'],
      ['/api/v1/places', '/api/v1/places?q=hang'],
      ['/api/v1/places/{id}', '/api/v1/places/HN-0001'],
      ['/api/v1/wards', '/api/v1/wards'],
      ['/api/v1/history/{domain}/{subject}', '/api/v1/history/fire/F1?field=battery&every=1m'],
      ['/healthz/ready', '/healthz/ready'],
    ] as const;
    for (const [path, address] of examples) {
      const schema = at(document, 'paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema');
      expect([path, Object.keys(schema).length > 0]).toEqual([path, true]);
      const body: unknown = await (await api.get(address, 'fire-token')).json();
      const validate = ajv.compile(schema);
      expect([path, validate(body), validate.errors]).toEqual([path, true, null]);
    }
  });

  test('the page to read it is served from here and may run under the content security policy', async () => {
    const page = await api.get('/docs/', undefined, { accept: 'text/html' });
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>\s*\S/);
    const script = /src="\.?\/?([^"]+swagger-ui-bundle[^"]*)"/.exec(html)?.[1];
    expect(script).toBeDefined();
    expect((await api.get(new URL(script ?? '', `${api.url}/docs/`).pathname)).status).toBe(200);
  });
});

describe('AsyncAPI', () => {
  test('is 3.0, every reference leads somewhere and every operation has its channel', async () => {
    const document = await fetchJson('/asyncapi.json');
    expect(at(document)).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Nhịp' } });
    expect(referencesOf(document).filter((reference) => !resolves(document, reference))).toEqual([]);
    expect(at(document, 'channels', 'fire.event')).toMatchObject({ address: 'city/v1/fire/{deviceId}/event' });
    expect(Object.keys(at(document, 'channels'))).toEqual([
      'fire.event',
      'fire.heartbeat',
      'fire.command',
      'fire.reply',
      'fire.receipt',
      'live.fire',
      'parking.event',
      'parking.count',
      'parking.command',
      'parking.reply',
      'live.parking',
    ]);
  });

  test('its schema of a message takes what the hub takes', async () => {
    const document = await fetchJson('/asyncapi.json');
    const validate = new Ajv({ strict: false }).compile(
      at(document, 'channels', 'fire.event', 'messages', 'event', 'payload'),
    );
    const event = { id: 'e1', ts: 1_795_316_400_000, boot: 1, seq: 1, kind: 'alarm', class: 'smoke' };
    expect(validate(event)).toBe(true);
    expect(fireMessages.event.parse(Buffer.from(JSON.stringify(event)))).toEqual(event);
    expect(validate({ ...event, kind: 'fire' })).toBe(false);
  });

  test('the page of the live channels names every topic', async () => {
    const page = await api.get('/docs/live');
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('city/v1/fire/&lt;id&gt;/event');
    expect(html).toContain('<code>/parking</code>');
    expect(html).not.toContain('<script');
  });
});
