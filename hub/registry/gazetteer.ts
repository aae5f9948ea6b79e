/** Records with a position, found by id and by nearness. */
import KDBush from 'kdbush';
import { boxAround, distanceMeters } from './geometry.ts';
import type { Position } from './records.ts';

type Placed = { readonly id: string; readonly position: Position };
export type Near<T> = { readonly record: T; readonly distanceMeters: number };

/** Farther than any two points on the Earth. */
const everywhereMeters = 20_100_000;

/**
 * A map by id with a k-d tree beside it. The tree stands on degrees and is asked by box, so it is right at every
 * latitude; exact distances decide. It is built at the first question after a change.
 */
export class Gazetteer<T extends Placed> {
  readonly #records = new Map<string, T>();
  readonly #outlineOf: (record: T) => readonly (readonly [number, number])[] | undefined;
  #tree: KDBush | undefined;
  #owners: T[] = [];
  #points: Position[] = [];

  /** `outlineOf`: further points from which a record may be reached, e.g. a lake's shore. */
  constructor(outlineOf: (record: T) => readonly (readonly [number, number])[] | undefined = () => undefined) {
    this.#outlineOf = outlineOf;
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  values(): IterableIterator<T> {
    return this.#records.values();
  }

  set(record: T): void {
    this.#records.set(record.id, record);
    this.#tree = undefined;
  }

  delete(id: string): void {
    if (this.#records.delete(id)) this.#tree = undefined;
  }

  /** All within the radius, nearest first, each once. */
  within(position: Position, radiusMeters: number): readonly Near<T>[] {
    const tree = this.#build();
    const nearest = new Map<T, number>();
    for (const index of tree?.range(...boxAround(position, radiusMeters)) ?? []) {
      const record = this.#owners[index];
      const point = this.#points[index];
      if (record === undefined || point === undefined) continue;
      const distance = distanceMeters(position, point);
      if (distance <= radiusMeters && distance < (nearest.get(record) ?? Infinity)) nearest.set(record, distance);
    }
    return [...nearest]
      .map(([record, distance]) => ({ record, distanceMeters: distance }))
      .sort((a, b) => a.distanceMeters - b.distanceMeters);
  }

  /** The nearest `count`, nearest first: the circle grows until it holds enough. */
  nearest(position: Position, count: number): readonly Near<T>[] {
    for (let radius = 500; ; radius *= 4) {
      const found = this.within(position, Math.min(radius, everywhereMeters));
      if (found.length >= count || found.length === this.#records.size || radius >= everywhereMeters) {
        return found.slice(0, count);
      }
    }
  }

  /** The tree, or `undefined` when there is nothing to find. */
  #build(): KDBush | undefined {
    if (this.#tree !== undefined || this.#records.size === 0) return this.#tree;
    this.#owners = [];
    this.#points = [];
    for (const record of this.#records.values()) {
      const outline = this.#outlineOf(record);
      // A lake's middle is out of reach: with a shore known, only the shore counts.
      for (const point of outline?.map(([lon, lat]) => ({ lat, lon })) ?? [record.position]) {
        this.#owners.push(record);
        this.#points.push(point);
      }
    }
    const tree = new KDBush(this.#points.length);
    for (const point of this.#points) tree.add(point.lon, point.lat);
    this.#tree = tree.finish();
    return this.#tree;
  }
}
