/** What the simulated devices will do and when, before it is stamped with boots, sequence numbers and wall times. Pure. */
import type { BusEvent, BusPosition } from '../devices/bus/message.ts';
import type { FireEvent, FireHeartbeat } from '../devices/fire/message.ts';
import type { ParkingCount, ParkingEvent } from '../devices/parking/message.ts';

/** An event without what only the sending knows. Its `ts` is a plan offset in ms, like every `ts` of a plan. */
export type Draft<Event> = Omit<Event, 'id' | 'boot' | 'seq'>;

/**
 * One thing that a device does. Events with the same `key` from the same device are one event, said again: they get the
 * same id and sequence number. `cut` drops the connection for a while; what is said meanwhile waits or is lost, as for
 * a real device.
 */
export type Action =
  | { readonly kind: 'fireEvent'; readonly key: string; readonly body: Draft<FireEvent> }
  | { readonly kind: 'fireHeartbeat'; readonly body: FireHeartbeat }
  | { readonly kind: 'busPosition'; readonly body: BusPosition }
  | { readonly kind: 'busPositions'; readonly body: readonly BusPosition[] }
  | { readonly kind: 'busEvent'; readonly key: string; readonly body: Draft<BusEvent> }
  | { readonly kind: 'parkingEvent'; readonly key: string; readonly body: Draft<ParkingEvent> }
  | { readonly kind: 'parkingCount'; readonly body: ParkingCount }
  | { readonly kind: 'cut'; readonly forMs: number };

/** An action of a device at an offset in ms after the start. */
export type Planned = { readonly atMs: number; readonly deviceId: string; readonly action: Action };

/** A source of planned actions in rising order of time, as long as it likes. */
export type Actor = Iterator<Planned, void>;

/** Merges actors into one plan in order of time; equal times keep the actors' order. Lazy: endless actors are welcome. */
export function* mergePlan(actors: readonly Actor[]): Generator<Planned, void> {
  const heap: Head[] = [];
  actors.forEach((actor, rank) => {
    advance(heap, actor, rank);
  });
  for (let head = pop(heap); head !== undefined; head = pop(heap)) {
    yield head.planned;
    advance(heap, head.actor, head.rank);
  }
}

/** Puts an actor's actions in order when it says some up to `windowMs` too early. */
export function* settle(actor: Actor, windowMs: number): Generator<Planned, void> {
  const held: Planned[] = [];
  for (let result = actor.next(); result.done !== true; result = actor.next()) {
    const planned = result.value;
    let index = held.length;
    while (index > 0 && (held[index - 1]?.atMs ?? 0) > planned.atMs) index--;
    held.splice(index, 0, planned);
    const latestMs = held.at(-1)?.atMs ?? planned.atMs;
    while (held.length > 0 && (held[0]?.atMs ?? latestMs) < latestMs - windowMs) yield* held.splice(0, 1);
  }
  yield* held;
}

type Head = { readonly planned: Planned; readonly actor: Actor; readonly rank: number };

function advance(heap: Head[], actor: Actor, rank: number): void {
  const result = actor.next();
  if (result.done !== true) push(heap, { planned: result.value, actor, rank });
}

function isBefore(left: Head, right: Head): boolean {
  return left.planned.atMs < right.planned.atMs || (left.planned.atMs === right.planned.atMs && left.rank < right.rank);
}

/** A binary heap, because thousands of actors wait at once. */
function push(heap: Head[], head: Head): void {
  heap.push(head);
  let index = heap.length - 1;
  while (index > 0) {
    const up = (index - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || !isBefore(head, parent)) break;
    heap[index] = parent;
    index = up;
  }
  heap[index] = head;
}

function pop(heap: Head[]): Head | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[index * 2 + 1];
    const right = heap[index * 2 + 2];
    const child = left && right && isBefore(right, left) ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    heap[index] = child;
    index = child === left ? index * 2 + 1 : index * 2 + 2;
  }
  heap[index] = last;
  return first;
}
