/** Turns a planned action into the message that goes over the wire: boot, sequence number, id and wall time. Pure but for its counters. */
import type { Clock } from './clock.ts';
import type { Action, Planned } from './plan.ts';

/** A message ready to be sent; `name` is the last level of its topic. */
export type Stamped = { readonly name: string; readonly body: unknown; readonly qos: 0 | 1 };

/** An action that is a message, not a cut. */
export type Spoken = Exclude<Action, { readonly kind: 'cut' }>;

/** Remembers what it has numbered: an event with a known key is the same event again. */
export type Stamper = { stamp(deviceId: string, action: Spoken): Stamped };

export function createStamper(clock: Clock, boot: number): Stamper {
  const numbers = new Map<string, { next: number; recent: Map<string, number> }>();
  const wall = <T extends { readonly ts: number }>(body: T): T => ({ ...body, ts: clock.wallAt(body.ts) });
  const event = <T extends { readonly ts: number }>(deviceId: string, key: string, body: T) => {
    const seq = sequenceOf(numbers, deviceId, key);
    return { id: `${boot}-${seq}`, boot, seq, ...wall(body) };
  };
  return {
    stamp(deviceId, action) {
      switch (action.kind) {
        case 'fireEvent':
          return { name: 'event', body: event(deviceId, action.key, action.body), qos: 1 };
        case 'fireHeartbeat':
          return { name: 'heartbeat', body: wall(action.body), qos: 0 };
        case 'busPosition':
          return { name: 'position', body: wall(action.body), qos: 0 };
        case 'busPositions':
          return { name: 'positions', body: action.body.map(wall), qos: 1 };
        case 'busEvent':
          return { name: 'event', body: event(deviceId, action.key, action.body), qos: 1 };
        case 'parkingEvent':
          return {
            name: 'event',
            body: event(deviceId, action.key, action.body),
            qos: 1,
          };
        case 'parkingCount':
          return { name: 'count', body: wall(action.body), qos: 0 };
      }
    },
  };
}

/** Keys of the last events of a device; a repetition comes within seconds, so a few are enough. */
const rememberedKeys = 16;

function sequenceOf(
  numbers: Map<string, { next: number; recent: Map<string, number> }>,
  deviceId: string,
  key: string,
): number {
  const known = numbers.get(deviceId) ?? { next: 1, recent: new Map<string, number>() };
  numbers.set(deviceId, known);
  const before = known.recent.get(key);
  if (before !== undefined) return before;
  const seq = known.next++;
  known.recent.set(key, seq);
  const [oldest] = known.recent.keys();
  if (known.recent.size > rememberedKeys && oldest !== undefined) known.recent.delete(oldest);
  return seq;
}

/** A plan's line as text, for comparing plans: everything but boot and wall time. */
export function describe(planned: Planned): string {
  return `${planned.atMs} ${planned.deviceId} ${JSON.stringify(planned.action)}`;
}
