/** A client that was away gets exactly what it missed, once, in order, and only what it may see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { device, openApp, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub?.stop();
});

test('after a break, every missed event comes once and in order, and then the live ones', async () => {
  const detector = await device(hub, 'fd-1');
  const before = await openApp(hub, '/fire', { token: hub.tokens.fire });
  await raise(detector, 'fd-1');
  await until('the first event is there', () => before.events.length >= 1);
  const since = before.events.at(-1)?.cursor ?? 0;
  before.close();

  // More than a window and more than a page of the journal.
  for (let round = 0; round < 150; round++) {
    await raise(detector, 'fd-1', { point: `p${round}` });
  }
  const after = await openApp(hub, '/fire', { token: hub.tokens.fire, filter: { since } });
  await raise(detector, 'fd-1', { point: 'while-catching-up' });
  const all = await journalledCursors(hub, 'fd-1', since);
  expect(all.length).toBeGreaterThan(150);
  await until('all missed events came', () => after.events.length >= all.length);
  expect(after.events.map(({ cursor }) => cursor)).toEqual(all);
  expect(after.repeats()).toBe(0);
  after.close();
  await detector.endAsync();
});

test('a cursor from ahead of the journal, as after a restored backup, hides nothing', async () => {
  const app = await openApp(hub, '/fire', { token: hub.tokens.fire, filter: { since: 1_000_000_000 } });
  const detector = await device(hub, 'fd-2');
  await raise(detector, 'fd-2', { class: 'heat', point: 'after-restore' });
  await until('the new alarm came', () =>
    app.events.some(({ type }) => type === 'incident.joined' || type === 'incident.raised'),
  );
  app.close();
  await detector.endAsync();
});

test('a client that does not acknowledge gets the event again, with the same cursor', async () => {
  const detector = await device(hub, 'fd-3');
  const mute = await openApp(hub, '/fire', { token: hub.tokens.fire, isMute: true });
  await raise(detector, 'fd-3');
  await until('the event was sent again', () => mute.repeats() >= 1, 20_000);
  expect(mute.events.filter(({ type }) => type === 'incident.raised')).toHaveLength(1);
  mute.close();
  await detector.endAsync();
});

test('a filter by ward hides other wards, in the snapshot and after', async () => {
  const far = await openApp(hub, '/fire', { token: hub.tokens.fire, filter: { wards: ['00364'] } });
  const near = await openApp(hub, '/fire', { token: hub.tokens.fire, filter: { wards: ['00070'] } });
  expect(far.snapshot).toMatchObject({ incidents: [] });
  const detector = await device(hub, 'fd-4');
  await raise(detector, 'fd-4');
  await until('the ward itself sees it', () => far.events.some(({ type }) => type === 'incident.raised'));
  expect(far.events.map(({ data }) => data.incident.place?.id)).toEqual(far.events.map(() => 'place-99'));
  expect(near.events.filter(({ data }) => data.incident.place?.id === 'place-99')).toEqual([]);
  far.close();
  near.close();
  await detector.endAsync();
});

test('a revoked token loses its socket at once and does not come back', async () => {
  const created = hub.hub.access.createToken({ name: 'ca trực', roles: ['fire'] });
  const app = await openApp(hub, '/fire', { token: created.token });
  const ended = new Promise<string>((resolve) => app.socket.on('disconnect', resolve));
  const list = await hub.request('/api/v1/tokens', { token: hub.tokens.admin });
  expect(JSON.stringify(list.body)).not.toContain(created.token);
  const revoked = await fetch(`${hub.url}/api/v1/tokens/${created.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${hub.tokens.admin}` },
  });
  expect(revoked.status).toBeLessThan(300);
  expect(await ended).toBe('io server disconnect');
  await expect(openApp(hub, '/fire', { token: created.token })).rejects.toThrow('revoked');
});

test('a filter that does not fit is answered with what was wrong, and the socket stays', async () => {
  await expect(openApp(hub, '/transit', { filter: { bbox: ['west'] } })).rejects.toThrow('invalid');
});

/** Cursors of a device's incident events after `since`, oldest first, as the journal has them. */
async function journalledCursors(of: TestHub, deviceId: string, since: number): Promise<number[]> {
  const { body } = await of.request(`/api/v1/devices/${deviceId}/events?limit=500`, { token: of.tokens.fire });
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) return [];
  const events: readonly { readonly cursor: number; readonly type: string }[] = body.items;
  return events
    .filter(({ type, cursor }) => type.startsWith('incident.') && cursor > since)
    .map(({ cursor }) => cursor)
    .reverse();
}
