/** A list of whole numbers that grows without an object for each. */
export class GrowingIntegers {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}

/** Groups of rows that name the same owner, each in the order of their sequence numbers. */
export type Groups = { of(owner: number): Int32Array };

/** Sorts row numbers by owner (counting sort) and sequence; `owners` holds one owner a row, -1 for a row to leave out. */
export function groupRows(owners: GrowingIntegers, sequences: GrowingIntegers, ownerCount: number): Groups {
  const starts = new Int32Array(ownerCount + 1);
  for (let row = 0; row < owners.length; row++) {
    const owner = owners.at(row);
    if (owner >= 0) starts[owner + 1] = (starts[owner + 1] ?? 0) + 1;
  }
  for (let owner = 0; owner < ownerCount; owner++) starts[owner + 1] = (starts[owner + 1] ?? 0) + (starts[owner] ?? 0);
  const next = starts.slice();
  const rows = new Int32Array(starts[ownerCount] ?? 0);
  for (let row = 0; row < owners.length; row++) {
    const owner = owners.at(row);
    if (owner < 0) continue;
    const place = next[owner] ?? 0;
    rows[place] = row;
    next[owner] = place + 1;
  }
  return {
    of: (owner) => rows.subarray(starts[owner], starts[owner + 1]).sort((a, b) => sequences.at(a) - sequences.at(b)),
  };
}
