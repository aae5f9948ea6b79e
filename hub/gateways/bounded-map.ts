/** A map that forgets its oldest entry at its bound. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Sets and makes it the newest. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    const oldest = this.#entries.size >= this.#bound ? this.#entries.keys().next() : undefined;
    if (oldest !== undefined && oldest.done !== true) this.#entries.delete(oldest.value);
    this.#entries.set(key, value);
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  values(): Iterable<V> {
    return this.#entries.values();
  }
}
