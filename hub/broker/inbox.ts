/** Bytes of one connection that wait below the broker, in the chunks they came in. */

/** A queue of chunks, read from `offset` of the first. Keeps a total over all connections up to date. */
export class Inbox {
  readonly #total: { waitingBytes: number };
  #chunks: Buffer[] = [];
  /** Where the next packet begins in `head`. */
  offset = 0;
  /** Bytes that wait. */
  bytes = 0;

  constructor(total: { waitingBytes: number }) {
    this.#total = total;
  }

  /** The chunk that is read now. */
  get head(): Buffer | undefined {
    return this.#chunks[0];
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
    this.#total.waitingBytes += chunk.length;
  }

  /** Takes bytes of the first chunk; never more than it has left. */
  skip(count: number): void {
    this.bytes -= count;
    this.#total.waitingBytes -= count;
    this.offset += count;
    if (this.offset < (this.#chunks[0]?.length ?? 0)) return;
    this.#chunks.shift();
    this.offset = 0;
  }

  /** Joins what is left of the first chunk with the second, for a packet that lies across; false when there is none. */
  join(): boolean {
    const [first, second] = this.#chunks;
    if (first === undefined || second === undefined) return false;
    this.#chunks.splice(0, 2, Buffer.concat([first.subarray(this.offset), second]));
    this.offset = 0;
    return true;
  }

  clear(): void {
    this.#total.waitingBytes -= this.bytes;
    this.#chunks = [];
    this.offset = 0;
    this.bytes = 0;
  }
}
