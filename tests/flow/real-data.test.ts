/** The main job on real input: a recorded day of a real bus route flows through the hub into the standard feed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import bindings from 'gtfs-realtime-bindings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importFile } from '../../hub/cli/import.ts';
import { devicesIn, replayPositions } from '../../hub/cli/replay.ts';
import { openApp } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const washington = join(import.meta.dirname, '../../../shared/data/transit/wmata-d40');
const isThere = existsSync(washington);
const reason = isThere ? '' : ' (skipped: the recorded day is not beside this project)';

describe.skipIf(!isThere)(`a recorded day of a Washington route${reason}`, () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub();
    await importFile(join(washington, 'gtfs'), { dataDirectory: hub.directory, kind: 'gtfs' });
    await hub.hub.registry.reload();
  });
  afterAll(async () => {
    await hub?.stop();
  });

  test('is played at 60× and shows as live vehicles on their route, in REST, live and GTFS-Realtime', async () => {
    const file = join(washington, 'vehicle-positions-2026-02-16.csv');
    const vehicles = await devicesIn(file);
    expect(vehicles).toHaveLength(10);
    for (const { id } of vehicles) hub.device(id, { domain: 'bus', model: 'recording' });
    const app = await openApp(hub, '/transit', {});
    const frames: { readonly vehicles: readonly (readonly unknown[])[] }[] = [];
    app.socket.on('vehicles', (frame) => void frames.push(frame));

    const stop = new AbortController();
    const playing = replayPositions({
      file,
      url: hub.mqttUrl,
      credentials: (id) => hub.device(id),
      speed: 60,
      signal: stop.signal,
    });
    const live = await until(
      'several vehicles are live',
      async () => {
        const { body } = await hub.request('/api/v1/vehicles');
        return isList(body) && body.items.length >= 2 ? body.items : undefined;
      },
      25_000,
    );
    expect(live[0]).toMatchObject({ routeId: expect.any(String), ageSeconds: expect.any(Number) });
    await until('a frame came', () => frames.some((frame) => frame.vehicles.length > 0));

    const response = await fetch(`${hub.url}/gtfs-rt/vehicle-positions.pb`);
    const feed = bindings.transit_realtime.FeedMessage.decode(new Uint8Array(await response.arrayBuffer()));
    expect(feed.header.gtfsRealtimeVersion).toBe('2.0');
    expect(feed.entity.length).toBeGreaterThanOrEqual(2);
    const position = feed.entity[0]?.vehicle?.position;
    expect(position?.latitude).toBeGreaterThan(38);
    expect(position?.latitude).toBeLessThan(40);
    stop.abort();
    await playing;
    app.close();
  }, 60_000);
});

function isList(body: unknown): body is { readonly items: readonly unknown[] } {
  return typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items);
}
