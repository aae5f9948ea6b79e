/** Two clocks that are wrong: one device lives six and a half years ago, one three minutes ahead. Both burn, and must be seen at once. */
import { type FireDevice, fireEvent, twice } from '../fire.ts';
import type { Actor } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';

export const staleClock: Scenario = {
  name: 'stale-clock',
  title: { vi: 'Đồng hồ thiết bị sai', en: 'Stale clock' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => wrongClocks(stage).map(({ device }, index) => burnOnce(device, firstMs + index * 45_000)),
  clockErrors: (stage) => new Map(wrongClocks(stage).map(({ device, errorMs }) => [device.deviceId, errorMs])),
};

/** After its heartbeats have shown the hub what its clock is worth. */
const firstMs = 40_000;
/** A battery change without a network: the clock starts at the day it was made. */
const yearsBackMs = -2_400 * 86_400_000;
const aheadMs = 3 * 60_000;

function wrongClocks({ fireDevices }: Stage): readonly { readonly device: FireDevice; readonly errorMs: number }[] {
  const [first, second] = fireDevices.filter((device) => device.model === 'smoke-detector');
  return [
    ...(first === undefined ? [] : [{ device: first, errorMs: yearsBackMs }]),
    ...(second === undefined ? [] : [{ device: second, errorMs: aheadMs }]),
  ];
}

function burnOnce(device: FireDevice, atMs: number): Actor {
  const alarm = fireEvent(device, atMs, 'clock/alarm', { kind: 'alarm', values: { smoke: 21 } });
  const restore = fireEvent(device, atMs + 240_000, 'clock/restore', { kind: 'restore' });
  return [...twice(alarm, 12_000), restore].values();
}
