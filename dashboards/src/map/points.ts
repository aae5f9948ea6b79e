/** What stands on the map, and what lies under a finger. Pure. */
import type { Level, Tone } from '../fire/queue.ts';
import type { Size, View } from './mercator.ts';
import { project, toPixel } from './mercator.ts';

/** A thing on the map. */
export type MapPoint = {
  readonly id: string;
  readonly kind: 'incident' | 'bus' | 'lot' | 'station' | 'water' | 'stop';
  readonly lat: number;
  readonly lon: number;
  /** What the list and the screen reader call it. */
  readonly title: string;
  /** A few words beside it, always shown; for a handful of points. */
  readonly label?: string;
  /** Drawn grey and hatched: where it was, not where it is. */
  readonly stale: boolean;
  /** Priority of an incident. */
  readonly level?: Level;
  /** Of an incident: a drill in its own colour, what is isolated or under test in grey. */
  readonly tone?: Tone;
  /** Nobody accepted it yet: ringed. */
  readonly ringed?: boolean;
  /** Where a bus is heading, degrees from north. */
  readonly bearing?: number;
  /** Colour of its line, `#rrggbb`. */
  readonly color?: string;
  /** Short text drawn in it: free places, line number. */
  readonly text?: string;
  /** Share of a lot in use, 0 to 1. */
  readonly used?: number;
};

/** A line on the map: [lon, lat] pairs. */
export type MapLine = {
  readonly id: string;
  readonly color: string;
  readonly dashed?: boolean;
  readonly coordinates: readonly (readonly number[])[];
};

/** Which things stand above others when they overlap. */
const order: Readonly<Record<MapPoint['kind'], number>> = {
  stop: 0,
  water: 1,
  station: 2,
  lot: 3,
  bus: 4,
  incident: 5,
};

/** In the order of drawing: what matters most comes last and lies on top. */
export function inDrawingOrder(points: readonly MapPoint[]): readonly MapPoint[] {
  return points.toSorted((a, b) => order[a.kind] - order[b.kind] || (b.level ?? 4) - (a.level ?? 4));
}

/** A point with its place on the screen. */
export type PlacedPoint = { readonly point: MapPoint; readonly left: number; readonly top: number };

/** The points within the view and a margin, in drawing order. */
export function placed(points: readonly MapPoint[], view: View, size: Size, margin = 40): readonly PlacedPoint[] {
  const result: PlacedPoint[] = [];
  for (const point of points) {
    const { left, top } = toPixel(project(point.lat, point.lon), view, size);
    if (left < -margin || top < -margin || left > size.width + margin || top > size.height + margin) continue;
    result.push({ point, left, top });
  }
  return result;
}

// Half of the 44 px target that a finger needs.
const reachPx = 22;

/** The point under a pixel: the nearest within reach, the upper one when equal. */
export function pick(points: readonly PlacedPoint[], left: number, top: number): MapPoint | undefined {
  let best: MapPoint | undefined;
  let bestDistance = reachPx;
  for (const { point, left: x, top: y } of points) {
    const distance = Math.hypot(x - left, y - top);
    if (distance <= bestDistance) {
      best = point;
      bestDistance = distance;
    }
  }
  return best;
}

/** Whether its middle is on the screen. */
export function isInside({ left, top }: PlacedPoint, size: Size): boolean {
  return left >= 0 && top >= 0 && left <= size.width && top <= size.height;
}

// Half of an incident's sign, half of a line of text, and about how wide a letter of it is.
const signPx = 20;
const linePx = 10;
const letterPx = 7;

/** The points whose labels fit: none covers an incident or a label before it. */
export function fittingLabels(points: readonly PlacedPoint[]): readonly PlacedPoint[] {
  const taken = points
    .filter(({ point }) => point.kind === 'incident')
    .map(({ left, top }) => ({ from: left - signPx, to: left + signPx, top, half: signPx }));
  return points.filter(({ point, left, top }) => {
    if (point.label === undefined) return false;
    const box = { from: left, to: left + 12 + point.label.length * letterPx, top, half: linePx };
    const isFree = taken.every(
      (other) => box.from > other.to || box.to < other.from || Math.abs(box.top - other.top) >= box.half + other.half,
    );
    if (isFree) taken.push(box);
    return isFree;
  });
}
