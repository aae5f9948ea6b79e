/** The report of an incident is whole: months later, after a restart, with every reception, receipt, window and notice. */
import { expect, test } from 'vitest';
import { device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** As many as an incident may have; with the other lines more than a screen's time line of 200 holds. */
const notes = 200;
const monthsMs = 120 * 86_400_000;

type Line = { readonly at: string; readonly type: string; readonly by: string; readonly text?: string };

async function incidentOf(hub: TestHub): Promise<string> {
  return until('the incident is open', async () => {
    const { body } = await hub.request('/api/v1/incidents', { token: hub.tokens.fire });
    return /"id":"([0-9a-f-]{36})"/.exec(JSON.stringify(body))?.[1];
  });
}

test('months later every line is there, in order, on paper in two languages', { timeout: 60_000 }, async () => {
  const directory = temporaryFolder();
  const hub = await startTestHub({ directory });
  const act = async (id: string, verb: string, body: object = {}) => {
    const { status } = await hub.request(`/api/v1/incidents/${id}/${verb}`, { token: hub.tokens.fire, body });
    expect([verb, status]).toEqual([verb, 200]);
  };
  // Another detector of the place is being walked through; the alarm of this one is real.
  const window = { place: 'place-12', kind: 'walkTest', devices: ['fd-2'], reason: 'Bảo trì quý IV' };
  expect((await hub.request('/api/v1/fire/windows', { token: hub.tokens.fire, body: window })).status).toBeLessThan(
    300,
  );
  const app = await openApp(hub, '/fire', { token: hub.tokens.fire });
  const detector = await device(hub, 'fd-1');
  await raise(detector, 'fd-1', { kind: 'prealarm' });
  await raise(detector, 'fd-1', { point: 'bếp', values: { smoke: 12 } });
  const id = await incidentOf(hub);
  await until('the screen has it', () => app.events.some(({ type }) => type === 'incident.raised'));
  await act(id, 'acknowledge');
  await act(id, 'dispatch', { units: 'Xe 1' });
  const metrics = String((await hub.request('/metrics')).body);
  expect(metrics).toMatch(/^hub_alarm_delivery_seconds_count [1-9]/m);
  expect(metrics).toMatch(/^hub_notices_waiting/m);
  for (let number = 1; number <= notes; number++) await act(id, 'note', { text: `ghi chú ${number}` });
  await raise(detector, 'fd-1', { kind: 'restore', point: 'bếp' });
  await until('it can be closed', async () => {
    const { body } = await hub.request(`/api/v1/incidents/${id}`, { token: hub.tokens.fire });
    return JSON.stringify(body).includes('"source":"restored"');
  });
  await act(id, 'close', { disposition: 'unwanted', cause: 'cooking', note: 'khói bếp' });
  app.close();
  await detector.endAsync();
  await hub.stop();

  const later = await startTestHub({ directory, overrides: { now: () => Date.now() + monthsMs } });
  const path = `/api/v1/incidents/${id}/report`;
  const { body } = await later.request(path, { token: later.tokens.fire });
  expect(body).toMatchObject({
    isWhole: true,
    bindings: [{ device: 'fd-1', state: 'verified', by: 'test' }],
    incident: { place: { contacts: [] } },
  });
  const lines = timelineOf(body);
  const texts = (type: string) => lines.filter((line) => line.type === type).map(({ text }) => text ?? '');
  expect(texts('incident.noted')).toEqual(Array.from({ length: notes }, (_, index) => `ghi chú ${index + 1}`));
  expect(texts('window.opened')).toEqual([expect.stringMatching(/^walkTest · Bảo trì quý IV · fd-2 · until 20/)]);
  expect(texts('signal.received')).toEqual([
    expect.stringMatching(/^prealarm · smoke/),
    expect.stringMatching(/^alarm · smoke · bếp · .*smoke 12 · deviceTime 20/),
    expect.stringMatching(/^restore · smoke · bếp/),
  ]);
  expect(texts('receipt.received')).toContain('incident.raised');
  expect(texts('incident.closed')).toEqual(['unwanted · cooking · khói bếp']);
  expect(texts('notice.delivered')).toEqual(expect.arrayContaining(['raised · station', 'verify · contacts']));
  expect(lines.find(({ type }) => type === 'notice.delivered')?.by).toBe('log');
  const times = lines.map(({ at }) => Date.parse(at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));

  const vietnamese = String((await later.request(`${path}.html`, { token: later.tokens.fire })).body);
  expect(vietnamese).toContain('<html lang="vi">');
  expect(vietnamese).toContain(`ghi chú ${notes}`);
  expect(vietnamese).toMatch(/smoke 12 · giờ thiết bị \d\d\/\d\d\/20\d\d \d\d:/);
  expect(vietnamese).toContain('báo giả do môi trường · khói bếp, nấu nướng · khói bếp');
  const english = String((await later.request(`${path}.html?language=en`, { token: later.tokens.fire })).body);
  expect(english).toContain('Notice delivered');
  expect((await later.request(`${path}.html?language=fr`, { token: later.tokens.fire })).status).toBe(400);
  expect(vietnamese + english + JSON.stringify(body)).not.toContain('0900 000 012');
  await later.stop();
});

function timelineOf(body: unknown): readonly Line[] {
  if (typeof body === 'object' && body !== null && 'timeline' in body && Array.isArray(body.timeline))
    return body.timeline;
  throw new Error('the report has no time line');
}
