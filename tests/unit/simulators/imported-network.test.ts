import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCity } from '../../../simulators/city.ts';
import { planDay } from '../../../simulators/day.ts';
import { loadNetwork } from '../../../simulators/gtfs.ts';
import { scenarioNamed } from '../../../simulators/scenario.ts';

const feed = join(import.meta.dirname, '../../../../shared/data/transit/hanoi-gtfs-2018-midday.zip');

test.skipIf(!existsSync(feed))(
  'a thousand buses drive the imported Hanoi feed (skipped where ../shared/data is absent)',
  async () => {
    const network = await loadNetwork(feed, 3);
    expect(network.routes.length).toBe(224);
    expect(network.trips.length).toBe(6_713);
    const devices = Array.from({ length: 1_000 }, (_, index) => ({ id: `bus-${index}`, domain: 'bus' }));
    const start = { startSeconds: 12 * 3600, gateStartSeconds: 12 * 3600, speed: 1, namesTrips: true };
    const plan = planDay({
      seed: 1,
      scenario: scenarioNamed('calm-day'),
      city: loadCity(),
      network,
      devices,
      ...start,
    });
    const trips = new Map<string, string>();
    for (const { atMs, deviceId, action } of plan) {
      if (atMs > 20_000) break;
      if (action.kind === 'busPosition' && action.body.trip !== undefined) trips.set(deviceId, action.body.trip);
    }
    // At most a few are in a drop-out; no two drive one trip.
    expect(trips.size).toBeGreaterThan(950);
    expect(new Set(trips.values()).size).toBe(trips.size);
  },
);
