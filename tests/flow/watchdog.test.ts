/** The hub's own test alarm: there and back on a real hub, seen by nobody else, and loud when the way is cut. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

type Watchdog = { readonly lastAt: number | null; readonly roundTripMs: number | null; readonly missed: number };
type Pulse = {
  readonly liveClients: number;
  readonly fleet: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly watchdog?: Watchdog;
};

let hub: TestHub;
let dispatcher: App;
let operator: App;
const pulses: Pulse[] = [];
const lines: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  hub = await startTestHub({ overrides: { watchdogMs: 500 }, log });
  dispatcher = await openApp(hub, '/fire', { token: hub.tokens.fire });
  operator = await openApp(hub, '/ops', { token: hub.tokens.operator });
  operator.socket.on('pulse', (pulse: Pulse) => void pulses.push(pulse));
});
afterAll(async () => {
  dispatcher?.close();
  operator?.close();
  await hub?.stop();
});

const beatsMeasured = async (): Promise<number> => {
  const { body } = await hub.request('/metrics');
  return Number(/^hub_watchdog_roundtrip_seconds_count (\d+)$/m.exec(String(body))?.[1]);
};
const alarmPath = async (): Promise<unknown> => {
  const { status, body } = await hub.request('/healthz/ready');
  const components = typeof body === 'object' && body !== null && 'components' in body ? body.components : undefined;
  return { status, components };
};

test('a beat goes from the device to a screen and back: in the pulse, the metrics and the health', async () => {
  const pulse = await until('a pulse with a round trip', () =>
    pulses.find(({ watchdog }) => watchdog !== undefined && watchdog.roundTripMs !== null),
  );
  expect(pulse.watchdog).toEqual({ lastAt: expect.any(Number), roundTripMs: expect.any(Number), missed: 0 });
  await until('three beats were measured', async () => (await beatsMeasured()) >= 3);
  expect(await alarmPath()).toMatchObject({ status: 200, components: { alarmPath: { ok: true } } });
});

test('nobody else sees the beats: no event, no incident, no screen, no device of the city, no delivery of an alarm', async () => {
  const before = await beatsMeasured();
  await until('two more beats came through', async () => (await beatsMeasured()) >= before + 2);
  expect(dispatcher.events).toEqual([]);
  expect(dispatcher.snapshot).toMatchObject({ incidents: [] });
  const { body } = await hub.request('/metrics');
  expect(String(body)).toContain('hub_alarm_delivery_seconds_count 0\n');
  // The dispatcher and the operator.
  expect(pulses.at(-1)?.liveClients).toBe(2);
  const counted = Object.values(pulses.at(-1)?.fleet.fire ?? {}).reduce((sum, count) => sum + count, 0);
  const registered = [...hub.hub.registry.devices()].filter(({ domain }) => domain === 'fire');
  expect(registered.find(({ id }) => id === 'hub-watchdog')).toMatchObject({ model: 'watchdog', synthetic: true });
  expect(counted).toBe(registered.length - 1);
});

test('a cut way is an alarm of its own: not ready, in the log and outside once; and it ends with the next beat', async () => {
  const watchdog = hub.hub.registry.device('hub-watchdog');
  if (watchdog === undefined) throw new Error('the watchdog is not registered');
  // Its messages are now those of a stranger, and come no further than the dead letters.
  hub.hub.registry.removeDevice('hub-watchdog');
  const cut = await until('two beats were missed', () =>
    pulses.find(({ watchdog: beats }) => beats !== undefined && beats.missed >= 3),
  );
  expect(cut.watchdog?.lastAt).toEqual(expect.any(Number));
  expect(await alarmPath()).toMatchObject({
    status: 503,
    components: { alarmPath: { ok: false, reason: expect.stringContaining('did not reach a screen') } },
  });
  expect(lines.filter((line) => line.includes('the alarm path is broken'))).toHaveLength(1);
  const notices = await hub.request('/api/v1/notices', { token: hub.tokens.admin });
  const told = JSON.stringify(notices.body).match(/"id":"alarmPath\/\d+"/g);
  expect(new Set(told).size).toBe(1);
  expect(JSON.stringify(notices.body)).toContain('"audience":"everyone"');

  hub.hub.registry.putDevice(watchdog);
  await until('the hub is ready again', async () => (await hub.request('/healthz/ready')).status === 200);
  expect(dispatcher.events).toEqual([]);
});

test('a watchdog whose device may not connect any more is missed too', async () => {
  const before = pulses.length;
  hub.hub.access.removeDevice('hub-watchdog');
  await until('two beats were missed', () => pulses.slice(before).some(({ watchdog }) => (watchdog?.missed ?? 0) >= 2));
  expect((await hub.request('/healthz/ready')).status).toBe(503);
});
