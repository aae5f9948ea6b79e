/** A map that forgets its oldest entry at its bound. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #bound: number;

  constructor(bound: number, entries: Iterable<readonly [K, V]> = []) {
    this.#bound = bound;
    for (const [key, value] of entries) this.set(key, value);
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
}
