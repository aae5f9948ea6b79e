/** A walk test on the real hub: opened by REST, seen live by every screen, ended with what was heard; a fire beside it stays one. */
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
let detector: MqttClient;
let app: App;
const frames: { windows: unknown[]; gone: string[] }[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  detector = await device(hub, 'fd-1');
  app = await openApp(hub, '/fire', { token: hub.tokens.fire });
  app.socket.on('windows', (frame) => frames.push(frame));
});
afterAll(async () => {
  app?.close();
  await detector?.endAsync();
  await hub?.stop();
});

const token = () => hub.tokens.fire;
let id = '';

test('an opened window is on the screens within a second or two, and in the snapshot of the next', async () => {
  expect(app.snapshot.windows).toEqual([]);
  const body = { place: 'place-12', kind: 'walkTest', devices: ['fd-1'], reason: 'yearly test', minutes: 30 };
  const opened = await hub.request('/api/v1/fire/windows', { token: token(), body });
  expect(opened).toMatchObject({ status: 200, body: { subject: 'place-12', kind: 'walkTest', by: 'test fire' } });
  if (!isWindow(opened.body)) throw new Error('no window came back');
  id = opened.body.id;
  const frame = await until('the hint came', () => frames.at(-1));
  expect(frame.windows).toEqual([['place-12', 'walkTest', Date.parse(opened.body.until), id]]);
  const next = await openApp(hub, '/fire', { token: token() });
  expect(next.snapshot.windows).toMatchObject([{ id, subject: 'place-12', kind: 'walkTest', seen: 0, expected: 1 }]);
  next.close();
});

test('an alarm within it is a test, and its end tells which points were heard', async () => {
  await raise(detector, 'fd-1');
  const raised = await until('it came', () => app.events.find(({ type }) => type === 'incident.raised'));
  expect(raised.data.incident).toMatchObject({ status: 'test' });
  const ended = await hub.request(`/api/v1/fire/windows/${id}/end`, { token: token(), body: { reason: 'done' } });
  expect(ended).toMatchObject({ status: 200, body: { coverage: { seen: ['fd-1/'], never: [] } } });
  await until('the hint says that it is gone', () => frames.some(({ gone }) => gone.includes('place-12')));
  const over = await hub.request('/api/v1/fire/windows/ended?place=place-12', { token: token() });
  expect(over.body).toMatchObject({
    items: [
      {
        id,
        subject: 'place-12',
        opened: { by: 'test fire', reason: 'yearly test' },
        ended: { by: 'test fire', reason: 'done' },
        coverage: { seen: ['fd-1/'], never: [] },
      },
    ],
    next: null,
  });
});

function isWindow(body: unknown): body is { readonly id: string; readonly until: string } {
  return typeof body === 'object' && body !== null && 'id' in body && 'until' in body;
}
