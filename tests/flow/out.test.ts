/** What leaves the hub about a fire: public warnings, the report and the export, from a real alarm. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { device, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let detector: MqttClient;
let incident: string;

beforeAll(async () => {
  hub = await startTestHub();
  detector = await device(hub, 'fd-1');
  await raise(detector, 'fd-1');
  incident = await until('the incident is open', async () => {
    const { body } = await hub.request('/api/v1/incidents', { token: hub.tokens.fire });
    return /"id":"([0-9a-f-]{36})"/.exec(JSON.stringify(body))?.[1];
  });
});
afterAll(async () => {
  await detector?.endAsync();
  await hub?.stop();
});

const act = (verb: string, body: object = {}) =>
  hub.request(`/api/v1/incidents/${incident}/${verb}`, { token: hub.tokens.fire, body });

test('an unverified alarm is nobody’s business outside', async () => {
  expect((await hub.request('/cap/alerts')).body).not.toContain('<entry>');
  expect((await hub.request(`/cap/alerts/${incident}`)).status).toBe(404);
});

test('a dispatched one is a public warning, without the house', async () => {
  expect((await act('dispatch', { units: 'Xe 1' })).status).toBe(200);
  const feed = String((await hub.request('/cap/alerts')).body);
  expect(feed).toContain(`/cap/alerts/${incident}.1`);
  const response = await fetch(`${hub.url}/cap/alerts/${incident}.1`);
  expect(response.headers.get('content-type')).toBe('application/cap+xml; charset=utf-8');
  const alert = await response.text();
  expect(alert).toContain('<status>Actual</status>');
  expect(alert).toContain('<areaDesc>Hàng Bạc</areaDesc>');
  expect(alert).toContain('<value>00070</value>');
  for (const secret of ['Nhà 12', 'ngõ 34', '0900 000 012', 'place-12', 'fd-1', 'Xe 1']) {
    expect(feed + alert).not.toContain(secret);
  }
});

test('the end of it is told once more and refers to what was said', async () => {
  await raise(detector, 'fd-1', { kind: 'restore' });
  await until('it is restored', async () => {
    const { body } = await hub.request(`/api/v1/incidents/${incident}`, { token: hub.tokens.fire });
    return JSON.stringify(body).includes('"source":"restored"');
  });
  expect((await act('close', { disposition: 'unwanted', note: '=cmd()' })).status).toBe(200);
  const last = String((await hub.request(`/cap/alerts/${incident}`)).body);
  expect(last).toContain('<msgType>Cancel</msgType>');
  expect(last).toMatch(
    new RegExp(`<references>nhip-hub,${incident}\\.1,\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\+07:00 nhip-hub,`),
  );
  expect(String((await hub.request('/cap/alerts')).body)).toContain('Hủy cảnh báo cháy');
});

test('the report has every fact and no contacts', async () => {
  const path = `/api/v1/incidents/${incident}/report`;
  const { status, body } = await hub.request(path, { token: hub.tokens.fire });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    isWhole: true,
    incident: { id: incident, handling: 'closed', place: { contacts: [] } },
  });
  for (const type of ['raised', 'acknowledged', 'dispatched', 'restored', 'closed']) {
    expect(JSON.stringify(body)).toContain(`incident.${type}`);
  }
  const page = await hub.request(`${path}.html`, { token: hub.tokens.operator });
  expect(page.body).toContain('<!doctype html>');
  expect(JSON.stringify(body) + String(page.body)).not.toContain('0900 000 012');
  expect((await hub.request(path, { token: hub.tokens.transit })).status).toBe(403);
  expect((await hub.request('/api/v1/incidents/none/report', { token: hub.tokens.fire })).status).toBe(404);
});

test('the export opens in a spreadsheet and runs nothing there', async () => {
  const response = await fetch(`${hub.url}/api/v1/incidents.csv`, {
    headers: { authorization: `Bearer ${hub.tokens.operator}` },
  });
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="incidents.csv"');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const text = await response.text();
  expect(text.split('\r\n')).toHaveLength(3);
  expect(text).toContain(`"${incident}"`);
  expect(text).toContain('"unwanted","\'=cmd()"');
  const none = await hub.request('/api/v1/incidents.csv?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z', {
    token: hub.tokens.operator,
  });
  expect(String(none.body).split('\r\n')).toHaveLength(2);
  const wide = '/api/v1/incidents.csv?from=2020-01-01T00:00:00Z&to=2025-02-01T00:00:00Z';
  expect((await hub.request(wide, { token: hub.tokens.operator })).status).toBe(422);
});
