/** Fire devices on an ordinary day: signs of life with readings, now and then a trouble, a test or a lost connection. Pure. */
import type { FireEvent } from '../devices/fire/message.ts';
import type { Draft, Planned } from './plan.ts';
import type { Random } from './random.ts';

/** A detector, call point or panel, and the house it hangs in. */
export type FireDevice = {
  readonly deviceId: string;
  readonly model: string;
  readonly heartbeatMs: number;
  readonly address?: string;
  readonly use?: string;
};

/** Heartbeats and small mishaps, for ever. */
export function* fireActor(device: FireDevice, random: Random): Generator<Planned, void> {
  const battery = random.chance(0.03) ? random.between(5, 15) : random.between(55, 100);
  const usualSmoke = random.between(0.2, 1.2);
  const signal = random.between(-105, -65);
  let mishapAt = random.exponential(meanBetweenMishapsMs);
  // Everybody speaks within the first 20 s, so that a fresh city is soon whole.
  for (let now = random.between(1_000, 20_000); ; now += device.heartbeatMs + random.between(-2_000, 2_000)) {
    if (now >= mishapAt) {
      yield* mishap(device, Math.round(now), random);
      mishapAt = now + meanBetweenMishapsMs / 4 + random.exponential(meanBetweenMishapsMs);
    }
    const body = {
      ts: Math.round(now),
      battery: Math.max(0, Math.round(battery - now / 36_000_000)),
      signal: Math.round(signal + 3 * random.gaussian()),
      temperature: tenth(29 + 1.5 * random.gaussian()),
      ...(device.model === 'smoke-detector' ? { smoke: tenth(Math.max(0, usualSmoke + 0.2 * random.gaussian())) } : {}),
    };
    yield { atMs: body.ts, deviceId: device.deviceId, action: { kind: 'fireHeartbeat', body } };
  }
}

/** With some 350 devices one mishap every three minutes. */
const meanBetweenMishapsMs = 18 * 3_600_000;

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A trouble that passes, a test, or a connection that breaks. All is over before the next heartbeat. */
function* mishap(device: FireDevice, atMs: number, random: Random): Generator<Planned, void> {
  const luck = random.next();
  if (luck < 0.5) {
    yield { atMs, deviceId: device.deviceId, action: { kind: 'cut', forMs: random.whole(5_000, 40_000) } };
  } else if (luck < 0.8) {
    yield fireEvent(device, atMs, `trouble/${atMs}`, { kind: 'trouble', values: { code: random.pick(troubles) } });
    yield fireEvent(device, atMs + random.whole(5_000, 25_000), `troubleRestore/${atMs}`, { kind: 'troubleRestore' });
  } else {
    yield* twice(fireEvent(device, atMs, `test/${atMs}`, { kind: 'test' }), 3_000, random.chance(0.2));
  }
}

const troubles = ['lowBattery', 'dirty', 'loop', 'lineFault'];

/** An event said once, or again after a while with the same id, as a device without an acknowledgement does. */
export function twice(planned: Planned, againAfterMs: number, again = true): readonly Planned[] {
  return again ? [planned, { ...planned, atMs: planned.atMs + againAfterMs }] : [planned];
}

/** An event of this device; its class follows from what it is. */
export function fireEvent(
  device: FireDevice,
  atMs: number,
  key: string,
  body: Omit<Draft<FireEvent>, 'ts' | 'class'> & { readonly class?: FireEvent['class'] },
): Planned {
  const draft = { ts: atMs, class: classOf(device.model), point: '1', ...body };
  return { atMs, deviceId: device.deviceId, action: { kind: 'fireEvent', key, body: draft } };
}

function classOf(model: string): FireEvent['class'] {
  switch (model) {
    case 'heat-detector':
      return 'heat';
    case 'gas-detector':
      return 'gas';
    case 'call-point':
      return 'callPoint';
    case 'smoke-detector':
    case 'fire-panel':
      return 'smoke';
    default:
      return 'other';
  }
}
