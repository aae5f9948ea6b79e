import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setupLink } from '../../../../hub/api/setup.ts';
import { noon, startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('places', () => {
  const idsOf = async (query: string) => {
    const response = await api.get(`/api/v1/places?${query}`, 'fire-token');
    const body: unknown = await response.json();
    return body;
  };

  test('are found by words without their marks', async () => {
    expect(await idsOf('q=hang%20bac')).toMatchObject({
      items: [{ id: 'HN-0001', wardName: 'Hoàn Kiếm' }],
      next: null,
    });
    expect(await idsOf('q=dong xuan')).toMatchObject({ items: [{ id: 'HN-0002' }] });
  });

  test('are found by ward, page by page', async () => {
    expect(await idsOf('ward=00070&limit=1')).toMatchObject({ items: [{ id: 'HN-0001' }], next: 'SE4tMDAwMQ' });
    expect(await idsOf('ward=00070&limit=1&cursor=SE4tMDAwMQ')).toMatchObject({
      items: [{ id: 'HN-0002' }],
      next: null,
    });
    expect(await idsOf('cursor=!!')).toMatchObject({
      status: 400,
      detail: expect.stringContaining('cursor: expected the `next`'),
    });
  });

  test('are found by nearness, nearest first, with the distance', async () => {
    expect(await idsOf('near=21.034,105.853')).toMatchObject({
      items: [
        { id: 'HN-0001', distanceMeters: 0 },
        { id: 'HN-0002', distanceMeters: 574.3 },
        { id: 'HN-0003', distanceMeters: 4474.3 },
      ],
    });
    expect(await idsOf('near=121,5')).toMatchObject({ status: 400 });
  });

  test('show nobody’s telephone to anybody', async () => {
    for (const token of ['fire-token', 'operator-token', 'admin-token', 'parking-token']) {
      const place = await (await api.get('/api/v1/places/HN-0001', token)).text();
      expect(place).toContain('Hàng Bạc');
      expect(place).not.toContain('0900000001');
      expect(await (await api.get('/api/v1/places', token)).text()).not.toContain('0900000001');
    }
    expect((await api.get('/api/v1/places/HN-0001', 'transit-token')).status).toBe(403);
    expect((await api.get('/api/v1/places/HN-9', 'fire-token')).status).toBe(404);
  });

  test('wards are for everyone, in order of their code', async () => {
    expect(await (await api.get('/api/v1/wards')).json()).toEqual({
      items: [
        { code: '00070', name: 'Hoàn Kiếm', kind: 'phường' },
        { code: '00199', name: 'Láng', kind: 'phường' },
      ],
      next: null,
    });
  });
});

describe('history', () => {
  const history = (path: string, token = 'fire-token') => api.get(`/api/v1/history/${path}`, token);

  test('buckets carry mean, minimum, maximum and count', async () => {
    const response = await history(
      'fire/F1?field=battery&from=2026-11-22T00:00:00Z&to=2026-11-22T03:00:00%2B00:00&every=1h',
    );
    expect(await response.json()).toEqual({
      domain: 'fire',
      subject: 'F1',
      measurement: 'fire_heartbeat',
      fields: ['battery'],
      from: '2026-11-22T00:00:00.000Z',
      to: '2026-11-22T03:00:00.000Z',
      every: '1h',
      items: [{ at: '2026-11-22T00:00:00.000Z', mean: 90.5, min: 90, max: 91, count: 2 }],
      next: null,
    });
    expect(api.seen.queries.at(-1)).toEqual({
      measurement: 'fire_heartbeat',
      subject: 'F1',
      fields: ['battery'],
      from: 1_795_305_600_000,
      to: 1_795_316_400_000,
      everyMs: 3_600_000,
      limit: 5_000,
    });
  });

  test('raw points of the last hour are the default', async () => {
    const body: unknown = await (await history('fire/F1?field=battery')).json();
    expect(body).toMatchObject({ items: [{ at: '2026-11-22T02:00:00.000Z', values: { battery: 91 } }], every: null });
    expect(api.seen.queries.at(-1)).toMatchObject({ from: noon - 3_600_000, to: noon, limit: 5_001 });
  });

  test('the field is needed only where a domain has several', async () => {
    expect(await (await history('fire/F1')).json()).toMatchObject({
      status: 422,
      detail: 'field is needed; one of battery, smoke',
    });
    expect((await history('parking/P1?measurement=parking_count', 'parking-token')).status).toBe(200);
    expect(await (await history('fire/F1?field=wind')).json()).toMatchObject({
      status: 422,
      detail: 'there is no such field; known are battery, smoke',
    });
  });

  test.each([
    ['ten years raw', 'field=battery&from=2016-01-01&to=2026-01-01', 422],
    ['ten years by the second', 'field=battery&from=2016-01-01&to=2026-01-01&every=1s', 422],
    ['a day by the second', 'field=battery&from=2026-01-01&to=2026-01-02&every=1s', 422],
    ['an end before the start', 'field=battery&from=2026-01-02&to=2026-01-01', 400],
    ['a word for a time', 'field=battery&from=yesterday', 400],
    ['a local time without a zone', 'field=battery&from=2026-01-01T08:00:00', 400],
    ['Flux in a bucket', 'field=battery&every=1h)%20|%3E%20drop()', 400],
  ])('%s is refused', async (_name, query, status) => {
    const before = api.seen.queries.length;
    expect((await history(`fire/F1?${query}`)).status).toBe(status);
    expect(api.seen.queries.length).toBe(before);
  });

  test('takings need the right to see money', async () => {
    expect((await history('parking/P1?field=amount', 'parking-token')).status).toBe(200);
    const transit = await history('parking/P1?field=amount', 'transit-token');
    expect(transit.status).toBe(403);
    expect(await transit.json()).toMatchObject({ detail: 'the history of "parking_money" needs "parking.money"' });
    expect((await history('parking/P1?field=free', 'transit-token')).status).toBe(200);
  });

  test("a household detector's history needs the right to see fire", async () => {
    expect((await history('fire/F1?field=battery', 'transit-token')).status).toBe(403);
    expect((await history('fire/F1?field=battery', 'parking-token')).status).toBe(403);
    expect((await history('water/W1')).status).toBe(404);
    expect((await api.get('/api/v1/history/parking/P1')).status).toBe(401);
  });
});

describe('tokens', () => {
  test('are made once with their secret, listed without it, and revoked', async () => {
    const made = await api.send('POST', '/api/v1/tokens', { name: 'Trạm 3', roles: ['fire'] }, 'admin-token');
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({
      id: 'k1',
      name: 'Trạm 3',
      roles: ['fire'],
      createdAt: '2026-11-22T03:00:00.000Z',
      expiresAt: null,
      token: 'secret-of-k1',
    });
    const list = await (await api.get('/api/v1/tokens', 'admin-token')).text();
    expect(list).toContain('Trạm 3');
    expect(list).not.toContain('secret-of');
    const remove = () =>
      fetch(`${api.url}/api/v1/tokens/k1`, { method: 'DELETE', headers: { authorization: 'Bearer admin-token' } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  test.each([
    ['no role', { name: 'a', roles: [] }, 400],
    ['an unknown role', { name: 'a', roles: ['root'] }, 400],
    ['a name with a line break', { name: 'a\n{"level":60}', roles: ['fire'] }, 400],
    ['an end in the past', { name: 'a', roles: ['fire'], expiresAt: '2026-01-01T00:00:00Z' }, 422],
  ])('%s is refused', async (_name, body, status) => {
    expect((await api.send('POST', '/api/v1/tokens', body, 'admin-token')).status).toBe(status);
  });
});

describe('devices', () => {
  const device = { id: 'F-100', domain: 'fire', name: 'Đầu báo khói tầng 2', heartbeatSeconds: 300 };

  test('are made with a secret that is shown once, changed, bound and removed', async () => {
    const made = await api.send('POST', '/api/v1/devices', device, 'admin-token');
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({
      id: 'F-100',
      domain: 'fire',
      model: 'generic',
      name: 'Đầu báo khói tầng 2',
      heartbeatSeconds: 300,
      binding: null,
      gateway: null,
      synthetic: false,
      username: 'F-100',
      secret: 'secret-of-F-100',
    });
    expect((await api.send('POST', '/api/v1/devices', device, 'admin-token')).status).toBe(409);
    const bound = await api.send(
      'PUT',
      '/api/v1/devices/F-100',
      { binding: { kind: 'place', target: 'HN-0001', state: 'verified' } },
      'admin-token',
    );
    expect(await bound.json()).toMatchObject({
      name: 'Đầu báo khói tầng 2',
      binding: { kind: 'place', target: 'HN-0001', state: 'verified', since: '2026-11-22T03:00:00.000Z', by: 'admin' },
    });
    const rotated = await api.send('PUT', '/api/v1/devices/F-100', { rotateSecret: true }, 'admin-token');
    expect(await rotated.json()).toMatchObject({ secret: 'secret-of-F-100', binding: { target: 'HN-0001' } });
    const unbound = await api.send('PUT', '/api/v1/devices/F-100', { binding: null }, 'admin-token');
    expect(await unbound.json()).toMatchObject({ binding: null });
    const remove = () =>
      fetch(`${api.url}/api/v1/devices/F-100`, { method: 'DELETE', headers: { authorization: 'Bearer admin-token' } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  test.each([
    ['an id that cannot stand in a topic', { id: 'a/b', domain: 'fire' }, 400],
    ['a domain that the hub does not have', { id: 'a', domain: 'water' }, 422],
    [
      'a place that the registry does not know',
      { id: 'a', domain: 'fire', binding: { kind: 'place', target: 'X' } },
      422,
    ],
  ])('%s is refused', async (_name, body, status) => {
    expect((await api.send('POST', '/api/v1/devices', body, 'admin-token')).status).toBe(status);
    expect(api.seen.devices.has('a')).toBe(false);
  });

  test('a device named like a part of JavaScript is a device', async () => {
    for (const id of ['__proto__', 'constructor']) {
      expect((await api.send('POST', '/api/v1/devices', { id, domain: 'fire' }, 'admin-token')).status).toBe(201);
    }
  });
});

describe('the first start', () => {
  test('the link is spent once', async () => {
    expect(setupLink('http://localhost:8080', 'abc')).toBe('http://localhost:8080/setup#abc');
    const page = await api.get('/setup');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await (await api.get('/api/v1/setup')).json()).toEqual({ open: true });
    expect((await api.send('POST', '/api/v1/setup', { code: 'guess', name: 'Eve' })).status).toBe(403);
    const first = await api.send('POST', '/api/v1/setup', { code: 'first-start', name: 'An' });
    expect(await first.json()).toEqual({ token: 'the-admin-token', name: 'An' });
    expect((await api.send('POST', '/api/v1/setup', { code: 'first-start', name: 'Eve' })).status).toBe(403);
    expect(await (await api.get('/api/v1/setup')).json()).toEqual({ open: false });
  });
});

describe('health', () => {
  test('is ready while every part is', async () => {
    expect(await (await api.get('/healthz/live')).json()).toEqual({ status: 'live', version: '1.2.3' });
    expect(await (await api.get('/healthz/ready')).json()).toMatchObject({
      status: 'ready',
      at: '2026-11-22T03:00:00.000Z',
    });
  });

  test('says which part is not and why, while the process stays alive', async () => {
    const sick = await startTestApi({
      health: () => ({
        journal: { ok: true },
        history: { ok: false, reason: 'InfluxDB does not answer', ageSeconds: 12 },
      }),
    });
    try {
      const ready = await sick.get('/healthz/ready');
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        status: 'notReady',
        components: {
          journal: { ok: true },
          history: { ok: false, reason: 'InfluxDB does not answer', ageSeconds: 12 },
        },
      });
      expect((await sick.get('/healthz/live')).status).toBe(200);
    } finally {
      await sick.close();
    }
  });

  test('metrics are text for Prometheus, the same numbers at each scrape', async () => {
    await api.get('/metrics');
    const response = await api.get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toContain('hub_mqtt_messages_total{domain="fire",result="stored"} 7');
    expect(text).toContain('hub_queue_depth{queue="ingest"} 3');
    expect(text).toContain('hub_build_info{version="1.2.3"} 1');
    expect(text).toContain('route="/api/v1/history/:domain/:subject"');
    expect(text).not.toContain('F-100');
  });
});
