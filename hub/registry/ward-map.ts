/** Wards by code and by position. */
import Flatbush from 'flatbush';
import { boxOf, isInside, microdegrees, type Rings } from './geometry.ts';
import type { Position, Ward } from './records.ts';
import type { WardArea } from './tables.ts';

/** The wards and their areas: boxes first, then the polygon. */
export class WardMap {
  /** Rises with every change. */
  version = 0;
  readonly #wards = new Map<string, Ward>();
  readonly #rings = new Map<string, Rings>();
  #boxes: Flatbush | undefined;
  #codes: string[] = [];

  get(code: string): Ward | undefined {
    return this.#wards.get(code);
  }

  values(): IterableIterator<Ward> {
    return this.#wards.values();
  }

  set({ rings, ...ward }: WardArea): void {
    this.#wards.set(ward.code, ward);
    this.#rings.set(ward.code, rings);
    this.#boxes = undefined;
    this.version++;
  }

  delete(code: string): void {
    this.#wards.delete(code);
    this.#rings.delete(code);
    this.#boxes = undefined;
    this.version++;
  }

  /** The ward that holds the point; on a shared border, either. `undefined` outside all. */
  at(position: Position): Ward | undefined {
    if (this.#wards.size === 0) return undefined;
    this.#boxes ??= this.#build();
    const x = position.lon * microdegrees;
    const y = position.lat * microdegrees;
    const [index] = this.#boxes.search(x, y, x, y, (candidate) =>
      isInside(this.#rings.get(this.#codes[candidate] ?? '') ?? [], position),
    );
    return index === undefined ? undefined : this.#wards.get(this.#codes[index] ?? '');
  }

  #build(): Flatbush {
    this.#codes = [...this.#rings.keys()];
    const boxes = new Flatbush(this.#codes.length);
    for (const rings of this.#rings.values()) boxes.add(...boxOf(rings));
    boxes.finish();
    return boxes;
  }
}

type Warded = { readonly position: Position; readonly wardCode?: string };

/**
 * Fills in the ward of a record that came without one, at the first question for it: so it does not matter whether
 * wards or places were imported first, and nothing derived stands in the file.
 */
export class WardFiller<T extends Warded> {
  readonly #wards: WardMap;
  #version = -1;
  #filled = new WeakMap<T, T>();

  constructor(wards: WardMap) {
    this.#wards = wards;
  }

  fill(record: T): T {
    if (record.wardCode !== undefined) return record;
    if (this.#version !== this.#wards.version) {
      this.#version = this.#wards.version;
      this.#filled = new WeakMap();
    }
    const known = this.#filled.get(record);
    if (known !== undefined) return known;
    const ward = this.#wards.at(record.position);
    const filled = ward === undefined ? record : { ...record, wardCode: ward.code };
    this.#filled.set(record, filled);
    return filled;
  }

  *fillAll(records: Iterable<T>): Generator<T> {
    for (const record of records) yield this.fill(record);
  }
}
