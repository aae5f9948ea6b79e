/** False alarms of the most ordinary kind: smoke from a pan. */
import { type FireDevice, fireEvent } from '../fire.ts';
import type { Actor, Planned } from '../plan.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../scenario.ts';

/** One cooking alarm after `firstMs`, then others with this mean time between. Silent where there is no smoke detector. */
export function cookingAlarms(stage: Stage, when: { readonly firstMs: number; readonly meanMs: number }): Actor {
  const kitchens = stage.fireDevices.filter((device) => device.model === 'smoke-detector');
  return cook(kitchens, when.firstMs, when.meanMs, stage.random('cooking'));
}

function* cook(
  kitchens: readonly FireDevice[],
  firstMs: number,
  meanMs: number,
  random: Random,
): Generator<Planned, void> {
  if (kitchens.length === 0) return;
  for (let atMs = firstMs; ; atMs += Math.round(120_000 + random.exponential(meanMs))) {
    yield* burn(random.pick(kitchens), atMs, random);
  }
}

/** Smoke rises, the detector warns, sounds, says so again, and is quiet once the window is open: 100 s later at most. */
export function* burn(kitchen: FireDevice, atMs: number, random: Random): Generator<Planned, void> {
  const peak = random.whole(12, 24);
  const clearMs = atMs + 6_000 + random.whole(45, 100) * 1000;
  const heartbeat = (ts: number, smoke: number): Planned => {
    return {
      atMs: ts,
      deviceId: kitchen.deviceId,
      action: { kind: 'fireHeartbeat', body: { ts, smoke, temperature: 33 } },
    };
  };
  yield heartbeat(atMs - 3_000, 3.4);
  yield fireEvent(kitchen, atMs, `cooking/${atMs}/prealarm`, { kind: 'prealarm', values: { smoke: 5.2 } });
  const alarm = fireEvent(kitchen, atMs + 6_000, `cooking/${atMs}/alarm`, { kind: 'alarm', values: { smoke: peak } });
  yield alarm;
  yield { ...alarm, atMs: alarm.atMs + 15_000 };
  yield heartbeat(atMs + 24_000, peak * 0.8);
  yield fireEvent(kitchen, clearMs, `cooking/${atMs}/restore`, { kind: 'restore', values: { smoke: 1.6 } });
}
