/** The test of the house: a fourth domain is one folder, one message file and one line in the list. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { domains } from '../../hub/domains/index.ts';
import { domainEntry } from '../../hub/engine.ts';
import { airQuality } from '../support/air-quality/index.ts';
import { device, openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let station: MqttClient;
beforeAll(async () => {
  hub = await startTestHub({ overrides: { domains: [...domains, domainEntry(airQuality)] } });
  hub.device('air-1', { domain: 'air', model: 'station' });
  station = await device(hub, 'air-1');
});
afterAll(async () => {
  await station?.endAsync();
  await hub?.stop();
});

test('ingest, REST, live, history and refusals are there without another change', async () => {
  const app = await openApp(hub, '/air');
  const frames: unknown[] = [];
  app.socket.on('stations', (frame: unknown) => void frames.push(frame));
  const ts = Date.now();
  await station.publishAsync('city/v1/air/air-1/reading', JSON.stringify({ ts, pm25UgPerM3: 38.5 }), { qos: 1 });
  await station.publishAsync('city/v1/air/air-1/alert', JSON.stringify({ id: 'a1', ts, level: 'unhealthy' }), {
    qos: 1,
  });
  await station.publishAsync('city/v1/air/air-1/reading', JSON.stringify({ ts, pm25UgPerM3: 'viel' }), { qos: 1 });

  expect((await hub.request('/api/v1/air/stations')).body).toEqual({ items: [{ id: 'air-1', pm25: 38.5 }] });
  await until('the frame came', () => frames.length > 0);
  expect(frames[0]).toMatchObject({ stations: [['air-1', 38.5]], gone: [] });
  await until('the alert came', () => app.events.length === 1);
  expect(app.events[0]).toMatchObject({
    type: 'alert.raised',
    subject: 'air-1',
    data: { id: 'a1', level: 'unhealthy' },
  });

  const history = await until('the point is in the history', async () => {
    const { body } = await hub.request(`/api/v1/history/air/air-1?field=pm25&from=${ts - 1_000}&to=${ts + 1_000}`, {
      token: hub.tokens.operator,
    });
    return JSON.stringify(body).includes('38.5') ? body : undefined;
  });
  expect(JSON.stringify(history)).toContain('38.5');
  const letters = await until('the refusal is kept', async () => {
    const { body } = await hub.request('/api/v1/dead-letters', { token: hub.tokens.operator });
    return JSON.stringify(body).includes('air-1') ? body : undefined;
  });
  expect(letters).toMatchObject({
    items: [{ reason: 'schema', deviceId: 'air-1', topic: 'city/v1/air/air-1/reading' }],
  });
  app.close();
});

test('its documents and its device health are there too', async () => {
  const openapi = await hub.request('/openapi.json');
  expect(JSON.stringify(openapi.body)).toContain('/api/v1/air/stations');
  const asyncapi = await hub.request('/asyncapi.json');
  expect(JSON.stringify(asyncapi.body)).toContain('pm25UgPerM3');
  const record = await hub.request('/api/v1/devices/air-1', { token: hub.tokens.operator });
  expect(record.body).toMatchObject({ id: 'air-1', domain: 'air', link: 'online', refused: 1 });
});
