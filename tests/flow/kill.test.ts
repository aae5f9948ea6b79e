/** What was acknowledged is on disk: 20 kills at random moments, nothing lost, nothing twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fireEvent } from '../support/clients.ts';
import { startTestHub } from '../support/hub.ts';
import { startHubProcess } from '../support/hub-process.ts';
import { until } from '../support/until.ts';

const kills = 20;
const detectors = ['fd-1', 'fd-3', 'fd-4'];
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-kill-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A detector that keeps what was not acknowledged and sends it again, as real ones do. */
type Detector = {
  readonly id: string;
  readonly password: string;
  readonly unacknowledged: Map<string, object>;
  readonly acknowledged: Set<string>;
};

/** Publishes without a pause until the hub is gone. */
async function talkUntilGone(detector: Detector, port: number): Promise<void> {
  const client = mqtt.connect({
    host: '127.0.0.1',
    port,
    username: detector.id,
    password: detector.password,
    clientId: detector.id,
    reconnectPeriod: 0,
  });
  await new Promise<void>((resolve) => {
    const publish = (event: Readonly<Record<string, unknown>>): void => {
      client.publish(`city/v1/fire/${detector.id}/event`, JSON.stringify(event), { qos: 1 }, (error) => {
        if (error) return;
        detector.acknowledged.add(String(event.id));
        detector.unacknowledged.delete(String(event.id));
        next();
      });
    };
    const next = (): void => {
      const event = fireEvent({ point: `p${detector.acknowledged.size % 7}` });
      detector.unacknowledged.set(String(event.id), event);
      publish(event);
    };
    client.on('error', () => undefined);
    client.on('close', resolve);
    client.on('connect', () => {
      for (const event of [...detector.unacknowledged.values()]) publish({ ...event });
      for (let inFlight = 0; inFlight < 5; inFlight++) next();
    });
  });
  client.end(true);
}

test(`${kills} kills at random moments: 0 acknowledged events lost, 0 duplicate incidents`, {
  timeout: 240_000,
}, async () => {
  const first = await startTestHub({ directory });
  const team: Detector[] = detectors.map((id) => ({
    id,
    password: first.device(id).password,
    unacknowledged: new Map(),
    acknowledged: new Set(),
  }));
  await first.stop();

  for (let kill = 0; kill < kills; kill++) {
    const hub = await startHubProcess(directory);
    const before = acknowledgedBy(team);
    const talking = team.map((detector) => talkUntilGone(detector, hub.mqttPort));
    // Not before one round of acknowledgements, and from there at any moment.
    await until('events are being acknowledged', () => acknowledgedBy(team) > before);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    await hub.end('SIGKILL');
    await Promise.all(talking);
  }

  const last = await startTestHub({ directory });
  for (const detector of team) {
    const stored = await storedSignals(last.request, last.tokens.fire, detector.id);
    const lost = [...detector.acknowledged].filter((id) => !stored.includes(id));
    expect(lost).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
  }
  // At least one a round; which detector it is, is the machine's affair.
  expect(acknowledgedBy(team)).toBeGreaterThanOrEqual(kills);
  const incidents = await last.request('/api/v1/incidents?state=open', { token: last.tokens.fire });
  expect(incidents.body).toMatchObject({ items: [{}, {}, {}], next: null });
  await last.stop();
});

const acknowledgedBy = (team: readonly Detector[]): number =>
  team.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);

/** Ids of a device's events that the journal holds, over all pages. */
async function storedSignals(
  request: Awaited<ReturnType<typeof startTestHub>>['request'],
  token: string,
  id: string,
): Promise<string[]> {
  const signals: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await request(`/api/v1/devices/${id}/events?limit=500${cursor}`, { token });
    if (!isPage(body)) throw new Error(`not a page: ${JSON.stringify(body)}`);
    signals.push(
      ...body.items.flatMap(({ type, data }) =>
        type === 'signal.received' ? [data.event ?? data.signal?.event ?? ''] : [],
      ),
    );
    if (body.next === null) return signals;
    cursor = `&cursor=${body.next}`;
  }
}

type Page = {
  readonly items: readonly {
    readonly type: string;
    readonly data: { readonly event?: string; readonly signal?: { readonly event: string } };
  }[];
  readonly next: string | null;
};

function isPage(body: unknown): body is Page {
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items);
}
